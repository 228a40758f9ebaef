"""Optical flow from the two newest frames: own matching features, local correlation at 1/8, refinement at 1/4.

Flow is on the newest frame's grid: position now minus position before, so the match of pixel p lies at p - flow in the
previous frame. Inside the trunk flow stayed at zero in the prototypes; matching needs features of its own.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CHANNELS4, CHANNELS8 = 32, 48
RADIUS8, RADIUS4 = 4, 2


class Matcher(nn.Module):
    """[B,3,H,W] -> matching features at 1/4 and 1/8, local mean removed, unit length."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Conv2d(3, 32, 5, 2, 2)
        self.b = nn.Conv2d(32, 48, 3, 2, 1)
        self.out4 = nn.Sequential(nn.ReLU(), nn.Conv2d(48, 48, 3, padding=1), nn.ReLU(), nn.Conv2d(48, CHANNELS4, 1))
        self.c = nn.Conv2d(48, 64, 3, 2, 1)
        self.out8 = nn.Sequential(nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, CHANNELS8, 1))

    @staticmethod
    def unit(x: Tensor) -> Tensor:
        x = x - F.avg_pool2d(x, 9, 1, 4, count_include_pad=False)
        return x * torch.rsqrt(x.float().pow(2).sum(1, keepdim=True) + 1e-4).to(x.dtype)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        y = self.b(F.relu(self.a(x)))
        z = self.c(F.relu(y))
        return self.unit(self.out4(y)), self.unit(self.out8(z))


def correlate(now: Tensor, before: Tensor, radius: int) -> Tensor:
    """[B,(2r+1)^2,h,w]: similarity of each pixel with its neighbours in the previous frame, displacement (dy, dx) row-major from -r."""
    h, w = now.shape[-2:]
    padded = F.pad(before, (radius,) * 4)
    side = 2 * radius + 1
    rows = []
    for dy in range(side):  # a row of displacements at a time: few large operations instead of many small ones
        band = padded[:, :, dy:dy + h]
        shifted = torch.stack([band[..., dx:dx + w] for dx in range(side)], dim=1)
        rows.append((now[:, None] * shifted).sum(2))
    return torch.cat(rows, dim=1)


def expected(cost: Tensor, radius: int, temperature: Tensor) -> tuple[Tensor, Tensor]:
    """Soft arg max over the window -> flow in cells [B,2,h,w] and the peak probability [B,1,h,w]."""
    p = torch.softmax(cost.float() * temperature.exp(), dim=1)
    steps = torch.arange(-radius, radius + 1, device=cost.device, dtype=torch.float32)
    dy = steps[:, None].expand(2 * radius + 1, 2 * radius + 1).reshape(1, -1, 1, 1)
    dx = steps[None, :].expand(2 * radius + 1, 2 * radius + 1).reshape(1, -1, 1, 1)
    # the match lies at p + d in the previous frame, so the motion is -d
    return -torch.cat(((p * dx).sum(1, keepdim=True), (p * dy).sum(1, keepdim=True)), dim=1), p.amax(1, keepdim=True)


def warp(x: Tensor, flow: Tensor) -> Tensor:
    """Samples the previous frame's x at p - flow (cells)."""
    h, w = x.shape[-2:]
    ys = torch.arange(h, device=x.device, dtype=torch.float32)[None, :, None] - flow[:, 1].float()
    xs = torch.arange(w, device=x.device, dtype=torch.float32)[None, None, :] - flow[:, 0].float()
    grid = torch.stack(((xs + 0.5) / w * 2 - 1, (ys + 0.5) / h * 2 - 1), dim=-1)
    return F.grid_sample(x.float(), grid, mode='bilinear', padding_mode='zeros', align_corners=False)


class FlowHead(nn.Module):
    def __init__(self, context: int):
        super().__init__()
        self.temperature8 = nn.Parameter(torch.tensor(2.5))
        self.temperature4 = nn.Parameter(torch.tensor(2.5))
        k8, k4 = (2 * RADIUS8 + 1) ** 2, (2 * RADIUS4 + 1) ** 2
        self.refine8 = nn.Sequential(
            nn.Conv2d(k8 + 3 + CHANNELS8, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, 56, 3, padding=2, dilation=2), nn.ReLU(),
            nn.Conv2d(56, 48, 3, padding=4, dilation=4), nn.ReLU(), nn.Conv2d(48, 2, 3, padding=1))
        self.context = nn.Conv2d(context, 16, 1)
        self.refine4 = nn.Sequential(
            nn.Conv2d(k4 + 3 + 2 + 16 + CHANNELS4, 56, 3, padding=1), nn.ReLU(), nn.Conv2d(56, 48, 3, padding=2, dilation=2), nn.ReLU(),
            nn.Conv2d(48, 40, 3, padding=1), nn.ReLU(), nn.Conv2d(40, 12, 3, padding=1))
        for net in (self.refine8, self.refine4):
            nn.init.zeros_(net[-1].weight)
            nn.init.zeros_(net[-1].bias)

    def forward(self, now4: Tensor, now8: Tensor, before4: Tensor, before8: Tensor, features4: Tensor) -> tuple[Tensor, Tensor]:
        """-> flow and confidence logit [B,3,H/2,W/2] in pixels of the full grid, and the coarse flow [B,2,H/8,W/8] in full pixels."""
        cost8 = correlate(now8, before8, RADIUS8)
        flow8, peak8 = expected(cost8, RADIUS8, self.temperature8)
        flow8 = flow8 + self.refine8(torch.cat((cost8, flow8.to(cost8.dtype), peak8.to(cost8.dtype), now8), dim=1)).float()
        flow4 = F.interpolate(flow8, scale_factor=2.0, mode='bilinear', align_corners=False) * 2
        warped = warp(before4, flow4).to(now4.dtype)
        cost4 = correlate(now4, warped, RADIUS4)
        rest, peak4 = expected(cost4, RADIUS4, self.temperature4)
        x = torch.cat((cost4, rest.to(cost4.dtype), peak4.to(cost4.dtype), flow4.to(cost4.dtype) * 0.1, self.context(features4), now4), dim=1)
        # four (u, v, confidence) triples per cell: the 2x2 pixels of the half-resolution grid
        fine = F.pixel_shuffle(self.refine4(x), 2).float()
        base = F.interpolate(flow4 + rest, scale_factor=2.0, mode='bilinear', align_corners=False) * 4
        return torch.cat((base + fine[:, :2] * 4, fine[:, 2:]), dim=1), flow8 * 8
