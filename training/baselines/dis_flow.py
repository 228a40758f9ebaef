"""Accuracy of OpenCV's DIS optical flow on the pairs that `sextant eval --out` writes: the yardstick beside the model.

    python -m venv v && v/bin/pip install numpy opencv-python-headless
    npx sextant eval --source world --out pictures
    v/bin/python training/baselines/dis_flow.py pictures/flow-pairs > dis.json
    npx sextant eval --source world --dis dis.json

Each pair is a folder `<set>/<item>` with previous.png, current.png and flow.png (KITTI 16-bit: position now minus before,
on the current picture's grid). DIS gives the motion from its first picture to its second, on the first one's grid: so it
is run from the current picture back to the previous one, and negated. Prints a JSON list with one entry per set:
end-point error (pixels) and Fl (per cent off by more than 3 pixels and 5 %), means over the pairs of the means over pixels.
"""
import json
import sys
from pathlib import Path

import cv2
import numpy as np


def read_flow(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Flow (H, W, 2) in pixels and where it is known (H, W)."""
    stored = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)[:, :, ::-1]  # OpenCV reads blue first
    return (stored[:, :, :2].astype(np.float32) - 32768) / 64, stored[:, :, 2] > 0


def grey(path: Path) -> np.ndarray:
    return cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)


def score(folder: Path, dis: cv2.DISOpticalFlow) -> tuple[float, float]:
    truth, valid = read_flow(folder / 'flow.png')
    flow = -dis.calc(grey(folder / 'current.png'), grey(folder / 'previous.png'), None)
    error = np.linalg.norm(flow - truth, axis=2)[valid]
    length = np.linalg.norm(truth, axis=2)[valid]
    return float(error.mean()), float(100 * ((error > 3) & (error > 0.05 * length)).mean())


def main() -> None:
    pairs = Path(sys.argv[1])
    dis = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    result = []
    for folder in sorted(p for p in pairs.iterdir() if p.is_dir()):
        scores = [score(item, dis) for item in sorted(folder.iterdir()) if (item / 'flow.png').exists()]
        if scores:
            epe, fl = np.mean(scores, axis=0)
            result.append({'set': folder.name, 'frames': len(scores), 'preset': 'medium', 'opencv': cv2.__version__, 'metrics': {'epe': float(epe), 'fl': float(fl)}})
    if not result:
        sys.exit(f'no pairs in {pairs}: write them with `sextant eval --out`')
    json.dump(result, sys.stdout, indent=1)
    print()


if __name__ == '__main__':
    main()
