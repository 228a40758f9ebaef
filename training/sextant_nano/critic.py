"""Tells made pictures from rendered ones by frozen ImageNet features (Projected GAN, Sauer et al. 2021), so that the painter paints texture:
the mean of all that could stand there, which a likeness alone asks for, is blurred."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

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
