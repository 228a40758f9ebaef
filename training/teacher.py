"""Labels real clips with permissively licensed teachers: person masks and skeletons by MediaPipe 0.10.14 (Apache-2.0, weights in
the PyPI package). Runs in a virtual environment of its own (mediapipe pins an older numpy):

    python teacher.py --clips ../../shared/data/clips --out runs/real

real_clips.py names the clips. MediaPipe's pose finds one person per picture, so it is shown overlapping windows and the places
where people were before; finds that a second teacher (selfie segmentation) does not confirm are dropped, and wherever either
teacher sees somebody who got no label, the picture is UNKNOWN, which costs nothing in training.

A record's frame holds 'rgb', 'person' (PERSON, NOT_PERSON, UNKNOWN) and 'instances' (uint16: the id of a labelled person, else 0).
"""
from __future__ import annotations

import argparse
import pickle
from pathlib import Path
from typing import NamedTuple

import cv2
import mediapipe as mp
import numpy as np

from real_clips import CLIPS, VALIDATION, licences, pictures

LONG_SIDE = 384  # so that views of 256x192 are not blown up
COCO_FROM_MEDIAPIPE = (0, 2, 5, 7, 8, 11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28)
# Per-joint fall-off of the object keypoint similarity (COCO).
COCO_SIGMAS = np.array([26, 25, 25, 35, 35, 79, 79, 72, 72, 62, 62, 107, 107, 87, 87, 89, 89]) / 1000
PERSON, NOT_PERSON, UNKNOWN = 1, 0, 255
AGREEMENT = 0.5  # least IoU of the two teachers' masks
SAME_PERSON = 0.4  # IoU or object keypoint similarity from which two finds are one person
MOST_JOINTS_OUTSIDE = 0.25  # of the visible ones; more, and skeleton and mask are of different people
FACING_AWAY = 0.15  # of the person's width: the left shoulder that far to the left of the right one
REMEMBERED = 3  # labelled frames for which somebody lost from sight is looked for, and the place left unknown
CAUTION = 0.04  # of the picture's longer side: how far around an unlabelled find the picture is unknown
Box = tuple[int, int, int, int]  # left, top, right, bottom


class Found(NamedTuple):
    """One person in the whole picture: probability [H,W] of the pose teacher, of the mask teacher, COCO joints [17,3] (x, y, v)."""

    pose: np.ndarray
    selfie: np.ndarray
    joints: np.ndarray
    score: float

    @property
    def mask(self) -> np.ndarray:
        return (self.pose > 0.5) & (self.selfie > 0.4)

    @property
    def box(self) -> Box:
        ys, xs = np.nonzero(self.mask)
        return int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1


class Teachers:
    def __init__(self) -> None:
        self._pose = mp.solutions.pose.Pose(static_image_mode=True, model_complexity=1, enable_segmentation=True)
        self._selfie = mp.solutions.selfie_segmentation.SelfieSegmentation(model_selection=0)

    def selfie(self, rgb: np.ndarray) -> np.ndarray:
        """Probability of a person, float32 [H,W]."""
        return self._selfie.process(np.ascontiguousarray(rgb)).segmentation_mask.astype(np.float32)

    def find(self, rgb: np.ndarray, box: Box) -> tuple[Found | None, np.ndarray]:
        """The most prominent person within the box, if both teachers see the same one; and a mask of whom pose saw, agreed or not."""
        left, top, right, bottom = box
        crop = np.ascontiguousarray(rgb[top:bottom, left:right])
        seen = np.zeros(rgb.shape[:2], bool)
        result = self._pose.process(crop)
        if result.pose_landmarks is None or result.segmentation_mask is None:
            return None, seen
        h, w = crop.shape[:2]
        pose, selfie = np.zeros(rgb.shape[:2], np.float32), np.zeros(rgb.shape[:2], np.float32)
        pose[top:bottom, left:right] = result.segmentation_mask
        seen = pose > 0.2
        if (pose > 0.5).sum() < 200:
            return None, seen
        # the mask teacher looks at that person alone: it was made for pictures that a person fills
        ys, xs = np.nonzero(pose > 0.5)
        near = widened((int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1), rgb.shape, 0.2)
        selfie[near[1]:near[3], near[0]:near[2]] = self.selfie(rgb[near[1]:near[3], near[0]:near[2]])
        # the second teacher sees everybody near; only where the first sees this person may it disagree
        a, b = pose > 0.5, (selfie > 0.5) & cv2.dilate(seen.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)
        if (a & b).sum() < AGREEMENT * (a | b).sum():
            return None, seen
        joints = np.zeros((17, 3))
        visibility = np.zeros(17)
        for joint, i in enumerate(COCO_FROM_MEDIAPIPE):
            p = result.pose_landmarks.landmark[i]
            x, y = left + p.x * w - 0.5, top + p.y * h - 0.5
            inside = -0.5 <= x < rgb.shape[1] - 0.5 and -0.5 <= y < rgb.shape[0] - 0.5
            visibility[joint] = p.visibility if inside else 0
            joints[joint] = x, y, (2 if p.visibility > 0.6 else 1 if p.visibility > 0.3 else 0) if inside else 0
        left_shoulder, right_shoulder = joints[5, 0], joints[6, 0]
        if left_shoulder < right_shoulder - FACING_AWAY * (near[2] - near[0]):  # the pose teacher imagines a face on the back of the head
            joints[:3, 2] = 0
        sure = joints[:, 2] == 2
        if sure.sum() < 5:
            return None, seen
        body = cv2.dilate(a.astype(np.uint8), np.ones((9, 9), np.uint8))
        spots = np.rint(joints[sure, :2]).astype(int).clip(0, [rgb.shape[1] - 1, rgb.shape[0] - 1])
        if (body[spots[:, 1], spots[:, 0]] == 0).mean() > MOST_JOINTS_OUTSIDE:
            return None, seen
        return Found(pose, selfie, joints, float(visibility.mean())), seen


