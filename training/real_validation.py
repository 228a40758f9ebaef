"""How weights see real people whom nobody trains on: what is chosen by worlds alone may be worse before a camera.

    python teacher.py --validation --clips ../../shared/data/clips --out runs/real-validation     # mediapipe's own virtual environment
    python places.py --validation --assets ../../shared/assets --out runs/real-validation
    python real_validation.py --records runs/real-validation --weights checkpoints/nano.pt [runs/people/ema.pt ...]

The labels are MediaPipe's (teacher.py), so figures compare weights and tell nothing of accuracy; those come from `sextant eval`. Whole pictures on a grid of
256x192 (or the like of their shape), and windows around each person on 160x192 with --windows. Means of the clips' means: neighbouring pictures of one clip are one observation.

- person IoU: pixels called person against the teachers', the unknown ones left out.
- PCK@0.1 of joints that the teachers see, pairs in the picture's order, each joint the highest of its map on the person's own cells; the box's longer side is the unit.
- sides: of those joints, shoulders and hips that the whole body's logit and the pairs' own turn the way the teachers have them.
- found: people at whose centre, or within a tenth of their side, the centre's probability is .25.
- taken, ghosts: of places with nobody (places.py), the share of pixels called person, and centres of that probability a picture.
"""
from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import torch

from sextant_nano import records
from sextant_nano.augment import UNKNOWN
from sextant_nano.checkpoints import load_into, weights_of
from sextant_nano.close_ups import AROUND
from sextant_nano.crops import affine, downscaled, fitting, warp, warp_rgb
from sextant_nano.model import Nano, normalise
from sextant_nano.sides import picture_order
from sextant_nano.validate import default_task

GRIDS = ((192, 256), (256, 192), (224, 224))  # height, width: the one nearest in shape
WINDOW = (192, 160)
LEAST = 24  # pixels of a person's longer side on the grid
LOGIT = float(np.log(0.25 / 0.75))  # of the manifest's centreThreshold
TORSO = (2, 5)  # of the pairs: shoulders, hips
FRONT_WEIGHT = 3.0  # the manifest's frontWeight
IOU = 'person IoU'
FIGURES = (IOU, 'pck', 'sides', 'found', 'taken', 'ghosts')


def views(record: records.Record, windows: bool) -> list[tuple[np.ndarray, tuple[int, int], list[dict[str, Any]]]]:
    """Map from the picture, grid and people to score of each view."""
    meta = record['meta']
    people = meta['people'][0]
    if windows:
        aspect = WINDOW[1] / WINDOW[0]
        crops = [(fitting(x + w / 2, y + h / 2, AROUND * max(h, w / aspect) * aspect, aspect, meta), p) for p in people for x, y, w, h in [p['box']]]
        return [(affine(crop, WINDOW, False), WINDOW, [p]) for crop, p in crops]
    size = min(GRIDS, key=lambda g: abs(np.log(g[1] / g[0] * meta['height'] / meta['width'])))
    aspect = size[1] / size[0]
    whole = fitting(meta['width'] / 2, meta['height'] / 2, meta['width'], aspect, meta)
    return [(affine(whole, size, False), size, people)]


