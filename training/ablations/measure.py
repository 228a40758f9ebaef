"""What an arm reached on the held-out records. Every arm meets the same pictures, prompts, noise levels and noise."""
from __future__ import annotations

import random
from typing import Any, Iterator

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from sextant_nano import refer
from sextant_nano.crops import CLASSES
from sextant_nano.paint_losses import prompts, spread
from sextant_nano.text import MODALITIES, PROMPT_LENGTH, WORD

from .small_data import Cache, targets, taps
from .small_model import Small
from .tasks import Losses, ask, picture_error, pictures, refer_to, streams_error

LEVELS = (0.6, 1.0)
BATCH = 32


def last(batch: dict[str, Any], frames: int) -> dict[str, Any]:
    return {k: v[:, -frames:] if isinstance(v, Tensor) else v for k, v in batch.items()}


def held(cache: Cache, name: str, most: int = 1_000_000) -> Iterator[dict[str, Any]]:
    count = min(most, len(next(iter(cache.sets[name].values()))))
    for at in range(0, count, BATCH):
        yield cache.rows(name, np.arange(at, min(count, at + BATCH)))


class Estimation:
    """Running figures of the four heads."""

    def __init__(self, cache: Cache, ours: Losses):
        self.superset, self.losses = cache.superset, ours
        self.relative: list[float] = []
        self.log: list[float] = []
        self.heat: list[tuple[float, int]] = []
        self.confusion = np.zeros((CLASSES, CLASSES))
        self.parts = np.zeros(2)
        self.joints = np.zeros(2)

    def add(self, out: dict[str, Tensor], b: dict[str, Tensor], single: list[bool]) -> None:
        for i in range(len(b['labels'])):
            w = (~b['sky'][i] & (b['log_depth'][i] < 5.5)).numpy()
            if w.any():
                e = (out['depth'][i, 0].float() - b['log_depth'][i]).numpy()[w]
                e = e - np.median(e)
                self.log.append(float(np.abs(e).mean()))
                self.relative.append(float(np.abs(np.expm1(e)).mean()))
            if single[i]:
                self.joints += pck(out['skeleton'][i, :17].float().numpy(), b['heat'][i, :17].numpy(), b['offset_weight'][i].numpy())
        truth, label = b['labels'].numpy(), out['segmentation'].argmax(1).numpy()
        known = truth < CLASSES
        np.add.at(self.confusion, (truth[known], label[known]), 1)
        body = ((b['part'] > 0) & b['part_known']).numpy()
        self.parts += (out['part'].argmax(1).numpy() == b['part'].numpy())[body].sum(), body.sum()
        heat = self.losses.estimation(out, b, {'skeleton'})['heat']
        self.heat.append((float(heat), len(truth)))

    def figures(self, modalities: tuple[str, ...], prefix: str) -> dict[str, float]:
        n = self.superset.max() + 1
        broad = np.zeros((n, n))
        np.add.at(broad, (self.superset[:, None].repeat(CLASSES, 1), self.superset[None].repeat(CLASSES, 0)), self.confusion)
        iou = np.diag(broad) / np.maximum(1, broad.sum(0) + broad.sum(1) - np.diag(broad))
        out: dict[str, float] = {}
        if 'depth' in modalities:
            out |= {'depth_log_error': float(np.mean(self.log)), 'depth_abs_rel': float(np.mean(self.relative))}
        if 'segmentation' in modalities:
            out['miou'] = float(iou[broad.sum(1) > 0].mean())
        if 'skeleton' in modalities:
            out |= {'heat_loss': sum(h * n for h, n in self.heat) / sum(n for _, n in self.heat), 'pck': float(self.joints[0] / max(1, self.joints[1]))}
        if 'densepose' in modalities:
            out['part_accuracy'] = float(self.parts[0] / max(1, self.parts[1]))
        return {prefix + k: v for k, v in out.items()}


def pck(heat: np.ndarray, truth: np.ndarray, weight_: np.ndarray) -> np.ndarray:
    """Joints within 0.1 of the person's longer side (at least one cell of 1/4), and all joints; as sextant_nano.validate."""
    ys, xs = np.nonzero(weight_ >= 1)
    out = np.zeros(2)
    if len(ys) < 12:
        return out
    side = max(np.ptp(ys), np.ptp(xs)) + 1
    for ours, true in zip(heat, truth):
        if true.max() < 0.6:
            continue
        (y, x), (ty, tx) = np.unravel_index(ours.argmax(), ours.shape), np.unravel_index(true.argmax(), true.shape)
        out += np.hypot(x - tx, y - ty) <= max(1.0, 0.1 * side), 1
    return out


