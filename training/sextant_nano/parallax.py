"""Pairs with exact flow from single real pictures: a depth lifts the picture into space and a camera moves through it.

After depthstillation (Aleotti et al. 2021): the newer frame is the picture itself, the older one is what a camera elsewhere would have
seen of it, so that matching learns the motion of real cameras (forward, turning, near things faster than far ones) on what real
cameras see. The depth need not be right for the flow to be exact; the network's own (pseudo.py) will do.
"""
from __future__ import annotations

from typing import NamedTuple

import cv2
import numpy as np

NEAREST = 0.15  # of the depth that a point keeps when the camera moves: what comes nearer is held there
AHEAD = 0.5  # of the cameras drive ahead


class Lifted(NamedTuple):
    """A picture with its depth: rgb uint8 [h,w,3], inverse float32 [h,w] inverse depth, 1 at the median of what is no sky, 0 in the sky."""
    rgb: np.ndarray
    inverse: np.ndarray


class Camera(NamedTuple):
    """What maps a point of the newer picture into the older one's camera: x -> rotation x + shift (unit: the median depth); focal length and
    principal point in pixels."""
    rotation: np.ndarray
    shift: np.ndarray
    focal: float
    centre: tuple[float, float]


def lifted(rgb: np.ndarray, log_depth: np.ndarray, sky: np.ndarray) -> Lifted:
    """log_depth [h,w] may hold anything where `sky` [h,w] is not 0."""
    known = log_depth[sky == 0]
    middle = np.median(known) if known.size else 0.0
    inverse = np.exp(middle - np.clip(log_depth.astype(np.float32), -6, 6))
    return Lifted(rgb, np.where(sky == 0, np.clip(inverse, 0.02, 8), 0).astype(np.float32))


def random_camera(rng: np.random.Generator, size: tuple[int, int]) -> Camera:
    """Lenses of 50 to 100 degrees; the parallax at the median depth is mostly a few pixels, sometimes a tenth of the picture."""
    h, w = size
    focal = w * rng.uniform(0.42, 1.1)
    length = float(np.exp(rng.uniform(np.log(0.3), np.log(0.1 * w)))) / focal
    direction = rng.normal(0, 1, 3) * (1, 0.5, 1)
    if rng.random() < AHEAD:  # a car's, a robot's or a walker's camera: the parallax grows away from where it goes
        direction, length = np.array([rng.normal(0, 0.15), rng.normal(0, 0.1), rng.choice((1.0, 1.0, 1.0, -1.0))]), length * 3
    direction /= np.linalg.norm(direction)
    turn = rng.normal(0, 1, 3) * (0.6, 1, 0.5) * rng.exponential(0.02)
    return Camera(cv2.Rodrigues(turn)[0], direction * min(length, 0.7), focal, (w / 2 + rng.normal(0, 0.03) * w, h / 2 + rng.normal(0, 0.08) * h))


def project(camera: Camera, xs: np.ndarray, ys: np.ndarray, inverse: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where points of the newer picture (continuous pixels, inverse depth) are in the older one: x, y, and their inverse depth there."""
    ray = np.stack(((xs - camera.centre[0]) / camera.focal, (ys - camera.centre[1]) / camera.focal, np.ones_like(xs)), -1)
    point = ray @ camera.rotation.T + inverse[..., None] * camera.shift
    z = np.maximum(point[..., 2], NEAREST)
    return point[..., 0] / z * camera.focal + camera.centre[0], point[..., 1] / z * camera.focal + camera.centre[1], inverse / z


def _filled(source: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    """source float32 [h,w,2] with NaN where the newer picture shows nothing: what is uncovered continues the farthest of its four neighbours."""
    h, w = inverse.shape
    hole = np.isnan(source[..., 0])
    ys, xs = np.mgrid[0:h, 0:w]
    best, farthest = source.copy(), np.full((h, w), np.inf, np.float32)
    for axis, place, size in ((0, ys, h), (1, xs, w)):
        before = np.maximum.accumulate(np.where(hole, -1, place), axis)
        after = np.flip(np.minimum.accumulate(np.flip(np.where(hole, size, place), axis), axis), axis)
        for nearest in (before, after):  # the next place that shows something, that way along the axis; -1 or `size` where there is none
            inside = np.clip(nearest, 0, size - 1)
            row, column = (inside, xs) if axis == 0 else (ys, inside)
            there = inverse[row, column]
            better = hole & (inside == nearest) & (there < farthest)
            step = np.stack((xs - column, ys - row), -1).astype(np.float32)
            best[better], farthest[better] = (source[row, column] + step)[better], there[better]
    return np.nan_to_num(best)


def earlier(scene: Lifted, camera: Camera) -> tuple[np.ndarray, np.ndarray]:
    """What the camera saw before: rgb uint8 [h,w,3], and its inverse depth float32 [h,w] (NaN where the newer picture shows nothing)."""
    h, w = scene.inverse.shape
    # four points a pixel, so that what comes nearer has no holes; the nearest last, so that it is what stays
    fine = cv2.resize(scene.inverse, (2 * w, 2 * h), interpolation=cv2.INTER_NEAREST)
    ys, xs = (np.mgrid[0:2 * h, 0:2 * w] + 0.5) / 2
    x, y, near = project(camera, xs, ys, fine)
    ix, iy = np.floor(x).astype(int), np.floor(y).astype(int)
    keep = np.flatnonzero((ix >= 0) & (ix < w) & (iy >= 0) & (iy < h))
    keep = keep[np.argsort(near.ravel()[keep], kind='stable')]
    ix, iy = ix.ravel()[keep], iy.ravel()[keep]
    source, inverse = np.full((h, w, 2), np.nan, np.float32), np.full((h, w), np.nan, np.float32)
    offset = np.stack((x, y), -1).reshape(-1, 2)[keep] - np.stack((ix, iy), -1) - 0.5
    source[iy, ix] = np.stack((xs, ys), -1).reshape(-1, 2)[keep] - offset
    inverse[iy, ix] = near.ravel()[keep]
    full = _filled(source, inverse) - 0.5
    rgb = cv2.remap(scene.rgb, full[..., 0], full[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT_101)
    return rgb, inverse
