"""OpenCV's optical flow beside the model: DIS and Farneback on the pairs that `sextant eval --out` writes, and DIS on clips.

    python -m venv v && v/bin/pip install numpy opencv-python-headless
    npx sextant eval --source world --out pictures
    v/bin/python training/baselines/dis_flow.py pictures/flow-pairs > flows.json
    npx sextant eval --source world --dis flows.json

Each pair is a folder `<set>/<item>` with previous.png, current.png and flow.png (KITTI 16-bit: position now minus before,
on the current picture's grid). OpenCV gives the motion from its first picture to its second, on the first one's grid: so it
is run from the current picture back to the previous one, and negated. Prints a JSON list with one entry per set and method:
end-point error (pixels) and Fl (per cent off by more than 3 pixels and 5 %), means over the pairs of the means over pixels.

    npx sextant eval --clips ../shared/data/clips --out pictures
    v/bin/python training/baselines/dis_flow.py --clips pictures/clips
    npx sextant eval --clips ../shared/data/clips --clip-flow pictures/clips

With --clips, each folder holds frame000.png, ...; beside them come flow001.png, ... by DIS, in the same format. Pixels whose
motion does not return (forward-backward check of Sundaram et al. 2010) or leaves the picture are unknown.
"""
import json
import sys
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

Flow = Callable[[np.ndarray, np.ndarray], np.ndarray]


def methods() -> dict[str, Flow]:
    """Motion from the first grey picture to the second, on the first one's grid, by name of the method."""
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    return {
        'dis': lambda a, b: dis.calc(a, b, None),
        # pyramid 0.5 of 5 levels, window 15, 3 iterations, polynomials over 7 pixels (sigma 1.5)
        'farneback': lambda a, b: cv2.calcOpticalFlowFarneback(a, b, None, 0.5, 5, 15, 3, 7, 1.5, 0),
    }


def read_flow(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Flow (H, W, 2) in pixels and where it is known (H, W)."""
    stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[:, :, ::-1]  # OpenCV reads blue first
    return (stored[:, :, :2].astype(np.float32) - 32768) / 64, stored[:, :, 2] > 0


def write_flow(path: Path, flow: np.ndarray, known: np.ndarray) -> None:
    stored = np.zeros((*known.shape, 3), np.uint16)
    known = known & (np.abs(flow) < 511).all(axis=2)
    stored[known, :2] = np.round(flow[known] * 64 + 32768).astype(np.uint16)
    stored[known, 2] = 1
    cv2.imwrite(str(path), stored[:, :, ::-1])


def grey(path: Path) -> np.ndarray:
    return cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)


def score(folder: Path, method: Flow) -> tuple[float, float]:
    truth, valid = read_flow(folder / 'flow.png')
    flow = -method(grey(folder / 'current.png'), grey(folder / 'previous.png'))
    error = np.linalg.norm(flow - truth, axis=2)[valid]
    length = np.linalg.norm(truth, axis=2)[valid]
    return float(error.mean()), float(100 * ((error > 3) & (error > 0.05 * length)).mean())


def score_pairs(pairs: Path) -> None:
    result = []
    for folder in sorted(p for p in pairs.iterdir() if p.is_dir()):
        items = [item for item in sorted(folder.iterdir()) if (item / 'flow.png').exists()]
        for name, method in methods().items() if items else ():
            epe, fl = np.mean([score(item, method) for item in items], axis=0)
            result.append({'set': folder.name, 'method': name, 'frames': len(items), 'opencv': cv2.__version__, 'metrics': {'epe': float(epe), 'fl': float(fl)}})
    if not result:
        sys.exit(f'no pairs in {pairs}: write them with `sextant eval --out`')
    json.dump(result, sys.stdout, indent=1)
    print()


def consistent(flow: np.ndarray, back: np.ndarray) -> np.ndarray:
    """Where following `flow` and then `back` returns to the start; both (H, W, 2), each on its own first picture's grid."""
    height, width = flow.shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    there_x, there_y = x + flow[..., 0], y + flow[..., 1]
    inside = (there_x >= 0) & (there_x <= width - 1) & (there_y >= 0) & (there_y <= height - 1)
    returned = cv2.remap(back, there_x, there_y, cv2.INTER_LINEAR)
    gap = ((flow + returned) ** 2).sum(axis=2)
    return inside & (gap <= 0.01 * ((flow**2).sum(axis=2) + (returned**2).sum(axis=2)) + 0.5)


def write_clips(clips: Path) -> None:
    dis = methods()['dis']
    for folder in sorted(p for p in clips.iterdir() if p.is_dir()):
        pictures = [grey(path) for path in sorted(folder.glob('frame*.png'))]
        share = []
        for index, (before, now) in enumerate(zip(pictures, pictures[1:]), start=1):
            flow = dis(now, before)
            known = consistent(flow, dis(before, now))
            write_flow(folder / f'flow{index:03d}.png', -flow, known)
            share.append(known.mean())
        print(f'{folder.name}: {len(share)} flows, {100 * np.mean(share or [0]):.0f} % of the pixels consistent')


def main() -> None:
    if len(sys.argv) == 3 and sys.argv[1] == '--clips':
        write_clips(Path(sys.argv[2]))
    elif len(sys.argv) == 2:
        score_pairs(Path(sys.argv[1]))
    else:
        sys.exit('usage: dis_flow.py <flow-pairs> | dis_flow.py --clips <clips>')


if __name__ == '__main__':
    main()