def estimation(model: Small, cache: Cache, ours: Losses, modalities: tuple[str, ...], frames: int, singly: bool) -> dict[str, float]:
    """All modalities asked for at once, and with `singly` each by itself (`single_`); with `frames` > 1 the mean over a clip's frames (`clip_`)."""
    together, apart = Estimation(cache, ours), Estimation(cache, ours)
    names = {'depth': ('depth',), 'segmentation': ('segmentation',), 'skeleton': ('skeleton',), 'densepose': ('part', 'uv')}
    for batch in held(cache, 'estimate_held'):
        b = last(batch, frames)
        count, truth = len(b['labels']), targets(b)
        single = [s for s in b['single'] for _ in range(frames)] if frames == 1 else [False] * (count * frames)
        out = model.estimate(taps(b), frames, ask(count, set(modalities)))
        together.add(out, truth, single)
        if singly:
            alone = dict(out)
            for name, heads in names.items():
                if name in modalities:
                    one = model.estimate(taps(b), 1, ask(count, {name}))
                    alone |= {h: one[h] for h in heads}
            apart.add(alone, truth, single)
    return together.figures(modalities, 'clip_' if frames > 1 else '') | (apart.figures(modalities, 'single_') if singly else {})


def referring(model: Small, cache: Cache) -> dict[str, float]:
    """Pooled IoU of what prompts name: one thing or stuff in view per picture whose words were trained, and every held-out noun, count or pair in view."""
    names, pick = [str(c['name']) for c in cache.classes], random.Random(7)
    sums = {'refer_iou': np.zeros(2), 'refer_held_out_iou': np.zeros(2)}
    for batch in held(cache, 'estimate_held'):
        rows: dict[str, list[tuple[int, int, int]]] = {k: [] for k in sums}
        for i, seen in enumerate(batch['counts']):
            known = [(c, n) for c, n in seen.items() if not refer.held_out(names[c], n)]
            if known:
                rows['refer_iou'].append((i, *pick.choice(known)))
            rows['refer_held_out_iou'] += [(i, c, n) for c, n in seen.items() if refer.held_out(names[c], n)]
        for kind, wanted in rows.items():
            if not wanted:
                continue
            prompt = torch.zeros(len(wanted), 5, PROMPT_LENGTH, dtype=torch.long)
            for j, (_, c, n) in enumerate(wanted):
                words = refer.words_for(names[c], n, 0.05)
                prompt[j, 2, :len(words)] = torch.tensor([WORD[w] for w in words])
            index = [i for i, _, _ in wanted]
            part = {k: v[index] if isinstance(v, Tensor) else v for k, v in batch.items()}
            found = refer_to(model, part, prompt)[:, 0] > 0.5
            true = part['labels'][:, -1] == torch.tensor([c for _, c, _ in wanted])[:, None, None]
            sums[kind] += float((found & true).sum()), float((found | true).sum())
    return {k: float(a / max(1, b)) for k, (a, b) in sums.items()}


def generation(model: Small, cache: Cache, modalities: tuple[str, ...], joint: bool, most: int) -> dict[str, float]:
    """Flow-matching losses of the small picture, weighted over time as in training, at LEVELS: RGB from text alone and from text and each modality;
    of the joint task RGB's and each stream's, the other one being noised alike."""
    noise = torch.Generator().manual_seed(11)
    sums: dict[str, list[Tensor]] = {}
    for batch in held(cache, 'paint_held', most):
        x, s, s_small = pictures(batch)
        count = len(x)
        for level in LEVELS:
            t = torch.full((count,), level)
            z = (1 - level) * x + level * torch.randn(x.shape, generator=noise)
            zs = (1 - level) * s_small + level * torch.randn(s_small.shape, generator=noise)
            for name in ('text', *modalities):
                select = F.one_hot(torch.tensor(MODALITIES.index(name)), 5).float().repeat(count, 1) if name != 'text' else torch.zeros(count, 5)
                made = model.paint(z, t, s * spread(select), select, prompts(select), batch['caption'])
                sums.setdefault(f'generate_{name}', []).append(picture_error(made, x, t, None).flatten(1).mean(1))
                if joint and name != 'text':
                    rgb, streams = model.both(z, t, zs * spread(select), select, prompts(select), batch['caption'])
                    sums.setdefault('joint_rgb', []).append(picture_error(rgb, x, t, None).flatten(1).mean(1))
                    sums.setdefault(f'joint_{name}', []).append(streams_error(streams, s_small, t, select))
    out = {k: float(torch.cat(v).mean()) for k, v in sums.items()}
    if joint and modalities:
        out['joint_streams'] = float(np.mean([out[f'joint_{m}'] for m in modalities]))
    return out
