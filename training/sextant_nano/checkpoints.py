"""Weights as trainings and exports take them.

    python -m sextant_nano.checkpoints --before runs/whole/ema.pt --after runs/estimation/ema.pt --out estimation.pt

writes the mean of the weights before and after a training (Wortsman et al. 2022), of what changed in it alone: a file for `--weights` after that of before.
"""
from __future__ import annotations

import argparse
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


NEWER = ('facing_head.', 'sides_head.')  # parts that earlier checkpoints lack: they begin anew
GENERATING = ('generator.', 'refer_', 'meaning', 'word_place', 'nam')  # weights of estimation alone lack these: they begin anew


def load_into(model: torch.nn.Module, weights: dict[str, Tensor], optional: tuple[str, ...] = ()) -> None:
    """Everything must be there but the newer parts and what begins with one of `optional`; RuntimeError otherwise."""
    lacking, unknown = model.load_state_dict(weights, strict=False)
    lacking = [k for k in lacking if not k.startswith((*NEWER, *optional))]
    if lacking or unknown:
        raise RuntimeError(f'the weights are of another network: {len(lacking)} tensors missing ({lacking[:3]}), {len(unknown)} unknown ({unknown[:3]})')


def mean_of(before: dict[str, Tensor], after: dict[str, Tensor], share: float = 0.5) -> dict[str, Tensor]:
    """(1 - share) before + share after, float16, of the weights that differ; names that only one of them has are left out."""
    changed = [k for k, v in before.items() if v.is_floating_point() and k in after and not torch.equal(v.float(), after[k].float())]
    return {k: ((1 - share) * before[k].float() + share * after[k].float()).half() for k in changed}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--before', type=Path, nargs='+', required=True)
    p.add_argument('--after', type=Path, required=True)
    p.add_argument('--share', type=float, default=0.5, help='of the weights after')
    p.add_argument('--out', type=Path, required=True)
    a = p.parse_args()
    mean = mean_of(weights_of(a.before), weights_of([a.after]), a.share)
    torch.save(mean, a.out)
    print(f'{a.out}: {len(mean)} tensors of {sum(v.numel() for v in mean.values()) / 1e6:.2f} M weights changed')


if __name__ == '__main__':
    main()
