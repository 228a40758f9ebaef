"""The generating half of models/nano: what is made is a small picture, an eighth of the size to a side, and the painter paints it large.

Everything is a picture [B,3,H,W] in [-1, 1] (packages/model/src/codecs/streams.ts); five modality streams are [B,15,H,W]. Flow matching
on the small grid (H/8, W/8): z = (1 - t) x + t noise; the network predicts x, the sampler makes velocity from it (x with a loss
of velocity: Li and He 2025, "Back to Basics"). A token is 2x2 cells of the small grid: the grid of the trunk's tokens, so that every
colour is decided by attention over the whole picture. Noise at full size was tried first, then cells of 4 pixels: colours were decided
patch by patch, each token reading its own noise, and walls became clouds. The painter is one pass, once a frame, from the small picture and the
condition's own outlines (SR3's cascade, Saharia et al. 2021, with regression as its last stage).

The trunk, its time embedding, text and switcher are those of estimation; `mind` are generation's own layers behind it (expert heads).
"""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .sharpener import BLOCK, STREAMS, Sharpener
from .trunk import DIM, Block, Grid, Past, Seen, Trunk, modulate

PATCH = 2  # cells of a side of a token
WIDTHS = (16, 32, 48)  # of the stem's skips at 1/2, 1/4, 1/8
PAINT = (112, 72, 40, 24)  # of the painter at 1/8, 1/4, 1/2, 1/1
BESIDE = 8  # the previous frame (3), whether there is one (1); the palette: every region in its mean colour (3), whether there is one (1)
EXPERT = 96  # channels of a noised stream's token before they join
OWN_LAYERS = 3


def small(x: Tensor) -> Tensor:
    """Means over blocks of BLOCK x BLOCK pixels: [B,C,H,W] -> [B,C,H/8,W/8]."""
    return F.avg_pool2d(x, BLOCK)


def to_tokens(x: Tensor) -> Tensor:
    return x.flatten(2).transpose(1, 2)


def to_grid(tokens: Tensor, h: int, w: int) -> Tensor:
    """[B,N,C*PATCH*PATCH] -> [B,C,h*PATCH,w*PATCH]."""
    return F.pixel_shuffle(tokens.transpose(1, 2).reshape(tokens.shape[0], -1, h, w), PATCH)


def kept(layer: nn.Linear, condition: Tensor, z: Tensor) -> Tensor:
    """The share of z [B,C,h,w] that its noise level says (EDM's skip, Karras et al. 2022, but learned)."""
    return layer(F.silu(condition))[:, :, None, None] * z


