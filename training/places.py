"""Real places with nobody in them: views into the photographed panoramas of ../shared/assets/skies, and its photographs, all CC0.

    python places.py --assets ../../shared/assets --out runs/real

Clips with nobody are few (real-pictures.md), so a network takes for people what it has seen in no rendered scene: stands, curtains, things on shelves. Here it sees
rooms and streets that it cannot have seen, and paste.py sets people into them. Records as teacher.py writes them, every pixel NOT_PERSON.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

from real_clips import shrink
from sextant_nano import records

LONG_SIDE = 384
VIEWS = 14  # of a panorama
SHAPES = ((4, 3), (4, 3), (3, 4), (16, 9))
PHOTOGRAPHS = 'photo_'
# People are in them, or may be, if small ones; one is a painting.
LEFT_OUT = ('ph_venice_sunset', 'ph_potsdamer_platz', 'ph_leadenhall_market', 'photo_extreme-desert-hike', 'photo_ocean-waves')
# Nothing is trained on them: how much of them is taken for people chooses between weights (real_validation.py).
VALIDATION = ('ph_aerodynamics_workshop', 'ph_christmas_photo_studio_07', 'ph_modern_buildings_2', 'ph_rainforest_trail', 'ph_studio_small_03', 'ph_vestibule', 'pm_workshop')


def view(panorama: np.ndarray, yaw: float, pitch: float, roll: float, horizontal: float, size: tuple[int, int]) -> np.ndarray:
    """What a pinhole camera sees: uint8 RGB [h,w,3] of an equirectangular picture [H,W,3], z up in its middle row. Angles in radians, `horizontal` that of view; size (w, h)."""
    w, h = size
    focal = w / 2 / np.tan(horizontal / 2)
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    right, down = (x + 0.5 - w / 2) / focal, (y + 0.5 - h / 2) / focal
    right, down = np.cos(roll) * right - np.sin(roll) * down, np.sin(roll) * right + np.cos(roll) * down
    ahead, up = np.cos(pitch) + np.sin(pitch) * down, np.sin(pitch) - np.cos(pitch) * down
    longitude = np.arctan2(right, ahead) + yaw
    latitude = np.arctan2(up, np.hypot(right, ahead))
    rows, columns = panorama.shape[:2]
    u = ((longitude / (2 * np.pi) + 0.5) % 1) * columns - 0.5
    v = (0.5 - latitude / np.pi) * rows - 0.5
    return cv2.remap(panorama, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)


def views(path: Path, rng: np.random.Generator) -> list[np.ndarray]:
    """Views all around, no larger than the panorama's own pixels allow; of a photograph itself."""
    rgb = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    if path.name.startswith(PHOTOGRAPHS):
        return [shrink(rgb, min(LONG_SIDE, max(rgb.shape[:2])))]
    found = []
    for i in range(VIEWS):
        across, down = SHAPES[int(rng.integers(len(SHAPES)))]
        horizontal = np.radians(rng.uniform(60, 100) if across > down else rng.uniform(50, 75))
        w = min(LONG_SIDE * across / max(across, down), 1.2 * rgb.shape[1] * horizontal / (2 * np.pi))
        size = (round(w), round(w * down / across))
        yaw = 2 * np.pi * (i + rng.uniform(0, 1)) / VIEWS
        found.append(view(rgb, yaw, np.radians(np.clip(rng.normal(-6, 9), -28, 15)), np.radians(rng.normal(0, 2)), horizontal, size))
    return found


def write(assets: Path, out: Path, validation: bool) -> int:
    """Records of the places of training, or of validation; how many."""
    out.mkdir(parents=True, exist_ok=True)
    index = json.loads((assets / 'index.json').read_text())
    rng = np.random.default_rng(11)
    count = 0
    for entry in sorted((f for f in index if f['path'].startswith('skies/')), key=lambda f: f['path']):
        name = Path(entry['path']).stem
        if name in LEFT_OUT or (name in VALIDATION) != validation:
            continue
        for i, rgb in enumerate(views(assets / entry['path'], rng)):
            h, w = rgb.shape[:2]
            meta = {'real': True, 'clip': name, 'licence': entry['licence'], 'width': w, 'height': h, 'frames': 1, 'people': [[]]}
            frame = {'rgb': rgb, 'person': np.zeros((h, w), np.uint8), 'instances': np.zeros((h, w), np.uint16)}
            records.save({'meta': meta, 'frames': [frame]}, out / f'{name}-{i:04d}.rec')
            count += 1
    return count


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--assets', type=Path, required=True)
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--validation', action='store_true', help='the places to choose weights by instead, never to train on')
    a = p.parse_args()
    print(f'{write(a.assets, a.out, a.validation)} pictures of places')


if __name__ == '__main__':
    main()
