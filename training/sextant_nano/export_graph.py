"""One graph of a model as an ONNX file: exported, stored small, checked against PyTorch at three sizes."""
from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnx.numpy_helper
import onnxruntime
import torch
from torch import Tensor, nn

from .quantise import quantise_products

OPSET = {'flow': 18, 'match': 18}  # else 20, from which on GELU is one operation; but onnxruntime's mean pooling of 19 and later takes thirty times as long as that before
TOLERANCE = 2e-3
INT8_TOLERANCE = 0.15
INT8_LABELS = 0.02  # share of labels of noise
FLOW_TOLERANCE = 3e-2  # on noise the iterations of the refinement magnify rounding


def store_half(path: Path) -> None:
    """Stores large weights as float16 behind a Cast that the runtime folds away when it loads: half the file, same arithmetic."""
    proto = onnx.load(str(path))
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
    onnx.save(proto, str(path))


def keep_once(path: Path) -> None:
    """Keeps one of equal weights: the exporter writes those of a matrix product once for each time that it is used."""
    proto = onnx.load(str(path))
    kept: dict[tuple[Any, ...], str] = {}
    instead: dict[str, str] = {}
    for tensor in proto.graph.initializer:
        values = onnx.numpy_helper.to_array(tensor)
        same = kept.setdefault((values.dtype.str, values.shape, values.tobytes()), tensor.name)
        if same != tensor.name:
            instead[tensor.name] = same
    for node in proto.graph.node:
        node.input[:] = [instead.get(name, name) for name in node.input]
    left = [tensor for tensor in proto.graph.initializer if tensor.name not in instead]
    del proto.graph.initializer[:]
    proto.graph.initializer.extend(left)
    onnx.save(proto, str(path))


def export_graph(name: str, graph: dict[str, Any], path: Path, int8: bool, half: bool = True) -> None:
    """`int8`: the matrix products of estimation; `half`: weights stored as float16."""
    module = graph['module'].eval()
    inputs = graph['inputs']
    names = list(inputs)
    torch.manual_seed(1)
    if name == 'depth':  # nn.Sequential's own argument name
        class Named(nn.Module):
            def __init__(self, net: nn.Module):
                super().__init__()
                self.net = net

            def forward(self, features: Tensor) -> Tensor:
                return self.net(features)
        module = Named(module)
    example = tuple(inputs[n][1](96, 160) for n in names)
    torch.onnx.export(module, example, str(path), input_names=names, output_names=graph['outputs'], opset_version=OPSET.get(name, 20), dynamo=False,
                      dynamic_axes={n: inputs[n][2] for n in names if inputs[n][2]}, do_constant_folding=True)
    import onnxslim  # of exports alone: the tests run where it is not installed

    # Half of what the tracer writes are shapes worked out at run time that are the same every time; a runtime takes them out again at every start.
    proto = onnxslim.slim(onnx.load(str(path)))
    onnx.checker.check_model(proto)
    proto.doc_string = ''
    for node in proto.graph.node:
        node.doc_string = ''
        del node.metadata_props[:]
    onnx.save(proto, str(path))
    quantised = int8 and name in ('rgb', 'modality', 'close_up')
    if quantised:
        quantise_products(path)
    if name == 'close_up':  # both streams go through the same layers
        keep_once(path)
    if half:
        store_half(path)
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
                assert share < (INT8_LABELS if quantised else 1e-3), f'{name}.{output} at {w}x{h}: {share:.2%} of labels differ between PyTorch and ONNX'
                continue
            error = float(np.abs(a - b).max() / (np.abs(a).max() + 1e-6))
            worst = max(worst, error)
            assert error < (INT8_TOLERANCE if quantised else FLOW_TOLERANCE if name == 'flow' else TOLERANCE), f'{name}.{output} at {w}x{h}: relative difference {error:.1e} between PyTorch and ONNX'
    print(f'{path.name}: {path.stat().st_size / 1e6:.2f} MB, at three sizes within {worst:.1e} of PyTorch (of the largest value)')
