"""Which part of a picture a training clip shows, and the maps from the picture's pixels to the clip's."""
from __future__ import annotations

from typing import Any, Sequence

import cv2
import numpy as np

from .facing import facing, has_joints

CLASSES = 68  # fine classes of packages/world; a label beyond them is unknown
THING_CROPS = 0.2  # of the crops of rendered frames are around a thing
LEAST_THING = 40  # pixels of it
WHOLE = 0.5  # of the crops of anything show as much as the picture has


def draw_thing(rng: np.random.Generator, frame: dict[str, Any], of: int | None = None) -> tuple[int, np.ndarray] | None:
    """Class and mask of a thing in view that is no person, every class in view equally often, or of class `of`. None if there is none."""
    codes, counts = np.unique(frame['labels'].astype(np.uint32) << 16 | frame['instances'], return_counts=True)
    labels, instances = codes >> 16, codes & 0xFFFF
    usable = (instances > 0) & (labels != 1) & (labels < CLASSES) & (counts >= LEAST_THING)
    if not usable.any():
        return None
    of_class = codes[usable & (labels == (rng.choice(np.unique(labels[usable])) if of is None else of))]
    if not len(of_class):
        return None
    code = rng.choice(of_class)
    return int(code >> 16), (frame['labels'] == code >> 16) & (frame['instances'] == code & 0xFFFF)


def random_thing(rng: np.random.Generator, frame: dict[str, Any], of: int | None = None) -> tuple[int, int, int, int] | None:
    """Box (x, y, width, height) of a drawn thing: most are small and seldom, and a crop shows them as large as a camera does that stands before them."""
    drawn = draw_thing(rng, frame, of)
    if drawn is None:
        return None
    ys, xs = np.nonzero(drawn[1])
    return int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1


def draw_person(rng: np.random.Generator, people: list[dict[str, Any]]) -> Sequence[float]:
    """Box of one of the people, those seen from behind twice as often: they are half as many as from the front."""
    odds = np.array([2.0 if facing(p) < 0 else 1.0 for p in people])
    return people[rng.choice(len(people), p=odds / odds.sum())]['box']


def fitting(cx: float, cy: float, width: float, aspect: float, meta: dict[str, Any]) -> tuple[float, float, float]:
    """Centre and width of a crop moved and shrunk into the picture."""
    w, h = meta['width'], meta['height']
    width = min(width, w, h * aspect)
    return (float(np.clip(cx, width / 2, w - width / 2)), float(np.clip(cy, width / aspect / 2, h - width / aspect / 2)), float(width))


def choose_crop(rng: np.random.Generator, meta: dict[str, Any], people: list[dict[str, Any]], aspect: float, plain: bool,
                thing: tuple[int, int, int, int] | None = None) -> tuple[float, float, float]:
    """Centre x, centre y and width of the crop in source pixels; always inside the picture. Around `thing`, if given, or often a person."""
    w, h = meta['width'], meta['height']
    widest = min(w, h * aspect)
    if plain:
        return w / 2, h / 2, widest
    big = [p for p in people if has_joints(p) and p['box'][3] >= 24]
    if thing:
        x, y, bw, bh = thing
        width = np.clip(max(bw, bh * aspect) * np.exp(rng.uniform(0, np.log(4))), 64, widest)
        cx, cy = x + bw / 2 + rng.normal(0, 0.25) * width, y + bh / 2 + rng.normal(0, 0.25) * width / aspect
    elif big and rng.random() < 0.4:
        x, y, bw, bh = draw_person(rng, big)
        width = np.clip(max(bw, bh * aspect) * rng.uniform(0.7, 2.2), 40, widest)  # below 1: cut by the picture's edges
        cx, cy = x + bw / 2 + rng.normal(0, 0.08) * bw, y + bh / 2 + rng.normal(0, 0.08) * bh
    else:
        width = widest * (1.0 if rng.random() < WHOLE else rng.uniform(0.55, 1.0))
        cx, cy = (half + rng.random() * (side - 2 * half) for side, half in ((w, width / 2), (h, width / aspect / 2)))
    return fitting(cx, cy, width, aspect, meta)


def affine(crop: tuple[float, float, float], size: tuple[int, int], flip: bool) -> np.ndarray:
    """2x3 map from source pixels to output pixels (pixel centres at integers) for an output of (height, width)."""
    cx, cy, width = crop
    h, w = size
    s = w / width
    m = np.array([[s, 0, (w - 1) / 2 - s * (cx - 0.5)], [0, s, (h - 1) / 2 - s * (cy - 0.5)]])
    if flip:
        m[0] *= -1
        m[0, 2] += w - 1
    return m


OFF = 0.02  # pixels


def off_ties(m: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The map, moved by up to OFF. Of a whole picture shown at its own size the centres of the half and the quarter grid lie just between two pixels,
    and `warpAffine` always takes the one further down and right: labels were half a pixel off, always the same way."""
    return m + np.column_stack((np.zeros((2, 2)), rng.uniform(-OFF, OFF, 2)))


def random_map(rng: np.random.Generator, meta: dict[str, Any], size: tuple[int, int]) -> np.ndarray:
    """The map of a random crop of anything, mirrored half of the time."""
    return affine(choose_crop(rng, meta, [], size[1] / size[0], False), size, rng.random() < 0.5)


def warp(image: np.ndarray, m: np.ndarray, size: tuple[int, int], interpolation: int) -> np.ndarray:
    return cv2.warpAffine(image, m, (size[1], size[0]), flags=interpolation, borderMode=cv2.BORDER_REPLICATE)


def warp_rgb(image: np.ndarray, m: np.ndarray, size: tuple[int, int], scale: float) -> np.ndarray:
    if scale < 0.8:  # shrinking: blur first, as an area filter would
        image = cv2.GaussianBlur(image, (0, 0), 0.45 / scale)
    return warp(image, m, size, cv2.INTER_LINEAR)


def downscaled(full: np.ndarray, factor: int) -> np.ndarray:
    """The same map onto the grid of 1/factor: (x + .5) / f - .5 keeps pixel centres aligned."""
    m = full / factor
    m[:, 2] += 0.5 / factor - 0.5
    return m
