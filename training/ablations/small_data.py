"""Rendered records -> one small cache that every arm trains and is measured on: pictures of 64x64 to estimate from and of
96x96 (12x12 cells) to generate, drawn and augmented once.

    python -m ablations.small_data --records runs/records --paint runs/clean --out runs/ablations

The encoder (EfficientNet-Lite0, ImageNet weights) stays frozen in the ablations, so its features are in the cache and not computed again.
A record is for validation if its seed ends in 3; both instants of a seed are on the same side.
"""
from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sextant_nano import records, refer
from sextant_nano.augment import make_clip
from sextant_nano.data import count_pixels, superset_table, world_classes
from sextant_nano.encoder import Lite0
from sextant_nano.model import normalise
from sextant_nano.paint_data import class_colours, paint_sample

SIZE, PAINT_SIZE = (64, 64), (96, 96)
CLIP = 3  # frames
TARGETS = {'log_depth': np.float16, 'sky': bool, 'labels': np.uint8, 'part': np.uint8, 'part_known': bool, 'uv': np.float16, 'heat': np.float16,
           'joint_weight': np.uint8, 'offset': np.float16, 'offset_weight': np.float16}


def validating(path: Path) -> bool:
    return int(path.name.split('-')[0]) % 10 == 3


def alone(record: records.Record) -> bool:
    """One labelled person and nobody else: joints are counted on these."""
    people = record['meta']['people'][-1]
    return len(people) == 1 and people[0]['labelled'] and people[0]['box'][2] > 0


@torch.no_grad()
def estimation_set(files: list[Path], length: int, plain: bool, seed: int, encoder: Lite0, classes: list[dict[str, Any]]) -> dict[str, Any]:
    """Arrays [n,length,...]: the encoder's five taps, the targets; and what is in view, for referring prompts."""
    rng = np.random.default_rng(seed)
    arrays: dict[str, list[np.ndarray]] = {}
    counts, single = [], []
    for path in files:
        record = records.load(path)
        if len(record['frames']) < length:
            continue
        s = make_clip(record, SIZE, rng, length, plain=plain)
        with torch.autocast('cpu', torch.bfloat16):
            taps = encoder(normalise(torch.from_numpy(s['rgb'])))
        for i, tap in enumerate(taps):
            arrays.setdefault(f'tap{i}', []).append(tap.float().numpy().astype(np.float16))
        for name, kind in TARGETS.items():
            arrays.setdefault(name, []).append(s[name].astype(kind))
        counts.append(refer.things_in_view(s['labels'][-1], s['things'][-1], classes))
        single.append(alone(record))
    return {**{k: np.stack(v) for k, v in arrays.items()}, 'counts': counts, 'single': single}


def painting_set(files: list[Path], plain: bool, seed: int, colours: np.ndarray, names: list[str]) -> dict[str, Any]:
    """rgb uint8 [n,3,96,96], streams int8 [n,15,96,96] (x 127), captions int64 [n,L]."""
    rng = np.random.default_rng(seed)
    out: dict[str, list[np.ndarray]] = {'rgb': [], 'streams': [], 'caption': []}
    for path in files:
        s = paint_sample(records.load(path), PAINT_SIZE, rng, colours, names, 1, plain=plain)
        out['rgb'].append(s['rgb'][0].transpose(2, 0, 1))
        out['streams'].append(np.round(s['streams'][0] * 127).astype(np.int8))
        out['caption'].append(s['caption'])
    return {k: np.stack(v) for k, v in out.items()}


