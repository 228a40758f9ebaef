"""People in made pictures with another network's eyes: MediaPipe (teacher.py) looks at a render and at what was made from its modalities.

    python other_eyes.py --renders ../runs/generation/real-a --made ../runs/generation/made-skeleton ../runs/generation/made-segmentation

The model's own agreement with what it made (test/figures/generation.mjs) can be won with marks that only it takes for a person, all the more since
the painter was trained by it (sextant_nano/agreement.py). Printed for each folder: the share of the people that MediaPipe sees in the renders
whom it sees in the made picture too; the share of their joints within 0.1 of the longer side of the render's; and the IoU of its selfie masks where
the render's is at least a hundredth of the picture. Runs where teacher.py does. Pictures are enlarged four times: MediaPipe was made for larger ones.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np

from teacher import COCO_FROM_MEDIAPIPE

ENLARGED = 4
SEEN = 0.5  # least visibility of a joint, of MediaPipe's own
LEAST = 0.01  # of the picture


class Eyes:
    def __init__(self) -> None:
        self.pose = mp.solutions.pose.Pose(static_image_mode=True, model_complexity=1)
        self.selfie = mp.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)

    def look(self, file: Path) -> tuple[np.ndarray | None, np.ndarray]:
        """COCO joints [17,3] (x, y in pixels, visibility) of the most prominent person, or None; mask [H,W] of a person."""
        picture = cv2.resize(cv2.imread(str(file)), None, fx=ENLARGED, fy=ENLARGED, interpolation=cv2.INTER_CUBIC)
        rgb = np.ascontiguousarray(picture[..., ::-1])
        h, w = rgb.shape[:2]
        found = self.pose.process(rgb).pose_landmarks
        mask = self.selfie.process(rgb).segmentation_mask > 0.5
        if found is None:
            return None, mask
        joints = np.array([[p.x * w, p.y * h, p.visibility] for p in found.landmark])
        return joints[list(COCO_FROM_MEDIAPIPE)], mask


def compare(eyes: Eyes, renders: Path, made: Path) -> dict[str, float]:
    people = found = joints = near = 0
    overlaps: list[float] = []
    for file in sorted(made.glob('*.png')):
        (truth, mask), (ours, our_mask) = eyes.look(renders / file.name), eyes.look(file)
        if mask.mean() >= LEAST:
            overlaps.append((mask & our_mask).sum() / (mask | our_mask).sum())
        if truth is None:
            continue
        people += 1
        visible = truth[:, 2] >= SEEN
        joints += int(visible.sum())
        if ours is None:
            continue
        found += 1
        side = np.ptp(truth[visible, :2], axis=0).max() if visible.any() else 0
        near += int((np.hypot(*(ours - truth)[visible, :2].T) <= 0.1 * side).sum())
    return {'people': people, 'found': found / max(1, people), 'pck01': near / max(1, joints), 'masks': len(overlaps), 'maskIoU': float(np.mean(overlaps)) if overlaps else float('nan')}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--renders', type=Path, required=True)
    p.add_argument('--made', type=Path, nargs='+', required=True)
    a = p.parse_args()
    eyes = Eyes()
    for folder in a.made:
        print(json.dumps({'made': folder.name, **{k: round(v, 4) for k, v in compare(eyes, a.renders, folder).items()}}))


if __name__ == '__main__':
    main()
