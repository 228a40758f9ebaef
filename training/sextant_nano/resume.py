"""What a training goes on from: its own earlier state, or other weights of the whole network."""
from __future__ import annotations

from pathlib import Path
from typing import Sequence

import torch
from torch import Tensor, nn

from .checkpoints import GENERATING, load_into, weights_of


def state_to_resume(out: Path, other: Path | None, fresh: bool) -> tuple[Path | None, bool]:
    """The state to go on from, and whether its schedule begins anew. <out>/last.pt comes before `other` (--resume): the same command was stopped
    before it was done, and goes on as it was, since `fresh` (--fresh-schedule) is about `other` where that is given.

    Raises FileNotFoundError where `other` is wanted and not there."""
    own = out / 'last.pt'
    if own.exists():
        return own, fresh and (other is None or other.resolve() == own.resolve())
    if other and not other.exists():
        raise FileNotFoundError(f'--resume {other}: there is no such file; leave the option out to begin anew')
    return other, fresh


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
