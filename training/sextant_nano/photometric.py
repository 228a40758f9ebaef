"""Self-supervision of flow on unlabelled real pairs: what moved should look the same (UFlow, Jonschkowski et al. 2020)."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .flow import warp


def census(grey: Tensor, radius: int = 2) -> Tensor:
    """Soft census transform of grey [B,1,h,w] (0..255): how each neighbour compares, [B,(2r+1)^2,h,w]. Exposure drops out."""
    side = 2 * radius + 1
    b, _, h, w = grey.shape
    patch = F.unfold(F.pad(grey, (radius,) * 4, mode='replicate'), side).view(b, side * side, h, w)
    difference = patch - grey
    return difference * torch.rsqrt(0.81 + difference * difference)


def grey_half(x: Tensor) -> Tensor:
    """Normalised pictures [B,3,H,W] -> grey 0..255 at half the size."""
    return F.avg_pool2d(x.mean(1, keepdim=True) * 128 + 127, 2)


def loss(fine: Tensor, now: Tensor, before: Tensor) -> dict[str, Tensor]:
    """fine [B,3,H/2,W/2]: flow in pixels of the full grid and the logit of being visible before; now, before [B,3,H,W] normalised."""
    flow = fine[:, :2] / 2
    target, source = grey_half(now), grey_half(before)
    warped = warp(torch.cat((source, torch.ones_like(source)), dim=1), flow)
    distance = (census(target) - census(warped[:, :1])).pow(2)
    distance = (distance / (0.1 + distance)).sum(1)
    # the network's own word on visibility, not trained here: else it would call every mismatch hidden
    visible = (warped[:, 1] > 0.99).float() * (torch.sigmoid(fine[:, 2].detach()) > 0.5).float()
    smooth = torch.zeros((), device=fine.device)
    for dim in (2, 3):
        n = flow.shape[dim] - 1
        edge = (target.narrow(dim, 1, n) - target.narrow(dim, 0, n)).abs()
        change = torch.sqrt((flow.narrow(dim, 1, n) - flow.narrow(dim, 0, n)).pow(2).sum(1, keepdim=True) + 1e-4)
        smooth = smooth + (change * torch.exp(-edge / 8)).mean()
    return {'photometric': 0.06 * (torch.sqrt(distance + 1e-3) * visible).sum() / visible.sum().clamp(min=1), 'smooth': 0.15 * smooth}
