"""The generating half of models/nano: expert stems that put noised pictures and clean (or noised) modality streams into the trunk,
and the painter that turns the trunk's tokens back into pictures.

Everything is a picture [B,3,H,W] in [-1, 1] (packages/model/src/codecs/streams.ts); five modality streams are [B,15,H,W]. Flow matching:
z = (1 - t) x + t noise. The network predicts x; the sampler makes velocity from it (at this size x0 learns, velocity does not:
docs/architecture.md). The trunk, its time embedding, text and switcher are those of estimation.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .trunk import DIM, Grid, Past, Trunk

STREAMS = 5
WIDTHS = (16, 32, 48)  # of the stems' skips at 1/2, 1/4, 1/8
PAINT = (128, 80, 48, 28)  # of the painter at 1/8, 1/4, 1/2, 1/1
PREVIOUS = 8  # the previous frame (3), whether there is one (1); the palette: every region in its mean colour (3), whether there is one (1)


class Stem(nn.Module):
    """[B,C,H,W] -> skips at 1/2, 1/4, 1/8 and tokens [B,D,H/16,W/16]; of five expert first layers (`groups`), those selected."""

    def __init__(self, channels: int, groups: int = 1):
        super().__init__()
        self.groups = groups
        self.first = nn.Conv2d(channels, WIDTHS[0] * groups, 4, 2, 1, groups=groups)
        self.second = nn.Conv2d(WIDTHS[0], WIDTHS[1], 4, 2, 1)
        self.third = nn.Conv2d(WIDTHS[1], WIDTHS[2], 4, 2, 1)
        self.last = nn.Conv2d(WIDTHS[2], DIM, 2, 2)

    def forward(self, x: Tensor, select: Tensor | None = None) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        a = F.silu(self.first(x))
        if select is not None:
            b, c, h, w = a.shape
            a = (a.view(b, self.groups, c // self.groups, h, w) * select[:, :, None, None, None]).sum(1)
        b_ = F.silu(self.second(a))
        c_ = F.silu(self.third(b_))
        return a, b_, c_, self.last(c_)


class Film(nn.Module):
    """Scales and shifts channels by the noise levels of both streams."""

    def __init__(self, channels: int):
        super().__init__()
        self.net = nn.Linear(2 * DIM, 2 * channels)
        nn.init.zeros_(self.net.weight)
        nn.init.zeros_(self.net.bias)

    def forward(self, x: Tensor, times: Tensor) -> Tensor:
        scale, shift = self.net(times)[:, :, None, None].chunk(2, dim=1)
        return x * (1 + scale) + shift


class Up(nn.Module):
    """Doubles the grid, joins both stems' skips, and mixes."""

    def __init__(self, cin: int, skips: int, cout: int, depth: int):
        super().__init__()
        self.lower = nn.Conv2d(cin, cout, 1)
        self.skip = nn.Conv2d(skips, cout, 3, padding=1)
        self.film = Film(cout)
        self.mix = nn.ModuleList(nn.Conv2d(cout, cout, 3, padding=1) for _ in range(depth))

    def forward(self, x: Tensor, skips: Tensor, times: Tensor) -> Tensor:
        x = self.film(F.interpolate(self.lower(x), scale_factor=2.0, mode='nearest') + self.skip(skips), times)
        for layer in self.mix:
            x = x + layer(F.silu(x))
        return x


