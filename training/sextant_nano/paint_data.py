"""Batches for the generating tasks: pictures and their five modality streams at full resolution, with captions.

The streams are those of packages/model/src/codecs/streams.ts: the constants here are the ones there."""
from __future__ import annotations

from pathlib import Path
from typing import Any, Iterator

import cv2
import numpy as np
import torch
from torch import Tensor

from . import records
from .augment import CANONICAL_FOCAL, SWAP_JOINTS, SWAP_PARTS, Sample, make_frame
from .crops import affine, choose_crop, warp, warp_rgb
from .data import Shards, worker_random, world_classes
from .limbs import draw_limbs, stature
from .text import WORD, encode_caption, hidden

NEAREST, FARTHEST = 0.1, 200.0
FLOW_SPAN = 0.25
JOINTS, PARTS, MOST_PEOPLE = 17, 24, 15
SIZES = (((128, 128), 6), ((96, 128), 1), ((128, 96), 1))  # 32 cells to a side: the trunk sees 64 tokens
MOST = 16  # pictures of a process's batch
# sRGB of the colours that captions name, after the eleven basic ones (Berlin and Kay 1969).
COLOURS = {'black': (20, 20, 20), 'white': (235, 235, 235), 'grey': (128, 128, 128), 'red': (190, 40, 40), 'green': (60, 130, 60), 'blue': (50, 80, 170),
           'yellow': (215, 190, 60), 'orange': (220, 120, 40), 'brown': (110, 75, 45), 'pink': (220, 150, 165), 'purple': (120, 60, 140)}
# What an estimation of the picture should find, on the grids of the heads.
TRUTH = ('log_depth', 'sky', 'depth_known', 'labels', 'part_from_front', 'part_known', 'uv', 'heat', 'in_order', 'joint_weight', 'offset', 'offset_weight')
NAMED, LEAST_AREA = 3, 0.02  # at most so many things are said to have a colour, none smaller than this share of the picture


def class_colours(classes: list[dict[str, Any]]) -> np.ndarray:
    """float32 [256, 3] in [-1, 1]: the colour of every class of `world_classes`."""
    table = np.zeros((256, 3), np.float32)
    table[:len(classes)] = [c['color'] for c in classes]
    return table / 127.5 - 1


def lab(rgb: np.ndarray) -> np.ndarray:
    return cv2.cvtColor(np.asarray(rgb, np.float32).reshape(1, -1, 3) / 255, cv2.COLOR_RGB2LAB)[0]


def say_colours(rgb: np.ndarray, labels: np.ndarray, names: list[str], rng: np.random.Generator) -> str:
    """'red sofa, blue wall': the mean colours of up to NAMED of the classes in view, as words; nothing in a share of the pictures."""
    words = list(COLOURS)
    table = lab(np.array(list(COLOURS.values())))
    said = []
    ids, counts = np.unique(labels, return_counts=True)
    seen = [i for i, n in zip(ids, counts) if n >= LEAST_AREA * labels.size and 0 < i < len(names)]
    for i in rng.permutation(seen)[:rng.integers(0, NAMED + 1)]:
        name = names[i]
        if hidden(name) or not all(w in WORD for w in name.split()):
            continue
        mean = lab(rgb[labels == i].astype(np.float32).mean(0))
        said.append(f'{words[int(np.argmin(((table - mean) ** 2).sum(1)))]} {name}')
    return ', '.join(said)


def depth_stream(log_depth: np.ndarray) -> np.ndarray:
    """Logarithm of canonical depth [h,w], NaN where there is none -> [3,h,w]."""
    with np.errstate(invalid='ignore'):
        value = np.clip(2 * (log_depth - np.log(NEAREST)) / np.log(FARTHEST / NEAREST) - 1, -1, 1)
    hole = np.isnan(log_depth)
    value = np.where(hole, 1, value)
    return np.stack((value, value, np.where(hole, 1, -1))).astype(np.float32)


def flow_stream(flow: np.ndarray | None, size: tuple[int, int]) -> np.ndarray:
    """Pixels of motion [h,w,2], NaN where unknown."""
    if flow is None:
        return np.stack((np.zeros(size), np.zeros(size), -np.ones(size))).astype(np.float32)
    known = np.isfinite(flow).all(-1)
    uv = np.clip(np.nan_to_num(flow) / (FLOW_SPAN * np.array([size[1], size[0]])), -1, 1)
    return np.stack((uv[..., 0], uv[..., 1], np.where(known, 1, -1))).astype(np.float32)


def skeleton_stream(people: list[dict[str, Any]], m: np.ndarray, size: tuple[int, int], flip: bool) -> np.ndarray:
    """Bodies first, the smaller behind the larger, then every joint."""
    out = -np.ones((3, *size), np.float32)
    drawn = []
    for index, person in enumerate([p for p in people if p['labelled'] and len(p['keypoints']) == JOINTS][:MOST_PEOPLE]):
        points = np.asarray(person['keypoints'], np.float64)
        points = (points[SWAP_JOINTS] if flip else points).copy()
        points[:, :2] = np.column_stack((points[:, :2], np.ones(JOINTS))) @ m.T
        drawn.append((points, 2 * (index + 1) / MOST_PEOPLE - 1))
    for points, whose in sorted(drawn, key=lambda d: stature(d[0])):
        draw_limbs(points, out, whose)
    for points, whose in drawn:
        for joint, (x, y) in enumerate(np.round(points[:, :2]).astype(int)):
            if points[joint, 2] == 0 or not (0 <= x < size[1] and 0 <= y < size[0]):
                continue
            value = np.array([2 * joint / (JOINTS - 1) - 1, whose, 1], np.float32)
            out[:, max(0, y - 1):y + 2, max(0, x - 1):x + 2] = value[:, None, None]
    return out