def widened(box: Box, shape: tuple[int, ...], share: float) -> Box:
    """The box with a margin of `share` of its longer side, within the picture."""
    margin = round(share * max(box[2] - box[0], box[3] - box[1]))
    return max(0, box[0] - margin), max(0, box[1] - margin), min(shape[1], box[2] + margin), min(shape[0], box[3] + margin)


def windows(shape: tuple[int, ...]) -> list[Box]:
    """The whole picture and three overlapping windows along its longer side."""
    h, w = shape[:2]
    if w >= h:
        return [(0, 0, w, h), *((round(x * w), 0, round((x + 0.46) * w), h) for x in (0.0, 0.27, 0.54))]
    return [(0, 0, w, h), *((0, round(y * h), w, round((y + 0.46) * h)) for y in (0.0, 0.27, 0.54))]


def similarity(a: Found, b: Found) -> float:
    """The larger of the IoU of the masks and the object keypoint similarity (COCO) of the joints both see."""
    iou = (a.mask & b.mask).sum() / max(1, (a.mask | b.mask).sum())
    both = (a.joints[:, 2] > 0) & (b.joints[:, 2] > 0)
    if both.sum() < 5:
        return float(iou)
    squared = ((a.joints[both, :2] - b.joints[both, :2]) ** 2).sum(1)
    area = max(a.mask.sum(), b.mask.sum())
    return float(max(iou, np.exp(-squared / (2 * area * (2 * COCO_SIGMAS[both]) ** 2)).mean()))


def find_people(rgb: np.ndarray, teachers: Teachers, before: list[Box], everywhere: bool) -> tuple[list[Found], np.ndarray]:
    """Everybody found, best first, each once; and a mask of where somebody may be. Not `everywhere`: only where people were
    `before`, if all of them are still found."""
    found: list[Found] = []
    maybe = teachers.selfie(rgb) > 0.3

    def search(boxes: list[Box]) -> None:
        nonlocal maybe
        for box in boxes:
            person, seen = teachers.find(rgb, box)
            maybe |= seen
            if person is not None:
                maybe |= person.selfie > 0.3
                found.append(person)

    search([widened(box, rgb.shape, 0.25) for box in before])
    if everywhere or not before or len(found) < len(before):
        search(windows(rgb.shape))
    people: list[Found] = []
    for person in sorted(found, key=lambda p: -p.score):
        if all(similarity(person, other) < SAME_PERSON for other in people):
            people.append(person)
    return people, maybe


class Track:
    """Where somebody was last found, and how many labelled frames ago."""

    def __init__(self, box: Box) -> None:
        self.box, self.age = box, 0


def follow(tracks: list[Track], people: list[Found]) -> list[Track]:
    """The tracks of the people found, and those of others lost not long ago."""
    lost = []
    for track in tracks:
        left, top, right, bottom = track.box
        area = (right - left) * (bottom - top)
        covered = [max(0, min(right, b[2]) - max(left, b[0])) * max(0, min(bottom, b[3]) - max(top, b[1])) for b in (p.box for p in people)]
        track.age += 1
        if track.age <= REMEMBERED and max(covered, default=0) < 0.4 * area:
            lost.append(track)
    return [*(Track(p.box) for p in people), *lost]


