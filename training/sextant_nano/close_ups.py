"""Close-ups: the network once more, trained on nothing but pictures that one person fills.

The first look says where people are; what they do is seen again in a window around each (packages/model/src/close-ups). A copy of the network that only
ever sees such windows spends on them what the whole one spends on rooms and streets, on a grid of its own (SIZES). Targets are those of whole
pictures: whoever else stands in the window is told as well.
"""
from __future__ import annotations

import random
from pathlib import Path
from typing import Any, Iterator, Sequence

import cv2
import numpy as np
import torch
from torch import Tensor

from . import records
from .augment import Sample, make_frame, make_real_sample, photometric
from .crops import affine, draw_person, fitting, off_ties, random_thing
from .data import Shards, worker_random
from .facing import has_joints
from .paste import Donors, with_pasted
from .records import Record

AROUND = 1.4  # side of a window over that of the person's box (packages/model/src/close-ups/region.ts)
LEAST = 16  # pixels of a person's height
SIZES = (((192, 160), 0.6), ((160, 192), 0.1), ((160, 128), 0.3))  # height, width; a person lies in the wide ones
EMPTY = 0.15  # of the windows are around things and anything: the first look errs
IN_EMPTY_PLACES = 0.4  # of those that pictures with nobody could give
WINDOWS = 2  # of each record: reading one takes as long as making one
FAR, FARTHEST = 0.5, 5.0  # of the windows show as little as of somebody further away; pixels of a window for one of the picture, at most

Crop = tuple[float, float, float]


def window(rng: np.random.Generator, meta: dict[str, Any], people: list[dict[str, Any]], aspect: float) -> Crop | None:
    """A window (centre x, centre y, width) around one of the people, those seen from behind twice as often. None without people."""
    usable = [p for p in people if has_joints(p) and p['box'][3] >= LEAST and (p['box'][2] > p['box'][3]) == (aspect > 1)]
    return around(rng, draw_person(rng, usable), aspect, meta) if usable else None


def around(rng: np.random.Generator, box: Sequence[float], aspect: float, meta: dict[str, Any]) -> Crop:
    """A window around a box (x, y, width, height), as inexact as the first look's boxes are."""
    x, y, w, h = box
    tall = AROUND * max(h, w / aspect) * float(np.exp(np.clip(rng.normal(0, 0.18), -0.4, 0.5)))
    cx, cy = (centre + np.clip(rng.normal(0, 0.06), -0.15, 0.15) * tall for centre in (x + w / 2, y + h / 2))
    return fitting(cx, cy, tall * aspect, aspect, meta)


def empty(rng: np.random.Generator, meta: dict[str, Any], frame: dict[str, Any], aspect: float) -> Crop:
    """A window around what the first look may take for somebody: a thing, if the frame's are known, or anything."""
    thing = random_thing(rng, frame) if not meta.get('real') and rng.random() < 0.6 else None
    if thing and thing[3] >= LEAST:
        return around(rng, thing, aspect, meta)
    return fitting(rng.uniform(0, meta['width']), rng.uniform(0, meta['height']), meta['width'] * np.exp(rng.uniform(np.log(0.15), np.log(0.7))), aspect, meta)


def make_window(record: Record, size: tuple[int, int], rng: np.random.Generator) -> Sample | None:
    """One window of a random frame of the record with its targets; None where nobody is."""
    index = int(rng.integers(len(record['frames'])))
    meta = record['meta']
    aspect = size[1] / size[0]
    people = meta['people'][index]
    crop = empty(rng, meta, record['frames'][index], aspect) if rng.random() < (EMPTY if people else IN_EMPTY_PLACES) else window(rng, meta, people, aspect)
    if crop is None:
        return None
    if meta.get('real'):
        sample = make_real_sample(record, size, rng, crop)
    else:
        flip = rng.random() < 0.5
        sample = make_frame(record, index, size, off_ties(affine(crop, size, flip), rng), None, flip, photometric(rng))
    if rng.random() < FAR:
        sample['rgb'] = from_afar(sample['rgb'], size[1] / crop[2], rng)
    return sample


def from_afar(rgb: np.ndarray, enlarged: float, rng: np.random.Generator) -> np.ndarray:
    """The window [H,W,3] as it would be of a picture with fewer pixels: records show people larger than cameras do (a window has .7 to 2.6 pixels for
    one of a record's, of a street at 256x192 three and more). `enlarged`: pixels of the window for one of the picture's."""
    share = enlarged / float(np.exp(rng.uniform(np.log(1.5), np.log(FARTHEST))))
    if share >= 1:
        return rgb
    h, w = rgb.shape[:2]
    small = cv2.resize(rgb, (max(8, round(w * share)), max(8, round(h * share))), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR)


class Windows(torch.utils.data.IterableDataset):
    """Endless batches [B,1,...] of windows around people of rendered records and, a share `real_share`, of real pictures; into `paste_share` of both people and things are pasted."""

    def __init__(self, folders: list[Path], real: Path | None, real_share: float, paste_share: float, seed: int, pixels: int):
        self.folders, self.seed, self.pixels = folders, seed, pixels
        self.real = sorted(real.glob('*.rec')) if real else []
        self.real_share = real_share if self.real else 0.0
        self.paste_share = paste_share

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        rng, pick = worker_random(self.seed)
        shards = Shards(self.folders, pick)
        donors = Donors(self.real, pick) if self.paste_share else None
        while True:
            size = pick.choices([s for s, _ in SIZES], [n for _, n in SIZES])[0]
            batch: list[Sample] = []
            while len(batch) < max(1, self.pixels // (size[0] * size[1])):
                record = self.draw(shards, donors, rng, pick)
                made = (make_window(record, size, rng) for _ in range(WINDOWS))
                batch += [m for m in made if m is not None]
            yield {k: torch.from_numpy(np.stack([b[k] for b in batch]))[:, None] for k in batch[0]}

    def draw(self, shards: Shards, donors: Donors | None, rng: np.random.Generator, pick: random.Random) -> Record:
        record = records.load(pick.choice(self.real)) if rng.random() < self.real_share else shards.draw()
        return with_pasted(record, shards.draw(), donors, rng) if donors and rng.random() < self.paste_share else record
