"""Referring segmentation: "segmentation of the two dogs" names what to find; batches of such prompts with their masks, and the loss."""
from __future__ import annotations

import random
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .augment import UNKNOWN
from .text import HELD_OUT_COUNTS, HELD_OUT_NOUNS, HELD_OUT_PAIRS, IRREGULAR, PROMPT_LENGTH, WORD, plural

NUMBERS = {1: 'one', 2: 'two', 3: 'three', 4: 'several'}


def words_for(name: str, count: int, wording: float) -> list[str]:
    """Prompt words for `count` (4: four and more) of a class, without those the vocabulary lacks."""
    many = IRREGULAR.get(name, plural(name))
    noun = name if count == 1 else many
    lead = ('segmentation of', 'segmentation mask of', 'mask of', 'segmentation')[int(wording * 4) % 4]
    number = '' if (wording * 16) % 1 < 0.4 else 'the' if (wording * 16) % 1 < 0.5 else NUMBERS[min(count, 4)]
    return [w for w in f'{lead} {number} {noun}'.split() if w in WORD][:PROMPT_LENGTH]


def held_out(name: str, count: int) -> bool:
    number = NUMBERS[min(count, 4)]
    return name in HELD_OUT_NOUNS or number in HELD_OUT_COUNTS or (number, name) in HELD_OUT_PAIRS


def referring_batch(labels: Tensor, counts: list[dict[int, int]], names: list[str], rng: random.Random) -> tuple[Tensor, Tensor]:
    """labels [B,h,w] uint8; counts: class id -> things in view, of every picture. Draws one prompt for each and its mask: prompts
    int64 [B,5,L], masks float32 [B,h,w]; a fifth name something absent, whose mask is empty. Nothing held out is ever drawn."""
    prompts = np.zeros((len(counts), 5, PROMPT_LENGTH), np.int64)
    masks = torch.zeros(labels.shape, dtype=torch.float32)
    for i, seen in enumerate(counts):
        choices = [(c, n) for c, n in seen.items() if not held_out(names[c], n)]
        if choices and rng.random() > 0.2:
            chosen, count = rng.choice(choices)
            masks[i] = (labels[i] == chosen).float()
        else:
            while True:
                chosen, count = rng.randrange(1, len(names)), rng.choice((1, 2, 4))
                if chosen not in seen and not held_out(names[chosen], count):
                    break
        words = words_for(names[chosen], count, rng.random())
        prompts[i, 2, :len(words)] = [WORD[w] for w in words]
    return torch.from_numpy(prompts), masks


def things_in_view(labels: np.ndarray, instances: np.ndarray, names: list[dict[str, Any]], least: int = 12) -> dict[int, int]:
    """Class id -> number of things (stuff counts as one) of at least `least` pixels; labels and instances [h,w] on one grid."""
    seen: dict[int, int] = {}
    for label in np.unique(labels):
        if label == 0 or label >= len(names):
            continue
        mask = labels == label
        if mask.sum() < least:
            continue
        ids, sizes = np.unique(instances[mask], return_counts=True)
        seen[int(label)] = max(1, int((sizes >= least).sum())) if names[label]['thing'] else 1
    return seen


def loss(probability: Tensor, mask: Tensor, labels: Tensor) -> Tensor:
    """probability [B,1,h,w], mask [B,h,w]: cross-entropy and Dice (Milletari et al. 2016), pixels of unknown class left out."""
    known = (labels != UNKNOWN).float()
    p = probability[:, 0].float().clamp(1e-4, 1 - 1e-4)
    cross = (F.binary_cross_entropy(p, mask, reduction='none') * known).flatten(1).sum(1) / known.flatten(1).sum(1).clamp(min=1)
    p = p * known
    m = mask * known
    dice = 1 - (2 * (p * m).flatten(1).sum(1) + 20) / (p.flatten(1).sum(1) + m.flatten(1).sum(1) + 20)
    return (cross + dice).mean()
