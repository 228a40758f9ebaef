"""The reference loop in PyTorch: what the published script does, with the shift that the model was trained under as an option."""

import torch
from torch import Tensor

# Which stream starts as noise is the task (UnityVideo, section 3.2); the clean one is left as it is, and both are told one timestep.
TASKS = {"estimate": (False, True), "generate": (True, False), "joint": (True, True)}


def noise_levels(steps: int, shift: float) -> Tensor:
    """steps + 1 levels from 1 to 0, equal steps warped by s t / (1 + (s - 1) t); shift 1 is the published script."""
    t = torch.linspace(1, 0, steps + 1, dtype=torch.float64)
    return shift * t / (1 + (shift - 1) * t)


def sample(network, rgb: Tensor, modality: Tensor, context: Tensor, modality_context: Tensor, modality_id: int, task: str, steps: int = 20, shift: float = 5.0):
    """rgb and modality: latents, noise where the task makes them. Returns both after Euler's method."""
    make_rgb, make_modality = TASKS[task]
    levels = noise_levels(steps, shift)
    which = torch.tensor([modality_id])
    for now, then in zip(levels[:-1], levels[1:]):
        time = torch.tensor([1000 * float(now)])
        rgb_velocity, modality_velocity = network(rgb, modality, time, context, modality_context, which)
        step = float(then - now)
        rgb = rgb + step * rgb_velocity if make_rgb else rgb
        modality = modality + step * modality_velocity if make_modality else modality
    return rgb, modality
