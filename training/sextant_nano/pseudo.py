"""Self-training: what the network itself sees in whole real pictures, written into copies of their records as labels.

    python -m sextant_nano.pseudo --weights runs/nano/ema.pt --records runs/real --out runs/real-pseudo

A picture and its mirror image are shown without augmentation. Their mean canonical log depth, the sky, and the classes on which both
agree with enough probability become the frame's 'log_depth', 'sky' and 'labels'; augment.make_real_sample teaches them to a
student that sees crops, noise and other exposures (noisy student, Xie et al. 2020). Records of pairs (clip_pairs.py) are skipped,
or with --pairs taken too: flow_data.py moves a camera through the depth of their newer pictures.
"""
from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from . import records
from .checkpoints import load_into, weights_of
from .model import Nano, normalise
from .validate import default_task

SURE = 0.75  # least probability of a class, in both views
UNKNOWN = 255
LOOKED_AT = 256  # long side at which the network looks: at larger ones its depth is worse
MULTIPLE = 32  # of the picture's sides, as the network needs


FLOW = ('matcher.', 'flow_head.')  # trained on its own; not used here


def load(path: Path) -> Nano:
    """The network in evaluation mode, flow left as it was made, from ema.pt (weights alone) or last.pt (their running mean)."""
    weights = {k: v for k, v in weights_of([path]).items() if not k.startswith(FLOW)}
    model = Nano()
    try:
        load_into(model, weights, FLOW)
    except RuntimeError as error:
        raise SystemExit(f'{path}: {error}') from None
    return model.eval()


def padding(length: int) -> tuple[int, int]:
    """Pixels to add before and after, both even so that the grid of half resolution stays in place."""
    missing = -length % MULTIPLE
    before = missing // 4 * 2
    return before, missing - before


@torch.no_grad()
def look(model: Nano, rgb: np.ndarray) -> dict[str, np.ndarray]:
    """`view` at a picture's own size or at LOOKED_AT, whichever is smaller; the answer is of the picture's own size."""
    s = min(1.0, LOOKED_AT / max(rgb.shape[:2]))
    if s == 1:
        return view(model, rgb)
    size = (rgb.shape[1], rgb.shape[0])
    seen = view(model, cv2.resize(rgb, (round(size[0] * s), round(size[1] * s)), interpolation=cv2.INTER_AREA))
    larger = cv2.resize(seen['log_depth'].astype(np.float32), size, interpolation=cv2.INTER_LINEAR) + np.float32(np.log(s))
    return {'log_depth': larger.astype(np.float16), **{k: cv2.resize(seen[k], size, interpolation=cv2.INTER_NEAREST_EXACT) for k in ('sky', 'labels')}}


def view(model: Nano, rgb: np.ndarray) -> dict[str, np.ndarray]:
    """rgb uint8 [H,W,3] -> 'log_depth' float16 [H,W], the logarithm of metres * CANONICAL_FOCAL / focal length in pixels of this
    picture; 'sky' uint8 [H,W], 1 where it is; 'labels' uint8 [H,W], UNKNOWN where the two views do not agree or are not sure."""
    h, w = rgb.shape[:2]
    (top, bottom), (left, right) = padding(h), padding(w)
    padded = cv2.copyMakeBorder(rgb, top, bottom, left, right, cv2.BORDER_REFLECT_101)
    views = torch.from_numpy(np.stack((padded, padded[:, ::-1])))
    out, _ = model(normalise(views), **default_task(2, *padded.shape[:2], torch.device('cpu')))

    def unfolded(x: torch.Tensor) -> torch.Tensor:
        """Both views the same way round, at the record's own size."""
        x = torch.stack((x[0], x[1].flip(-1)))
        return F.interpolate(x, scale_factor=2.0, mode='bilinear', align_corners=False)[..., top:top + h, left:left + w]

    depth = unfolded(out['depth'].float()).mean(0)
    probability, label = unfolded(out['segmentation'].float()).softmax(1).max(1)
    agreed = (label[0] == label[1]) & (probability.min(0).values > SURE)
    return {
        'log_depth': depth[0].numpy().astype(np.float16), 'sky': (depth[2] > 0).numpy().astype(np.uint8),
        'labels': torch.where(agreed, label[0], UNKNOWN).numpy().astype(np.uint8),
    }


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--weights', type=Path, required=True)
    p.add_argument('--records', type=Path, nargs='+', required=True, help='folders of real records')
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--limit', type=int, help='records, spread over the folders (all)')
    p.add_argument('--pairs', action='store_true', help='the newer frames of pairs too')
    p.add_argument('--skip', nargs='+', default=[], help='clips on which the network sees badly: self-training would only confirm it')
    p.add_argument('--threads', type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    model = load(a.weights)
    a.out.mkdir(parents=True, exist_ok=True)
    files = sorted(f for folder in a.records for f in folder.glob('*.rec'))
    if a.limit:
        files = records.spread(files, a.limit)
    known = done = 0.0
    for path in files:
        record = records.load(path)
        pair = record['meta'].get('pair', False)
        if pair and not a.pairs or record['meta']['clip'] in a.skip:
            continue
        for frame in record['frames'][-1:] if pair else record['frames']:
            frame |= look(model, frame['rgb'])
            known, done = known + float((frame['labels'] != UNKNOWN).mean()), done + 1
        records.save(record, a.out / path.name)
    print(f'{done:.0f} pictures, classes known in {100 * known / max(1, done):.0f} % of their pixels')


if __name__ == '__main__':
    main()
