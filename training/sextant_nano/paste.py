"""Copy-paste (Ghiasi et al. 2021): people and things cut out of one picture, set into another.

Real pictures with known people are few (real-pictures.md), so a network learns their rooms by heart and finds people there rather than
anywhere. Real people are set into rendered and other real pictures, rendered people and things into real ones, so that neither the
place nor the cut tells who is a person. What is not known of a pasted region stays unknown: its depth always, the body parts of real people.
"""
from __future__ import annotations

import random
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from . import records
from .crops import draw_thing
from .facing import facing
from .rarity import Rarity
from .records import Record

LEAST, LEAST_OF_THING = 250, 100  # pixels of a person, of a thing that is cut out
BEHIND = 0.3  # of the pasted people are drawn from those seen from behind
PERSON, NO_DEPTH, NO_PARTS = 1, 1, 2  # class; bits of the plane `pasted`


class Cutting(NamedTuple):
    """A person or thing with its own pixels, all planes [h,w] of its box, and its entry in the meta data's people, if a person."""

    rgb: np.ndarray
    mask: np.ndarray  # bool
    label: int
    body: dict[str, np.ndarray] | None  # part, u, v where known
    person: dict[str, Any] | None  # box and keypoints count from the cutting's corner
    at_bottom: bool  # cut off by its picture's lower edge


class Donors:
    """What can be pasted: people of real pictures, every clip equally often, and people and things of rendered ones, of things every class of `rarity` equally often, if given."""

    def __init__(self, real: list[Path], pick: random.Random, rarity: Rarity | None = None):
        clips: dict[str, list[Path]] = {}
        for path in real:
            clips.setdefault(path.stem.rsplit('-', 1)[0], []).append(path)
        seen = {f: [facing(p) for p in records.load(f)['meta']['people'][0]] for files in clips.values() for f in files}
        self.clips = [files for files in clips.values() if any(seen[f] for f in files[::8])]
        self.behind = [f for f, people in seen.items() if any(side < 0 for side in people)]
        self.pick, self.rarity = pick, rarity

    def thing(self, other: Record, rng: np.random.Generator) -> Cutting | None:
        record, label = self.rarity.draw(self.pick) if self.rarity else (other, None)
        return cut_thing(record, len(record['frames']) - 1, rng, label)

    def real(self, rng: np.random.Generator) -> Cutting | None:
        """A real person, often one seen from behind: the teachers' people are 434 from the front and 30 from behind."""
        if self.behind and rng.random() < BEHIND:
            return cut_person(records.load(self.pick.choice(self.behind)), 0, rng, behind_first=True)
        return cut_person(records.load(self.pick.choice(self.pick.choice(self.clips))), 0, rng) if self.clips else None


def cut(frame: dict[str, np.ndarray], mask: np.ndarray, label: int, person: dict[str, Any] | None) -> Cutting:
    ys, xs = np.nonzero(mask)
    y, x, bottom, right = ys.min(), xs.min(), ys.max() + 1, xs.max() + 1
    own = (slice(y, bottom), slice(x, right))
    body = {k: frame[k][own] for k in ('part', 'u', 'v')} if 'part' in frame and person and person['labelled'] else None
    if person:
        left, top, w, h = person['box']
        person = {**person, 'box': [left - x, top - y, w, h], 'keypoints': [[kx - x, ky - y, v] for kx, ky, v in person['keypoints']]}
    return Cutting(frame['rgb'][own], mask[own], label, body, person, bool(bottom >= len(mask) - 2))


def cut_person(record: Record, index: int, rng: np.random.Generator, behind_first: bool = False) -> Cutting | None:
    """One of the people of a frame whose outline is known, real ones only with their joints; `behind_first`: seen from behind, if there is one."""
    frame, people = record['frames'][index], record['meta']['people'][index]
    order = list(rng.permutation(len(people)))
    if behind_first:
        order.sort(key=lambda k: facing(people[k]) >= 0)
    for k in order:
        mask = frame['instances'] == people[k]['id']
        if 'person' in frame:
            mask &= frame['person'] == PERSON
        if mask.sum() >= LEAST and (people[k]['labelled'] or 'labels' in frame and 'person' not in frame):
            return cut(frame, mask, PERSON, people[k])
    return None


def cut_thing(record: Record, index: int, rng: np.random.Generator, of: int | None = None) -> Cutting | None:
    drawn = draw_thing(rng, record['frames'][index], of)
    return cut(record['frames'][index], drawn[1], drawn[0], None) if drawn and drawn[1].sum() >= LEAST_OF_THING else None


