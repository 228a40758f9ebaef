"""The loss of one step of each task, as sextant_nano trains it but for what the small setting leaves out (README.md)."""
from __future__ import annotations

import random
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from sextant_nano import losses, refer
from sextant_nano.generator import small
from sextant_nano.paint_losses import CAPTION_DROPPED, EVEN, SCALE, SIMPLE, body_weight, draw_time, prompts, spread, weight
from sextant_nano.text import MODALITIES, PROMPTS, encode

from .small_data import Cache, targets, taps
from .small_model import Small, cut

CONDITION_DROPPED = 0.25  # more than in the real training (0.08): text alone is a measure here
ONE_BY_ONE = 0.3  # of the estimating steps ask for a random subset, as sextant_nano.train does


class Losses:
    """The weighted losses that need counts of the training records."""

    def __init__(self, cache: Cache):
        self.segmentation = losses.Segmentation(torch.from_numpy(cache.superset), cache.class_counts)
        self.part_weight = losses.part_weight(cache.part_counts)

    def estimation(self, out: dict[str, Tensor], b: dict[str, Tensor], on: set[str]) -> dict[str, Tensor]:
        parts: dict[str, Tensor] = {}
        if 'depth' in on:
            parts |= losses.depth(out['depth'], b['log_depth'], b['sky'], b['depth_known'])
        if 'segmentation' in on:
            parts['segmentation'] = self.segmentation(out['segmentation'], b['labels'])
        if 'skeleton' in on:
            parts |= losses.skeleton(out['skeleton'], b['heat'], b['joint_weight'], b['offset'], b['offset_weight'])
        if 'densepose' in on:
            parts |= losses.densepose(out['part'], out['uv'], b['part'], b['part_known'], b['uv'], self.part_weight)
        return parts


def ask(count: int, on: set[str], pick: random.Random | None = None) -> dict[str, Tensor]:
    """One estimating step (time 1, noise at its mean) of the modalities `on`; with `pick` each prompt's wording is drawn."""
    select = torch.tensor([[float(m in on) for m in MODALITIES]] * count)
    rows = [[encode(pick.choice(PROMPTS[m]) if pick else PROMPTS[m][0]) if m in on else [0] * 8 for m in MODALITIES] for _ in range(count)]
    return {'select': select, 'prompt': torch.tensor(rows), 'time': torch.ones(count), 'noise': torch.zeros(count, 15, 16, 16)}


def estimate(model: Small, ours: Losses, batch: dict[str, Any], modalities: tuple[str, ...], pick: random.Random) -> dict[str, Tensor]:
    on = set(modalities)
    if len(on) > 1 and pick.random() < ONE_BY_ONE:
        on = {m for m in modalities if pick.random() < 0.5} | {pick.choice(modalities)}
    count, length = batch['labels'].shape[:2]
    window = (pick.randrange(9), pick.randrange(9))
    rows, columns = cut(window, 16)
    truth = {k: v[..., rows, columns] if v.shape[-1] == 32 else v for k, v in targets(batch).items()}
    return ours.estimation(model.estimate(taps(batch), length, ask(count, on, pick), window), truth, on)


def refer_to(model: Small, batch: dict[str, Any], prompt: Tensor, window: tuple[int, int] | None = None) -> Tensor:
    """Probability [B,1,h,w] of what the segmentation prompt of [B,5,L] names, in the last frame."""
    task = ask(len(prompt), {'segmentation'}) | {'prompt': prompt}
    out = model.estimate(taps(batch, -1), 1, task, window)
    return model.refer(out['features4'], out['features2'], model.phrase(prompt))


def referring(model: Small, batch: dict[str, Any], names: list[str], pick: random.Random) -> dict[str, Tensor]:
    labels = batch['labels'][:, -1]
    prompt, mask = refer.referring_batch(labels, batch['counts'], names, pick)
    window = (pick.randrange(9), pick.randrange(9))
    rows, columns = cut(window, 16)
    return {'refer': 0.5 * refer.loss(refer_to(model, batch, prompt, window), mask[:, rows, columns], labels[:, rows, columns])}


def whole_pictures(batch: dict[str, Any]) -> tuple[Tensor, Tensor]:
    """RGB [B,3,96,96] and the streams [B,15,96,96], in [-1, 1]."""
    return batch['rgb'].float() / 127.5 - 1, batch['streams'].float() / 127


def pictures(batch: dict[str, Any]) -> tuple[Tensor, Tensor, Tensor]:
    """The small picture [B,3,12,12] and the streams at full size and small [B,15,96,96], [B,15,12,12], all in [-1, 1]."""
    rgb, streams = whole_pictures(batch)
    return small(rgb), streams, small(streams)


def picture_error(ours: Tensor, x: Tensor, t: Tensor, streams: Tensor | None) -> Tensor:
    """Per pixel, weighted by noise level; with the condition's streams bodies weigh more, as in paint_losses.small_losses."""
    return weight(t) * (1.0 if streams is None else small(body_weight(streams))) * (ours.float() - x) ** 2


def streams_error(ours: Tensor, s_small: Tensor, t: Tensor, select: Tensor) -> Tensor:
    """Of each picture [B], over the cells of its streams."""
    error = weight(t) * spread(select * EVEN) * (ours.float() - s_small) ** 2
    return error.flatten(1).sum(1) / (spread(select).flatten(1).sum(1) * error.shape[2] * error.shape[3]).clamp(min=1)


def paint(model: Small, batch: dict[str, Any], modalities: tuple[str, ...], joint: bool) -> dict[str, Tensor]:
    """One modality at a time; no palette, no frame before."""
    x, s, s_small = pictures(batch)
    count = len(x)
    t = draw_time(count, x.device)
    noise, noise_streams = torch.randn_like(x), torch.randn_like(s_small)
    share = SIMPLE * torch.tensor([float(m in modalities) for m in MODALITIES])
    dropped, silent, at = torch.rand(count, 1) < CONDITION_DROPPED, torch.rand(count, 1) < CAPTION_DROPPED, t[:, None, None, None]
    select = F.one_hot(torch.multinomial(share, count, replacement=True), 5).float() if share.any() else torch.zeros(count, 5)
    if not joint:
        select = select * ~dropped
    caption = batch['caption'] * ~silent
    z = (1 - at) * x + at * noise
    if not joint:
        ours = model.paint(z, t, s * spread(select), select, prompts(select), caption)
        return {'generate': SCALE * picture_error(ours, x, t, s).mean()}
    ours, streams = model.both(z, t, ((1 - at) * s_small + at * noise_streams) * spread(select), select, prompts(select), caption)
    return {'joint': SCALE * picture_error(ours, x, t, None).mean(), 'streams': SCALE * streams_error(streams, s_small, t, select).mean()}
