"""The picture before, moved along the flow that a condition gives: packages/model/src/generate/carried.ts, whose rules these are."""
from __future__ import annotations

import torch
from torch import Tensor

from .flow import warp
from .paint_data import FLOW_SPAN

OTHER_MOTION = 1.0  # pixels: what comes from one place with motions this far apart is one thing before another


def carried(before: Tensor, stream: Tensor) -> Tensor:
    """before [B,3,H,W] in [-1, 1], stream [B,3,H,W] the flow's -> [B,4,H,W]: each pixel from where it was (the picture's edge, where that is outside), and 1
    where that is known; else 0 in all four. Unknown is it where flow is not, and where pixels that move otherwise come from one place."""
    b, _, h, w = before.shape
    known = stream[:, 2] > 0
    flow = torch.where(known[:, None], stream[:, :2], 0) * FLOW_SPAN * torch.tensor([w, h], device=stream.device).view(2, 1, 1)
    ys, xs = torch.meshgrid(torch.arange(h, device=stream.device), torch.arange(w, device=stream.device), indexing='ij')
    x, y = xs - flow[:, 0], ys - flow[:, 1]
    column, row = (x + 0.5).floor().long(), (y + 0.5).floor().long()
    counts = known & (column >= 0) & (row >= 0) & (column < w) & (row < h)
    place = torch.where(counts, row * w + column, h * w).flatten(1)[:, None].expand(b, 2, h * w)  # one more place, for those that come from outside
    motion = flow.flatten(2)
    least, most = (torch.full((b, 2, h * w + 1), end, device=flow.device).scatter_reduce(2, place, motion, how) for end, how in ((float('inf'), 'amin'), (float('-inf'), 'amax')))
    spread = (most - least).gather(2, place)
    hidden = counts & (torch.hypot(spread[:, 0], spread[:, 1]).view(b, h, w) > OTHER_MOTION)
    seen = (known & ~hidden).float()[:, None]
    kept_in = torch.stack((xs - x.clamp(0, w - 1), ys - y.clamp(0, h - 1)), dim=1)
    return torch.cat((warp(before, kept_in) * seen, seen), dim=1)
