"""The graph that looks at people from nearby (close_ups.py): a network of the same form as one ONNX graph, all that close-ups never change folded into it.

    python -m sextant_nano.export_close_ups --weights runs/nano/ema.pt runs/close-ups/ema.pt --model ../models/nano

adds it to a folder that `export.py` wrote, in the place of one that is there.
"""
from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any, Iterator

import numpy as np
import torch
from torch import Tensor, nn

from . import records
from .checkpoints import GENERATING, load_into, weights_of
from .close_ups import make_window
from .export import file_entry, named
from .export_graph import export_graph, store_half
from .model import Nano, normalise
from .quantise import CONVOLUTIONS, quantise_graph
from .trunk import Grid
from .validate import default_task

NAME = 'close_up'
MODALITIES = ('segmentation', 'skeleton', 'densepose')
OUTPUTS = {'segmentation': ['labels', 'confidence'], 'skeleton': ['skeleton', 'front', 'sides'], 'densepose': ['part', 'uv', 'front']}
NAMES = list(dict.fromkeys(o for outputs in OUTPUTS.values() for o in outputs))  # which side is seen of people is one output
SIZE = (160, 192)  # width, height: best of those tried (training/findings.md), and what it was trained on since 0.21.0
IN_INT8 = '|'.join(CONVOLUTIONS[n] for n in ('rgb', 'modality', 'segmentation'))  # convolutions: those of the graphs that this one is made of
LEAST_WINDOWS = 20


class CloseUp(nn.Module):
    """rgb uint8 [1,H,W,3] -> NAMES, as the graphs of these modalities give them. Its task is always the same, so are noise, time, words and what is selected."""

    def __init__(self, model: Nano):
        super().__init__()
        self.model = model
        task = default_task(1, 16, 16, torch.device('cpu'))
        with torch.no_grad():
            start = sum(stem(task['noise'][:, 3 * i:3 * i + 3]) for i, stem in enumerate(model.stems))
            text, shut = model.read(task['prompt'].flatten(1), task['prompt'].shape[2])
            condition = model.trunk.time(task['time']) + model.switch.sum(0, keepdim=True)
        for name, value in (('start', start.flatten(2).transpose(1, 2)), ('text', text), ('shut', shut), ('condition', condition)):
            self.register_buffer(name, value.clone())

    def forward(self, rgb: Tensor) -> tuple[Tensor, ...]:
        model = self.model
        skip2, skip4, skip8, tokens, keys, _ = model.rgb(normalise(rgb))
        _, dim, h, w = tokens.shape
        y, _ = model.trunk.modality(self.start.expand(1, h * w, dim), self.condition, Grid.of(h, w, tokens.device), keys, None, self.text, self.shut)
        features4, features2 = model.decode(torch.cat((tokens, y.transpose(1, 2).reshape(1, dim, h, w)), dim=1), skip2, skip4, skip8)
        labels, confidence = named(model.segmentation(features4, features2))
        joints, sides = model.skeleton(features4)
        front = model.facing(features4)[:, None]
        part, uv = model.densepose(features4, features2)
        return labels, confidence, joints, front, sides, part.argmax(dim=1).to(torch.uint8), torch.sigmoid(uv)


def graph(model: Nano) -> dict[str, Any]:
    def rgb(h: int, w: int) -> Tensor:
        return torch.randint(0, 256, (1, h, w, 3), dtype=torch.uint8)

    return {'module': CloseUp(model), 'inputs': {'rgb': ('frame.rgb', rgb, {1: 'h', 2: 'w'})}, 'outputs': NAMES}


def windows(folder: Path, count: int = 60) -> Iterator[np.ndarray]:
    """uint8 [H,W,3]: windows around people of records, spread over the folder, augmented as in training."""
    files = sorted(folder.glob('*.rec'))
    rng = np.random.default_rng(5)
    found = 0
    for path in files[::max(1, len(files) // (4 * count))]:
        made = make_window(records.load(path), SIZE[::-1], rng)
        if made is not None:
            yield made['rgb']
            found += 1
            if found == count:
                return
    if found < LEAST_WINDOWS:
        raise SystemExit(f'{folder}: only {found} windows around people to find the ranges of int8 with; render more, or export without --calibration')


def add_to(manifest: dict[str, Any], data: bytes) -> None:
    """Enters the graph, in the place of an older one."""
    path = f'{NAME}.onnx'
    entry = file_entry(path, data, next(f['source'] for f in manifest['files'] if f['path'] == 'rgb.onnx'))
    manifest['files'] = [f for f in manifest['files'] if f['path'] != path] + [entry]
    manifest['graphs'][NAME] = {'file': path, 'inputs': {'rgb': 'frame.rgb'}, 'outputs': NAMES}
    manifest['closeUps'] = {'width': SIZE[0], 'height': SIZE[1],
                            'modalities': {m: {'graph': NAME, 'outputs': OUTPUTS[m], 'codec': manifest['modalities'][m]['codec']} for m in MODALITIES}}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--weights', type=Path, nargs='+', required=True, help='ema.pt of a training run, then files whose parts replace its own')
    p.add_argument('--model', type=Path, required=True, help='folder of a model')
    p.add_argument('--int8', action='store_true', help='matrix products in int8')
    p.add_argument('--calibration', type=Path, help='folder of rendered records: convolutions in int8 too, their ranges found on windows of these (quantise.py)')
    a = p.parse_args()
    torch.manual_seed(0)
    model = Nano().eval()
    load_into(model, weights_of(a.weights), GENERATING)
    model.load_state_dict({k: v.half().float() if v.is_floating_point() else v for k, v in model.state_dict().items()})
    file = a.model / f'{NAME}.onnx'
    export_graph(NAME, graph(model), file, a.int8, half=not a.calibration)
    if a.calibration:
        quantise_graph(file, IN_INT8, [{'rgb': rgb[None]} for rgb in windows(a.calibration)])
        store_half(file)
    described = json.loads((a.model / 'manifest.json').read_text())
    add_to(described, file.read_bytes())
    (a.model / 'manifest.json').write_text(json.dumps(described, indent=1) + '\n')


if __name__ == '__main__':
    main()
