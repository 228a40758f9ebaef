"""Records as render.py and teacher.py keep them, drawn here: small, and so plain that every truth is known by heart.

Everybody faces the camera, so left joints and left body parts are at the picture's right; a mirrored picture of a mirrored truth
must say so again. All edges lie on multiples of 8, so that no nearest neighbour at a half or a quarter of the size is a tie.
"""
from __future__ import annotations

from typing import Any

import numpy as np

from sextant_nano.records import Record

HEIGHT, WIDTH = 96, 128
WALL, CHAIR, PERSON = 47, 15, 1  # of packages/world's classes
RIGHT_HAND, LEFT_HAND = 3, 4  # DensePose parts
FOCAL = 100.0
ROOM, BODY = 4.0, 2.0  # metres
SKY = 8  # rows
BOX = (48, 16, 32, 64)  # x, y, width, height of somebody in the middle


def keypoints(x: int, y: int, w: int, h: int) -> list[list[float]]:
    """17 visible joints in COCO's order; eyes are the box's upper corners, ankles its lower ones."""
    right, bottom = x + w - 1, y + h - 1
    points = [[(x + right) / 2, y + 4, 2]]
    for down in (0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.8, 1.0):
        row = y + down * (bottom - y)
        points += [[right, row, 2], [x, row, 2]]  # left, right
    return [[float(a), float(b), v] for a, b, v in points]


def person(number: int, box: tuple[int, int, int, int], labelled: bool = True) -> dict[str, Any]:
    return {'id': number, 'box': list(box), 'labelled': labelled, 'keypoints': keypoints(*box) if labelled else []}


def picture(seed: int = 0) -> np.ndarray:
    """Smooth colours, different everywhere, brighter to the left."""
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float64)
    a, b, c = np.random.default_rng(seed).uniform(0, 6, 3)
    waves = [30 * np.sin(xs / 9 + a + k) * np.cos(ys / 11 + b) + 20 * np.sin(ys / 7 + c) for k in range(3)]
    return np.clip(np.stack(waves, -1) + (180 - 90 * xs / WIDTH)[..., None], 0, 255).astype(np.uint8)


def window(box: tuple[int, int, int, int]) -> tuple[slice, slice]:
    x, y, w, h = box
    return slice(y, y + h), slice(x, x + w)


def rendered(people: list[dict[str, Any]], things: tuple[tuple[int, int, int, int], ...] = (), frames: int = 1, flow: tuple[float, float] | None = None) -> Record:
    """A wall with people and chairs before it and a strip of sky above; `flow`: everything moves by that much from frame to frame."""
    labels = np.full((HEIGHT, WIDTH), WALL, np.uint8)
    instances, part = np.zeros((HEIGHT, WIDTH), np.uint16), np.zeros((HEIGHT, WIDTH), np.uint8)
    u, v = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint8)
    depth = np.full((HEIGHT, WIDTH), ROOM)
    depth[:SKY] = np.nan
    for i, box in enumerate(things):
        labels[window(box)], instances[window(box)] = CHAIR, 100 + i
    for p in people:
        place = window(p['box'])
        labels[place], instances[place], depth[place] = PERSON, p['id'], BODY
        if p['labelled']:
            half = p['box'][2] // 2
            part[place] = np.repeat([RIGHT_HAND, LEFT_HAND], (half, p['box'][2] - half))[None]
            u[place] = np.repeat([40, 215], (half, p['box'][2] - half))[None]
            v[place] = 90
    made = []
    for t in range(frames):
        first = t == 0
        moved = tuple(int(round(t * d)) for d in (flow or (0, 0)))
        made.append({
            'rgb': np.roll(picture(), moved, (1, 0)), 'log_depth': np.log(depth).astype(np.float16), 'labels': labels, 'instances': instances, 'part': part, 'u': u, 'v': v,
            'flow': None if first else np.broadcast_to(np.array(flow or (0, 0), np.float16), (HEIGHT, WIDTH, 2)).copy(),
            'occlusion': None if first else np.zeros((HEIGHT, WIDTH), np.uint8),
        })
    meta = {'width': WIDTH, 'height': HEIGHT, 'fx': FOCAL, 'frames': frames, 'caption': 'two chairs', 'people': [people] * frames}
    return {'meta': meta, 'frames': made}


def photograph(people: list[dict[str, Any]], pseudo: bool = False) -> Record:
    """A real picture: people's outlines, joints of those labelled; `pseudo`: depth and classes as the network itself gives them."""
    who, instances = np.zeros((HEIGHT, WIDTH), np.uint8), np.zeros((HEIGHT, WIDTH), np.uint16)
    for p in people:
        who[window(p['box'])] = 1
        instances[window(p['box'])] = p['id'] if p['labelled'] else 0
    frame = {'rgb': picture(1), 'person': who, 'instances': instances}
    if pseudo:
        frame |= {'log_depth': np.full((HEIGHT, WIDTH), np.log(ROOM), np.float16), 'sky': np.zeros((HEIGHT, WIDTH), np.uint8),
                  'labels': np.full((HEIGHT, WIDTH), WALL, np.uint8)}
    return {'meta': {'real': True, 'width': WIDTH, 'height': HEIGHT, 'frames': 1, 'people': [people]}, 'frames': [frame]}
