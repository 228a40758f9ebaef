"""A body round a skeleton's joints: one capsule (a thick line) for each limb, as the skeleton's stream draws it. The same as
packages/model/src/codecs/limbs.ts, whose constants these are.

Where a body stands is hardly seen from seventeen dots, and nobody was drawn round them; OpenPose's pictures, which ControlNet is
conditioned on, draw limbs as well. Lengths are parts of stature (Drillis and Contini 1966); widths were
fitted to 238 bodies of the world, clothes and all (IoU .69).
"""
from __future__ import annotations

import numpy as np

# Joint, joint, its length as a part of stature where it is one of those that tell the scale.
LENGTHS = ((5, 7, 0.186), (6, 8, 0.186), (7, 9, 0.146), (8, 10, 0.146), (5, 11, 0.288), (6, 12, 0.288), (11, 13, 0.245), (12, 14, 0.245), (13, 15, 0.246), (14, 16, 0.246))
# Ends (groups of joints whose mean is meant; all must be known, of the face one) and radius as a part of stature.
FACE, SHOULDERS, HIPS = (0, 1, 2, 3, 4), (5, 6), (11, 12)
CAPSULES = (
    ((5,), (11,), 0.055), ((6,), (12,), 0.055), (SHOULDERS, HIPS, 0.055), ((5,), (6,), 0.058), ((11,), (12,), 0.07),
    ((11,), (13,), 0.05), ((12,), (14,), 0.05), ((13,), (15,), 0.04), ((14,), (16,), 0.04),
    ((5,), (7,), 0.03), ((6,), (8,), 0.03), ((7,), (9,), 0.028), ((8,), (10,), 0.028),
    (FACE, SHOULDERS, 0.06), (FACE, FACE, 0.075),
)
LEAST_RADIUS = 0.7  # pixels: a thin limb is still a line


def stature(points: np.ndarray) -> float:
    """Pixels of a whole body's height, from joints [17,3] (x, y, known if > 0): the upper quartile of what its limbs say, since a limb that
    points at the camera is short and one wrong joint makes two long; 0 where no limb is known."""
    told = sorted(float(np.hypot(*(points[a, :2] - points[b, :2]))) / part for a, b, part in LENGTHS if points[a, 2] > 0 and points[b, 2] > 0)
    return told[int(0.75 * (len(told) - 1))] if told else 0.0


def end(points: np.ndarray, joints: tuple[int, ...]) -> np.ndarray | None:
    known = [points[j, :2] for j in joints if points[j, 2] > 0]
    return np.mean(known, axis=0) if known and (joints == FACE or len(known) == len(joints)) else None


def draw_limbs(points: np.ndarray, out: np.ndarray, whose: float) -> None:
    """Draws the body of joints [17,3] in pixels of `out` [3,H,W]: (mean level of the limb's joints, whose, 0)."""
    _, h, w = out.shape
    tall = stature(points)
    for a, b, part in CAPSULES:
        p, q = end(points, a), end(points, b)
        if p is None or q is None:
            continue
        radius = max(LEAST_RADIUS, part * tall)
        left, top = np.maximum(np.ceil(np.minimum(p, q) - radius).astype(int), 0)
        right, bottom = np.minimum(np.floor(np.maximum(p, q) + radius).astype(int) + 1, (w, h))
        if left >= right or top >= bottom:
            continue
        x, y = np.arange(left, right)[None] - p[0], np.arange(top, bottom)[:, None] - p[1]
        dx, dy = q - p
        along = np.clip((x * dx + y * dy) / max(dx * dx + dy * dy, 1e-9), 0, 1)
        inside = (x - along * dx) ** 2 + (y - along * dy) ** 2 <= radius * radius
        level = 2 * np.mean(a + b) / 16 - 1
        out[:, top:bottom, left:right][:, inside] = np.array([level, whose, 0], np.float32)[:, None]
