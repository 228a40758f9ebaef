"""Writes models/nano: one ONNX graph per part of the network, checked against PyTorch, and the manifest.

    python -m sextant_nano.export --weights runs/nano/ema.pt --out ../models/nano --summary runs/nano/summary.json
"""
from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .augment import CANONICAL_FOCAL
from .checkpoints import GENERATING, load_into, weights_of
from .data import world_classes
from .export_generate import SHARING, WEIGHTS, generating_graphs, has_generator, held_out, share_weights, task_spec, text_spec, write_meanings
from .export_graph import export_graph, store_half
from .flow import CHANNELS
from .model import Nano, normalise
from .quantise import CONVOLUTIONS, quantise_convolutions
from .text import MODALITIES, PROMPT_LENGTH, PROMPTS, VOCABULARY
from .trunk import DIM, FRAMES, HEAD, HEADS, LAYERS, Past


FRONT = 0.5  # probability from which somebody is seen from the front


class Rgb(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, rgb: Tensor, past: Tensor, past_seen: Tensor) -> tuple[Tensor, ...]:
        *skips, tokens, keys, now = self.model.rgb(normalise(rgb), Past(past, past_seen))
        return (*skips, tokens, keys, now.memory, now.seen)


class Modality(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, skip2: Tensor, skip4: Tensor, skip8: Tensor, tokens: Tensor, keys: Tensor, select: Tensor, prompt: Tensor,
                time: Tensor, noise: Tensor, past: Tensor, past_seen: Tensor) -> tuple[Tensor, ...]:
        f4, f2, now = self.model.modality(skip2, skip4, skip8, tokens, keys, select, prompt, time, noise, Past(past, past_seen))
        return f4, f2, now.memory, now.seen


def named(logits: Tensor) -> tuple[Tensor, Tensor]:
    """Logits [1,CLASSES,h,w] -> the likeliest class [1,h,w] and its probability."""
    # classes last and one TopK: onnxruntime's ArgMax and ReduceMax take several times as long
    logits = logits.permute(0, 2, 3, 1)
    top, label = logits.topk(1, dim=-1)
    # the winner's probability without normalising every class
    return label[..., 0].to(torch.uint8), 1 / torch.exp(logits - top).sum(dim=-1)


class Segmentation(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, features4: Tensor, features2: Tensor) -> tuple[Tensor, Tensor]:
        return named(self.model.segmentation(features4, features2))