def paste(record: Record, cutting: Cutting, rng: np.random.Generator) -> Record:
    """A copy of a record of one frame, into which the cutting is set at a random place and size."""
    frame = dict(record['frames'][0])
    height, width = frame['rgb'].shape[:2]
    h, w = cutting.mask.shape
    tall = height * np.exp(rng.uniform(np.log(0.12), np.log(0.95)))
    s = float(np.clip(tall / max(h, 0.6 * w), 12 / min(h, w) if min(h, w) > 12 else 1.0, 1.5))
    h2, w2 = max(4, round(h * s)), max(4, round(w * s))
    x = round(rng.uniform(-0.3 * w2, width - 0.7 * w2))
    y = height - h2 if cutting.at_bottom and rng.random() < 0.7 else round(rng.uniform(-0.15 * h2, height - 0.75 * h2))
    sy, sx = h2 / h, w2 / w
    m = np.array([[sx, 0, x + (sx - 1) / 2], [0, sy, y + (sy - 1) / 2]])

    def place(plane: np.ndarray, interpolation: int, border: int = cv2.BORDER_CONSTANT) -> np.ndarray:
        return cv2.warpAffine(plane, m, (width, height), flags=interpolation, borderMode=border)

    soft, rgb = cutting.mask.astype(np.float32), cutting.rgb.astype(np.float32)
    if s < 0.8:  # shrinking: blur first, as an area filter would
        soft, rgb = (cv2.GaussianBlur(v, (0, 0), 0.45 / s) for v in (soft, rgb))
    alpha = place(soft, cv2.INTER_LINEAR)[..., None]
    colours = place(rgb, cv2.INTER_LINEAR, cv2.BORDER_REPLICATE)
    if rng.random() < 0.7:  # another light than its own
        colours = 255 * np.clip(colours / 255 * np.exp(rng.normal(0, 0.25)) * np.exp(rng.normal(0, 0.06, 3)), 0, 1) ** np.exp(rng.normal(0, 0.15))
    frame['rgb'] = (frame['rgb'] * (1 - alpha) + colours * alpha + 0.5).clip(0, 255).astype(np.uint8)
    mask = alpha[..., 0] > 0.5
    if not mask.any():
        return record
    return {'meta': {**record['meta'], 'people': [relabel(frame, record['meta']['people'][0], cutting, mask, m, place)]}, 'frames': [frame]}


def relabel(frame: dict[str, np.ndarray], people: list[dict[str, Any]], cutting: Cutting, mask: np.ndarray, m: np.ndarray, place: Any) -> list[dict[str, Any]]:
    """Sets the planes of `frame` under `mask` and gives its people: those behind keep what is seen of them."""
    instance = int(frame['instances'].max(initial=0)) + 1
    pasted = frame.get('pasted', np.zeros(mask.shape, np.uint8)).copy()
    pasted[mask] = NO_DEPTH | (NO_PARTS if cutting.person and cutting.body is None else 0)
    frame['pasted'] = pasted
    planes = {'instances': instance, 'labels': cutting.label}
    if 'person' in frame:
        planes['person'] = int(cutting.label == PERSON)
    for name, value in planes.items():
        if name in frame:
            frame[name] = np.where(mask, value, frame[name]).astype(frame[name].dtype)
    for name in ('part', 'u', 'v'):
        if name in frame or cutting.body:
            old = frame.get(name, np.zeros(mask.shape, np.uint8))
            frame[name] = np.where(mask, place(cutting.body[name], cv2.INTER_NEAREST) if cutting.body else 0, old).astype(np.uint8)
    height, width = mask.shape
    after = []
    for person in people:
        ys, xs = np.nonzero(frame['instances'] == person['id'])
        if not len(ys):
            continue
        hidden = [[x, y, 1 if v == 2 and 0 <= round(y) < height and 0 <= round(x) < width and mask[round(y), round(x)] else v] for x, y, v in person['keypoints']]
        seen = [int(xs.min()), int(ys.min()), int(np.ptp(xs)) + 1, int(np.ptp(ys)) + 1]
        behind = cv2.dilate(mask.astype(np.uint8), np.ones((5, 5), np.uint8))[ys, xs].any()
        after.append({**person, 'keypoints': hidden, 'box': seen if behind else person['box']})
    if cutting.person:
        x, y, w, h = cutting.person['box']
        corners = np.array([[x, y, 1], [x + w - 1, y + h - 1, 1]]) @ m.T
        (x, y), (right, bottom) = np.clip(corners, 0, [width - 1, height - 1])
        spots = [[*(m @ (kx, ky, 1)), v] for kx, ky, v in cutting.person['keypoints']]
        after.append({**cutting.person, 'id': instance, 'box': [x, y, right - x + 1, bottom - y + 1], 'keypoints': spots})
    return after


def with_pasted(record: Record, other: Record, donors: Donors, rng: np.random.Generator) -> Record:
    """One to three cuttings set into a random frame of `record`; `other` is a rendered record to cut people and things from."""
    index, last = int(rng.integers(len(record['frames']))), len(other['frames']) - 1
    meta, record = record['meta'], records.alone(record, index)
    for _ in range(int(rng.choice((1, 2, 3), p=(0.55, 0.3, 0.15)))):
        kind = rng.random()
        if kind < (0.45 if meta.get('real') else 0.55):
            cutting = donors.real(rng)
        elif meta.get('real') and kind < 0.75:
            cutting = cut_person(other, last, rng, behind_first=rng.random() < BEHIND)
        else:
            cutting = donors.thing(other, rng)
        if cutting is not None:
            record = paste(record, cutting, rng)
    return record
