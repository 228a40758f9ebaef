"""One record -> one training clip of 1 to 3 frames: crop (often around a person), flip, photometric changes, targets.

Geometry is done on the labels' own terms: masks by nearest neighbour, depth by interpolating inverse depth (linear in the
picture for planes; an offset of a quarter pixel would be up to 7 % of depth on a grazing floor).
"""
from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from .crops import CLASSES, THING_CROPS, affine, choose_crop, downscaled, off_ties, random_map, random_thing, warp, warp_rgb
from .facing import HEAD_WEIGHT, facing_of, has_joints
from .paste import NO_DEPTH, NO_PARTS
from .records import Record
from .sides import PAIRS, from_front, picture_order

Sample = dict[str, np.ndarray]
CANONICAL_FOCAL = 200.0  # pixels; canonical depth = metres * 200 / focal
# mirrored: left/right joints (COCO) and DensePose parts swap
SWAP_JOINTS = np.array([0, 2, 1, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15])
SWAP_PARTS = np.array([0, 1, 2, 4, 3, 6, 5, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20, 19, 22, 21, 24, 23], np.uint8)


def photometric(rng: np.random.Generator) -> Any:
    """Draws one change and returns a function that applies it (both frames of a pair get the same, noise apart)."""
    order = rng.permutation(3) if rng.random() < 0.1 else np.arange(3)
    gain = np.exp(rng.normal(0, 0.12, 3)) * np.exp(rng.normal(0, 0.22))
    gamma = np.exp(rng.normal(0, 0.22))
    contrast, offset = np.exp(rng.normal(0, 0.18)), rng.normal(0, 0.05)
    saturation = 0.0 if rng.random() < 0.06 else np.exp(rng.normal(0, 0.35))
    blur = rng.uniform(0.4, 1.3) if rng.random() < 0.3 else 0.0
    noise = abs(rng.normal(0, 6)) if rng.random() < 0.5 else 0.0
    quality = int(rng.uniform(25, 90)) if rng.random() < 0.35 else 0
    coarse = rng.uniform(0.45, 0.9) if rng.random() < 0.15 else 0.0

    def apply(rgb: np.ndarray) -> np.ndarray:
        x = rgb[..., order].astype(np.float32) / 255
        grey = x.mean(-1, keepdims=True)
        x = grey + (x - grey) * saturation
        x = np.clip(x * gain, 0, None) ** gamma
        x = (x - 0.5) * contrast + 0.5 + offset
        if blur:
            x = cv2.GaussianBlur(x, (0, 0), blur)
        if coarse:
            h, w = x.shape[:2]
            x = cv2.resize(cv2.resize(x, (max(8, int(w * coarse)), max(8, int(h * coarse))), interpolation=cv2.INTER_AREA), (w, h))
        x = x * 255
        if noise:
            x = x + rng.normal(0, noise, x.shape)
        out = np.clip(x + 0.5, 0, 255).astype(np.uint8)
        if quality:
            out = jpeg(out, quality)
        return out

    return apply


