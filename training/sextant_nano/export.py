"""Writes models/nano: one ONNX graph per part of the network, checked against PyTorch, and the manifest.

    python -m sextant_nano.export --weights runs/nano/ema.pt --out ../models/nano --summary runs/nano/summary.json
"""
from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .augment import CANONICAL_FOCAL, CLASSES
from .flow import CHANNELS
from .model import Nano, normalise
from .text import MODALITIES, PROMPT_LENGTH, PROMPTS, VOCABULARY
from .trunk import DIM, FRAMES, HEAD, HEADS, LAYERS, Past

ROOT = Path(__file__).resolve().parents[2]
OPSET = 18
TOLERANCE = 2e-3
INT8_TOLERANCE = 0.15
FLOW_TOLERANCE = 3e-2  # on noise the iterations of the refinement magnify rounding


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


class Segmentation(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, features4: Tensor, features2: Tensor) -> tuple[Tensor, Tensor]:
        # classes last and one TopK: onnxruntime's ArgMax and ReduceMax take several times as long
        logits = self.model.segmentation(features4, features2).permute(0, 2, 3, 1)
        top, label = logits.topk(1, dim=-1)
        # the winner's probability without normalising every class
        return label[..., 0].to(torch.uint8), 1 / torch.exp(logits - top).sum(dim=-1)


class DensePose(nn.Module):
    def __init__(self, model: Nano):
        super().__init__()
        self.model = model

    def forward(self, features4: Tensor, features2: Tensor) -> tuple[Tensor, Tensor]:
        part, uv = self.model.densepose(features4, features2)
        return part.argmax(dim=1).to(torch.uint8), torch.sigmoid(uv)


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
        'skeleton': {'module': model.skeleton_head, 'inputs': {'features4': features4}, 'outputs': ['skeleton']},
        'densepose': {'module': DensePose(model), 'inputs': {'features4': features4, 'features2': features2}, 'outputs': ['part', 'uv']},
        'match': {'module': Match(model), 'inputs': {'rgb': ('frame.rgb', rgb, axes(1, 1))}, 'outputs': [*(f'match{d}' for d in CHANNELS), 'grey']},
        'flow': {'module': Flow(model), 'inputs': {**matches, 'skip4': skips['skip4'], 'skip8': skips['skip8'], 'features4': features4}, 'outputs': ['flow']},
    }


def states() -> dict[str, Any]:
    """Shapes of what streams remember, for the manifest."""
    memory = [1, LAYERS, 2, FRAMES, HEADS, 'H/32', 'W/32', HEAD]
    return {f'{graph}.{name}': {'dims': dims} for graph in ('rgb', 'modality') for name, dims in (('memory', memory), ('seen', [1, FRAMES]))}