class Stem(nn.Module):
    """Clean streams [B,15,H,W] -> skips at 1/2, 1/4, 1/8 and tokens [B,D,H/16,W/16]; of five expert first layers, those selected."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(3 * STREAMS, WIDTHS[0] * STREAMS, 4, 2, 1, groups=STREAMS)
        self.second = nn.Conv2d(WIDTHS[0], WIDTHS[1], 4, 2, 1)
        self.third = nn.Conv2d(WIDTHS[1], WIDTHS[2], 4, 2, 1)
        self.last = nn.Conv2d(WIDTHS[2], DIM, 2, 2)

    def forward(self, x: Tensor, select: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        a = F.silu(self.first(x))
        b, c, h, w = a.shape
        a = (a.view(b, STREAMS, c // STREAMS, h, w) * select[:, :, None, None, None]).sum(1)
        b_ = F.silu(self.second(a))
        c_ = F.silu(self.third(b_))
        return a, b_, c_, self.last(c_)


class Up(nn.Module):
    """Doubles the grid, joins a skip, and mixes."""

    def __init__(self, cin: int, skip: int, cout: int, depth: int):
        super().__init__()
        self.lower = nn.Conv2d(cin, cout, 1)
        self.skip = nn.Conv2d(skip, cout, 3, padding=1)
        self.mix = nn.ModuleList(nn.Conv2d(cout, cout, 3, padding=1) for _ in range(depth))

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        x = F.interpolate(self.lower(x), scale_factor=2.0, mode='nearest') + self.skip(skip)
        for layer in self.mix:
            x = x + layer(F.silu(x))
        return x


class Painter(nn.Module):
    """The small picture and the streams at full size -> the picture."""

    def __init__(self) -> None:
        super().__init__()
        self.join = nn.Conv2d(DIM, 160, 1)
        self.up8 = Up(160, WIDTHS[2] + 3, PAINT[0], 2)
        self.up4 = Up(PAINT[0], WIDTHS[1], PAINT[1], 2)
        self.up2 = Up(PAINT[1], WIDTHS[0], PAINT[2], 2)
        self.near = nn.Conv2d(3 * STREAMS, 4 * STREAMS, 3, padding=1, groups=STREAMS)  # the streams at full resolution, expert by expert
        self.up1 = Up(PAINT[2], BESIDE + 4, PAINT[3], 1)
        self.rgb = nn.Conv2d(PAINT[3], 3, 3, padding=1)
        nn.init.zeros_(self.rgb.weight)
        nn.init.zeros_(self.rgb.bias)

    def forward(self, picture: Tensor, beside: Tensor, streams: Tensor, select: Tensor, skips: tuple[Tensor, Tensor, Tensor], tokens: Tensor) -> Tensor:
        """picture [B,3,H/8,W/8], beside [B,8,H,W], streams [B,15,H,W], the stem's skips and tokens -> RGB [B,3,H,W]."""
        large = F.interpolate(picture, scale_factor=float(BLOCK), mode='bilinear', align_corners=False)
        return large + self.detail(picture, beside, streams, select, skips, tokens)

    def detail(self, picture: Tensor, beside: Tensor, streams: Tensor, select: Tensor, skips: tuple[Tensor, Tensor, Tensor], tokens: Tensor) -> Tensor:
        """What the small picture lacks, [B,3,H,W]."""
        s2, s4, s8 = skips
        b, _, h, w = streams.shape
        near = (self.near(streams).view(b, STREAMS, 4, h, w) * select[:, :, None, None, None]).sum(1)
        x = self.up8(self.join(tokens), torch.cat((s8, picture), dim=1))
        x = self.up2(self.up4(x, s4), s2)
        return self.rgb(F.silu(self.up1(x, torch.cat((beside, near), dim=1))))


class Mind(nn.Module):
    """Generation's own layers behind the trunk: tokens of one stream [B,N,D], beside them the other's, to cells of the small grid."""

    def __init__(self) -> None:
        super().__init__()
        self.other = nn.Linear(DIM, DIM)
        self.blocks = nn.ModuleList(Block(cross=i == 1) for i in range(OWN_LAYERS))
        self.final = nn.Linear(DIM, 2 * DIM)
        nn.init.zeros_(self.final.weight)
        nn.init.zeros_(self.final.bias)

    def forward(self, x: Tensor, other: Tensor, condition: Tensor, grid: Grid, text: tuple[Tensor, Tensor]) -> Tensor:
        x = x + self.other(other)
        for block in self.blocks:
            x, _, _ = block(x, condition, grid, Seen(None, None, None), *text)
        shift, scale = self.final(F.silu(condition))[:, None].chunk(2, dim=-1)
        return modulate(x, shift, scale)


