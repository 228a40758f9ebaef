"""Draws samples of the generating tasks as one sheet: a row per record, condition | generated | truth.

    python -m sextant_nano.sample --weights runs/unified/ema.pt --records runs/clean --out sheet.png --modality depth
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
from torch import Tensor

from . import records
from .checkpoints import load_into, weights_of
from .data import world_classes
from .generator import BLOCK
from .model import Nano
from .paint_data import class_colours, paint_sample
from .paint_losses import prompts, spread
from .text import MODALITIES


def schedule(steps: int, shift: float) -> Tensor:
    """Times from 1 to 0, denser where it is noisy: s t / (1 + (s - 1) t)."""
    t = torch.linspace(1, 0, steps + 1)
    return shift * t / (1 + (shift - 1) * t)


@torch.no_grad()
def generate(model: Nano, streams: Tensor, select: Tensor, caption: Tensor, steps: int = 16, shift: float = 1.5, guidance: float = 1.0, seed: int = 0,
             joint: bool = False, palette: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """streams [B,15,H,W] (ignored where `joint`) -> RGB [B,3,H,W] and streams, by Euler steps on the small grid with the velocity
    made from x; then one look of the painter."""
    b, _, h, w = streams.shape
    generator = torch.Generator().manual_seed(seed)
    z, zs = (torch.randn(b, c, h // BLOCK, w // BLOCK, generator=generator) for c in (3, 15))
    beside = torch.zeros(b, 8, h, w)
    if palette is not None and not joint:
        beside[:, 4:7], beside[:, 7] = palette, 1
    prompt = model.read(prompts(select).flatten(1), prompts(select).shape[2])
    texts = [model.read(c, c.shape[1]) for c in (caption, torch.zeros_like(caption))]
    clean = streams * spread(select)
    g = model.generator
    if not joint:
        skip8, tokens, keys, _ = g.condition(model.trunk, clean, select, model.switch, prompt, None)
    times = schedule(steps, shift)
    for now, then in zip(times[:-1], times[1:]):
        t = now.expand(b)

        def look(text: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
            if joint:
                return g.joint(model.trunk, z, beside, t, zs * spread(select), select, model.switch, prompt, text, (None, None))
            return g.generate(model.trunk, z, beside, t, skip8, tokens, keys, text, None), zs

        x, s = look(texts[0])
        if guidance != 1:
            ux, us = look(texts[1])
            x, s = ux + guidance * (x - ux), us + guidance * (s - us)
        x, s = x.clamp(-1, 1), s.clamp(-1, 1)
        z, zs = z + (then - now) * (z - x) / now, zs + (then - now) * (zs - s) / now
    if joint:
        clean = g.sharpener(x, s, select)[0].clamp(-1, 1)
    return g.paint(x, beside, clean, select), clean


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--weights', type=Path, required=True)
    p.add_argument('--records', type=Path, required=True)
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--modality', nargs='+', default=['depth', 'palette:depth', 'palette:segmentation', 'joint:depth'])
    p.add_argument('--count', type=int, default=8)
    p.add_argument('--size', type=int, default=128)
    p.add_argument('--steps', type=int, default=16)
    p.add_argument('--guidance', type=float, default=1.0)
    a = p.parse_args()
    model = Nano().eval()
    load_into(model, weights_of([a.weights]))
    files = sorted(a.records.glob('*.rec'))
    rng, classes = np.random.default_rng(0), world_classes()
    colours, names = class_colours(classes), [c['name'] for c in classes]
    samples = [paint_sample(records.load(f), (a.size, a.size), rng, colours, names, 1, plain=True) for f in files[::max(1, len(files) // a.count)][:a.count]]
    rgb, streams, caption, colours = (torch.from_numpy(np.stack([s[k] for s in samples])) for k in ('rgb', 'streams', 'caption', 'palette'))
    colours = colours[:, 0].permute(0, 3, 1, 2).float() / 127.5 - 1
    rows = [rgb[:, 0].numpy()]

    def picture(x: Tensor) -> np.ndarray:
        return ((x.clamp(-1, 1) + 1) * 127.5).byte().permute(0, 2, 3, 1).numpy()

    for word in a.modality:
        joint, coloured, name = word.startswith('joint:'), word.startswith('palette:'), word.split(':')[-1]
        index = MODALITIES.index(name)
        select = torch.zeros(len(samples), 5)
        select[:, index] = 1
        made, made_streams = generate(model, streams[:, 0], select, caption, a.steps, guidance=a.guidance, joint=joint, palette=colours if coloured else None)
        rows += [picture(made_streams[:, 3 * index:3 * index + 3]), picture(made)]
    sheet = np.concatenate([np.concatenate(list(row), axis=1) for row in rows], axis=0)
    cv2.imwrite(str(a.out), cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))


if __name__ == '__main__':
    main()
