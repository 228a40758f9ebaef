"""Small pictures or latents: what should the sampler make? Two spaces of equally many cells, each with what makes pictures of them; everything else is alike.

    python -m ablations.latents --cache runs/ablations/cache.pt --out runs/latents          # trains, writes pictures; skips what is there
    PYTHONPATH=. python ablations/judge.py --made runs/latents --weights checkpoints/nano.pt --json ablations/latents.jsonl

`pixels`: the means of 8x8 pixels, 3 channels, and a painter that sees the condition (sextant_nano.generator). `latents`: CHANNELS channels of an autoencoder
with its decoder, as latent diffusion has it (Rombach et al. 2022). `latents, condition`: the same latents, decoded by a painter that sees the condition too.
Latents are scaled to the spread of small pictures, so that a noise level means the same. The sampler is the ablations' network, on generation alone.
"""
from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sextant_nano.generator import BLOCK, WIDTHS, Painter, Stem, Up, small
from sextant_nano.paint_losses import CAPTION_DROPPED, FAULT, SCALE, SIMPLE, Likeness, body_weight, draw_time, prompts, spread
from sextant_nano.text import MODALITIES

from .measure import held
from .run import KEEP, SIZE, rate
from .small_data import Cache
from .small_model import Small, Switches, nothing_beside, optimiser_of
from .tasks import picture_error, whole_pictures

CHANNELS = 12  # of a latent: 192 numbers of a block of pixels become 12, those of a small picture 3
LOOKS = 20  # Euler steps from noise
CONDITIONS = ('depth', 'segmentation')
WAYS = ('pixels', 'latents', 'latents, condition')


class Encoder(nn.Module):
    """RGB [B,3,H,W] -> latents [B,CHANNELS,H/8,W/8], scaled (`settle`) to mean 0 and the spread of a small picture."""

    def __init__(self) -> None:
        super().__init__()
        widths = (24, 48, 96)
        self.net = nn.Sequential(*(layer for a, b in zip((3, *widths), widths) for layer in (nn.Conv2d(a, b, 4, 2, 1), nn.SiLU())), nn.Conv2d(96, CHANNELS, 1))
        self.register_buffer('mean', torch.zeros(1, CHANNELS, 1, 1))
        self.register_buffer('scale', torch.ones(1, CHANNELS, 1, 1))

    def forward(self, x: Tensor) -> Tensor:
        return (self.net(x) - self.mean) * self.scale

    @torch.no_grad()
    def settle(self, pictures: Tensor) -> None:
        z = self.net(pictures)
        self.mean.copy_(z.mean((0, 2, 3), keepdim=True))
        self.scale.copy_(small(pictures).std() / z.std((0, 2, 3), keepdim=True))


class Decoder(Painter):
    """Cells [B,C,H/8,W/8] -> RGB [B,3,H,W]; the condition's streams reach it where `sees`."""

    def __init__(self, channels: int, sees: bool):
        super().__init__()
        self.channels, self.sees, self.stem = channels, sees, Stem()
        self.up8 = Up(self.join.out_channels, WIDTHS[2] + channels, self.up4.lower.in_channels, 2)
        if channels != 3:  # nothing to begin from: the painter's zeros leave the small picture as it is
            nn.init.kaiming_uniform_(self.rgb.weight)

    def forward(self, cells: Tensor, streams: Tensor, select: Tensor) -> Tensor:  # type: ignore[override]
        if not self.sees:
            streams, select = torch.zeros_like(streams), torch.zeros_like(select)
        *skips, tokens = self.stem(streams, select)
        paint = super().forward if self.channels == 3 else self.detail  # latents are no picture to begin from
        return paint(cells, nothing_beside(cells), streams, select, tuple(skips), tokens)


def draw(count: int, dropped: float) -> Tensor:
    """[B,5]: one modality, or in a share `dropped` none."""
    select = F.one_hot(torch.multinomial(SIMPLE, count, replacement=True), 5).float()
    return select * (torch.rand(count, 1) >= dropped)


def learn(parts: list[nn.Module], steps: int, loss: Any) -> float:
    """Trains all parameters of `parts` that want gradients; `loss(k)` is of step k. Processor seconds."""
    both = nn.ModuleList(parts)
    optimiser, trained = optimiser_of(both, 1e-3)
    average, began = [q.detach().clone() for q in trained], time.process_time()
    for k in range(steps):
        for group in optimiser.param_groups:
            group['lr'] = rate(k, steps)
        loss(k).backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        with torch.no_grad():
            torch._foreach_lerp_(average, [q.detach() for q in trained], 1 - min(KEEP, (k + 1) / (k + 10)))
    with torch.no_grad():
        for q, a in zip(trained, average):
            q.copy_(a)
    return time.process_time() - began