def jpeg(rgb: np.ndarray, quality: int) -> np.ndarray:
    """The picture as a camera's JPEG; OpenCV takes blue for the first channel, which JPEG keeps worst."""
    return cv2.imdecode(cv2.imencode('.jpg', rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)[..., ::-1].copy()


HEAD_RADIUS = 0.08  # of a person's longer side


def skeleton_targets(people: list[dict[str, Any]], m: np.ndarray, size: tuple[int, int], instances: np.ndarray, flip: bool) -> Sample:
    """Heat maps (17 joints + person centre) by the joints' names and with pairs in the picture's order, which of each pair is which (sides.py),
    pixel-to-centre offsets and their weights, and on bodies which side is seen (facing.py), on the 1/4 grid."""
    h, w = size[0] // 4, size[1] // 4
    heat, in_order = np.zeros((18, h, w), np.float32), np.zeros((18, h, w), np.float32)
    sides = np.zeros((len(PAIRS), h, w), np.float32)
    known = np.ones((h, w), np.float32)  # 0 where people without a known skeleton stand
    offset = np.zeros((2, h, w), np.float32)
    offset_weight = np.zeros((h, w), np.float32)
    facing = np.zeros((h, w), np.float32)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    scale = abs(m[0, 0])
    for person in people:
        mask = instances == person['id']
        if not mask.any():
            continue
        if not has_joints(person):
            known[cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 0
        x, y, bw, bh = person['box']
        corners = np.array([[x, y, 1], [x + bw - 1, y + bh - 1, 1]]) @ m.T
        # the box is clipped to the crop, as a detector that only sees the crop would have it
        corners = np.clip(corners, 0, [size[1] - 1, size[0] - 1])
        centre = corners.mean(0)
        side = max(bw, bh) * scale
        sigma = float(np.clip(side / 4 * 0.035, 0.7, 2.5))
        if has_joints(person):
            points = np.asarray(person['keypoints'], np.float64)
            seen = np.sign(facing_of(points))  # mirroring swaps left and right twice
            facing[mask] = seen
            if flip:
                points = points[SWAP_JOINTS]
            spots = np.column_stack((points[:, 0], points[:, 1], np.ones(17))) @ m.T
            if (points[:5, 2] > 0).any():
                hx, hy = (spots[:5][points[:5, 2] > 0].mean(0) + 0.5) / 4 - 0.5
                facing[mask & (np.hypot(xs - hx, ys - hy) <= max(1.5, HEAD_RADIUS * side / 4))] = HEAD_WEIGHT * seen
            place, apart = picture_order(spots[:, 0], points[:, 2] > 0, side)
            for joint in range(17):
                if points[joint, 2] > 0:
                    jx, jy = (spots[joint] + 0.5) / 4 - 0.5
                    if -1 < jx < w and -1 < jy < h:
                        g = np.exp(-((xs - jx) ** 2 + (ys - jy) ** 2) / (2 * sigma * sigma))
                        known_as = g * (1.0 if points[joint, 2] == 2 else 0.7)
                        heat[joint] = np.maximum(heat[joint], known_as)
                        in_order[place[joint]] = np.maximum(in_order[place[joint]], known_as)
                        near = g > 0.3
                        if joint > 0:
                            pair = sides[(joint - 1) // 2]
                            pair[near & (pair == 0)] = apart[(joint - 1) // 2]
                        offset_weight[near & (offset_weight == 0)] = 0.5
                        offset[0][near & (offset_weight == 0.5)] = ((centre[0] - (xs * 4 + 1.5)) / 32)[near & (offset_weight == 0.5)]
                        offset[1][near & (offset_weight == 0.5)] = ((centre[1] - (ys * 4 + 1.5)) / 32)[near & (offset_weight == 0.5)]
        cx, cy = (centre + 0.5) / 4 - 0.5
        heat[17] = np.maximum(heat[17], np.exp(-((xs - cx) ** 2 + (ys - cy) ** 2) / (2 * (1.5 * sigma) ** 2)))
        offset[0][mask] = ((centre[0] - (xs * 4 + 1.5)) / 32)[mask]
        offset[1][mask] = ((centre[1] - (ys * 4 + 1.5)) / 32)[mask]
        offset_weight[mask] = 1
    in_order[17] = heat[17]
    return {'heat': heat, 'in_order': in_order, 'sides': sides, 'joint_weight': known, 'offset': offset, 'offset_weight': offset_weight, 'facing': facing}


NOT_PERSON, UNKNOWN = 254, 255  # label values beyond the classes: any class but person; anything


def make_real_sample(record: Record, size: tuple[int, int], rng: np.random.Generator, crop: tuple[float, float, float] | None = None) -> Sample:
    """A real picture, a random crop of it or the one given, with a teacher's person mask and skeletons (teacher.py), and a depth and classes that the
    network itself gave from the whole picture (pseudo.py) where the record holds them: everything else is unknown."""
    meta, frame = record['meta'], record['frames'][0]
    people = meta['people'][0]
    flip = rng.random() < 0.5
    full = off_ties(affine(crop or choose_crop(rng, meta, people, size[1] / size[0], False), size, flip), rng)
    scale = abs(full[0, 0])
    half, quarter = (size[0] // 2, size[1] // 2), (size[0] // 4, size[1] // 4)
    m2, m4 = downscaled(full, 2), downscaled(full, 4)
    rgb = photometric(rng)(warp_rgb(frame['rgb'], full, size, scale))
    person = warp(frame['person'], m2, half, cv2.INTER_NEAREST)
    person4 = warp(frame['person'], m4, quarter, cv2.INTER_NEAREST)
    labels = np.choose(np.where(person == 255, 2, person), (NOT_PERSON, 1, UNKNOWN)).astype(np.uint8)
    if 'labels' in frame:  # the teacher knows better who is a person
        pseudo = warp(frame['labels'], m2, half, cv2.INTER_NEAREST)
        labels = np.where((pseudo < CLASSES) & ((person == 255) | (person == 0) & (pseudo != 1)), pseudo, labels)
    depth_known, log_depth, sky = 'log_depth' in frame, np.zeros(half, np.float32), np.zeros(half, bool)
    if depth_known:  # canonical depth of the picture at scale 1; a crop blown up looks nearer
        log_depth = -np.log(warp(np.exp(-frame['log_depth'].astype(np.float32)), m2, half, cv2.INTER_LINEAR)) - np.float32(np.log(scale))
        sky = warp(frame['sky'], m2, half, cv2.INTER_NEAREST) > 0
    nothing = np.zeros(half, bool)
    pasted, part, uv = pasted_planes(frame, m2, half, flip)
    whose = warp(frame['instances'], m2, half, cv2.INTER_NEAREST) if 'instances' in frame else nothing
    out: Sample = {
        'rgb': rgb, 'log_depth': log_depth, 'sky': sky, 'depth_known': depth_known & ~(pasted & NO_DEPTH > 0), 'labels': labels,
        'things': np.zeros(half, np.int32), 'part': part, 'part_from_front': from_front(part, whose, people), 'part_known': (person == 0) | (pasted == NO_DEPTH), 'uv': uv,
        'flow': np.zeros((2, *half), np.float32), 'flow_valid': nothing, 'flow_seen': nothing,
    }
    instances = warp(frame['instances'], m4, quarter, cv2.INTER_NEAREST) if 'instances' in frame else (person4 == 1).astype(np.uint16)
    out |= skeleton_targets(people, full, size, instances, flip)
    # Joints are known to be absent where nobody is and elsewhere on labelled people; an unknown fringe must not hide a known joint.
    somebody = (person4 == 255) | (person4 == 1) & ~np.isin(instances, [p['id'] for p in people if has_joints(p)])
    out['joint_weight'] = (~somebody | (out['heat'][:17].max(0) > 0.1)).astype(np.float32)
    # Centres have no such weight: 0.59 is no positive of the focal loss, and as a negative weighs (1 - 0.59)^4 = 0.03.
    for maps in (out['heat'], out['in_order']):
        maps[17][somebody] = np.maximum(maps[17][somebody], 0.59)
    return out


def pasted_planes(frame: dict[str, np.ndarray], m2: np.ndarray, half: tuple[int, int], flip: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """On the half grid: what is unknown of pasted things (paste.py), body parts, and their uv [2,h,w] in [0, 1]; zeros where the frame has none."""
    pasted, part, u, v = (warp(frame[k], m2, half, cv2.INTER_NEAREST) if k in frame else np.zeros(half, np.uint8) for k in ('pasted', 'part', 'u', 'v'))
    if flip:
        part = SWAP_PARTS[part]
        u = np.where(part > 0, 255 - u, 0).astype(np.uint8)
    return pasted, part, np.stack((u, v)).astype(np.float32) / 255


GUESSED_FOCAL = 0.9  # picture widths: of an unknown camera


def make_motion_sample(record: Record, size: tuple[int, int], rng: np.random.Generator) -> Sample:
    """The newer frame of an unlabelled pair with its measured motion (clip_pairs.py), for motion.loss: 'motion' float32 [2,h,w] in
    pixels of half the grid, 'motion_seen' bool [h,w], 'focal' and 'centre' [2] of the camera on that grid, guessed."""
    meta, frame = record['meta'], record['frames'][-1]
    full = random_map(rng, meta, size)
    half, m2 = (size[0] // 2, size[1] // 2), downscaled(full, 2)
    flow = warp(frame['flow'].astype(np.float32), m2, half, cv2.INTER_LINEAR) * (m2[0, 0], m2[1, 1])
    middle = np.array([(meta['width'] - 1) / 2, (meta['height'] - 1) / 2, 1])
    return {
        'rgb': photometric(rng)(warp_rgb(frame['rgb'], full, size, abs(full[0, 0]))),
        'motion': flow.transpose(2, 0, 1).astype(np.float32), 'motion_seen': warp(frame['seen'], m2, half, cv2.INTER_NEAREST) > 0,
        'focal': np.float32(GUESSED_FOCAL * meta['width'] * abs(m2[0, 0])), 'centre': (m2 @ middle).astype(np.float32),
    }


def make_clip(record: Record, size: tuple[int, int], rng: np.random.Generator, length: int = 1, plain: bool = False, jump: float = 0.0, around: int | None = None) -> Sample:
    """size = (height, width), multiples of 32; every array gets a leading axis of `length` successive frames (fewer if the record
    has fewer). `plain`: no augmentation, the widest centred crop, the newest frames (validation). `jump`: the crop moves between
    frames by up to this share of its width, which adds motion to the flow. `around`: a thing of this class is what the crop shows."""
    frames = record['frames']
    if record['meta'].get('real'):
        return {k: v[None] for k, v in make_real_sample(record, size, rng).items()}
    length = min(length, len(frames))
    start = len(frames) - length if plain else int(rng.integers(0, len(frames) - length + 1))
    meta = record['meta']
    flip = not plain and rng.random() < 0.5
    thing = random_thing(rng, frames[start + length - 1], around) if not plain and (around is not None or rng.random() < THING_CROPS) else None
    crop = choose_crop(rng, meta, meta['people'][start + length - 1], size[1] / size[0], plain, thing)
    change = (lambda x: x) if plain else photometric(rng)
    samples, before = [], None
    for index in range(start, start + length):
        place = crop
        if jump:
            x, y, width = crop
            height = width * size[0] / size[1]
            x, y = x + rng.uniform(-jump, jump) * width, y + rng.uniform(-jump, jump) * height
            place = (float(np.clip(x, width / 2, meta['width'] - width / 2)), float(np.clip(y, height / 2, meta['height'] - height / 2)), width)
        full = affine(place, size, flip) if plain else off_ties(affine(place, size, flip), rng)
        samples.append(make_frame(record, index, size, full, before, flip, change))
        before = full
    return {k: np.stack([s[k] for s in samples]) for k in samples[0]}


def make_frame(record: Record, index: int, size: tuple[int, int], full: np.ndarray, before: np.ndarray | None, flip: bool, change: Any) -> Sample:
    """Picture and targets of frame `index` through the map `full`; `before` is the map of the frame before it (flow), None if unknown."""
    meta, frame = record['meta'], record['frames'][index]
    people = meta['people'][index]
    scale = abs(full[0, 0])
    half = (size[0] // 2, size[1] // 2)
    m2, m4 = downscaled(full, 2), downscaled(full, 4)
    rgb = change(warp_rgb(frame['rgb'], full, size, scale))

    log_depth = frame['log_depth'].astype(np.float32)
    disparity = np.nan_to_num(np.exp(-log_depth), nan=0.0)
    linear, near = warp(disparity, m2, half, cv2.INTER_LINEAR), warp(disparity, m2, half, cv2.INTER_NEAREST)
    disparity = np.where(np.abs(linear - near) < 0.08 * near, linear, near)
    sky = disparity <= 0
    canonical = np.log(CANONICAL_FOCAL / (meta['fx'] * scale)) - np.log(np.where(sky, 1, disparity))

    def nearest(name: str, m: np.ndarray = m2, to: tuple[int, int] = half) -> np.ndarray:
        return warp(frame[name], m, to, cv2.INTER_NEAREST)

    pasted, part, uv = pasted_planes(frame, m2, half, flip)
    instances = nearest('instances')
    unknown = np.isin(instances, [p['id'] for p in people if not p['labelled']])
    labels = nearest('labels')
    flow, seen, valid = np.zeros((*half, 2), np.float32), np.zeros(half, bool), np.zeros(half, bool)
    if before is not None and frame['flow'] is not None:
        flow = warp(frame['flow'].astype(np.float32), m2, half, cv2.INTER_NEAREST) * scale
        if flip:
            flow[..., 0] *= -1
        flow += (full[:, 2] - before[:, 2]).astype(np.float32)
        ys, xs = np.mgrid[0:half[0], 0:half[1]] * 2 + 0.5
        with np.errstate(invalid='ignore'):
            x, y = xs - flow[..., 0], ys - flow[..., 1]
            inside = (x > -0.5) & (x < size[1] - 0.5) & (y > -0.5) & (y < size[0] - 0.5)
        seen = (nearest('occlusion') == 0) & inside
        valid = np.isfinite(flow).all(-1)
    out: Sample = {
        'rgb': rgb,
        'log_depth': canonical.astype(np.float32), 'sky': sky, 'depth_known': pasted & NO_DEPTH == 0,
        'labels': np.where(labels < CLASSES, labels, UNKNOWN).astype(np.uint8),
        'things': instances.astype(np.int32), 'part': part, 'part_from_front': from_front(part, instances, people), 'part_known': ~unknown & (pasted & NO_PARTS == 0), 'uv': uv,
        'flow': np.nan_to_num(flow).transpose(2, 0, 1).astype(np.float32), 'flow_valid': valid, 'flow_seen': seen,
    }
    out |= skeleton_targets(people, full, size, warp(frame['instances'], m4, (size[0] // 4, size[1] // 4), cv2.INTER_NEAREST), flip)
    return out
