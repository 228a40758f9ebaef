"""Weights as trainings and exports take them."""
from __future__ import annotations

from pathlib import Path
from typing import Sequence

import torch
from torch import Tensor


def weights_of(files: Sequence[Path]) -> dict[str, Tensor]:
    """What the first file holds, with the parts that later ones hold (a flow training's, say) in place of its own; of each file the averaged weights, where it has some."""
    weights: dict[str, Tensor] = {}
    for file in files:
        saved = torch.load(file, map_location='cpu', weights_only=True)
        weights |= saved.get('ema', saved)
    return weights