class Spaces:
    """The two spaces and the three decoders, trained once; kept in a file."""

    def __init__(self, cache: Cache, steps: int, file: Path):
        torch.manual_seed(5)
        self.encoder, likeness = Encoder(), Likeness()
        self.decoders = nn.ModuleDict({'pixels': Decoder(3, True), 'latents': Decoder(CHANNELS, False), 'latents, condition': Decoder(CHANNELS, True)})
        if file.exists():
            state = torch.load(file, weights_only=True)
            self.encoder.load_state_dict(state['encoder'])
            self.decoders.load_state_dict(state['decoders'])
            return

        def painting(way: str, k: int) -> Tensor:
            torch.manual_seed(900_000 + k)
            x, s = whole_pictures(cache.batch('paint', SIZE, 99, k))
            cells = self.cells(way, x)
            # What is sampled is not perfect: the decoder has met such faults.
            cells = cells + FAULT * torch.rand(len(x), 1, 1, 1) * torch.randn_like(cells)
            select = draw(len(x), 0.1)
            ours = self.decoders[way](cells, s * spread(select), select)
            return 2.0 * (body_weight(s) * (ours - x).abs()).mean() + 0.5 * likeness(ours, x)

        for way in ('latents', 'pixels', 'latents, condition'):
            if way == 'latents':  # twice: before the scale is settled the noise has no meaning, after it the decoder gets used to it
                first = learn([self.encoder, self.decoders[way]], steps // 2, lambda k: painting('latents', k))
                self.encoder.settle(whole_pictures(cache.rows('paint', np.arange(256)))[0])
                self.encoder.requires_grad_(False)
                seconds = first + learn([self.decoders[way]], steps - steps // 2, lambda k: painting('latents', steps + k))
            else:
                seconds = learn([self.decoders[way]], steps, lambda k: painting(way, k))
            print(f'{way}: decoder after {seconds:.0f} s', flush=True)
        torch.save({'encoder': self.encoder.state_dict(), 'decoders': self.decoders.state_dict()}, file)

    def cells(self, way: str, x: Tensor) -> Tensor:
        return small(x) if way == 'pixels' else self.encoder(x)


def sampler_of(cache: Cache, spaces: Spaces, space: str, seed: int, steps: int) -> tuple[Small, float]:
    torch.manual_seed(seed)
    model = Small(Switches(), [str(c['name']) for c in cache.classes], channels_of(space))

    def loss(k: int) -> Tensor:
        torch.manual_seed(seed * 1_000_000 + k)
        batch = cache.batch('paint', SIZE, seed, k)
        x, s = whole_pictures(batch)
        t, select = draw_time(len(x), x.device), draw(len(x), 0.1)
        with torch.no_grad():
            x = spaces.cells(space, x)
        at, caption = t[:, None, None, None], batch['caption'] * (torch.rand(len(x), 1) >= CAPTION_DROPPED)
        made = model.paint((1 - at) * x + at * torch.randn_like(x), t, s * spread(select), select, prompts(select), caption)
        return SCALE * picture_error(made, x, t, s).mean()

    return model, learn([model], steps, loss)


def channels_of(way: str) -> int:
    return 3 if way == 'pixels' else CHANNELS


@torch.no_grad()
def sample(model: Small, channels: int, streams: Tensor, select: Tensor, caption: Tensor, generator: torch.Generator) -> Tensor:
    """Euler from noise to x, cells [B,C,h,w], without guidance."""
    z = torch.randn(len(streams), channels, streams.shape[2] // BLOCK, streams.shape[3] // BLOCK, generator=generator)
    times = torch.linspace(1, 0, LOOKS + 1)
    for now, then in zip(times[:-1], times[1:]):
        x = model.paint(z, now.expand(len(z)), streams * spread(select), select, prompts(select), caption)
        z = x + (z - x) * (then / now)
    return z


@torch.no_grad()
def pictures_of(cache: Cache, spaces: Spaces, way: str, model: Small | None) -> dict[str, np.ndarray]:
    """uint8 [n,3,H,W] of the held-out records, by condition; without a sampler of the true cells."""
    out: dict[str, list[np.ndarray]] = {}
    for name in CONDITIONS:
        generator = torch.Generator().manual_seed(21)
        for batch in held(cache, 'paint_held'):
            x, s = whole_pictures(batch)
            select = F.one_hot(torch.tensor(MODALITIES.index(name)), 5).float().repeat(len(x), 1)
            cells = spaces.cells(way, x) if model is None else sample(model, channels_of(way), s, select, batch['caption'], generator)
            rgb = spaces.decoders[way](cells, s * spread(select), select)
            out.setdefault(name, []).append(((rgb.clamp(-1, 1) + 1) * 127.5).round().byte().numpy())
    return {k: np.concatenate(v) for k, v in out.items()}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--cache', type=Path, required=True)
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--seeds', type=int, default=3)
    p.add_argument('--steps', type=int, default=1000, help='of every sampler')
    p.add_argument('--decoder-steps', type=int, default=800, help='of every decoder')
    a = p.parse_args()
    torch.set_num_threads(1)
    a.out.mkdir(parents=True, exist_ok=True)
    cache = Cache(a.cache)
    truth = cache.rows('paint_held', np.arange(len(cache.sets['paint_held']['rgb'])))
    np.savez(a.out / 'truth.npz', rgb=truth['rgb'].numpy(), streams=truth['streams'].numpy(), colours=np.array([c['color'] for c in cache.classes]), superset=cache.superset)
    spaces = Spaces(cache, a.decoder_steps, a.out / 'spaces.pt')
    for way in WAYS:
        np.savez_compressed(a.out / f'{way}-true.npz', **pictures_of(cache, spaces, way, None))
    for seed in range(1, a.seeds + 1):
        for space in ('pixels', 'latents'):
            if (a.out / f'{space}-{seed}.npz').exists():
                continue
            model, seconds = sampler_of(cache, spaces, space, seed, a.steps)
            for way in (w for w in WAYS if w.startswith(space)):
                np.savez_compressed(a.out / f'{way}-{seed}.npz', **pictures_of(cache, spaces, way, model))
            print(json.dumps({'space': space, 'seed': seed, 'steps': a.steps, 'train_cpu_s': round(seconds, 1)}), flush=True)


if __name__ == '__main__':
    main()