class Skeleton(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, features4: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        joints, sides = self.model.skeleton(features4)
        return joints, self.model.facing(features4)[:, None], sides


class DensePose(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, features4: Tensor, features2: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        part, uv = self.model.densepose(features4, features2)
        return part.argmax(dim=1).to(torch.uint8), torch.sigmoid(uv), self.model.facing(features4)[:, None]


class Match(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.matcher = model.matcher

    def forward(self, rgb: Tensor) -> tuple[Tensor, ...]:
        return self.matcher(normalise(rgb))


class Flow(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.head = model.flow_head

    def forward(self, now2: Tensor, now4: Tensor, now8: Tensor, now16: Tensor, now_grey: Tensor, before2: Tensor, before4: Tensor,
                before8: Tensor, before16: Tensor, before_grey: Tensor, skip4: Tensor, skip8: Tensor, features4: Tensor) -> Tensor:
        return self.head((now2, now4, now8, now16, now_grey), (before2, before4, before8, before16, before_grey), skip4, skip8, features4)[0]


def graphs(model: Nano) -> dict[str, dict[str, Any]]:
    """Module, inputs (source in the manifest, example shape as function of H, W, dynamic axes) and outputs of every graph."""
    def rgb(h: int, w: int) -> Tensor:
        return torch.randint(0, 256, (1, h, w, 3), dtype=torch.uint8)

    def f(c: int, d: int):  # noqa: ANN202
        return lambda h, w: torch.randn(1, c, h // d, w // d)

    def axes(d: int, at: int = 2) -> dict[int, str]:
        return {at: f'h{d}', at + 1: f'w{d}'}

    def past(graph: str) -> dict[str, Any]:
        """The stream's cache. The example has one frame and lacks the other, so that the comparison covers both."""
        def memory(h: int, w: int) -> Tensor:
            return torch.randn(1, LAYERS, 2, FRAMES, HEADS, h // 32, w // 32, HEAD)

        return {'past': (f'state.{graph}.memory', memory, {5: 'h32', 6: 'w32'}),
                'past_seen': (f'state.{graph}.seen', lambda h, w: torch.tensor([[1.0] + [0.0] * (FRAMES - 1)]), {})}

    features2, features4 = ('modality.features2', f(32, 2), axes(2)), ('modality.features4', f(64, 4), axes(4))
    skips = {'skip2': ('rgb.skip2', f(16, 2), axes(2)), 'skip4': ('rgb.skip4', f(24, 4), axes(4)), 'skip8': ('rgb.skip8', f(40, 8), axes(8))}
    def unit(c: int, d: int):  # noqa: ANN202
        """As matching features are: of unit length. With longer ones the soft arg max would be a hard one and rounding would decide."""
        return lambda h, w: F.normalize(torch.randn(1, c, h // d, w // d), dim=1)

    matches: dict[str, Any] = {}
    for when, source in (('now', ''), ('before', 'previous.')):
        matches |= {f'{when}{d}': (f'{source}match.match{d}', unit(c, d), axes(d)) for d, c in CHANNELS.items()}
        matches[f'{when}_grey'] = (f'{source}match.grey', lambda h, w: F.avg_pool2d(torch.rand(1, 1, h, w) * 2 - 1, 2), axes(2))
    return {
        'rgb': {'module': Rgb(model), 'inputs': {'rgb': ('frame.rgb', rgb, axes(1, 1)), **past('rgb')},
                'outputs': ['skip2', 'skip4', 'skip8', 'tokens', 'keys', 'memory', 'seen']},
        'modality': {'module': Modality(model), 'inputs': {
            **skips, 'tokens': ('rgb.tokens', f(DIM, 16), axes(16)),
            'keys': ('rgb.keys', lambda h, w: torch.randn(1, LAYERS, 2, HEADS, h * w // 256, HEAD), {4: 'n'}),
            'select': ('task.select', lambda h, w: torch.ones(1, 5), {}),
            'prompt': ('task.prompt', lambda h, w: torch.randint(1, len(VOCABULARY), (1, 5, PROMPT_LENGTH)), {}),
            'time': ('task.time', lambda h, w: torch.ones(1), {}), 'noise': ('task.noise', f(15, 4), axes(4)), **past('modality')},
            'outputs': ['features4', 'features2', 'memory', 'seen']},
        'depth': {'module': model.depth_head, 'inputs': {'features2': features2}, 'outputs': ['depth']},
        'segmentation': {'module': Segmentation(model), 'inputs': {'features4': features4, 'features2': features2}, 'outputs': ['labels', 'confidence']},
        'skeleton': {'module': Skeleton(model), 'inputs': {'features4': features4}, 'outputs': ['skeleton', 'front', 'sides']},
        'densepose': {'module': DensePose(model), 'inputs': {'features4': features4, 'features2': features2}, 'outputs': ['part', 'uv', 'front']},
        'match': {'module': Match(model), 'inputs': {'rgb': ('frame.rgb', rgb, axes(1, 1))}, 'outputs': [*(f'match{d}' for d in CHANNELS), 'grey']},
        'flow': {'module': Flow(model), 'inputs': {**matches, 'skip4': skips['skip4'], 'skip8': skips['skip8'], 'features4': features4}, 'outputs': ['flow']},
    }


def states(graphs_with: tuple[str, ...]) -> dict[str, Any]:
    """Shapes of what streams remember, for the manifest."""
    memory = [1, LAYERS, 2, FRAMES, HEADS, 'H/32', 'W/32', HEAD]
    return {f'{graph}.{name}': {'dims': dims} for graph in graphs_with for name, dims in (('memory', memory), ('seen', [1, FRAMES]))}


def file_entry(name: str, data: bytes, source: str) -> dict[str, Any]:
    """A file of ours as manifests list them."""
    return {'path': name, 'sha256': hashlib.sha256(data).hexdigest(), 'bytes': len(data), 'licence': 'Apache-2.0', 'source': source}


def manifest(folder: Path, model: Nano, spec: dict[str, Any], more_files: list[str], tasks: list[str], summary: dict[str, Any], version: str) -> dict[str, Any]:
    """`spec`: the graphs written; `tasks`: what this checkpoint does well enough to be offered, beside estimation (`refer` among them)."""
    encoder = 'trained by this project from EfficientNet-Lite0 (Google, Apache-2.0) ImageNet weights'
    codecs = {
        'depth': {'type': 'canonical-depth', 'referenceFocal': CANONICAL_FOCAL, 'confidenceScale': 1.01, 'skyThreshold': 0.8}, 'flow': {'type': 'grid-flow'},
        'segmentation': {'type': 'labels'}, 'skeleton': {'type': 'centre-offset-pose', 'offsetScale': 32, 'centreThreshold': 0.25, 'jointThreshold': 0.03, 'voteRadius': 0.35, 'frontThreshold': FRONT, 'frontWeight': 3},
        'densepose': {'type': 'part-uv', 'frontThreshold': FRONT},
    }
    files = []
    for name in [*(f'{n}.onnx' for n in spec), *more_files]:
        source = encoder if name == 'rgb.onnx' else 'all-MiniLM-L6-v2 (Apache-2.0), by training/word_vectors.py' if name.startswith('words.') else 'trained by this project'
        files.append(file_entry(name, (folder / name).read_bytes(), source))
    does = {'estimate': 'estimates depth, flow, segmentation, skeleton and DensePose in one pass', 'generate': 'makes video from them', 'joint': 'makes both from a sentence'}
    return {
        'format': 1, 'name': 'nano', 'version': version, 'kind': 'unified', 'licence': 'Apache-2.0',
        'description': f'Two-stream diffusion transformer of {sum(q.numel() for q in model.parameters()) / 1e6:.1f} M parameters, causal over frames; {", ".join(does[t] for t in does if t == "estimate" or t in tasks)}.',
        'input': {'multipleOf': 32, 'min': 64, 'max': 1024, 'width': 256, 'height': 192, 'channels': 'rgb'},
        'files': files,
        'graphs': {n: {'file': f'{n}.onnx', 'inputs': {k: v[0] for k, v in g['inputs'].items()}, 'outputs': g['outputs']} for n, g in spec.items()},
        'modalities': {m: {'graph': m, 'outputs': spec[m]['outputs'], 'codec': codecs[m], 'prompt': PROMPTS[m][0]} for m in MODALITIES},
        'tasks': {
            'estimate': {'available': True, 'sampler': {'type': 'one-step'}},
            **{t: task_spec(t, t in tasks) if t in spec else {'available': False, 'sampler': {'type': 'one-step'}} for t in ('generate', 'joint')},
        },
        **({'referring': {'graph': 'refer', 'output': 'probability', 'modality': 'segmentation'}} if 'refer' in spec else {}),
        'streams': {'stride': 4, 'skeleton': 'limbs'},
        'states': states(tuple(g for g in ('rgb', 'modality', 'condition') if g in spec)),
        'classes': world_classes(),
        'text': {'vocabulary': VOCABULARY, 'promptLength': PROMPT_LENGTH, **(text_spec() if more_files else {})},
        'training': {**summary, **({'heldOut': held_out()} if 'refer' in tasks else {})},
    }


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--weights', type=Path, nargs='+', default=[], help='ema.pt of a training run, then files whose parts replace its own; without any random weights (for tests of the runtime)')
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--summary', type=Path, help='JSON with steps, hours, data: goes into the manifest')
    p.add_argument('--version', default='0.2.0')
    p.add_argument('--int8', action='store_true', help="the trunk's matrix products in int8")
    p.add_argument('--calibration', type=Path, help='folder of rendered records: convolutions of estimation in int8 too, their ranges found on these (quantise.py)')
    p.add_argument('--tasks', nargs='*', choices=('generate', 'joint', 'refer'), help='what to offer beside estimation (default: all three where the checkpoint was trained for them, else none)')
    a = p.parse_args()
    torch.manual_seed(0)
    model = Nano().eval()
    if a.weights:
        state = weights_of(a.weights)
        load_into(model, state, GENERATING)
        trained = has_generator(state)
    else:
        trained = True
        for q in model.parameters():
            if not q.any():  # what begins at zero (attention to text among it) would be compared as nothing with nothing
                torch.nn.init.normal_(q, std=0.02)
    model.name_classes([str(c['name']) for c in world_classes()])
    # float16 is what the checkpoint and the graphs store, so PyTorch is compared on the same rounded weights
    model.load_state_dict({k: v.half().float() if v.is_floating_point() else v for k, v in model.state_dict().items()})
    tasks = (a.tasks if a.tasks is not None else ['generate', 'joint', 'refer']) if trained else []
    assert not a.tasks or trained, f'{a.weights[0]} was trained for estimation only: it cannot {" or ".join(a.tasks)}'
    more = {n: g for n, g in generating_graphs(model).items() if n in tasks or (n in ('condition', 'paint') and {'generate', 'joint'} & set(tasks)) or (n == 'sharpen' and 'joint' in tasks)}
    spec = {**graphs(model), **more}
    a.out.mkdir(parents=True, exist_ok=True)
    for name, graph in spec.items():
        export_graph(name, graph, a.out / f'{name}.onnx', a.int8, half=not (a.calibration and name in CONVOLUTIONS))
    if a.calibration:
        quantise_convolutions(a.out, spec, a.calibration)
        for name in CONVOLUTIONS:
            store_half(a.out / f'{name}.onnx')
    files = write_meanings(a.out) if tasks else []
    sharing = [n for n in SHARING if n in spec]
    if sharing:
        share_weights(a.out, sharing)
        files.append(WEIGHTS)
    summary = json.loads(a.summary.read_text()) if a.summary else {}
    (a.out / 'manifest.json').write_text(json.dumps(manifest(a.out, model, spec, files, tasks, summary, a.version), indent=1) + '\n')
    print(f'{a.out}: {sum(f.stat().st_size for f in a.out.iterdir()) / 1e6:.1f} MB')


if __name__ == '__main__':
    main()
