"""Frechet distance of EfficientNet-Lite0's features (frozen ImageNet weights, last tap, mean over the picture: 320 values) between folders of pictures.

    python -m sextant_nano.frechet --real runs/generation/real-b --half runs/generation/real-a --made runs/generation/made-depth

d^2 = |m - n|^2 + tr(C + D - 2 (C D)^(1/2)) (Heusel et al. 2017, with another network than theirs: values compare only with each other). With few pictures the
distance is too large, so that of a second folder of renders is the measure: both folders are cut to as many pictures as were made.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import torch

from .encoder import Lite0
from .model import normalise


@torch.no_grad()
def pooled(net: Lite0, rgb: np.ndarray) -> np.ndarray:
    """float64 [N, 320] of uint8 [N,H,W,3]."""
    return net(normalise(torch.from_numpy(rgb)))[4].mean((2, 3)).double().numpy()


def features(net: Lite0, files: list[Path]) -> np.ndarray:
    """float64 [N, 320] of pictures of one size."""
    def read(some: list[Path]) -> np.ndarray:
        return np.stack([cv2.cvtColor(cv2.imread(str(f)), cv2.COLOR_BGR2RGB) for f in some])

    return np.concatenate([pooled(net, read(files[start:start + 32])) for start in range(0, len(files), 32)])


def distance(a: np.ndarray, b: np.ndarray) -> float:
    (m, c), (n, d) = ((x.mean(0), np.cov(x, rowvar=False)) for x in (a, b))
    values, vectors = np.linalg.eigh(c)
    root = (vectors * np.sqrt(values.clip(min=0))) @ vectors.T  # tr (C D)^(1/2) = tr (C^(1/2) D C^(1/2))^(1/2), which is symmetric
    cross = np.sqrt(np.linalg.eigvalsh(root @ d @ root).clip(min=0)).sum()
    return float(((m - n) ** 2).sum() + np.trace(c) + np.trace(d) - 2 * cross)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--real', type=Path, required=True, help='renders that nothing was made from')
    p.add_argument('--half', type=Path, required=True, help='as many other renders: their distance is the measure')
    p.add_argument('--made', type=Path, nargs='+', required=True)
    a = p.parse_args()
    torch.set_num_threads(1)
    net = Lite0().eval()
    net.load_imagenet()
    for folder in a.made:
        made = sorted(folder.glob('*.png'))
        rng = np.random.default_rng(0)
        real, half = (([files[i] for i in sorted(rng.permutation(len(files))[:len(made)])]) for files in (sorted(a.real.glob('*.png')), sorted(a.half.glob('*.png'))))
        want, other, ours = (features(net, files) for files in (real, half, made))
        measure, found = distance(want, other), distance(want, ours)
        print(json.dumps({'made': folder.name, 'pictures': len(made), 'distance': round(found, 4), 'ofRenders': round(measure, 4), 'ratio': round(found / measure, 2)}))


if __name__ == '__main__':
    main()
