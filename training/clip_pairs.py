"""Unlabelled pairs of nearby frames of real clips, for photometric self-supervision of flow and depth:

    python clip_pairs.py --clips ../../shared/data/clips --out runs/pairs

One record NAME-INDEX.rec per pair, {'meta': {'real', 'pair', ...}, 'frames': [{'rgb'}, {'rgb', 'flow', 'seen'}]}, older frame first;
flow float16 [h,w,2] is DIS's, in pixels of the newer frame since the older one, and seen uint8 [h,w] where the way there and the way
back agree. Kept are pairs with visible motion (DIS flow, Kroeger et al. 2016) that the motion explains: no standing pictures, no scene cuts.
"""
from __future__ import annotations

import argparse
import zlib
from pathlib import Path

import cv2
import numpy as np

from real_clips import CLIPS, licences, pictures, shrink
from sextant_nano.records import save

LONG_SIDE = 208
FASTEST, SLOWEST = 25.0, 0.3  # pixels: the 95th percentile of a pair's motion lies between
LARGEST_RESIDUAL = 22.0  # grey levels, mean over the picture, after motion compensation: more is a scene cut or a flash
TRIES = 4  # candidate pairs per pair wanted


AGREE = 0.5, 0.05  # pixels, and share of the motion, by which the way there and the way back may differ


def dense_flow(before: np.ndarray, now: np.ndarray, dis: cv2.DISOpticalFlow) -> tuple[np.ndarray, np.ndarray]:
    """Flow [h,w,2] of two RGB pictures (position now minus position before, on the grid of `now`), and where it can be trusted."""
    a, b = (cv2.cvtColor(x, cv2.COLOR_RGB2GRAY) for x in (before, now))
    there, back = dis.calc(b, a, None), dis.calc(a, b, None)
    ys, xs = np.mgrid[0:b.shape[0], 0:b.shape[1]].astype(np.float32)
    x, y = xs + there[..., 0], ys + there[..., 1]
    returned = cv2.remap(back, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=(1e4, 1e4))
    length = np.linalg.norm(there, axis=2)
    seen = np.linalg.norm(there + returned, axis=2) < AGREE[0] + AGREE[1] * length
    return -there, seen


def motion(before: np.ndarray, now: np.ndarray, dis: cv2.DISOpticalFlow) -> tuple[float, float]:
    """95th percentile of the motion in pixels, and what motion does not explain in grey levels, of two RGB pictures."""
    a, b = (cv2.cvtColor(x, cv2.COLOR_RGB2GRAY) for x in (before, now))
    flow = dis.calc(b, a, None)
    ys, xs = np.mgrid[0:b.shape[0], 0:b.shape[1]].astype(np.float32)
    warped = cv2.remap(a, xs + flow[..., 0], ys + flow[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return float(np.percentile(np.linalg.norm(flow, axis=2), 95)), float(np.abs(warped.astype(np.float32) - b).mean())


def candidates(count: int, wanted: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    """(older, newer) indices 1 to 3 frames apart, spread over the clip, in an order that any beginning of it is spread as well."""
    starts = rng.permutation(max(0, count - 3))[:wanted * TRIES]
    return [(int(s), int(s) + gap) for s, gap in zip(starts, rng.integers(1, 4, len(starts)))]


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--clips', type=Path, required=True)
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--per-clip', type=int, default=60)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    cv2.setNumThreads(1)
    licence = licences(a.clips)
    dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    fine = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
    total = used = 0
    for clip in CLIPS:
        frames = [(index, shrink(rgb, LONG_SIDE)) for index, rgb in pictures(a.clips, clip)]
        rng = np.random.default_rng(zlib.crc32(clip.name.encode()))
        kept = still = fast = cut = 0
        for older, newer in candidates(len(frames), a.per_clip, rng):
            if kept == a.per_clip:
                break
            speed, residual = motion(frames[older][1], frames[newer][1], dis)
            still, fast, cut = still + (speed < SLOWEST), fast + (speed > FASTEST), cut + (residual > LARGEST_RESIDUAL)
            if not SLOWEST <= speed <= FASTEST or residual > LARGEST_RESIDUAL:
                continue
            height, width = frames[newer][1].shape[:2]
            meta = {'real': True, 'pair': True, 'clip': clip.name, 'licence': licence[clip.name], 'width': width, 'height': height,
                    'frames': 2, 'gap': newer - older, 'motion': round(speed, 2), 'residual': round(residual, 2), 'people': [[], []]}
            flow, seen = dense_flow(frames[older][1], frames[newer][1], fine)
            save({'meta': meta, 'frames': [{'rgb': frames[older][1]}, {'rgb': frames[newer][1], 'flow': flow.astype(np.float16), 'seen': seen.astype(np.uint8)}]}, a.out / f'{clip.name}-{kept:04d}.rec')
            kept += 1
        total, used = total + kept, used + (kept > 0)
        print(f'{clip.name}: {kept} pairs; dropped {still} still, {fast} too fast, {cut} unexplained; {licence[clip.name]}', flush=True)
    print(f'{total} pairs from {used} clips')


if __name__ == '__main__':
    main()