def cautious(maybe: np.ndarray, people: list[Found], tracks: list[Track]) -> np.ndarray:
    """`maybe`, wider around whatever is not near a labelled person's own outline, and the places of people lost from sight."""
    reach = round(CAUTION * max(maybe.shape))
    own = np.zeros(maybe.shape, np.uint8)
    for person in people:
        own |= person.mask
    others = maybe & ~cv2.dilate(own, np.ones((reach | 1, reach | 1), np.uint8)).astype(bool)
    others = cv2.morphologyEx(others.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    out = maybe | (cv2.dilate(others, np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)) > 0)
    for track in tracks:
        if track.age:
            left, top, right, bottom = widened(track.box, maybe.shape, 0.15)
            out[top:bottom, left:right] = True
    return out


def label_people(people: list[Found], maybe: np.ndarray) -> tuple[np.ndarray, np.ndarray, list[dict]]:
    """Person plane, instance plane and the records of the people; ids count from 1."""
    mask = np.where(maybe, UNKNOWN, NOT_PERSON).astype(np.uint8)
    instances = np.zeros(mask.shape, np.uint16)
    entries = []
    if people:
        owner = np.stack([np.where(p.mask, p.pose, 0) for p in people])
        for i, person in enumerate(people):
            mine = person.mask & (owner.argmax(0) == i)
            if mine.sum() < 0.5 * person.mask.sum():  # mostly somebody else's body: whose joints these are is doubtful
                mask[person.mask & (mask != PERSON)] = UNKNOWN
                continue
            mask[(person.pose > 0.6) & mine] = PERSON
            instances[mine & (mask == PERSON)] = i + 1
            left, top, right, bottom = person.box
            box = [left, top, right - left, bottom - top]
            entries.append({'id': i + 1, 'labelled': True, 'box': box, 'keypoints': person.joints.tolist()})
    return mask, instances, entries


def write(path: Path, about: dict, rgb: np.ndarray, mask: np.ndarray, instances: np.ndarray, people: list[dict]) -> None:
    """Everything at a long side of LONG_SIDE, or less where the picture has less; `about` goes into the meta data."""
    s = min(1.0, LONG_SIDE / max(rgb.shape[:2]))
    size = (round(rgb.shape[1] * s), round(rgb.shape[0] * s))
    for person in people:
        person['box'] = [v * s for v in person['box']]
        person['keypoints'] = [[(x + 0.5) * s - 0.5, (y + 0.5) * s - 0.5, v] for x, y, v in person['keypoints']]
    meta = {'real': True, **about, 'width': size[0], 'height': size[1], 'frames': 1, 'people': [people]}
    frame = {'rgb': cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)}
    for name, plane in (('person', mask), ('instances', instances)):
        frame[name] = cv2.resize(plane, size, interpolation=cv2.INTER_NEAREST_EXACT)  # the other one takes the upper left of what a pixel covers
    with open(path, 'wb') as file:
        pickle.dump({'meta': meta, 'frames': [frame]}, file, protocol=5)


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--clips', type=Path, required=True)
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--per-clip', type=int, default=40, help='frames to label per clip, evenly spaced')
    p.add_argument('--only', nargs='+', help='names of the clips to label (all)')
    p.add_argument('--validation', action='store_true', help='the clips to choose weights by instead (real_validation.py), never to train on')
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    licence = licences(a.clips)
    teachers = Teachers()
    for clip in VALIDATION if a.validation else CLIPS:
        if not clip.people or (a.only and clip.name not in a.only):
            continue
        frames = [f for f in pictures(a.clips, clip) if clip.span[0] <= f[0] < clip.span[1]]
        kept = count = 0
        tracks: list[Track] = []
        for number, (index, rgb) in enumerate(frames[::max(1, round(len(frames) / a.per_clip))]):
            if clip.people == 'yes':
                people, maybe = find_people(rgb, teachers, [t.box for t in tracks], number % 4 == 0)
                tracks = follow(tracks, people)
                mask, instances, entries = label_people(people, cautious(maybe, people, tracks))
                if not entries or index in clip.wrong:
                    continue
            else:
                mask, instances, entries = np.full(rgb.shape[:2], NOT_PERSON, np.uint8), np.zeros(rgb.shape[:2], np.uint16), []
            about = {'clip': clip.name, 'licence': licence[clip.name]}
            write(a.out / f'{clip.name}-{index:04d}.rec', about, rgb, mask, instances, entries)
            kept, count = kept + 1, count + len(entries)
        print(f'{clip.name}: {kept} frames with {count} people; {licence[clip.name]}', flush=True)


if __name__ == '__main__':
    main()
