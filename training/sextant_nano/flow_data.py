"""Pairs of pictures with exact flow: rendered ones, and photographs cut into layers that move apart.

Layers after FlyingChairs (Dosovitskiy et al. 2015): a background and a few pieces cut from other pictures, each moved by an
affine map of its own. The pictures are real ones, so that matching features learn what cameras see; flow and occlusion are exact.
Where the background's depth is known a camera moves through it instead (parallax.py).
"""
from __future__ import annotations

from pathlib import Path
from typing import Iterator

import cv2
import numpy as np
import torch
from torch import Tensor

from . import records
from .augment import make_clip, photometric
from .crops import random_map, warp, warp_rgb
from .data import Shards, there, worker_random
from .parallax import Lifted, earlier, lifted, project, random_camera

SIZES = (((96, 128), 4), ((128, 96), 1), ((128, 160), 3), ((192, 256), 4))
PIXELS = 96 * 128 * 8


def _about(centre: np.ndarray, angle: float, scale: float, shift: np.ndarray) -> np.ndarray:
    """3x3: rotation and scale about a point, then a shift."""
    c, s = np.cos(angle) * scale, np.sin(angle) * scale
    m = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1.0]])
    m[:2, 2] = centre + shift - m[:2, :2] @ centre
    return m


def _motion(rng: np.random.Generator, centre: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """A small rotation and zoom, and a shift that is mostly a few pixels and sometimes a quarter of the picture."""
    longest = 0.25 * size[1]
    length = float(np.exp(rng.uniform(np.log(0.2), np.log(longest)))) if rng.random() < 0.9 else 0.0
    direction = rng.uniform(0, 2 * np.pi)
    return _about(centre, rng.normal(0, 0.02), np.exp(rng.normal(0, 0.02)), length * np.array([np.cos(direction), np.sin(direction)]))


def _blob(rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """A smooth random outline, or sometimes a thin bar, as a mask of the picture's size."""
    h, w = size
    mask = np.zeros(size, np.uint8)
    centre = np.array([rng.uniform(0, w), rng.uniform(0, h)])
    if rng.random() < 0.2:
        angle, length = rng.uniform(0, np.pi), rng.uniform(0.2, 1.0) * w
        d = np.array([np.cos(angle), np.sin(angle)]) * length / 2
        cv2.line(mask, tuple(int(v) for v in centre - d), tuple(int(v) for v in centre + d), 1, int(rng.integers(1, 6)))
        return mask
    radius = rng.uniform(0.06, 0.35) * w
    angles = np.linspace(0, 2 * np.pi, 32, endpoint=False)
    r = radius * (1 + sum(rng.normal(0, 0.25) * np.cos(k * angles + rng.uniform(0, 7)) for k in (1, 2, 3)))
    points = centre + np.abs(r)[:, None] * np.column_stack((np.cos(angles), np.sin(angles) * rng.uniform(0.5, 2)))
    cv2.fillPoly(mask, [points.astype(np.int32)], 1)
    return mask


def lifted_crop(rng: np.random.Generator, record: records.Record, size: tuple[int, int]) -> Lifted:
    """A random crop of a record's newest frame with the depth it holds (rendered, or pseudo.py's)."""
    meta, frame = record['meta'], record['frames'][-1]
    full = random_map(rng, meta, size)
    log_depth = frame['log_depth'].astype(np.float32)
    sky = frame['sky'] > 0 if 'sky' in frame else np.isnan(log_depth)
    scene = lifted(frame['rgb'], log_depth, sky)
    return Lifted(warp_rgb(frame['rgb'], full, size, abs(full[0, 0])), warp(scene.inverse, full, size, cv2.INTER_NEAREST))


def layered_pair(rng: np.random.Generator, pictures: list[np.ndarray], size: tuple[int, int], scene: Lifted | None = None) -> dict[str, np.ndarray]:
    """rgb uint8 [2,h,w,3] (before, now), flow float32 [2,h/2,w/2] pixels on the newer grid, valid and seen bool [h/2,w/2]. The
    background is `scene` [h,w], seen by a moving camera, or one of the pictures."""
    h, w = size
    rgb = [np.zeros((h, w, 3), np.uint8), np.zeros((h, w, 3), np.uint8)]
    top = [np.zeros(size, np.int32), np.zeros(size, np.int32)]
    back = []  # per layer: map from the newer picture to the older one
    camera = np.eye(3) if scene else _motion(rng, np.array([w / 2, h / 2]), size)
    if scene:
        lens = random_camera(rng, size)
        (rgb[0], inverse_before), rgb[1] = earlier(scene, lens), scene.rgb.copy()
        back.append(np.eye(3))
    for layer in range(1 if scene else 0, int(rng.integers(1, 5 if scene else 7))):
        picture = pictures[rng.integers(len(pictures))]
        if rng.random() < 0.5:
            picture = picture[:, ::-1]
        # texture -> older picture; covers the frame with a margin for the motion
        cover = max(w / picture.shape[1], h / picture.shape[0]) * rng.uniform(1.3, 2.2)
        place = _about(np.array([picture.shape[1] / 2, picture.shape[0] / 2]), rng.normal(0, 0.3 if layer else 0.1), cover,
                       np.array([w / 2 - picture.shape[1] / 2, h / 2 - picture.shape[0] / 2]))
        outline = _blob(rng, size) if layer else np.ones(size, np.uint8)
        ys, xs = np.nonzero(outline)
        if not len(xs):
            continue
        move = camera if layer == 0 else _motion(rng, np.array([xs.mean(), ys.mean()]), size) @ (camera if rng.random() < 0.6 else np.eye(3))
        index = len(back)
        for time_, m in enumerate((np.eye(3), move)):
            painted = cv2.warpAffine(picture, (m @ place)[:2], (w, h), flags=cv2.INTER_AREA if cover < 0.7 else cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
            mask = cv2.warpAffine(outline, m[:2], (w, h), flags=cv2.INTER_NEAREST) > 0 if layer else np.ones(size, bool)
            rgb[time_][mask] = painted[mask]
            top[time_][mask] = index
        back.append(np.linalg.inv(move))
    # labels at the half grid's pixel centres, which lie between full pixels: take one of the four, not always the same, or every outline would be half a pixel off
    ys, xs = np.mgrid[0:h:2, 0:w:2].astype(np.float64)
    down, right = rng.integers(2, size=2)
    owner = top[1][down::2, right::2]
    maps = np.stack(back)[owner]
    bx = maps[..., 0, 0] * (xs + 0.5) + maps[..., 0, 1] * (ys + 0.5) + maps[..., 0, 2]
    by = maps[..., 1, 0] * (xs + 0.5) + maps[..., 1, 1] * (ys + 0.5) + maps[..., 1, 2]
    if scene:
        px, py, near = project(lens, xs + 1, ys + 1, scene.inverse[down::2, right::2])  # project counts from the picture's corner, the maps from its first pixel's centre
        bx, by = np.where(owner == 0, px - 0.5, bx), np.where(owner == 0, py - 0.5, by)
    inside = (bx > -0.5) & (bx < w - 0.5) & (by > -0.5) & (by < h - 0.5)
    ix, iy = np.clip(np.rint(bx + right - 0.5), 0, w - 1).astype(int), np.clip(np.rint(by + down - 0.5), 0, h - 1).astype(int)
    seen = inside & (top[0][iy, ix] == owner)
    if scene:  # something nearer may stand before it there
        seen &= (owner > 0) | ~(inverse_before[iy, ix] > near * 1.1 + 0.01)
    flow = np.stack((xs + 0.5 - bx, ys + 0.5 - by)).astype(np.float32)
    change = photometric(rng)
    return {'rgb': np.stack([change(np.ascontiguousarray(p)) for p in rgb]), 'flow': flow, 'flow_valid': np.ones(owner.shape, bool), 'flow_seen': seen}


def unlabelled_pair(rng: np.random.Generator, record: records.Record, size: tuple[int, int]) -> np.ndarray:
    """uint8 [2,h,w,3]: the same random crop and mirroring of two frames of a real clip (clip_pairs.py)."""
    meta = record['meta']
    full = random_map(rng, meta, size)
    return np.stack([warp_rgb(frame['rgb'], full, size, abs(full[0, 0])) for frame in record['frames'][-2:]])


class Pairs(torch.utils.data.IterableDataset):
    """Endless batches: rendered pairs (some with the crop jumping) and layered photographs, of which a share `parallax` have a background
    with depth where the records have one; a share of the batches are real pairs without labels, which have 'rgb' alone."""

    def __init__(self, folders: list[Path], real: Path, seed: int, layered: float = 0.5, pixels: int = PIXELS,
                 unlabelled: Path | None = None, unlabelled_share: float = 0.0, parallax: float = 0.5):
        self.folders, self.seed, self.layered, self.pixels = folders, seed, layered, pixels
        self.unlabelled = sorted(unlabelled.glob('*.rec')) if unlabelled else []
        self.unlabelled_share = unlabelled_share if self.unlabelled else 0.0
        self.parallax = parallax
        self.real = real
        self.pictures = [record['frames'][0]['rgb'] for record in there(sorted(real.glob('*.rec'))[::2])]

    def __iter__(self) -> Iterator[dict[str, Tensor]]:
        rng, pick = worker_random(self.seed)
        shards, photographs = Shards(self.folders, pick), Shards([self.real], pick)  # without real pictures rendered ones stand in for them, which come and go
        while True:
            size = pick.choices([s for s, _ in SIZES], [n for _, n in SIZES])[0]
            batch: list[dict[str, np.ndarray]] = []
            if rng.random() < self.unlabelled_share:
                pairs = [unlabelled_pair(rng, records.load(pick.choice(self.unlabelled)), size) for _ in range(max(1, self.pixels // (size[0] * size[1])))]
                yield {'rgb': torch.from_numpy(np.stack(pairs))}
                continue
            while len(batch) < max(1, self.pixels // (size[0] * size[1])):
                if rng.random() < self.layered:
                    # other world frames lend their pictures too
                    pool = [self.pictures[rng.integers(len(self.pictures))] for _ in range(4)]
                    pool += [shards.draw()['frames'][0]['rgb'] for _ in range(2)]
                    scene = None
                    if rng.random() < self.parallax:
                        record = photographs.draw() if rng.random() < 0.7 else shards.draw()
                        scene = lifted_crop(rng, record, size) if 'log_depth' in record['frames'][-1] else None
                    batch.append(layered_pair(rng, pool, size, scene))
                else:
                    clip = make_clip(shards.draw(), size, rng, 2, jump=0.12 if rng.random() < 0.4 else 0.0)
                    batch.append({'rgb': clip['rgb'], **{k: clip[k][1] for k in ('flow', 'flow_valid', 'flow_seen')}})
            yield {k: torch.from_numpy(np.stack([b[k] for b in batch])) for k in batch[0]}
