"""Optical flow from the two newest frames: own matching features, local correlation from 1/16 to 1/2 of the grid, coarse to fine.

Flow is on the newest frame's grid: position now minus position before, so the match of pixel p lies at p - flow in the
previous frame. Inside the trunk flow stayed at zero in the prototypes; matching needs features of its own. At each level the
previous frame's features are warped by the coarser flow, correlated in a small window, and a soft arg max with a learned
correction refines it (after PWC-Net, Sun et al. 2018). Features say where, brightness says exactly where: at 1/4 and 1/2 steps
of variational refinement on the grey pictures bring the flow to a fraction of a pixel first. The trunk comes in as context at 1/4.
"""
from __future__ import annotations

from functools import reduce

import torch
import torch.nn.functional as F
from torch import Tensor, nn

CHANNELS = {2: 16, 4: 32, 8: 48, 16: 48}  # matching features at 1/2 .. 1/16
RADIUS = {2: 2, 4: 3, 8: 4, 16: 4}
SKIP4, SKIP8 = 24, 40  # the encoder's taps, frozen: what kind of surface and where its outlines are
TRUNK4 = 64
Features = tuple[Tensor, Tensor, Tensor, Tensor, Tensor]


class Matcher(nn.Module):
    """[B,3,H,W] -> matching features at 1/2, 1/4, 1/8 and 1/16, local mean removed, unit length; and the grey picture at 1/2."""

    def __init__(self) -> None:
        super().__init__()
        self.a = nn.Conv2d(3, 32, 5, 2, 2)
        self.out2 = nn.Sequential(nn.ReLU(), nn.Conv2d(32, CHANNELS[2], 1))
        self.b = nn.Conv2d(32, 48, 3, 2, 1)
        self.out4 = nn.Sequential(nn.ReLU(), nn.Conv2d(48, 48, 3, padding=1), nn.ReLU(), nn.Conv2d(48, CHANNELS[4], 1))
        self.c = nn.Conv2d(48, 64, 3, 2, 1)
        self.out8 = nn.Sequential(nn.ReLU(), nn.Conv2d(64, 64, 3, padding=1), nn.ReLU(), nn.Conv2d(64, CHANNELS[8], 1))
        self.d = nn.Conv2d(64, 80, 3, 2, 1)
        self.out16 = nn.Sequential(nn.ReLU(), nn.Conv2d(80, 80, 3, padding=1), nn.ReLU(), nn.Conv2d(80, CHANNELS[16], 1))

    @staticmethod
    def unit(x: Tensor, window: int = 9) -> Tensor:
        x = x - F.avg_pool2d(x, window, 1, window // 2, count_include_pad=False)
        return x * torch.rsqrt(x.float().pow(2).sum(1, keepdim=True) + 1e-4).to(x.dtype)

    def forward(self, x: Tensor) -> Features:
        a = self.a(x)
        y = self.b(F.relu(a))
        z = self.c(F.relu(y))
        w = self.d(F.relu(z))
        grey = F.avg_pool2d(x.mean(1, keepdim=True), 2)
        return self.unit(self.out2(a)), self.unit(self.out4(y)), self.unit(self.out8(z)), self.unit(self.out16(w), 5), grey


def correlate(now: Tensor, before: Tensor, radius: int) -> tuple[Tensor, Tensor]:
    """[B,(2r+1)^2,h,w]: similarity of each pixel with its neighbours in the previous frame, displacement (dy, dx) row-major from -r; and the greatest, [B,1,h,w]."""
    h, w = now.shape[-2:]
    side = 2 * radius + 1
    padded = F.pad(before, (radius,) * 4)
    rows = torch.stack([padded[:, :, dy:dy + h] for dy in range(side)], dim=1)  # all rows at a time: few large operations instead of many small ones
    columns = [(now[:, None] * rows[..., dx:dx + w]).sum(2) for dx in range(side)]
    return torch.stack(columns, dim=2).flatten(1, 2), reduce(torch.maximum, columns).amax(1, keepdim=True)  # a maximum over all channels takes three times as long


def expected(cost: Tensor, best: Tensor, radius: int, temperature: Tensor) -> tuple[Tensor, Tensor]:
    """Soft arg max over the window of `correlate` -> flow in cells [B,2,h,w] and the peak probability [B,1,h,w]."""
    p = torch.exp((cost.float() - best.float()) * temperature.exp())  # the peak is 1; torch.softmax over channels is transposed by onnxruntime
    step = torch.arange(-radius, radius + 1, device=cost.device, dtype=torch.float32)
    side = 2 * radius + 1
    sums = torch.stack((step.repeat(side), step.repeat_interleave(side), torch.ones(side * side, device=cost.device)))  # dx, dy, 1
    dx, dy, total = F.conv2d(p, sums[:, :, None, None]).split(1, dim=1)
    # the match lies at p + d in the previous frame, so the motion is -d
    return -torch.cat((dx, dy), dim=1) / total, 1 / total


def warp(x: Tensor, flow: Tensor) -> Tensor:
    """Samples the previous frame's x at p - flow (cells)."""
    return Places(x)(x.float(), flow.float())


class Places:
    """Where the cells of a grid as x's [B,C,h,w] are, as `grid_sample` counts (-1 to 1 from edge to edge): worked out once for many samples."""

    def __init__(self, x: Tensor):
        h, w = x.shape[-2:]
        cell = torch.full((1, 1, 1, 1), 2.0, device=x.device)
        self.cell = torch.cat((cell / w, cell / h), dim=1)
        xs = (torch.arange(w, device=x.device, dtype=torch.float32) + 0.5) / w * 2 - 1
        ys = (torch.arange(h, device=x.device, dtype=torch.float32) + 0.5) / h * 2 - 1
        self.centres = torch.stack((xs[None].expand(h, w), ys[:, None].expand(h, w)))[None]

    def __call__(self, x: Tensor, flow: Tensor) -> Tensor:
        """x [B,C,h,w] at p - flow (cells)."""
        grid = (self.centres - flow * self.cell).permute(0, 2, 3, 1)
        return F.grid_sample(x, grid, mode='bilinear', padding_mode='zeros', align_corners=False)


def twice(flow: Tensor) -> Tensor:
    """Flow in cells of a grid -> the same in cells of the grid twice as fine."""
    return F.interpolate(flow, scale_factor=2.0, mode='bilinear', align_corners=False) * 2


def box(x: Tensor, size: int) -> Tensor:
    """Mean over a size x size window, one axis after the other."""
    pad = size // 2
    rows = F.avg_pool2d(x, (size, 1), 1, (pad, 0), count_include_pad=False)
    return F.avg_pool2d(rows, (1, size), 1, (0, pad), count_include_pad=False)


def flatten(grey: Tensor) -> Tensor:
    """Local mean removed: a change of exposure is no motion."""
    return grey - F.avg_pool2d(grey, 9, 1, 4, count_include_pad=False)


class Brightness(nn.Module):
    """Variational refinement: where brightness has texture flow follows it, elsewhere it follows its neighbourhood.

    Minimises sum over a window of robust weights * (difference - gradient . step)^2 + alpha |flow - mean flow around|^2 (Lucas and
    Kanade 1981 for the first term, Horn and Schunck 1981 for the second; Bruhn et al. 2005 join them) by Jacobi steps between
    warps. Who counts in the mean, and alpha, start from the misfit and a constant and are adjusted by what the level before says."""

    WINDOW, AROUND, STEPS = 5, 15, 4
    ALPHA, ROBUST = 0.02, 0.05  # brightness is (u8 - 127) / 128; the noise of a good camera is about 0.02

    def __init__(self, kept: int, warps: int) -> None:
        super().__init__()
        self.warps = warps
        self.adjust = nn.Conv2d(kept, 2, 1)
        slopes = torch.zeros(2, 1, 3, 3)  # central differences along x and y, of a sum of two pictures
        slopes[0, 0, 1], slopes[1, 0, :, 1] = torch.tensor([[-0.25, 0, 0.25]] * 2)
        self.register_buffer('slopes', slopes, persistent=False)
        nn.init.zeros_(self.adjust.weight)
        nn.init.zeros_(self.adjust.bias)

    def forward(self, now: Tensor, before: Tensor, flow: Tensor, kept: Tensor) -> tuple[Tensor, Tensor]:
        """now, before [B,1,h,w] flattened grey; flow [B,2,h,w] in cells; kept [B,kept,h,w] -> flow refined, and [B,2,h,w] what the
        next layers should know: how much texture there is, and how well brightness fits."""
        adjust = self.adjust(kept)
        alpha = self.ALPHA * torch.exp(adjust[:, :1].clamp(-3, 3))
        listen = torch.sigmoid(adjust[:, 1:]) + 1e-3
        moved = Places(now)
        for _ in range(self.warps):
            warped = moved(before, flow)
            difference = warped - now
            seen = torch.cat((F.conv2d(F.pad(now + warped, (1, 1, 1, 1), mode='replicate'), self.slopes), difference), dim=1)  # gx, gy, difference
            fits = 1 / (1 + (difference / self.ROBUST) ** 2)
            terms = torch.cat((seen[:, [0, 0, 1, 0, 1]] * seen[:, [0, 1, 1, 2, 2]], torch.ones_like(fits)), dim=1)
            xx, xy, yy, bx, by, well = box(terms * fits, self.WINDOW).split(1, dim=1)
            xx, yy, well = xx + alpha, yy + alpha, well ** 2
            weight = listen * well
            # The flow gains inverse @ (b + alpha (its mean around - itself)) a step: warped(p) loses gradient . step then, and should come to be what is seen now.
            # What does not change from step to step is worked out before them.
            inverse = torch.cat((yy, -xy, -xy, xx), dim=1) / (xx * yy - xy * xy)
            pull = inverse * (alpha / (box(weight, self.AROUND) + 1e-5))
            start, rest = flow, times(inverse, torch.cat((bx, by), dim=1) - alpha * flow)
            for _ in range(self.STEPS):
                flow = start + (times(pull, box(flow * weight, self.AROUND)) + rest).clamp(-1.5, 1.5)
        return flow, torch.cat((torch.log10((xx * yy - xy * xy) / (xx + yy)) + 1.5, well), dim=1)


def times(matrix: Tensor, vector: Tensor) -> Tensor:
    """2x2 matrices [B,4,h,w], row-major, times vectors [B,2,h,w]."""
    return torch.stack((matrix[:, :2], matrix[:, 2:]), dim=1).mul(vector[:, None]).sum(2)


class Level(nn.Module):
    """One step from coarse to fine: correlation in a window around the flow so far, soft arg max, learned correction."""

    def __init__(self, stride: int, context: int, hidden: tuple[int, ...], dilation: tuple[int, ...], keep: int):
        super().__init__()
        self.radius = RADIUS[stride]
        self.temperature = nn.Parameter(torch.tensor(2.5))
        width = (2 * self.radius + 1) ** 2 + 2 + 1 + 2 + CHANNELS[stride] + context
        layers: list[nn.Module] = []
        for out, d in zip(hidden, dilation):
            layers += [nn.Conv2d(width, out, 3, padding=d, dilation=d), nn.ReLU()]
            width = out
        self.body = nn.Sequential(*layers)
        self.out = nn.Conv2d(width, 4 + keep, 3, padding=1)  # correction, confidence, trust in the soft arg max; features for the next level
        nn.init.zeros_(self.out.weight[:4])
        nn.init.zeros_(self.out.bias)
        with torch.no_grad():  # after brightness has had its say the window's soft arg max is the coarser of the two
            self.out.bias[3] = 2.0 if stride > 4 else -2.0

    def forward(self, now: Tensor, before: Tensor, flow: Tensor, context: list[Tensor]) -> tuple[Tensor, Tensor, Tensor]:
        """flow [B,2,h,w] in cells of this level -> refined flow, confidence logit [B,1,h,w], features [B,keep,h,w]."""
        cost, best = correlate(now, warp(before, flow), self.radius)
        rest, peak = expected(cost, best, self.radius, self.temperature)
        x = self.out(self.body(torch.cat((cost, rest, peak, flow * 0.1, now, *context), dim=1)))
        return flow + torch.sigmoid(x[:, 3:4]) * rest + x[:, :2], x[:, 2:3], F.relu(x[:, 4:])


class FlowHead(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.context8 = nn.Conv2d(SKIP8, 12, 1)
        self.context4 = nn.Conv2d(SKIP4, 12, 1)
        self.trunk4 = nn.Conv2d(TRUNK4, 12, 1)  # added to context4; zero at first, so that matching learns without the trunk
        nn.init.zeros_(self.trunk4.weight)
        nn.init.zeros_(self.trunk4.bias)
        self.level16 = Level(16, 0, (64, 48), (1, 2), 12)
        self.level8 = Level(8, 12 + 12, (64, 56, 48), (1, 2, 4), 12)
        self.level4 = Level(4, 12 + 12 + 2, (56, 48), (1, 2), 8)
        self.level2 = Level(2, 8 + 2, (24,), (1,), 0)
        self.exact4, self.exact2 = Brightness(12, warps=8), Brightness(8, warps=6)

    def forward(self, now: Features, before: Features, skip4: Tensor, skip8: Tensor, trunk4: Tensor | None) -> tuple[Tensor, list[Tensor]]:
        """-> flow and confidence logit [B,3,H/2,W/2] in pixels of the full grid, and the flows of the coarser levels (1/16, 1/8,
        1/4), in full pixels too. trunk4: the modality stream's features [B,64,H/4,W/4], or None to do without."""
        def up(x: Tensor) -> Tensor:
            return F.interpolate(x, scale_factor=2.0, mode='nearest')

        now2, now4, now8, now16, grey = now
        before2, before4, before8, before16, grey_before = before
        now_grey, before_grey = flatten(grey), flatten(grey_before)
        now_grey4, before_grey4 = flatten(F.avg_pool2d(grey, 2)), flatten(F.avg_pool2d(grey_before, 2))
        context4 = self.context4(skip4) if trunk4 is None else self.context4(skip4) + self.trunk4(trunk4)
        zero = torch.zeros_like(now16[:, :2])
        flow16, _, kept = self.level16(now16, before16, zero, [])
        flow8, _, kept = self.level8(now8, before8, twice(flow16), [up(kept), self.context8(skip8)])
        kept = up(kept)
        start4, clues = self.exact4(now_grey4, before_grey4, twice(flow8), kept)
        flow4, _, kept = self.level4(now4, before4, start4, [kept, F.relu(context4), clues])
        kept = up(kept)
        start2, clues = self.exact2(now_grey, before_grey, twice(flow4), kept)
        flow2, seen, _ = self.level2(now2, before2, start2, [kept, clues])
        return torch.cat((flow2 * 2, seen), dim=1), [flow16 * 16, flow8 * 8, flow4 * 4]
