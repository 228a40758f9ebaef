"""Labels real clips with permissively licensed teachers: person masks and skeletons by MediaPipe 0.10.14 (Apache-2.0, weights in
the PyPI package). Runs in a virtual environment of its own (mediapipe pins an older numpy):

    python teacher.py --clips ../../shared/data/clips --out runs/real

Only clips whose licence allows it and that share no source with ../shared/data/eval are read: the lists below name them, chosen
by looking at each clip. What the teachers do not agree on is marked unknown and costs nothing in training.
"""
from __future__ import annotations

import argparse
import pickle
from pathlib import Path

import cv2
import mediapipe as mp
import numpy as np

# One person, seen well enough for a skeleton.
SINGLE = ('intel_asl_again', 'intel_asl_book', 'intel_asl_help', 'intel_asl_school', 'intel_asl_sister', 'intel_asl_walk', 'iper_akun',
          'mmhuman_single', 'paddle_example', 'portrait_test', 'tav_skiing', 'cv_moonwalk', 'sam2_dog')
# Several people: what the mask teacher is sure of is person, the rest is unknown.
SEVERAL = ('mmaction_skeleton', 'mmhuman_multi', 'seq_apple', 'mmaction_testavi', 'mmaction_demo')
# Nobody in the picture.
NOBODY = ('gopro_karma', 'gopro_max', 'imageio_realshort', 'intel_bottle', 'seq_bgsframes', 'tav_rabbit', 'tokenflow_wolf',
          'udacity_vehicle', 'bgs_video', 'bgs_video02')
LONG_SIDE = 256
COCO_FROM_MEDIAPIPE = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)
PERSON, NOT_PERSON, UNKNOWN = 1, 0, 255


def label_single(rgb: np.ndarray, pose: mp.solutions.pose.Pose, selfie: mp.solutions.selfie_segmentation.SelfieSegmentation):  # noqa: ANN201
    """Mask and COCO keypoints [[x, y, v]], or None where the teachers disagree too much to be trusted."""
    h, w = rgb.shape[:2]
    found = pose.process(rgb)
    other = selfie.process(rgb).segmentation_mask
    if found.pose_landmarks is None or found.segmentation_mask is None:
        return None
    a, b = found.segmentation_mask > 0.5, other > 0.5
    union = (a | b).sum()
    if a.mean() < 0.01 or (a & b).sum() / max(1, union) < 0.5:
        return None
    mask = np.full((h, w), UNKNOWN, np.uint8)
    mask[(found.segmentation_mask < 0.2) & (other < 0.4)] = NOT_PERSON
    mask[(found.segmentation_mask > 0.6) & (other > 0.4)] = PERSON
    points = []
    for i in COCO_FROM_MEDIAPIPE:
        p = found.pose_landmarks.landmark[i]
        inside = 0 <= p.x < 1 and 0 <= p.y < 1
        points.append([p.x * w - 0.5, p.y * h - 0.5, (2 if p.visibility > 0.6 else 1 if p.visibility > 0.3 else 0) if inside else 0])
    return mask, points


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--clips', type=Path, required=True)
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--stride', type=int, default=3)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    for name in SINGLE + SEVERAL + NOBODY:
        capture = cv2.VideoCapture(str(a.clips / f'{name}.mp4'))
        if not capture.isOpened():
            raise SystemExit(f'{a.clips / name}.mp4 cannot be opened: is --clips the folder of ../shared/data/clips?')
        pose = mp.solutions.pose.Pose(static_image_mode=True, model_complexity=1, enable_segmentation=True, min_detection_confidence=0.6)
        selfie = mp.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)
        index = kept = 0
        while True:
            ok, bgr = capture.read()
            if not ok:
                break
            index += 1
            if index % a.stride:
                continue
            rgb = cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)
            people: list[dict] = []
            if name in SINGLE:
                labelled = label_single(rgb, pose, selfie)
                if labelled is None:
                    continue
                mask, points = labelled
                ys, xs = np.nonzero(mask == PERSON)
                people = [{'id': 1, 'labelled': True, 'box': [int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1], 'keypoints': points}]
            elif name in SEVERAL:
                sure = selfie.process(rgb).segmentation_mask
                mask = np.full(rgb.shape[:2], UNKNOWN, np.uint8)
                mask[sure > 0.75] = PERSON
                if (mask == PERSON).mean() < 0.02:
                    continue
            else:
                mask = np.full(rgb.shape[:2], NOT_PERSON, np.uint8)
            s = LONG_SIDE / max(rgb.shape[:2])
            size = (round(rgb.shape[1] * s), round(rgb.shape[0] * s))
            small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
            mask = cv2.resize(mask, size, interpolation=cv2.INTER_NEAREST)
            for person in people:
                person['box'] = [v * s for v in person['box']]
                person['keypoints'] = [[x * s, y * s, v] for x, y, v in person['keypoints']]
            meta = {'real': True, 'several': name in SEVERAL, 'clip': name, 'width': size[0], 'height': size[1], 'frames': 1, 'people': [people]}
            with open(a.out / f'{name}-{index:04d}.rec', 'wb') as file:
                pickle.dump({'meta': meta, 'frames': [{'rgb': small, 'person': mask}]}, file, protocol=5)
            kept += 1
        print(f'{name}: {kept} of {index} frames kept', flush=True)


if __name__ == '__main__':
    main()
