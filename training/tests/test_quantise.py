"""Convolutions in int8: which ones, on what they are shown, and that what does not bear it is told."""
from __future__ import annotations

import contextlib
import io
import tempfile
import unittest
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from sextant_nano import quantise, records

from .scenes import BOX, person, rendered


class Rgb(nn.Module):
    """Two convolutions by name, and a memory that counts frames."""

    def __init__(self) -> None:
        super().__init__()
        self.early, self.rgb_in = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 8, 1)

    def forward(self, rgb: Tensor, past: Tensor, past_seen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.rgb_in(torch.relu(self.early(rgb.permute(0, 3, 1, 2).float() / 255)))
        return x, past + 1, torch.cat((torch.ones_like(past_seen[:, :1]), past_seen[:, :-1]), dim=1)


class Modality(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.mix = nn.Conv2d(8, 4, 3, padding=1)

    def forward(self, tokens: Tensor, select: Tensor, past: Tensor, past_seen: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        return self.mix(tokens) * select.sum(), past + 1, past_seen + 0


class Match(nn.Module):
    def forward(self, rgb: Tensor) -> Tensor:
        return rgb.float().mean((1, 2))


class Flow(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Conv2d(4, 2, 3, padding=1)

    def forward(self, now: Tensor, before: Tensor, features: Tensor) -> Tensor:
        return self.body(features) + (now - before).sum()


def spec() -> dict[str, dict[str, Any]]:
    past = {'past': ('state.{}.memory', lambda h, w: torch.zeros(1, 1), {}), 'past_seen': ('state.{}.seen', lambda h, w: torch.zeros(1, 2), {})}

    def of(graph: str) -> dict[str, Any]:
        return {k: (source.format(graph), *rest) for k, (source, *rest) in past.items()}

    picture = ('frame.rgb', lambda h, w: torch.zeros(1, h, w, 3, dtype=torch.uint8), {})
    mean = lambda h, w: torch.zeros(1, 3)  # noqa: E731
    return {
        'rgb': {'module': Rgb(), 'inputs': {'rgb': picture, **of('rgb')}, 'outputs': ['tokens', 'memory', 'seen']},
        'modality': {'module': Modality(), 'inputs': {'tokens': ('rgb.tokens', lambda h, w: torch.zeros(1, 8, h, w), {}), 'select': ('task.select', lambda h, w: torch.ones(1, 5), {}), **of('modality')},
                     'outputs': ['features', 'memory', 'seen']},
        'match': {'module': Match(), 'inputs': {'rgb': picture}, 'outputs': ['match']},
        'flow': {'module': Flow(), 'inputs': {'now': ('match.match', mean, {}), 'before': ('previous.match.match', mean, {}), 'features': ('modality.features', lambda h, w: torch.zeros(1, 4, h, w), {})},
                 'outputs': ['flow']},
    }


class Convolutions(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        torch.manual_seed(3)
        self.spec = spec()
        for name, graph in self.spec.items():
            example = tuple(i[1](192, 256) for i in graph['inputs'].values())
            torch.onnx.export(graph['module'], example, str(self.folder / f'{name}.onnx'), input_names=list(graph['inputs']), output_names=graph['outputs'], opset_version=18, dynamo=False)
        for i in range(6):
            records.save(rendered([person(1, BOX)], frames=2, flow=(2, 0)), self.folder / f'{i}.rec')

    def run_graph(self, name: str, feed: dict[str, np.ndarray]) -> list[np.ndarray]:
        return onnxruntime.InferenceSession(str(self.folder / f'{name}.onnx'), providers=['CPUExecutionProvider']).run(None, feed)

    def test_are_shown_what_the_runtime_would_give(self) -> None:
        clip = np.random.default_rng(0).integers(0, 256, (2, 192, 256, 3), np.uint8)
        feeds = quantise.shown(self.folder, self.spec, iter([clip]))
        self.assertEqual({k: len(v) for k, v in feeds.items()}, {'rgb': 2, 'modality': 2, 'flow': 1})  # nothing was before the first frame
        self.assertEqual([float(f['past'][0, 0]) for f in feeds['rgb']], [0, 1])
        self.assertEqual([list(f['past_seen'][0]) for f in feeds['rgb']], [[0, 0], [1, 0]])
        flow = feeds['flow'][0]
        np.testing.assert_allclose(flow['before'][0], clip[0].mean((0, 1)), rtol=1e-5)
        np.testing.assert_allclose(flow['now'][0], clip[1].mean((0, 1)), rtol=1e-5)

    def test_are_the_named_ones_and_answer_nearly_as_before(self) -> None:
        with mock.patch.object(quantise, 'CLIPS', 6), contextlib.redirect_stdout(io.StringIO()):
            feeds = quantise.shown(self.folder, self.spec, quantise.clips(self.folder, 6))
            before = {n: self.run_graph(n, feeds[n][-1]) for n in feeds}
            quantise.quantise_convolutions(self.folder, self.spec, self.folder)
        rgb = onnx.load(self.folder / 'rgb.onnx').graph
        held = {i.name: i.data_type for i in rgb.initializer}
        int8 = [n.name for n in rgb.node if n.op_type == 'Conv' and any(held.get(d.input[0]) == onnx.TensorProto.INT8 for d in rgb.node if d.output[0] == n.input[1])]
        self.assertEqual(len(int8), 1)
        self.assertIn('rgb_in', int8[0])
        for n in feeds:
            for a, b in zip(before[n], self.run_graph(n, feeds[n][-1])):
                self.assertLess(float(np.sqrt(((a - b) ** 2).mean())), 0.05 * float(np.sqrt((a ** 2).mean())) + 1e-6)

    def test_that_change_too_much_are_refused(self) -> None:
        with mock.patch.object(quantise, 'DIFFERENCE', 1e-6), self.assertRaisesRegex(AssertionError, r'rgb\.tokens changes by 0\.\d\d with 1 convolutions'):
            quantise.quantise_convolutions(self.folder, self.spec, self.folder)

    def test_need_pictures(self) -> None:
        with tempfile.TemporaryDirectory() as empty, self.assertRaisesRegex(SystemExit, 'no records'):
            next(quantise.clips(Path(empty)))


if __name__ == '__main__':
    unittest.main()