def quantise(path: Path) -> None:
    """Weights of the trunk's matrix products as int8 per channel, activations quantised as they come (onnxruntime, dynamic)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    plain = path.with_suffix('.plain.onnx')
    path.rename(plain)
    quantize_dynamic(plain, path, weight_type=QuantType.QInt8, op_types_to_quantize=['MatMul', 'Gemm'], per_channel=True)
    plain.unlink()


def store_half(proto: onnx.ModelProto) -> None:
    """Stores large weights as float16 behind a Cast that the runtime folds away when it loads: half the file, same arithmetic."""
    casts = []
    for tensor in proto.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        if values.dtype == np.float32 and values.size >= 2048:
            name = tensor.name
            tensor.CopyFrom(onnx.numpy_helper.from_array(values.astype(np.float16), f'{name}.half'))
            casts.append(onnx.helper.make_node('Cast', [f'{name}.half'], [name], name=f'{name}.cast', to=onnx.TensorProto.FLOAT))
    nodes = list(proto.graph.node)
    del proto.graph.node[:]
    proto.graph.node.extend(casts + nodes)


def export_graph(name: str, graph: dict[str, Any], path: Path, int8: bool) -> None:
    module = graph['module'].eval()
    inputs = graph['inputs']
    names = list(inputs)
    torch.manual_seed(1)
    if name in ('depth', 'skeleton'):  # nn.Sequential's own argument name
        class Named(nn.Module):
            def __init__(self, net: nn.Module):
                super().__init__()
                self.net = net

            def forward(self, features: Tensor) -> Tensor:
                return self.net(features)
        module = Named(module)
    example = tuple(inputs[n][1](96, 160) for n in names)
    torch.onnx.export(module, example, str(path), input_names=names, output_names=graph['outputs'], opset_version=OPSET, dynamo=False,
                      dynamic_axes={n: inputs[n][2] for n in names if inputs[n][2]}, do_constant_folding=True)
    proto = onnx.load(str(path))
    onnx.checker.check_model(proto)
    proto.doc_string = ''
    for node in proto.graph.node:
        node.doc_string = ''
        del node.metadata_props[:]
    onnx.save(proto, str(path))
    quantised = int8 and name in ('rgb', 'modality')
    if quantised:
        quantise(path)
        proto = onnx.load(str(path))
    store_half(proto)
    onnx.save(proto, str(path))
    session = onnxruntime.InferenceSession(str(path), providers=['CPUExecutionProvider'])
    worst = 0.0
    for h, w in ((96, 160), (192, 256), (64, 96)):
        torch.manual_seed(h)
        example = tuple(inputs[n][1](h, w) for n in names)
        with torch.no_grad():
            want = module(*example)
        want = want if isinstance(want, tuple) else (want,)
        got = session.run(None, {n: t.numpy() for n, t in zip(names, example)})
        for output, a, b in zip(graph['outputs'], want, got):
            a = a.numpy()
            if a.dtype == np.uint8:
                share = float((a != b).mean())
                assert share < 1e-3, f'{name}.{output} at {w}x{h}: {share:.2%} of labels differ between PyTorch and ONNX'
                continue
            error = float(np.abs(a - b).max() / (np.abs(a).max() + 1e-6))
            worst = max(worst, error)
            assert error < (INT8_TOLERANCE if quantised else FLOW_TOLERANCE if name == 'flow' else TOLERANCE), f'{name}.{output} at {w}x{h}: relative difference {error:.1e} between PyTorch and ONNX'
    print(f'{path.name}: {path.stat().st_size / 1e6:.2f} MB, at three sizes within {worst:.1e} of PyTorch (of the largest value)')


def world_classes() -> list[dict[str, Any]]:
    code = "import('@sextant/world').then(w => console.log(JSON.stringify(w.CLASSES)))"
    text = subprocess.run(['node', '--input-type=module', '-e', code], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return json.loads(text)[:CLASSES]


def manifest(folder: Path, model: Nano, summary: dict[str, Any], version: str) -> dict[str, Any]:
    spec = graphs(model)
    encoder = 'trained by this project from EfficientNet-Lite0 (Google, Apache-2.0) ImageNet weights'
    codecs = {
        'depth': {'type': 'canonical-depth', 'referenceFocal': CANONICAL_FOCAL, 'confidenceScale': 1.1, 'skyThreshold': 0.9}, 'flow': {'type': 'grid-flow'},
        'segmentation': {'type': 'labels'}, 'skeleton': {'type': 'centre-offset-pose', 'offsetScale': 32, 'centreThreshold': 0.25, 'jointThreshold': 0.03, 'voteRadius': 0.35}, 'densepose': {'type': 'part-uv'},
    }
    files = []
    for name in spec:
        data = (folder / f'{name}.onnx').read_bytes()
        files.append({'path': f'{name}.onnx', 'sha256': hashlib.sha256(data).hexdigest(), 'bytes': len(data), 'licence': 'Apache-2.0',
                      'source': encoder if name == 'rgb' else 'trained by this project'})
    return {
        'format': 1, 'name': 'nano', 'version': version, 'kind': 'unified', 'licence': 'Apache-2.0',
        'description': f'Two-stream diffusion transformer of {sum(q.numel() for q in model.parameters()) / 1e6:.1f} M parameters, causal over frames; estimates depth, flow, segmentation, skeleton and DensePose in one pass.',
        'input': {'multipleOf': 32, 'min': 64, 'max': 1024, 'width': 256, 'height': 192, 'channels': 'rgb'},
        'files': files,
        'graphs': {n: {'file': f'{n}.onnx', 'inputs': {k: v[0] for k, v in g['inputs'].items()}, 'outputs': g['outputs']} for n, g in spec.items()},
        'modalities': {m: {'graph': m, 'outputs': spec[m]['outputs'], 'codec': codecs[m], 'prompt': PROMPTS[m][0]} for m in MODALITIES},
        'tasks': {task: {'available': task == 'estimate', 'sampler': {'type': 'one-step'}} for task in ('estimate', 'generate', 'joint')},
        'streams': {'stride': 4},
        'states': states(),
        'classes': world_classes(),
        'text': {'vocabulary': VOCABULARY, 'promptLength': PROMPT_LENGTH},
        'training': summary,
    }


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--weights', type=Path, help='ema.pt of a training run; without it random weights (for tests of the runtime)')
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--summary', type=Path, help='JSON with steps, hours, data: goes into the manifest')
    p.add_argument('--version', default='0.2.0')
    p.add_argument('--int8', action='store_true', help="the trunk's matrix products in int8")
    a = p.parse_args()
    torch.manual_seed(0)
    model = Nano().eval()
    model.load_state_dict({k: v.half().float() if v.is_floating_point() else v for k, v in model.state_dict().items()})
    if a.weights:
        # float16 is what the checkpoint and the graphs store, so PyTorch is compared on the same rounded weights
        model.load_state_dict({k: v.half().float() if v.is_floating_point() else v for k, v in torch.load(a.weights, map_location='cpu', weights_only=True).items()})
    a.out.mkdir(parents=True, exist_ok=True)
    for name, graph in graphs(model).items():
        export_graph(name, graph, a.out / f'{name}.onnx', a.int8)
    summary = json.loads(a.summary.read_text()) if a.summary else {}
    (a.out / 'manifest.json').write_text(json.dumps(manifest(a.out, model, summary, a.version), indent=1) + '\n')
    print(f'{a.out}: {sum(f.stat().st_size for f in a.out.iterdir()) / 1e6:.1f} MB')


if __name__ == '__main__':
    main()
