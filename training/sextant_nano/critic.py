"""Tells made pictures from rendered ones by frozen ImageNet features (Projected GAN, Sauer et al. 2021), so that the painter paints texture:
the mean of all that could stand there, which a likeness alone asks for, is blurred."""
from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

from . import processes

CHANNELS = (24, 40, 112)  # of Lite0's features at 1/4, 1/8, 1/16


class Critic(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        def judge(channels: int) -> nn.Sequential:
            return nn.Sequential(spectral_norm(nn.Conv2d(channels, 48, 3, padding=1)), nn.LeakyReLU(0.2),
                                 spectral_norm(nn.Conv2d(48, 48, 3, padding=1)), nn.LeakyReLU(0.2), spectral_norm(nn.Conv2d(48, 1, 1)))
        self.judges = nn.ModuleList(judge(c) for c in CHANNELS)

    def forward(self, features: list[Tensor]) -> list[Tensor]:
        """features at 1/2 to 1/16 -> how real every place looks, at 1/4 to 1/16."""
        return [judge(f) for judge, f in zip(self.judges, features[1:])]


def critic_loss(critic: Critic, made: list[Tensor], real: list[Tensor]) -> Tensor:
    """Hinge loss of the critic on features without gradients."""
    wrong = [F.relu(1 + a).mean() + F.relu(1 - b).mean() for a, b in zip(critic([f.detach().float() for f in made]), critic([f.float() for f in real]))]
    return torch.stack(wrong).mean()


def deceiving_loss(critic: Critic, made: list[Tensor]) -> Tensor:
    """What the painter lowers: how made its pictures look."""
    return -torch.stack([a.mean() for a in critic([f.float() for f in made])]).mean()


class Teaching:
    """What trains a critic: Adam on its own loss, over all processes."""

    def __init__(self, critic: Critic):
        self.parameters = list(critic.parameters())
        self.optimiser = torch.optim.Adam(self.parameters, lr=4e-4, betas=(0.5, 0.98))

    def step(self, loss: Tensor, ranks: int = 1) -> bool:
        """False, and nothing learned, where the gradient is not finite."""
        loss.backward()
        processes.average(self.parameters, ranks)
        finite = all(bool(torch.isfinite(q.grad).all()) for q in self.parameters if q.grad is not None)
        if finite:
            self.optimiser.step()
        self.optimiser.zero_grad(set_to_none=True)
        return finite

    def state_dict(self) -> dict[str, Any]:
        return self.optimiser.state_dict()

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.optimiser.load_state_dict(state)
