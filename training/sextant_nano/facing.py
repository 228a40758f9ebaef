"""Which side of a person a camera sees, and a loss that has the decoder's features know it.

Left and right joints of a person seen from behind are where right and left ones are from the front, so the joints' own loss is
content with one of two answers; the trunk's tokens tell the two apart (a linear probe's AUC is .81 to .93), the heads' features did
not. `Nano.facing_head` tells them better than the joints do (AUC .85 against .75, 296 people of rendered worlds), so the skeleton's
decoder takes sides from it (packages/model/src/codecs/facing.ts).
"""
from __future__ import annotations

from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

SHOULDERS, HIPS = (5, 6), (11, 12)  # left, right (COCO)
LEAST = 0.2  # of the torso: narrower shoulders are a profile's
WEIGHT, BEHIND_WEIGHT = 1.0, 2.0
HEAD_WEIGHT = 4.0  # a head tells most of it: by the cells around it alone the AUC is .89, by all of the body's .85, by the torso's .80


def facing_of(points: np.ndarray) -> float:
    """points [17,3] (x, y, visibility) of a picture with y down -> width of the shoulders over the torso's length, above 0 from the
    front, below from behind; 0 for profiles and where shoulders are unknown. The same however the body is turned in the picture."""
    points = np.asarray(points, np.float64)
    if len(points) != 17 or (points[list(SHOULDERS), 2] == 0).any():
        return 0.0
    across = points[SHOULDERS[0], :2] - points[SHOULDERS[1], :2]
    along = np.array([0.0, 1.0])
    length = float(np.hypot(*across))
    if (points[list(HIPS), 2] > 0).all():
        torso = points[list(HIPS), :2].mean(0) - points[list(SHOULDERS), :2].mean(0)
        length = max(length, float(np.hypot(*torso)))
        along = torso / max(1e-6, float(np.hypot(*torso)))
    value = float(across[0] * along[1] - across[1] * along[0]) / max(1e-6, length)
    return value if abs(value) >= LEAST else 0.0


def has_joints(person: dict[str, Any]) -> bool:
    """Whether the joints of one of the people of a record are known: of scans they are (teacher's, triangulated), though not their surface."""
    return len(person['keypoints']) == 17


def facing(person: dict[str, Any]) -> float:
    """`facing_of` one of the people of a record; 0 if its joints are not known."""
    return facing_of(np.asarray(person['keypoints'])) if has_joints(person) else 0.0


def loss(logit: Tensor, side: Tensor) -> Tensor:
    """logit [B,h,w] that a body is seen from the front; side [B,h,w]: above 0 on bodies seen from the front, below from behind, 0 elsewhere; its size is the weight."""
    logit = logit.float()
    weight = side.abs() * torch.where(side < 0, BEHIND_WEIGHT, 1.0)
    faults = F.binary_cross_entropy_with_logits(logit, (side > 0).float(), reduction='none')
    return WEIGHT * (faults * weight).sum() / weight.sum().clamp(min=20.0)