def palette(rgb: np.ndarray, labels: np.ndarray, instances: np.ndarray) -> np.ndarray:
    """uint8 [h,w,3]: every region (class and instance) in its mean colour. Without it a wall may be of any colour, and the sampler,
    which decides early, decides differently from place to place."""
    region = labels.astype(np.int64) * 65536 + instances
    _, index = np.unique(region, return_inverse=True)
    index = index.reshape(-1)
    count = np.bincount(index)
    mean = np.stack([np.bincount(index, rgb[..., c].reshape(-1)) / count for c in range(3)], axis=1)
    return np.clip(mean + 0.5, 0, 255).astype(np.uint8)[index].reshape(rgb.shape)


def paint_sample(record: records.Record, size: tuple[int, int], rng: np.random.Generator, colours: np.ndarray, names: list[str], length: int, plain: bool = False) -> Sample:
    """rgb and palette uint8 [T,H,W,3], streams float32 [T,15,H,W], caption int64 [L], and TRUTH: of the newest frame what `augment.make_frame`
    gives; `plain`: the widest centred crop, unchanged."""
    meta, frames = record['meta'], record['frames']
    start = len(frames) - length if plain else int(rng.integers(0, len(frames) - length + 1))
    flip = not plain and rng.random() < 0.5
    widest = min(meta['width'], meta['height'] * size[1] / size[0])
    x, y, width = choose_crop(rng, meta, meta['people'][start + length - 1], size[1] / size[0], plain)
    if not plain:
        grown = max(width, widest * rng.uniform(0.7, 1.0))
        height = grown * size[0] / size[1]
        x, y, width = float(np.clip(x, grown / 2, meta['width'] - grown / 2)), float(np.clip(y, height / 2, meta['height'] - height / 2)), grown
    m = affine((x, y, width), size, flip)
    scale = abs(m[0, 0])
    gain, saturation = (1.0, 1.0) if plain else (np.exp(rng.normal(0, 0.06)), np.exp(rng.normal(0, 0.08)))
    out: dict[str, list[np.ndarray]] = {'rgb': [], 'streams': [], 'palette': []}
    for index in range(start, start + length):
        frame = frames[index]
        rgb = warp_rgb(frame['rgb'], m, size, scale).astype(np.float32)
        grey = rgb.mean(-1, keepdims=True)
        out['rgb'].append(np.clip((grey + (rgb - grey) * saturation) * gain + 0.5, 0, 255).astype(np.uint8))
        out['palette'].append(palette(out['rgb'][-1], warp(frame['labels'], m, size, cv2.INTER_NEAREST), warp(frame['instances'], m, size, cv2.INTER_NEAREST)))
        part = warp(frame['part'], m, size, cv2.INTER_NEAREST)
        u, v = warp(frame['u'], m, size, cv2.INTER_NEAREST), warp(frame['v'], m, size, cv2.INTER_NEAREST)
        if flip:
            part = SWAP_PARTS[part]
            u = np.where(part > 0, 255 - u, 0)
        flow = frame['flow']
        if flow is not None:
            flow = warp(flow.astype(np.float32), m, size, cv2.INTER_NEAREST) * scale
            if flip:
                flow[..., 0] *= -1
        canonical = warp(frame['log_depth'].astype(np.float32), m, size, cv2.INTER_NEAREST) + np.float32(np.log(CANONICAL_FOCAL / (meta['fx'] * scale)))
        out['streams'].append(np.concatenate((
            depth_stream(canonical), flow_stream(flow, size), colours[warp(frame['labels'], m, size, cv2.INTER_NEAREST)].transpose(2, 0, 1),
            skeleton_stream(meta['people'][index], m, size, flip),
            np.stack((2 * part.astype(np.float32) / PARTS - 1, u.astype(np.float32) / 127.5 - 1, v.astype(np.float32) / 127.5 - 1)),
        )).astype(np.float32))
    said = '' if plain else say_colours(out['rgb'][-1], warp(frames[start + length - 1]['labels'], m, size, cv2.INTER_NEAREST), names, rng)
    # Colours first: a sentence may be longer than what is read of it.
    caption = f'{said} {meta["caption"]}' if rng.random() < 0.8 else said
    truth = make_frame(record, start + length - 1, size, m, None, flip, lambda x: x)
    return {**{k: np.stack(v) for k, v in out.items()}, 'caption': np.array(encode_caption(caption), np.int64), **{k: truth[k] for k in TRUTH}}


class Paintings(torch.utils.data.IterableDataset):
    """Endless batches [B, T, ...]; T is 2 in a share `pair_share`, the earlier frame then being the one before."""

    def __init__(self, folders: list[Path], seed: int, pixels: int, pair_share: float = 0.3):
        self.folders, self.seed, self.pixels, self.pair_share = folders, seed, pixels, pair_share
        classes = world_classes()
        self.colours, self.names = class_colours(classes), [c['name'] for c in classes]

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        rng, pick = worker_random(self.seed)
        shards = Shards(self.folders, pick)
        while True:
            size = pick.choices([s for s, _ in SIZES], [n for _, n in SIZES])[0]
            length = 2 if rng.random() < self.pair_share else 1
            count = min(MOST, max(2, self.pixels // (size[0] * size[1])))
            batch = [paint_sample(self.draw(shards, length), size, rng, self.colours, self.names, length) for _ in range(count)]
            yield {k: torch.from_numpy(np.stack([b[k] for b in batch])) for k in batch[0]}

    @staticmethod
    def draw(shards: Shards, length: int) -> records.Record:
        while True:
            record = shards.draw()
            if len(record['frames']) >= length:
                return record