class Generator(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.picture = nn.Conv2d(3 + BESIDE, DIM, PATCH, PATCH)  # a noised small picture and what stands beside it
        self.noised_streams = nn.Conv2d(3 * STREAMS, EXPERT * STREAMS, PATCH, PATCH, groups=STREAMS)  # expert input stems of noised streams
        self.noised_join = nn.Conv2d(EXPERT, DIM, 1)
        self.streams = Stem()
        self.aligned = nn.Conv2d(DIM, DIM, 1)  # a token finds the condition at its own place without searching
        self.mind = Mind()
        self.to_rgb = nn.Linear(DIM, 3 * PATCH * PATCH)
        self.to_streams = nn.Linear(DIM, 3 * STREAMS * PATCH * PATCH)  # expert output heads
        self.keep_rgb, self.keep_streams = nn.Linear(DIM, 3), nn.Linear(DIM, 3 * STREAMS)  # by noise level, what of z is x already: fine values need not pass through the tokens
        self.smooth_in = nn.Conv2d(3 + WIDTHS[2] + BESIDE, 48, 3, padding=1)  # tokens end at their edges; this does not
        self.smooth_mid = nn.Conv2d(48, 48, 3, padding=1)
        self.smooth_out = nn.Conv2d(48, 3, 3, padding=1)
        for layer in (self.smooth_out, self.keep_rgb, self.keep_streams):
            nn.init.zeros_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.sharpener = Sharpener()
        self.painter = Painter()
        self.noised = nn.Parameter(torch.randn(DIM) * 0.02)  # tells the trunk that this RGB is being made
        self.apart = False  # while training: painting teaches the painter alone, not the stem that the sampler sees through

    def smooth(self, x: Tensor, skip8: Tensor, beside: Tensor) -> Tensor:
        y = F.silu(self.smooth_in(torch.cat((x, skip8, beside), dim=1)))
        return x + self.smooth_out(F.silu(y + self.smooth_mid(y)))

    def condition(self, trunk: Trunk, streams: Tensor, select: Tensor, switch: Tensor, prompt: tuple[Tensor, Tensor],
                  past: Past | None) -> tuple[Tensor, Tensor, Tensor, Past]:
        """The clean modality stream, once per frame: its skip at 1/8, tokens [B,D,h,w], keys for the RGB stream, and its past."""
        _, _, skip8, z = self.streams(streams, select)
        b, _, h, w = z.shape
        condition = trunk.time(torch.zeros(b, device=z.device)) + (select[:, :, None] * switch[None]).sum(1)
        y, keys, past = trunk.run(to_tokens(z), condition, Grid.of(h, w, z.device), None, past, *prompt)
        return skip8, y.transpose(1, 2).reshape(b, DIM, h, w), keys, past

    def generate(self, trunk: Trunk, z: Tensor, beside: Tensor, time: Tensor, skip8: Tensor, tokens: Tensor, keys: Tensor,
                 caption: tuple[Tensor, Tensor], past: Past | None) -> Tensor:
        """One look at a noised small picture z [B,3,H/8,W/8] at time [B] beside the clean condition and `beside` [B,8,H,W] -> x of it."""
        beside = small(beside)
        x = self.picture(torch.cat((z, beside), dim=1)) + self.aligned(tokens)
        _, _, h, w = x.shape
        grid, condition = Grid.of(h, w, x.device), trunk.time(time) + self.noised
        y, _, _ = trunk.run(to_tokens(x), condition, grid, keys, past, *caption)
        y = self.mind(y, to_tokens(tokens), condition, grid, caption)
        return self.smooth(to_grid(self.to_rgb(y), h, w), skip8, beside) + kept(self.keep_rgb, condition, z)

    def joint(self, trunk: Trunk, z: Tensor, beside: Tensor, time: Tensor, z_streams: Tensor, select: Tensor, switch: Tensor,
              prompt: tuple[Tensor, Tensor], caption: tuple[Tensor, Tensor], pasts: tuple[Past | None, Past | None]) -> tuple[Tensor, Tensor]:
        """One look at both streams noised at the same time [B] -> x of the small RGB [B,3,H/8,W/8] and of the small streams [B,15,H/8,W/8]."""
        beside = small(beside)
        x = self.picture(torch.cat((z, beside), dim=1))
        b, _, h, w = x.shape
        experts = self.noised_streams(z_streams).view(b, STREAMS, EXPERT, h, w)
        m = self.noised_join((experts * select[:, :, None, None, None]).sum(1))
        grid, at = Grid.of(h, w, x.device), trunk.time(time)
        conditions = (at + self.noised, at + (select[:, :, None] * switch[None]).sum(1))
        rgb, modality = trunk.both(to_tokens(x), to_tokens(m), conditions, grid, pasts, (caption, prompt))
        rgb, modality = self.mind(rgb, modality, conditions[0], grid, caption), self.mind(modality, rgb, conditions[1], grid, caption)
        picture = to_grid(self.to_rgb(rgb), h, w)
        nothing = torch.zeros(b, WIDTHS[2], *picture.shape[2:], device=picture.device, dtype=picture.dtype)
        return (self.smooth(picture, nothing, beside) + kept(self.keep_rgb, conditions[0], z),
                to_grid(self.to_streams(modality), h, w) + kept(self.keep_streams, conditions[1], z_streams))

    def paint(self, picture: Tensor, beside: Tensor, streams: Tensor, select: Tensor) -> Tensor:
        """A small picture [B,3,H/8,W/8] and streams [B,15,H,W] (joint: made small, and sharpened) -> RGB [B,3,H,W]."""
        a, b, c, tokens = (t.detach() for t in self.streams(streams, select)) if self.apart else self.streams(streams, select)
        return self.painter(picture, beside, streams, select, (a, b, c), tokens)
