"""Figures of exported networks on rendered records, of each picture alone: to choose what may be int8 (the published figures come from `sextant eval`).

    python compare_graphs.py --records runs/val --limit 130 ../models/nano runs/other

A folder may lack graphs: those are taken from the first one.
"""
from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np

from sextant_nano import records
from sextant_nano.augment import make_clip
from sextant_nano.crops import CLASSES
from sextant_nano.export import graphs
from sextant_nano.model import Nano
from sextant_nano.quantise import looked
from sextant_nano.validate import pck

ORDER = ['rgb', 'modality', 'depth', 'segmentation', 'skeleton', 'densepose', 'match', 'flow']


class Tally:
    def __init__(self) -> None:
        self.depth: list[tuple[float, float]] = []
        self.epe: list[float] = []
        self.confusion = np.zeros((CLASSES, CLASSES))
        self.parts, self.joints = np.zeros(2), np.zeros(2)

    def add(self, values: dict[str, np.ndarray], s: dict[str, np.ndarray], record: records.Record) -> None:
        seen = ~s['sky'] & (s['log_depth'] < 5.5)
        if seen.any():
            e = values['depth.depth'][0, 0] - s['log_depth']
            e = e[seen] - np.median(e[seen])
            self.depth.append((np.abs(np.expm1(e)).mean(), (np.abs(e) < np.log(1.25)).mean()))
        known = s['labels'] < CLASSES
        np.add.at(self.confusion, (s['labels'][known], values['segmentation.labels'][0][known]), 1)
        body = (s['part'] > 0) & s['part_known']
        self.parts += (values['densepose.part'][0] == s['part_from_front'])[body].sum(), body.sum()
        self.joints += pck(values['skeleton.skeleton'][0, :17], s, record)

    def moved(self, flow: np.ndarray, s: dict[str, np.ndarray]) -> None:
        if s['flow_valid'].any():
            self.epe.append(np.linalg.norm(flow[0, :2] - s['flow'], axis=0)[s['flow_valid']].mean())

    def __str__(self) -> str:
        c = self.confusion
        iou = np.diag(c) / np.maximum(1, c.sum(0) + c.sum(1) - np.diag(c))
        absrel, delta = np.mean(self.depth, axis=0)
        return (f'depth after scale {absrel:.4f} / {delta:.4f}, mIoU {iou[c.sum(1) > 0].mean():.4f}, person IoU {iou[1]:.4f}, parts {self.parts[0] / max(1, self.parts[1]):.4f}, '
                f'PCK@0.1 {self.joints[0] / max(1, self.joints[1]):.4f}, flow {np.mean(self.epe or [np.nan]):.4f}')


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--records', type=Path, required=True)
    p.add_argument('--limit', type=int, default=130)
    p.add_argument('models', type=Path, nargs='+')
    a = p.parse_args()
    spec = graphs(Nano().eval())
    found = [records.load(f) for f in sorted(a.records.glob('*.rec'))[:a.limit]]
    rng = np.random.default_rng(0)
    clips = [make_clip(r, (192, 256), rng, min(2, len(r['frames'])), plain=True) for r in found]
    for folder in a.models:
        tally = Tally()
        with tempfile.TemporaryDirectory() as whole:
            for n in ORDER:
                (Path(whole) / f'{n}.onnx').symlink_to(next(d / f'{n}.onnx' for d in (folder, a.models[0]) if (d / f'{n}.onnx').exists()).resolve())
            alone = looked(Path(whole), spec, ORDER, (c['rgb'][-1:] for c in clips))
            pairs = looked(Path(whole), spec, ['rgb', 'modality', 'match', 'flow'], (c['rgb'] for c in clips))
            for record, clip, (_, values) in zip(found, clips, alone):
                newest = {k: v[-1] for k, v in clip.items()}
                tally.add(values, newest, record)
                for _ in clip['rgb']:
                    feeds, values = next(pairs)
                if 'flow' in feeds:
                    tally.moved(values['flow.flow'], newest)
        print(f'{folder}: {tally}', flush=True)


if __name__ == '__main__':
    main()
