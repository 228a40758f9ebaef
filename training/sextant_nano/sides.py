"""Joints of a pair by their order in the picture, and which of the two is the left one; body parts as if their person were seen from the front.

Where a person's sides are unsure (from behind, in profile, far away), a map of left joints and one of right joints both have two peaks,
and what is placed is the middle of the body. Which of two shoulders is further right in the picture is nearly always to be seen. So the
network is asked for joints in that order (`picture_order`): of a pair, COCO's left one means the one further right, as on a person seen from
the front who stands upright. Whether that is the person's own left is asked apart, of each pair (`Nano.sides_head`) and of the whole
body (facing.py); the skeleton's decoder gives joints their names by both (packages/model/src/codecs/sides.ts).

With DensePose's parts it is the same: of a body seen from behind they were named as from the front, twice as often wrong (.29 right instead
of .60). So they are asked for as if everybody were seen from the front (`from_front`), and the decoder turns those round who are not
(packages/model/src/codecs/turned.ts).
"""
from __future__ import annotations

from typing import Any

import numpy as np
import torch.nn.functional as F
from torch import Tensor

from .facing import facing

PAIRS = ((1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 14), (15, 16))  # left, right: eyes, ears, shoulders, elbows, wrists, hips, knees, ankles
SURE = 0.1  # of a person's longer side: of two joints nearer to each other along x it matters less which is which
WEIGHT = 0.5

# DensePose's parts of a body that is turned round: left and right, front and back change places.
TURNED_PARTS = np.array([0, 2, 1, 4, 3, 6, 5, 10, 9, 8, 7, 14, 13, 12, 11, 18, 17, 16, 15, 22, 21, 20, 19, 24, 23], np.uint8)


def picture_order(x: np.ndarray, known: np.ndarray, side: float) -> tuple[np.ndarray, np.ndarray]:
    """x [17] of one person's joints, in pixels of the picture as it is seen (after mirroring), known bool [17], the person's longer side ->
    the map int [17] that each joint belongs to, and for each pair how far its left joint is to the right of the other, over SURE of that
    side, -1..1: below 0 where the two exchange maps, 0 where one is unknown. Such a pair goes with most of the others."""
    left, right = np.array(PAIRS).T
    apart = np.where(known[left] & known[right], np.clip((x[left] - x[right]) / (SURE * max(side, 1e-6)), -1, 1), 0)
    turned = np.where(apart == 0, apart.sum() < 0, apart < 0)
    place = np.arange(17)
    place[left[turned]], place[right[turned]] = right[turned], left[turned]
    return place, apart


def from_front(part: np.ndarray, instances: np.ndarray, people: list[dict[str, Any]]) -> np.ndarray:
    """DensePose's part of each pixel (uint8 [h,w], whose person `instances` says), those of people seen from behind as if it were from the front."""
    behind = np.isin(instances, [p['id'] for p in people if facing(p) < 0])
    return np.where(behind, TURNED_PARTS[part], part)


def loss(logit: Tensor, apart: Tensor) -> Tensor:
    """logit [B,8,h,w] that the left joint of a pair is the one further right; apart [B,8,h,w]: `picture_order`'s around the joints of each pair, 0 elsewhere."""
    weight = apart.abs()
    faults = F.binary_cross_entropy_with_logits(logit.float(), (apart > 0).float(), reduction='none')
    return WEIGHT * (faults * weight).sum() / weight.sum().clamp(min=20.0)
