"""What a training goes on from: its own earlier state, or other weights of the whole network."""
from __future__ import annotations

from pathlib import Path
from typing import Sequence

import torch
from torch import Tensor, nn

from .checkpoints import load_into, weights_of

GENERATING = ('generator.', 'refer_', 'meaning', 'word_place', 'nam')  # weights of estimation alone lack these: they begin anew


def whole_weights(files: Sequence[Path]) -> dict[str, Tensor]:
    """`weights_of` files of the whole network and of its parts.

    Raises ValueError at the state of a train_paint.py run: what it averages is the generator alone, under other names."""
    for file in files:
        if 'critic' in torch.load(file, map_location='cpu', weights_only=True):
            raise ValueError(f'{file} is the state of a train_paint.py run, from which only that goes on: give {file.parent / "ema.pt"}, which has all weights')
    return weights_of(files)


def load_whole(model: nn.Module, files: Sequence[Path]) -> None:
    """Sets the weights of `files` into the network; RuntimeError where more is missing than what generates, or anything is unknown."""
    load_into(model, whole_weights(files), GENERATING)
