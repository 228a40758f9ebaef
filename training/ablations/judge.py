"""What the shipped network and EfficientNet-Lite0's features say about the pictures of latents.py, as Markdown.

    PYTHONPATH=. python ablations/judge.py --made runs/latents --weights checkpoints/nano.pt

A script, not a module of the package: importing that makes the network narrow (__init__.py), and here it is wanted whole."""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch

from sextant_nano.encoder import Lite0
from sextant_nano.frechet import distance, pooled
from sextant_nano.model import Nano, normalise
from sextant_nano.paint_data import FARTHEST, NEAREST
from sextant_nano.resume import load_whole
from sextant_nano.validate import default_task


class Judge:
    def __init__(self, weights: list[Path], truth: Path):
        self.model, self.lite = Nano().eval(), Lite0().eval()
        load_whole(self.model, weights)
        self.lite.load_imagenet()
        held = np.load(truth)
        self.rgb, streams, self.superset = held['rgb'], held['streams'].astype(np.float32) / 127, held['superset']
        self.log_depth = (streams[:, 0] + 1) / 2 * np.log(FARTHEST / NEAREST) + np.log(NEAREST)
        self.known = (streams[:, 2] < 0) & (streams[:, 0] < 0.999)
        colours = held['colours'] / 127.5 - 1
        self.labels = ((streams[:, 6:9].transpose(0, 2, 3, 1)[..., None, :] - colours) ** 2).sum(-1).argmin(-1)
        self.want = self.features(self.rgb)

    def features(self, rgb: np.ndarray) -> np.ndarray:
        return np.concatenate([pooled(self.lite, rgb[i:i + 32].transpose(0, 2, 3, 1)) for i in range(0, len(rgb), 32)])

    @torch.no_grad()
    def figures(self, rgb: np.ndarray, name: str) -> dict[str, float]:
        """Of pictures [n,3,H,W] made from the held-out condition `name`, or the true ones."""
        errors, right = [], []
        for start in range(0, len(rgb), 16):
            x = normalise(torch.from_numpy(rgb[start:start + 16].transpose(0, 2, 3, 1)))
            out, _ = self.model(x, **default_task(len(x), *x.shape[2:], x.device))
            for i in range(len(x)):
                k = start + i
                if name == 'depth':
                    known = self.known[k, ::2, ::2]
                    if known.any():
                        e = (out['depth'][i, 0].numpy() - self.log_depth[k, ::2, ::2])[known]
                        errors.append(np.abs(np.expm1(e - np.median(e))).mean())
                else:
                    right.append((self.superset[out['segmentation'][i].argmax(0).numpy()] == self.superset[self.labels[k, ::2, ::2]]).mean())
        found = {'absRelScale': float(np.mean(errors))} if errors else {'supersetAccuracy': float(np.mean(right))}
        mse = ((rgb.astype(np.float32) - self.rgb) ** 2).reshape(len(rgb), -1).mean(1)
        return found | {'frechet': distance(self.want, self.features(rgb)), 'psnr': float(np.mean(10 * np.log10(255 ** 2 / np.maximum(mse, 1))))}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--made', type=Path, required=True)
    p.add_argument('--weights', type=Path, nargs='+', required=True)
    p.add_argument('--json', type=Path, help='file to write every figure to')
    a = p.parse_args()
    torch.set_num_threads(1)
    judge = Judge(a.weights, a.made / 'truth.npz')
    lines = [{'way': 'renders', 'seed': 'true', 'condition': name, **judge.figures(judge.rgb, name)} for name in ('depth', 'segmentation')]
    for file in sorted(a.made.glob('*-*.npz')):
        way, seed = file.stem.rsplit('-', 1)
        lines += [{'way': way, 'seed': seed, 'condition': name, **judge.figures(rgb, name)} for name, rgb in np.load(file).items()]
    if a.json:
        a.json.write_text(''.join(json.dumps({k: round(v, 5) if isinstance(v, float) else v for k, v in line.items()}) + '\n' for line in lines))
    print('| made by | cells | from depth: AbsRel after scale | Frechet | from segmentation: superset accuracy | Frechet | PSNR |\n|---|---|---|---|---|---|---|')
    for way in ('renders', 'pixels', 'latents', 'latents, condition'):
        for sampled in (False, True):
            rows = [line for line in lines if line['way'] == way and (line['seed'] != 'true') == sampled]
            if rows:
                def cell(condition: str, key: str) -> str:
                    values = np.array([r[key] for r in rows if r['condition'] == condition])
                    return f'{values.mean():.3f}' + (f' ± {values.std(ddof=1):.3f}' if len(values) > 1 else '')
                cells = (cell('depth', 'absRelScale'), cell('depth', 'frechet'), cell('segmentation', 'supersetAccuracy'), cell('segmentation', 'frechet'), cell('depth', 'psnr'))
                print(f'| {way} | {"" if way == "renders" else "sampled" if sampled else "true"} | ' + ' | '.join(cells) + ' |')


if __name__ == '__main__':
    main()