class Cache:
    """The cache in memory; batches are drawn by number, so that batch k of a seed is the same in every arm."""

    def __init__(self, path: Path):
        state = torch.load(path, weights_only=False)  # our own file
        self.sets: dict[str, dict[str, Any]] = state['sets']
        self.classes: list[dict[str, Any]] = state['classes']
        self.superset: np.ndarray = state['superset']
        self.class_counts, self.part_counts = torch.from_numpy(state['class_counts']), torch.from_numpy(state['part_counts'])
        self.about: dict[str, Any] = state['about']

    def rows(self, name: str, index: np.ndarray) -> dict[str, Any]:
        return {k: torch.from_numpy(v[index]) if isinstance(v, np.ndarray) else [v[i] for i in index] for k, v in self.sets[name].items()}

    def batch(self, name: str, size: int, seed: int, number: int) -> dict[str, Any]:
        """Batch `number` of `seed`: every epoch goes through the set in another order."""
        count = len(next(iter(self.sets[name].values())))
        per = count // size
        order = np.random.default_rng((seed, number // per)).permutation(count)
        at = number % per * size
        return self.rows(name, np.sort(order[at:at + size]))


def taps(batch: dict[str, Any], frame: int | None = None) -> list[Tensor]:
    """The encoder's taps of one frame [B,C,h,w], or of all frames one after another [B*T,C,h,w]."""
    out = [batch[f'tap{i}'].float() for i in range(5)]
    return [t.flatten(0, 1) if frame is None else t[:, frame] for t in out]


def targets(batch: dict[str, Any]) -> dict[str, Tensor]:
    """The targets of all frames [B*T,...], as the losses take them."""
    out = {}
    for name, kind in TARGETS.items():
        value = batch[name].flatten(0, 1)
        out[name] = value.float() if kind == np.float16 or name == 'joint_weight' else value
    out['depth_known'] = torch.ones(len(out['labels']), dtype=torch.bool)
    return out


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--records', type=Path, required=True, help='folder of rendered records, sensor noise or not: estimation and referring')
    p.add_argument('--paint', type=Path, required=True, help='folder of records without sensor noise: generation')
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--count', type=int, default=1600, help='single frames of each kind')
    p.add_argument('--clips', type=int, default=500)
    p.add_argument('--held', type=int, default=128, help='records of each kind held out for validation')
    a = p.parse_args()
    torch.set_num_threads(1)
    encoder = Lite0()
    encoder.load_imagenet()
    encoder = encoder.eval().to(memory_format=torch.channels_last)
    classes = world_classes()
    colours, names = class_colours(classes), [str(c['name']) for c in classes]

    def files(folder: Path, held: bool, count: int) -> list[Path]:
        found = [f for f in sorted(folder.glob('*.rec')) if validating(f) == held]
        random.Random(0).shuffle(found)
        if len(found) < count:
            raise SystemExit(f'{folder} has {len(found)} records for {"validation" if held else "training"}, {count} are needed: render more')
        return sorted(found[:count])

    began = time.time()
    train, held = files(a.records, False, a.count), files(a.records, True, a.held)
    sets: dict[str, dict[str, Any]] = {}
    sets['estimate'] = estimation_set(train, 1, False, 1, encoder, classes)
    sets['estimate_held'] = estimation_set(held, CLIP, True, 2, encoder, classes)
    print(f'estimation {time.time() - began:.0f} s', flush=True)
    sets['paint'] = painting_set(files(a.paint, False, a.count), False, 3, colours, names)
    sets['paint_held'] = painting_set(files(a.paint, True, a.held), True, 4, colours, names)
    print(f'generation {time.time() - began:.0f} s', flush=True)
    sets['clips'] = estimation_set(train[:a.clips], CLIP, False, 5, encoder, classes)
    class_counts, part_counts = count_pixels([a.records])
    about = {name: len(next(iter(s.values()))) for name, s in sets.items()}
    a.out.mkdir(parents=True, exist_ok=True)
    torch.save({'sets': sets, 'classes': classes, 'superset': superset_table(), 'class_counts': class_counts, 'part_counts': part_counts, 'about': about},
               a.out / 'cache.tmp')
    (a.out / 'cache.tmp').rename(a.out / 'cache.pt')
    print(json.dumps(about), f'{time.time() - began:.0f} s')


if __name__ == '__main__':
    main()
