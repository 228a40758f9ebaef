"""Batches of augmented clips from folders of records, and what the training needs to know of the world's classes."""
from __future__ import annotations

import json
import random
import subprocess
import time
from pathlib import Path
from typing import Any, Iterator

import numpy as np
import torch
from torch import Tensor

from . import records
from .augment import make_clip, make_motion_sample
from .crops import CLASSES
from .paste import Donors, with_pasted
from .rarity import Rarity
from .sides import from_front

ROOT = Path(__file__).resolve().parents[2]
# (height, width) and how often, early and late in training: small pictures first, quality follows optimiser steps.
EARLY = (((96, 128), 5), ((128, 96), 2), ((96, 160), 2), ((128, 160), 1))
LATE = (((96, 128), 1), ((128, 160), 1), ((256, 192), 1), ((96, 192), 1), ((192, 256), 6), ((288, 384), 1))  # mostly the size that is asked for most
PIXELS = 96 * 128 * 16  # a batch (over all processes) holds about this many


def superset_table() -> np.ndarray:
    """uint8 [CLASSES]: superset id of every fine class, asked from the built world package (one source of truth)."""
    return np.array(ask_world('[...w.SUPERSET_OF]')[:CLASSES], np.uint8)


def world_classes() -> list[dict[str, Any]]:
    """id, name, colour, kind and (all but background) superset of every fine class, as the manifest has them."""
    return ask_world('w.CLASSES.map((c) => (c.id === 0 ? c : { ...c, superset: (({ name, color }) => ({ name, color }))(w.SUPERSET_CLASSES[w.SUPERSET_OF[c.id]]) }))')[:CLASSES]


def ask_world(expression: str) -> Any:
    """The value of a JavaScript expression of `w`, the built world package."""
    code = f"import('@sextant/world').then(w => console.log(JSON.stringify({expression})))"
    return json.loads(subprocess.run(['node', '--input-type=module', '-e', code], cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def there(files: list[Path]) -> Iterator[records.Record]:
    """The records of files; those that a renderer has taken away since they were listed are left out."""
    for path in files:
        try:
            yield records.load(path)
        except FileNotFoundError:
            continue


def count_pixels(folders: list[Path], limit: int = 400, turned: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Pixels of every class, float64 [CLASSES], and of every body part, float64 [25], in up to `limit` records spread over the folders;
    `turned`: parts as if everybody were seen from the front."""
    files = sorted(f for folder in folders for f in folder.glob('*.rec'))
    counts, parts = np.zeros(256), np.zeros(256)
    for record in there(records.spread(files, limit)):
        frame = record['frames'][-1]
        counts += np.bincount(frame['labels'].ravel(), minlength=256)
        part = from_front(frame['part'], frame['instances'], record['meta']['people'][-1]) if turned else frame['part']
        parts += np.bincount(part.ravel(), minlength=256)
    return counts[:CLASSES], parts[:25]


def worker_random(seed: int) -> tuple[np.random.Generator, random.Random]:
    """This loader process's own generators; the process works on one thread from here on."""
    torch.set_num_threads(1)
    info = torch.utils.data.get_worker_info()
    seed = seed * 1000 + (info.id if info else 0)
    return np.random.default_rng(seed), random.Random(seed)


class Shards:
    """Records of folders that a renderer keeps filling and emptying: listed anew every minute, and when one drawn is gone."""

    def __init__(self, folders: list[Path], pick: random.Random):
        self.folders, self.pick = folders, pick
        self.files: list[list[Path]] = []
        self.listed = 0.0

    def draw(self) -> records.Record:
        """A record of any folder, each equally often whatever its size: newer scenes are better ones."""
        while True:
            if time.time() - self.listed > 60:
                self.files = [f for f in (sorted(folder.glob('*.rec')) for folder in self.folders) if f]
                self.listed = time.time()
            try:
                return records.load(self.pick.choice(self.pick.choice(self.files)))
            except FileNotFoundError:
                self.listed = 0.0


class Clips(torch.utils.data.IterableDataset):
    """Endless batches of clips [B, T, ...] from folders that a renderer keeps filling; new files are seen as they arrive.

    2 to `length` frames in a share `clip_share` of the batches, else single frames, of which `real_share` are real pictures. A share
    `pair_share` of the batches are unlabelled pairs of `pairs` instead, with measured motion alone (make_motion_sample). A share
    `rare_share` of the rendered single frames are drawn by the class of a thing in them (rarity.py)."""

    def __init__(self, folders: list[Path], real: Path | None, real_share: float, seed: int, late: float, pixels: int,
                 length: int = 2, clip_share: float = 0.4, jump: float = 0.0,
                 pairs: Path | None = None, pair_share: float = 0.0, paste_share: float = 0.0, rarity: Rarity | None = None, rare_share: float = 0.0):
        self.folders, self.seed, self.late, self.pixels = folders, seed, late, pixels
        self.pairs = sorted(pairs.glob('*.rec')) if pairs else []
        self.pair_share = pair_share if self.pairs else 0.0
        self.length, self.clip_share, self.jump = length, clip_share, jump
        self.real = sorted(real.glob('*.rec')) if real else []
        self.real_share = real_share if self.real else 0.0
        self.paste_share = paste_share
        self.rarity, self.rare_share = rarity, rare_share if rarity else 0.0

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        rng, pick = worker_random(self.seed)
        shards = Shards(self.folders, pick)
        donors = Donors(self.real, pick, self.rarity) if self.paste_share else None
        while True:
            table = LATE if rng.random() < self.late else EARLY
            size = pick.choices([s for s, _ in table], [n for _, n in table])[0]
            if self.pair_share and rng.random() < self.pair_share:
                count = max(1, self.pixels // (size[0] * size[1]))
                batch = [make_motion_sample(records.load(pick.choice(self.pairs)), size, rng) for _ in range(count)]
                yield {k: torch.from_numpy(np.stack([b[k] for b in batch]))[:, None] for k in batch[0]}
                continue
            length = int(rng.integers(2, self.length + 1)) if rng.random() < self.clip_share else 1
            batch: list[dict[str, np.ndarray]] = []
            while len(batch) < max(1, self.pixels // (size[0] * size[1] * length)):
                real = length == 1 and rng.random() < self.real_share
                around: int | None = None
                if real:
                    record = records.load(pick.choice(self.real))
                elif self.rarity and length == 1 and rng.random() < self.rare_share:
                    record, around = self.rarity.draw(pick)
                    record = records.alone(record, -1)
                else:
                    record = shards.draw()
                if donors and length == 1 and rng.random() < self.paste_share:
                    record = with_pasted(record, shards.draw(), donors, rng)
                if len(record['frames']) >= length:
                    batch.append(make_clip(record, size, rng, length, jump=self.jump, around=around))
            yield {k: torch.from_numpy(np.stack([b[k] for b in batch])) for k in batch[0]}