class Painter(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.join = nn.Conv2d(2 * DIM, 192, 1)
        self.up8 = Up(192, 2 * WIDTHS[2], PAINT[0], 2)
        self.up4 = Up(PAINT[0], 2 * WIDTHS[1], PAINT[1], 2)
        self.up2 = Up(PAINT[1], 2 * WIDTHS[0], PAINT[2], 2)
        self.near = nn.Conv2d(3 * STREAMS, 4 * STREAMS, 3, padding=1, groups=STREAMS)  # the streams at full resolution, expert by expert
        self.up1 = Up(PAINT[2], 3 + PREVIOUS + 4, PAINT[3], 1)
        self.rgb = nn.Conv2d(PAINT[3], 3, 3, padding=1)
        self.streams = nn.Conv2d(PAINT[3], 3 * STREAMS, 3, padding=1)  # expert output heads

    def forward(self, tokens: Tensor, picture: Tensor, streams: Tensor, select: Tensor, skips: list[Tensor], times: Tensor) -> tuple[Tensor, Tensor]:
        """tokens [B,2D,H/16,W/16] of both streams, picture [B,11,H,W] (noised RGB, previous frame, palette) -> x0 of RGB [B,3,H,W] and of all streams [B,15,H,W]."""
        s2, s4, s8 = skips
        b, _, h, w = streams.shape
        near = (self.near(streams).view(b, STREAMS, 4, h, w) * select[:, :, None, None, None]).sum(1)
        x = self.up8(self.join(tokens), s8, times)
        x = self.up2(self.up4(x, s4, times), s2, times)
        x = F.silu(self.up1(x, torch.cat((picture, near), dim=1), times))
        return self.rgb(x), self.streams(x)


class Generator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.picture = Stem(3 + PREVIOUS)
        self.streams = Stem(3 * STREAMS, STREAMS)
        self.painter = Painter()
        self.noised = nn.Parameter(torch.randn(DIM) * 0.02)  # tells the trunk that this RGB is being made

    def condition(self, trunk: Trunk, streams: Tensor, select: Tensor, switch: Tensor, prompt: tuple[Tensor, Tensor],
                  past: Past | None) -> tuple[list[Tensor], Tensor, Tensor, Past]:
        """The clean modality stream, once per frame: its skips, tokens [B,D,h,w], keys for the RGB stream, and its past."""
        *skips, z = self.streams(streams, select)
        b, _, h, w = z.shape
        condition = trunk.time(torch.zeros(b, device=z.device)) + (select[:, :, None] * switch[None]).sum(1)
        y, keys, past = trunk.run(z.flatten(2).transpose(1, 2), condition, Grid.of(h, w, z.device), None, past, *prompt)
        return skips, y.transpose(1, 2).reshape(b, DIM, h, w), keys, past

    def generate(self, trunk: Trunk, z: Tensor, previous: Tensor, time: Tensor, streams: Tensor, select: Tensor, skips: list[Tensor],
                 tokens: Tensor, keys: Tensor, caption: tuple[Tensor, Tensor], past: Past | None) -> Tensor:
        """One look at noised RGB z [B,3,H,W] at time [B] beside the clean condition -> x0 [B,3,H,W]."""
        picture = torch.cat((z, previous), dim=1)
        *own, x = self.picture(picture)
        b, _, h, w = x.shape
        at = trunk.time(time)
        y, _, _ = trunk.run(x.flatten(2).transpose(1, 2), at + self.noised, Grid.of(h, w, x.device), keys, past, *caption)
        both = torch.cat((y.transpose(1, 2).reshape(b, DIM, h, w), tokens), dim=1)
        times = torch.cat((at, trunk.time(torch.zeros_like(time))), dim=1)
        return self.painter(both, picture, streams, select, [torch.cat(p, dim=1) for p in zip(own, skips)], times)[0]

    def joint(self, trunk: Trunk, z: Tensor, previous: Tensor, time: Tensor, streams: Tensor, select: Tensor, switch: Tensor,
              prompt: tuple[Tensor, Tensor], caption: tuple[Tensor, Tensor], pasts: tuple[Past | None, Past | None]) -> tuple[Tensor, Tensor]:
        """One look at both streams noised at the same time [B] -> x0 of RGB [B,3,H,W] and of the streams [B,15,H,W]."""
        picture = torch.cat((z, previous), dim=1)
        *own, x = self.picture(picture)
        *skips, m = self.streams(streams, select)
        b, _, h, w = x.shape
        at = trunk.time(time)
        conditions = (at + self.noised, at + (select[:, :, None] * switch[None]).sum(1))
        rgb, modality = trunk.both(x.flatten(2).transpose(1, 2), m.flatten(2).transpose(1, 2), conditions, Grid.of(h, w, x.device), pasts, (caption, prompt))
        both = torch.cat((rgb, modality), dim=2).transpose(1, 2).reshape(b, 2 * DIM, h, w)
        return self.painter(both, picture, streams, select, [torch.cat(p, dim=1) for p in zip(own, skips)], torch.cat((at, at), dim=1))
