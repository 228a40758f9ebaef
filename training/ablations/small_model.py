"""The network of sextant_nano at the ablations' size, with switches for what a claim takes away. Nothing in sextant_nano is changed.

Same modules, narrower (__init__.py and `Small`), features of the frozen encoder given instead of pictures, no flow head (its training is separate)."""
from __future__ import annotations

from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sextant_nano.generator import BESIDE, BLOCK, PATCH, STREAMS, kept, small, to_grid, to_tokens
from sextant_nano.model import CLASSES, PARTS, Fuse, Nano, head
from sextant_nano.text import CAPTION_LENGTH, PROMPT_LENGTH
from sextant_nano.trunk import DIM, Grid, rotary



class Switches(NamedTuple):
    in_context: bool = True  # the modality stream reads its prompt by cross-attention
    switcher: bool = True  # a vector of each modality in AdaLN
    experts: bool = True  # first and last layers of each modality's own for the generated and conditioning streams
    full: bool = False  # every token of every frame and stream sees every other one


class Shared(nn.Module):
    """One layer for all five streams instead of five: [B,15,H,W] -> [B,5*C,...]."""

    def __init__(self, one: nn.Conv2d):
        super().__init__()
        self.one = one

    def forward(self, x: Tensor) -> Tensor:
        b, _, h, w = x.shape
        y = self.one(x.reshape(b * STREAMS, 3, h, w))
        return y.reshape(b, -1, *y.shape[2:])


class Repeated(nn.Module):
    """One output layer: every stream is read off the same channels, the last axis."""

    def __init__(self, one: nn.Linear):
        super().__init__()
        self.one = one

    def forward(self, x: Tensor) -> Tensor:
        y = self.one(x)
        return y.repeat(*[1] * (y.ndim - 1), STREAMS)


