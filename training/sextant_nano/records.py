"""Rendered clips: read from the pipe of `packages/world/bin/stream.mjs`, kept as one compact file per record.

A record on disk is a pickled dict: `meta` (the pipe's JSON) and per-frame arrays. Depth and flow are stored as float16,
depth as its logarithm (relative error 0.05 %).
"""
from __future__ import annotations

import json
import pickle
import struct
from pathlib import Path
from typing import Any, BinaryIO, Iterator

import numpy as np

MAGIC = b'SXW1'
Record = dict[str, Any]


def _exactly(pipe: BinaryIO, count: int) -> bytes:
    data = pipe.read(count)
    if len(data) != count:
        raise EOFError(f'the world stream ended inside a record: wanted {count} bytes, got {len(data)}')
    return data


def read_pipe(pipe: BinaryIO) -> Iterator[Record]:
    """Yields records until the pipe ends; EOFError on a cut record, ValueError on anything that is not a world stream."""
    while True:
        head = pipe.read(4)
        if not head:
            return
        if head != MAGIC:
            raise ValueError(f'not a world stream: expected {MAGIC!r}, got {head!r}')
        meta = json.loads(_exactly(pipe, struct.unpack('<I', _exactly(pipe, 4))[0]))
        h, w = meta['height'], meta['width']
        frames = []
        for index in range(meta['frames']):
            def plane(dtype: str, *shape: int) -> np.ndarray:
                return np.frombuffer(_exactly(pipe, int(np.prod(shape)) * np.dtype(dtype).itemsize), dtype).reshape(shape)

            rgb, depth, flow = plane('u1', h, w, 3), plane('<f4', h, w), plane('<f4', h, w, 2)
            occlusion, labels, instances = plane('u1', h, w), plane('u1', h, w), plane('<u2', h, w)
            part, u, v = plane('u1', h, w), plane('u1', h, w), plane('u1', h, w)
            frames.append({
                'rgb': rgb, 'log_depth': np.log(depth).astype(np.float16),  # NaN (sky) stays NaN
                'flow': None if index == 0 else flow.astype(np.float16), 'occlusion': None if index == 0 else occlusion,
                'labels': labels, 'instances': instances, 'part': part, 'u': u, 'v': v,
            })
        yield {'meta': meta, 'frames': frames}


def spread(files: list[Path], count: int) -> list[Path]:
    """`count` of the files, or all there are, evenly from the first to the last."""
    return [files[i * len(files) // count] for i in range(count)] if count < len(files) else files


def save(record: Record, path: Path) -> None:
    """Whole or not at all: readers never see half a file."""
    temporary = path.with_suffix('.tmp')
    with open(temporary, 'wb') as file:
        pickle.dump(record, file, protocol=5)
    temporary.rename(path)


def load(path: Path) -> Record:
    with open(path, 'rb') as file:
        return pickle.load(file)


def alone(record: Record, index: int) -> Record:
    """A record of one frame of another's; its planes are the same arrays."""
    meta = record['meta']
    return {'meta': {**meta, 'frames': 1, 'people': [meta['people'][index]]}, 'frames': [record['frames'][index]]}
