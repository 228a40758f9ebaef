"""Where the joints of scans are, by a permissively licensed teacher: MediaPipe's pose (0.10.14, Apache-2.0) sees each scan from all around, and a joint is the point
in space that most of its finds agree on. Runs in teacher.py's environment, beside the built packages:

    python scan_joints.py --assets ../../shared/assets --out ../packages/world/src/assets/scan-joints.ts

Writes per file 17 joints (COCO's order), metres in the file's own frame; scans some of whose joints too few views agree on are left out. A point from many
views is better than any of them: what the teacher imagines on the back of a head or behind a table is outvoted.
"""
from __future__ import annotations

import argparse
import json
import subprocess
from pathlib import Path
from typing import Any, Sequence

import numpy as np

from sextant_nano import records

TURNTABLE = Path(__file__).resolve().parents[1] / 'packages/world/bin/turntable.mjs'
SURE, POSSIBLE = 0.6, 0.3  # the teacher's visibility, for a pair that proposes a point and for a view that agrees
AGREES = 10.0  # pixels (of pictures 576 high, a person some 330 of them) between a view's find and the point
FEWEST_VIEWS = 10
HEAD = '''// Written by training/scan_joints.py.

/** Joints of the scans of ../shared/assets by file: 17 in COCO's order, metres in the file's own frame (x forward, y left, z up), as a teacher sees them from all around. */
export const SCAN_JOINTS: Readonly<Record<string, readonly (readonly [x: number, y: number, z: number])[]>> = '''
TRIES = 300


def projection(meta: dict[str, Any]) -> np.ndarray:
    """3x4 from the scan's frame to homogeneous pixels."""
    camera = np.array([[meta['fx'], 0, meta['cx']], [0, meta['fy'], meta['cy']], [0, 0, 1]])
    return camera @ np.linalg.inv(np.array(meta['camToWorld']).reshape(4, 4))[:3]


def triangulate(cameras: np.ndarray, spots: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """cameras [N,3,4], spots [N,2] pixels, weights [N] -> the point [3] (direct linear transform, Hartley and Zisserman 2004, 12.2)."""
    rows = (spots[:, :, None] * cameras[:, 2:3] - cameras[:, :2]) * weights[:, None, None]
    point = np.linalg.svd(rows.reshape(-1, 4))[2][-1]
    return point[:3] / point[3]


def apart(cameras: np.ndarray, spots: np.ndarray, point: np.ndarray) -> np.ndarray:
    """Pixels [N] between where views see the point and their spots."""
    seen = cameras @ np.append(point, 1)
    return np.linalg.norm(seen[:, :2] / seen[:, 2:] - spots, axis=1)


def agreed(cameras: np.ndarray, finds: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, int]:
    """finds [N,3] (x, y, visibility) of one joint -> the point that the surest views agree on (RANSAC, Fischler and Bolles 1981), and how many do."""
    sure = np.flatnonzero(finds[:, 2] > SURE)
    if len(sure) < 2:
        return np.zeros(3), 0
    best = np.zeros(len(finds), bool)
    for _ in range(TRIES):
        two = rng.choice(sure, 2, replace=False)
        point = triangulate(cameras[two], finds[two, :2], np.ones(2))
        views = (apart(cameras, finds[:, :2], point) < AGREES) & (finds[:, 2] > POSSIBLE)
        if finds[views, 2].sum() > finds[best, 2].sum():
            best = views
    if best.sum() < 2:
        return np.zeros(3), 0
    return triangulate(cameras[best], finds[best, :2], finds[best, 2]), int(best.sum())


def joints_of(cameras: np.ndarray, finds: np.ndarray) -> tuple[np.ndarray, int]:
    """cameras [N,3,4], finds [N,17,3] -> joints [17,3] and the views that agree on the least sure of them."""
    rng = np.random.default_rng(0)
    found = [agreed(cameras, finds[:, joint], rng) for joint in range(17)]
    return np.stack([point for point, _ in found]), min(views for _, views in found)


def look(file: Path, pose: Any, landmarks: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Cameras [N,3,4] and finds [N,17,3] of the views of a scan in which the teacher finds somebody; `landmarks`: which of its own are COCO's joints."""
    cameras, finds = [], []
    with subprocess.Popen(['node', str(TURNTABLE), str(file)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        for record in records.read_pipe(process.stdout):
            meta = record['meta']
            marks = pose.process(np.ascontiguousarray(record['frames'][0]['rgb'])).pose_landmarks
            if marks is None:
                continue
            cameras.append(projection(meta))
            finds.append([[marks.landmark[i].x * meta['width'] - 0.5, marks.landmark[i].y * meta['height'] - 0.5, marks.landmark[i].visibility] for i in landmarks])
    if process.returncode:
        raise SystemExit(f'turntable.mjs ended with {process.returncode} for {file}: is the repository built?')
    return np.array(cameras).reshape(-1, 3, 4), np.array(finds).reshape(-1, 17, 3)


def main() -> None:
    import mediapipe as mp
    from teacher import COCO_FROM_MEDIAPIPE

    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--assets', type=Path, required=True)
    p.add_argument('--out', type=Path, required=True)
    a = p.parse_args()
    out: dict[str, list[list[float]]] = {}
    with mp.solutions.pose.Pose(static_image_mode=True, model_complexity=1) as pose:
        for file in sorted((a.assets / 'humans/static').glob('*.glb')):
            joints, views = joints_of(*look(file, pose, COCO_FROM_MEDIAPIPE))
            print(f'{file.stem}: {views} views agree on the least sure joint', flush=True)
            if views >= FEWEST_VIEWS:
                out[file.stem] = np.round(joints, 3).tolist()
    lines = ''.join(f'  {name}: {json.dumps(joints)},\n' for name, joints in out.items())
    a.out.write_text(f'{HEAD}{{\n{lines}}};\n')


if __name__ == '__main__':
    main()
