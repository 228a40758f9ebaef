"""Does a made picture show what it was made from? The frozen estimator of the same weights looks at it, and its losses teach the generator.

ControlNet++ (Li et al., ECCV 2024) calls this cycle consistency: condition -> picture -> condition. The picture is the painter's, of a small
picture that the sampler itself brought some way from noise (ReFL, Xu et al. 2023: only the last look carries gradients), so that the
painter learns to mend what the sampler leaves out. Noise and other exposures before the estimator looks keep it from being taught patterns
that only it can see; that they do is measured with another network's eyes (`frechet.py`; docs/generation.md).
"""
from __future__ import annotations

import random
from typing import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from . import losses
from .generator import BLOCK, small
from .model import Nano
from .paint_losses import Scene, as_seen, bodies, limbs, prompts
from .sample import schedule
from .text import MODALITIES
from .trunk import Past
from .validate import default_task

SAMPLED = 4  # pictures of a batch that the sampler makes
LOOKS = 4  # the sampler's steps at most
SHIFT = 1.5  # of its schedule, as manifest.json has it
GUIDANCE = (1.0, 2.0)  # of the condition: none, and what the manifest has


def narrow(scene: Scene, count: int) -> Scene:
    """The last `count` of a batch."""
    def texts(text: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        return text[0][-count:], text[1][-count:]

    pasts = [None if p is None else Past(p.memory[-count:], p.seen[-count:]) for p in scene.pasts]
    return Scene(scene.x[-count:], scene.s[-count:], scene.select[-count:], scene.beside[-count:], texts(scene.prompt), texts(scene.words), (pasts[0], pasts[1]))


@torch.no_grad()
def sampled(model: Nano, scene: Scene) -> Tensor:
    """What the sampler believes the small picture [B,3,H/8,W/8] is after a random number of steps from noise."""
    g, count = model.generator, len(scene.x)
    device = scene.x.device
    guidance = random.choice(GUIDANCE)
    none = torch.zeros_like(scene.select)
    ask = prompts(none)
    condition = g.condition(model.trunk, scene.given(), scene.select, model.switch, scene.prompt, scene.pasts[1])[:3]
    nothing = g.condition(model.trunk, torch.zeros_like(scene.s), none, model.switch, model.read(ask.flatten(1), ask.shape[2]), scene.pasts[1])[:3]

    def look(z: Tensor, t: Tensor) -> Tensor:
        told = g.generate(model.trunk, z, scene.beside, t, *condition, scene.words, scene.pasts[0]).float()
        if guidance == 1:
            return told
        untold = g.generate(model.trunk, z, scene.beside, t, *nothing, scene.words, scene.pasts[0]).float()
        return (untold + guidance * (told - untold)).clamp(-1, 1)

    times = schedule(LOOKS, SHIFT)
    z = torch.randn(count, 3, scene.x.shape[2] // BLOCK, scene.x.shape[3] // BLOCK, device=device)
    last = random.randrange(LOOKS)
    for now, then in zip(times[:last], times[1:last + 1]):
        z = z + (then - now) * (z - look(z, now.to(device).expand(count)).clamp(-1, 1)) / now
    return look(z, times[last].to(device).expand(count))


def exposed(rgb: Tensor) -> Tensor:
    """Another exposure, a little colour, noise."""
    count = len(rgb)
    gain = torch.exp(0.1 * torch.randn(count, 3, 1, 1, device=rgb.device))
    noise = 0.05 * torch.rand(count, 1, 1, 1, device=rgb.device) * torch.randn_like(rgb)
    return (((rgb + 1) * gain - 1).clamp(-1, 1) + noise).clamp(-1, 1)


class AgreementLoss:
    """Estimation's own losses on made pictures, each modality where it was the condition. Of a skeleton its body is asked for too, outline and parts:
    joints alone are soon marks that pass for joints, and nobody is drawn. Of classes people's outlines weigh once more, however few pixels they are."""

    def __init__(self, model: Nano, segmentation: losses.Segmentation, part_weight: Tensor, person: int):
        self.model, self.segmentation, self.part_weight, self.person = model, segmentation, part_weight, person

    def body(self, logits: Tensor, where: Tensor) -> Tensor:
        """Cross-entropy of person against anything else, body and background alike in weight, however small the body is."""
        p = torch.softmax(logits.float(), dim=1)[:, self.person].clamp(1e-4, 1 - 1e-4)
        return 0.5 * losses.mean(-p.log(), where.float()) + 0.5 * losses.mean(-(1 - p).log(), (~where).float())

    def __call__(self, rgb: Tensor, select: Tensor, truth: dict[str, Tensor]) -> dict[str, Tensor]:
        """rgb [B,3,H,W] in [-1, 1]; select [B,5]; truth: `paint_data.TRUTH` of the same B pictures. The model's estimating weights must be frozen."""
        out, _ = self.model(as_seen(exposed(rgb)).contiguous(memory_format=torch.channels_last), **default_task(len(rgb), *rgb.shape[2:], rgb.device))
        depth, segmentation, skeleton, densepose = (select[:, MODALITIES.index(m)] > 0 for m in ('depth', 'segmentation', 'skeleton', 'densepose'))
        parts: dict[str, Tensor] = {}

        def take(which: Tensor, losses_of: Callable[[Tensor, dict[str, Tensor]], dict[str, Tensor]]) -> None:
            if which.any():
                now = losses_of(which, {k: v[which] for k, v in truth.items()})
                parts.update({f'agree_{k}': which.float().mean() * v for k, v in now.items()})

        def of_depth(which: Tensor, b: dict[str, Tensor]) -> dict[str, Tensor]:
            found = losses.depth(out['depth'][which], b['log_depth'], b['sky'], b['depth_known'])
            return {'depth': found['depth'] + found['depth_relative']}

        take(depth, of_depth)
        take(segmentation, lambda which, b: {'segmentation': self.segmentation(out['segmentation'][which], b['labels'])})
        take(skeleton | segmentation, lambda which, b: {'body': self.body(out['segmentation'][which], b['labels'] == self.person)})
        take(skeleton, lambda which, b: losses.skeleton(out['skeleton'][which], b['in_order'], b['joint_weight'], b['offset'], b['offset_weight']))
        take(skeleton | densepose, lambda which, b: losses.densepose(out['part'][which], out['uv'][which], b['part_from_front'], b['part_known'], b['uv'], self.part_weight))
        return parts


def own_colours(painted: Tensor, cells: Tensor, select: Tensor, streams: Tensor) -> Tensor:
    """The painted picture keeps the colours of its cells, but where a body is asked for that they may lack."""
    asked = torch.maximum(bodies(streams) * select[:, 4, None, None, None], limbs(streams) * select[:, 3, None, None, None])
    free = 1 - (small(F.max_pool2d(asked.float(), 9, 1, 4)) > 0).float()
    return (free * (small(painted.float()) - cells).abs()).mean()