class Small(Nano):
    def __init__(self, switches: Switches, names: list[str], channels: int = 3):
        """names of the classes, which phrases are compared with; channels of a cell of what is made (3: the small picture)."""
        super().__init__()
        self.switches = switches
        self.name_classes(names)
        # The decoder at about half its width: 160, 96, 64 and 32 channels in models/nano.
        self.join, self.up8, self.up4, self.up2 = nn.Conv2d(2 * DIM, 64, 1), Fuse(64, 40, 48, deep=False), Fuse(48, 24, 32, deep=False), Fuse(32, 16, 24, deep=False)
        self.depth_head, self.segmentation_head, self.skeleton_head, self.densepose_head = head(24, 16, 3), head(24, 32, CLASSES), head(32, 32, 20), head(24, 24, PARTS + 2)
        self.segmentation_coarse, self.densepose_coarse = nn.Conv2d(32, CLASSES, 1), nn.Conv2d(32, PARTS, 1)
        g = self.generator
        if channels != 3:
            g.picture = nn.Conv2d(channels + BESIDE, DIM, PATCH, PATCH)
            g.to_rgb, g.keep_rgb = nn.Linear(DIM, channels * PATCH * PATCH), nn.Linear(DIM, channels)
            g.smooth_in, g.smooth_out = nn.Conv2d(channels + g.smooth_in.in_channels - 3, 48, 3, padding=1), nn.Conv2d(48, channels, 3, padding=1)
            for layer in (g.smooth_out, g.keep_rgb):
                nn.init.zeros_(layer.weight)
                nn.init.zeros_(layer.bias)
        g.painter.requires_grad_(False)  # what samples is what the arms compare; both of these stand behind it, one pass a frame
        g.sharpener.requires_grad_(False)
        with torch.no_grad():
            self.skeleton_head[-1].bias[:18] = -4.0
            self.depth_head[-1].bias[0] = 1.2
        if not switches.switcher:
            self.switch.data.zero_()
            self.switch.requires_grad_(False)
        if not switches.experts:
            first, noised = g.streams.first, g.noised_streams
            g.streams.first = Shared(nn.Conv2d(3, first.out_channels // STREAMS, 4, 2, 1))  # type: ignore[assignment]
            g.noised_streams = Shared(nn.Conv2d(3, noised.out_channels // STREAMS, PATCH, PATCH))  # type: ignore[assignment]
            g.to_streams, g.keep_streams = Repeated(nn.Linear(DIM, 3 * PATCH * PATCH)), Repeated(nn.Linear(DIM, 3))  # type: ignore[assignment]
            nn.init.zeros_(g.keep_streams.one.weight)
            nn.init.zeros_(g.keep_streams.one.bias)
            for i in range(1, STREAMS):
                self.stems[i] = self.stems[0]

    def prompt(self, ids: Tensor) -> tuple[Tensor, Tensor]:
        """int64 [B,5,L] -> what the modality stream reads; padding alone where the in-context learner is taken away."""
        return self.read(ids.flatten(1) if self.switches.in_context else torch.zeros_like(ids.flatten(1)), PROMPT_LENGTH)

    def streams(self, taps: list[Tensor], length: int, task: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """taps of `length` frames of each clip [B*T,C,h,w], task of sextant_nano.validate.default_task per clip [B,...] -> tokens of the
        RGB and of the modality stream, [B*T,D,h,w] each."""
        y = self.rgb_in(taps[3]) + F.interpolate(self.rgb_in_low(taps[4]), scale_factor=2.0, mode='nearest')
        _, _, h, w = y.shape
        b = y.shape[0] // length
        x = y.flatten(2).transpose(1, 2).reshape(b, length, h * w, DIM)
        z = sum(stem(task['noise'][:, 3 * i:3 * i + 3]) * task['select'][:, i, None, None, None] for i, stem in enumerate(self.stems))
        z = z.flatten(2).transpose(1, 2)
        condition = self.trunk.time(task['time']) + (task['select'][:, :, None] * self.switch[None]).sum(1)
        text = self.prompt(task['prompt'])
        if self.switches.full:
            nothing = self.read(torch.zeros_like(task['prompt'][:, 0]), PROMPT_LENGTH)
            clean = self.trunk.time(torch.zeros(b)) + self.trunk.rgb_embedding
            rgb, modality = self.trunk.both(x.flatten(1, 2), z.repeat(1, length, 1), (clean, condition), whole(h, w, length), (None, None), (nothing, text))
        else:
            grid, past_rgb, past_modality, a, m = Grid.of(h, w, y.device), None, None, [], []
            for t in range(length):
                tokens, keys, past_rgb = self.trunk.rgb(x[:, t], grid, past_rgb)
                own, past_modality = self.trunk.modality(z, condition, grid, keys, past_modality, *text)
                a.append(tokens)
                m.append(own)
            rgb, modality = torch.stack(a, 1), torch.stack(m, 1)
        return tuple(s.reshape(b * length, h * w, DIM).transpose(1, 2).reshape(-1, DIM, h, w) for s in (rgb, modality))  # type: ignore[return-value]

    def estimate(self, taps: list[Tensor], length: int, task: dict[str, Tensor], window: tuple[int, int] | None = None) -> dict[str, Tensor]:
        """Raw outputs of every head for all frames [B*T,...]. With `window` (row and column on the grid of 1/4) all but the skeleton only
        in a quarter of the picture that starts there: the heads and losses at 1/2 cost most of a training step, the trunk sees all."""
        rgb, modality = self.streams(taps, length, task)
        whole4 = f4 = self.up4(self.up8(self.join(torch.cat((rgb, modality), dim=1)), taps[2]), taps[1])
        skip = taps[0]
        if window is not None:
            f4, skip = f4[:, :, cut(window, 8)[0], cut(window, 8)[1]], skip[:, :, cut(window, 16)[0], cut(window, 16)[1]]
        f2 = self.up2(f4, skip)
        part, uv = self.densepose(f4, f2)
        return {'features4': f4, 'features2': f2, 'depth': self.depth_head(f2), 'segmentation': self.segmentation(f4, f2),
                'skeleton': self.skeleton_head(whole4), 'part': part, 'uv': uv}

    def paint(self, z: Tensor, time: Tensor, clean: Tensor, select: Tensor, ask: Tensor, caption: Tensor) -> Tensor:
        """Conditional generation: one look at a noised small picture z [B,C,h,w] at time [B] beside clean streams [B,15,8h,8w] -> x of it."""
        g, prompt, words, beside = self.generator, self.prompt(ask), self.read(caption, CAPTION_LENGTH), nothing_beside(z)
        if not self.switches.full:
            skip8, tokens, keys, _ = g.condition(self.trunk, clean, select, self.switch, prompt, None)
            return g.generate(self.trunk, z, beside, time, skip8, tokens, keys, words, None)
        *_, skip8, m = g.streams(clean, select)
        beside = small(beside)
        x = g.picture(torch.cat((z, beside), dim=1)) + g.aligned(m)
        _, _, h, w = x.shape
        grid, at = Grid.of(h, w, x.device), self.trunk.time(time) + g.noised
        conditions = (at, self.trunk.time(torch.zeros_like(time)) + (select[:, :, None] * self.switch[None]).sum(1))
        rgb, modality = self.trunk.both(to_tokens(x), to_tokens(m), conditions, grid, (None, None), (words, prompt))
        y = g.mind(rgb, modality, at, grid, words)
        return g.smooth(to_grid(g.to_rgb(y), h, w), skip8, beside) + kept(g.keep_rgb, at, z)

    def both(self, z: Tensor, time: Tensor, noised: Tensor, select: Tensor, ask: Tensor, caption: Tensor) -> tuple[Tensor, Tensor]:
        """Joint generation: x of the small picture [B,C,h,w] and of the small streams [B,15,h,w]."""
        return self.generator.joint(self.trunk, z, nothing_beside(z), time, noised, select, self.switch, self.prompt(ask), self.read(caption, CAPTION_LENGTH), (None, None))


def nothing_beside(z: Tensor) -> Tensor:
    """No frame before, no palette."""
    return torch.zeros(z.shape[0], BESIDE, BLOCK * z.shape[2], BLOCK * z.shape[3])


def cut(window: tuple[int, int], size: int) -> tuple[slice, slice]:
    """The rows and columns of a window of `size` cells; its place is in cells of 1/4, of which it has 8."""
    row, column = (at * size // 8 for at in window)
    return slice(row, row + size), slice(column, column + size)


def whole(height: int, width: int, length: int) -> Grid:
    """The grid of all tokens of `length` frames at once, the newest at time 0 as in Grid.of."""
    time, ys, xs = torch.meshgrid(torch.arange(1 - length, 1.0), torch.arange(height * 1.0), torch.arange(width * 1.0), indexing='ij')
    now = rotary(ys.reshape(-1, 1), xs.reshape(-1, 1), time.reshape(-1, 1))
    return Grid(height, width, now, now)


def optimiser_of(model: nn.Module, rate: float) -> tuple[torch.optim.AdamW, list[Tensor]]:
    trained = [q for q in model.parameters() if q.requires_grad]
    groups: list[dict[str, Any]] = [{'params': [q for q in trained if q.ndim >= 2], 'weight_decay': 0.01}, {'params': [q for q in trained if q.ndim < 2], 'weight_decay': 0.0}]
    return torch.optim.AdamW(groups, lr=rate, betas=(0.9, 0.98), fused=True), trained
