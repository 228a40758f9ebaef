"""int8 for what bears it: the trunk's matrix products, and the convolutions that take most of a frame's time.

Products have their activations quantised as they come (onnxruntime, dynamic). Convolutions have ranges that are known before, from pictures
that the graphs are shown once (static, QDQ; Jacob et al. 2018): weights per channel, activations uint8. Chosen by measurement (training/findings.md,
int8): the encoder's stem, its early stages and depthwise convolutions, and the heads of depth and skeletons, lose more than they gain.
"""
from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any, Iterable, Iterator

import numpy as np
import onnx
import onnxruntime
from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_dynamic, quantize_static

from . import records
from .augment import make_clip
from .text import MODALITIES, PROMPTS, encode

CONVOLUTIONS = {'rgb': r'stages\.[3-6]\..*(expand|project)|rgb_in', 'modality': r'/(mix|more)', 'segmentation': r'/segmentation_', 'flow': r'/body/'}
CLIPS = 40  # of two frames
DIFFERENCE = 0.2  # most, root mean square over that of the values, that an output may change


def quantise_products(path: Path) -> None:
    """Weights of matrix products as int8 per channel, activations quantised as they come."""
    plain = path.with_suffix('.plain.onnx')
    path.rename(plain)
    quantize_dynamic(plain, path, weight_type=QuantType.QInt8, op_types_to_quantize=['MatMul', 'Gemm'], per_channel=True)
    plain.unlink()


def clips(folder: Path, count: int = CLIPS) -> Iterator[np.ndarray]:
    """uint8 [2,192,256,3]: two frames of `count` records, spread over the folder, augmented as in training."""
    files = sorted(folder.glob('*.rec'))
    if not files:
        raise SystemExit(f'{folder}: no records (*.rec) to find the ranges of int8 with; render some, or export without --calibration')
    rng = np.random.default_rng(5)
    for path in files[::max(1, len(files) // count)][:count]:
        yield make_clip(records.load(path), (192, 256), rng, 2)['rgb']


class Feeds(CalibrationDataReader):
    def __init__(self, feeds: list[dict[str, np.ndarray]]):
        self.feeds = iter(feeds)

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self.feeds, None)


def looked(folder: Path, spec: dict[str, dict[str, Any]], order: list[str], pictures: Iterable[np.ndarray]) -> Iterator[tuple[dict[str, dict[str, np.ndarray]], dict[str, np.ndarray]]]:
    """The graphs `order` of an exported network look at clips [T,H,W,3], frame by frame and with their memory, all five modalities asked for ->
    of every frame what each graph was given, and what it answered by its name in the manifest ('rgb.tokens'). A graph that needs the frame before is left out on the first."""
    sessions = {n: onnxruntime.InferenceSession(str(folder / f'{n}.onnx'), providers=['CPUExecutionProvider']) for n in order}
    prompt = np.array([[encode(PROMPTS[m][0]) for m in MODALITIES]], np.int64)
    for clip in pictures:
        h, w = clip.shape[1:3]
        values = {'task.select': np.ones((1, 5), np.float32), 'task.prompt': prompt, 'task.time': np.ones(1, np.float32), 'task.noise': np.zeros((1, 15, h // 4, w // 4), np.float32)}
        for n in ('rgb', 'modality'):
            example = spec[n]['inputs']
            values |= {f'state.{n}.{k}': np.zeros(tuple(example[name][1](h, w).shape), np.float32) for k, name in (('memory', 'past'), ('seen', 'past_seen'))}
        for frame in clip:
            values['frame.rgb'] = frame[None]
            feeds = {}
            for n in order:
                feed = {name: values.get(source[0]) for name, source in spec[n]['inputs'].items()}
                if any(v is None for v in feed.values()):
                    continue
                feeds[n] = feed
                values |= {f'{n}.{o.name}': v for o, v in zip(sessions[n].get_outputs(), sessions[n].run(None, feed))}
            yield feeds, values
            values |= {f'previous.{k}': v for k, v in values.items() if k.startswith('match.')}
            values |= {f'state.{n}.{k}': values[f'{n}.{k}'] for n in ('rgb', 'modality') for k in ('memory', 'seen')}


def shown(folder: Path, spec: dict[str, dict[str, Any]], pictures: Iterable[np.ndarray]) -> dict[str, list[dict[str, np.ndarray]]]:
    """What the graphs of CONVOLUTIONS are given when the network looks at clips."""
    feeds: dict[str, list[dict[str, np.ndarray]]] = {n: [] for n in CONVOLUTIONS if n in spec}
    for given, _ in looked(folder, spec, [n for n in ('rgb', 'modality', 'match', 'flow', 'segmentation') if n in spec], pictures):
        for n in feeds.keys() & given.keys():
            feeds[n].append(given[n])
    return feeds


def quantise_convolutions(folder: Path, spec: dict[str, dict[str, Any]], records_folder: Path) -> None:
    """The float graphs of CONVOLUTIONS in `folder`, in place. AssertionError if an output changes more than DIFFERENCE on the last of the pictures."""
    feeds = shown(folder, spec, clips(records_folder))
    for name, pattern in CONVOLUTIONS.items():
        if name in feeds:
            quantise_graph(folder / f'{name}.onnx', pattern, feeds[name])


def quantise_graph(path: Path, pattern: str, told: list[dict[str, np.ndarray]]) -> None:
    """The convolutions of a float graph whose names match, in place; ranges are found on what it is told but for the last four, on which an output may not change more than DIFFERENCE (AssertionError)."""
    nodes = [n.name for n in onnx.load(path).graph.node if n.op_type == 'Conv' and re.search(pattern, n.name)]
    assert nodes, f'{path.stem}: no convolution is called {pattern}'
    with tempfile.TemporaryDirectory() as work:
        to = Path(work) / path.name
        quantize_static(str(path), str(to), Feeds(told[:-4]), nodes_to_quantize=nodes, per_channel=True, activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8)
        before, after = (onnxruntime.InferenceSession(str(p), providers=['CPUExecutionProvider']) for p in (path, to))
        worst = 0.0
        for feed in told[-4:]:
            for output, a, b in zip(before.get_outputs(), before.run(None, feed), after.run(None, feed)):
                if a.dtype == np.uint8:
                    change = float((a != b).mean())
                else:
                    change = float(np.sqrt(((a - b) ** 2).mean() / max(float((a ** 2).mean()), 1e-12)))
                worst = max(worst, change)
                assert change < DIFFERENCE, f'{path.stem}.{output.name} changes by {change:.2f} with {len(nodes)} convolutions in int8'
        path.write_bytes(to.read_bytes())
    print(f'{path.name}: {len(nodes)} convolutions in int8, outputs within {worst:.3f} (root mean square, share of the values)')