@torch.no_grad()
def look(model: Nano, frame: dict[str, np.ndarray], m: np.ndarray, size: tuple[int, int], people: list[dict[str, Any]], into: dict[str, list[float]]) -> None:
    """Adds what the view tells: intersections, unions, and one number of each joint, side and person."""
    rgb = warp_rgb(frame['rgb'], m, size, abs(m[0, 0]))
    out, _ = model(normalise(torch.from_numpy(rgb)[None]), **default_task(1, *size, torch.device('cpu')), past=None)
    front = model.facing(out['features4'])[0].numpy()
    heat, sides = out['skeleton'][0].float().numpy(), out['sides'][0].float().numpy()
    half, quarter = (size[0] // 2, size[1] // 2), (size[0] // 4, size[1] // 4)
    if not people:
        into['taken'].append(float((out['segmentation'][0].argmax(0) == 1).float().mean()))
        into['ghosts'].append(float(((heat[17] == cv2.dilate(heat[17], np.ones((3, 3)))) & (heat[17] > LOGIT)).sum()))
        return
    truth = warp(frame['person'], downscaled(m, 2), half, cv2.INTER_NEAREST)
    ours = out['segmentation'][0].argmax(0).numpy() == 1
    into['both'].append(float((ours & (truth == 1)).sum()))
    into['either'].append(float(((ours | (truth == 1)) & (truth != UNKNOWN)).sum()))
    own = warp(frame['instances'], downscaled(m, 4), quarter, cv2.INTER_NEAREST)
    ys, xs = np.mgrid[0:quarter[0], 0:quarter[1]]
    for person in people:
        points = np.asarray(person['keypoints'], float)
        spots = (np.column_stack((points[:, :2], np.ones(17))) @ m.T + 0.5) / 4 - 0.5
        side = max(person['box'][2:]) * abs(m[0, 0]) / 4
        cells = own == person['id']
        if side * 4 < LEAST or cells.sum() < 8:
            continue
        x, y, w, h = person['box']
        cx, cy = (np.array([x + w / 2, y + h / 2, 1]) @ m.T + 0.5) / 4 - 0.5
        near = np.hypot(xs - cx, ys - cy) <= max(1.5, 0.1 * side)
        into['found'].append(float(near.any() and heat[17][near].max() > LOGIT))
        place, apart = picture_order(spots[:, 0], points[:, 2] > 0, side * 4)
        nose = spots[:5][points[:5, 2] > 0]
        whole = 0.0
        if len(nose):
            fx, fy = np.clip(np.round(nose.mean(0)).astype(int), 1, np.array(quarter)[::-1] - 2)
            whole = FRONT_WEIGHT * float(front[fy - 1:fy + 2, fx - 1:fx + 2].mean())
        for joint in np.flatnonzero(points[:, 2] == 2):
            jx, jy = spots[joint]
            if not (0 <= jx < quarter[1] and 0 <= jy < quarter[0]):
                continue
            best = np.where(cells, heat[place[joint]], -np.inf).argmax()
            into['pck'].append(float(np.hypot(best % quarter[1] - jx, best // quarter[1] - jy) <= max(1.0, 0.1 * side)))
        for pair in TORSO:
            left, right = 2 * pair + 1, 2 * pair + 2
            if apart[pair] and points[left, 2] > 0 and points[right, 2] > 0:
                told = [sides[pair, int(np.clip(round(v), 0, quarter[0] - 1)), int(np.clip(round(u), 0, quarter[1] - 1))] for u, v in spots[[left, right], :2]]
                into['sides'].append(float((np.mean(told) + whole >= 0) == (apart[pair] > 0)))


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--records', type=Path, required=True)
    p.add_argument('--weights', type=Path, nargs='+', required=True, help='files whose later parts replace the earlier ones\'')
    p.add_argument('--windows', action='store_true', help='a window around each person, as close-ups have, instead of whole pictures')
    p.add_argument('--clips', action='store_true', help='a line for each clip too')
    p.add_argument('--threads', type=int, default=1)
    a = p.parse_args()
    torch.set_num_threads(a.threads)
    model = Nano().eval()
    load_into(model, weights_of(a.weights))
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for path in sorted(a.records.glob('*.rec')):
        record = records.load(path)
        for m, size, people in views(record, a.windows):
            look(model, record['frames'][0], m, size, people, found[record['meta']['clip']])
    if not found:
        raise SystemExit(f'{a.records} has no records: write them with teacher.py --validation')
    rows = {clip: {k: sum(f['both']) / sum(f['either']) if k == IOU else float(np.mean(f[k])) for k in FIGURES if f['either' if k == IOU else k]} for clip, f in found.items()}
    for clip, row in rows.items() if a.clips else ():
        print(f'{clip:28} ' + ', '.join(f'{k} {v:.3f}' for k, v in row.items()) + f', {len(found[clip]["found"])} people')
    print(f'{len(rows)} clips: ' + ', '.join(f'{k} {np.mean([r[k] for r in rows.values() if k in r]):.4f}' for k in FIGURES if any(k in r for r in rows.values())))


if __name__ == '__main__':
    main()
