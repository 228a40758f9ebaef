"""ONNX from modules whose weights need not be in memory.

A network is built without storage, traced, and its weights become names in the graph; while the file is written each is read from the
checkpoint, turned as the graph wants it and appended to a shard. Peak memory is one tensor and the tracer.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx_ir as ir
import torch
from onnxscript import optimizer
from torch import Tensor, nn

from .graphs import Graph

SHARD_BYTES = 1_900_000_000  # below 2 GB, which some file systems and every protobuf stop at
OPSET = 20
DTYPES = {torch.float32: ir.DataType.FLOAT, torch.float16: ir.DataType.FLOAT16, torch.bfloat16: ir.DataType.BFLOAT16}


def without_storage(build: Callable[[], nn.Module], dtype: torch.dtype = torch.float32) -> nn.Module:
    """A network whose parameters have shapes and addresses, but no page of memory behind them until somebody writes there."""
    with torch.device("meta"):
        network = build()
    return network.to(dtype).to_empty(device="cpu").eval().requires_grad_(False)


def export_graph(graph: Graph, read: Callable[[str], Tensor], path: Path, shard_bytes: int = SHARD_BYTES) -> list[Path]:
    """Writes `path` (ONNX) and its weights beside it, `<stem>.data` or `<stem>-00001-of-0000N.data`; returns all files. read(name): a tensor of the checkpoint as stored."""
    model = _trace(graph)
    weights = {name: model.graph.initializers[name] for name, _ in graph.module.named_parameters() if name in model.graph.initializers}
    _optimize_around(model, weights)
    for value in weights.values():
        _place(model, value, read, value.name.removeprefix(graph.prefix), shard_bytes)
    _strip(model)
    for old in path.parent.glob(f"{path.stem}*.data"):
        old.unlink()
    ir.save(model, path, external_data=f"{path.stem}.data", size_threshold_bytes=1024, max_shard_size_bytes=shard_bytes)
    return [path, *sorted(path.parent.glob(f"{path.stem}*.data"))]


def _trace(graph: Graph) -> ir.Model:
    names = list(graph.inputs)
    axes = tuple(graph.dynamic.get(name) for name in names)
    if graph.memories:  # *memories is one argument of many
        fixed = len(names) - len(graph.memories)
        axes = (*axes[:fixed], axes[fixed:])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        program = torch.export.export(graph.module, tuple(graph.inputs.values()), dynamic_shapes=axes, strict=False)
        return torch.onnx.export(program, input_names=names, output_names=graph.outputs, opset_version=OPSET, dynamo=True, optimize=False, verbose=False).model


def _optimize_around(model: ir.Model, weights: dict[str, ir.Value]) -> None:
    """Folds constants, but not weights: they are handed in as inputs meanwhile, since their memory holds nothing."""
    inputs = list(model.graph.inputs)
    for value in weights.values():
        del model.graph.initializers[value.name]
        value.const_value = None
        model.graph.inputs.append(value)
    optimizer.optimize_ir(model)
    for value in list(model.graph.inputs):
        if value not in inputs:
            model.graph.inputs.remove(value)


def _place(model: ir.Model, value: ir.Value, read: Callable[[str], Tensor], name: str, shard_bytes: int) -> None:
    """Gives a weight's uses their contents: turned where the graph only transposes it, cut where a table is larger than a shard."""
    compute = value.dtype
    for node, index in list(value.uses()):
        if node.op_type == "Transpose":
            order = tuple(node.attributes["perm"].as_ints())
            _replace(model, node.outputs[0], _weight(model, f"{value.name}.T", read, name, compute, node, lambda t, o=order: t.permute(o)))
            model.graph.remove(node, safe=True)
        elif node.op_type == "Gather" and index == 0 and _bytes(value, compute) > shard_bytes:
            parts = -(-_bytes(value, compute) // shard_bytes)
            ends = [value.shape[1] * i // parts for i in range(parts + 1)]
            picked = []
            for i in range(parts):
                columns = slice(ends[i], ends[i + 1])
                table = _weight(model, f"{value.name}.columns{i}", read, name, compute, node, lambda t, c=columns: t[:, c])
                gather = ir.node("Gather", [table, node.inputs[1]], {"axis": 0}, name=f"{value.name}.columns{i}.rows")
                model.graph.insert_before(node, gather)
                picked.append(gather.outputs[0])
            joined = ir.node("Concat", picked, {"axis": -1}, name=f"{value.name}.join")
            model.graph.insert_before(node, joined)
            _replace(model, node.outputs[0], joined.outputs[0])
            model.graph.remove(node, safe=True)
    uses = list(value.uses())
    if uses:
        first = min(uses, key=lambda use: _position(model, use[0]))[0]
        stored = _weight(model, f"{value.name}.stored", read, name, compute, first, lambda t: t)
        _replace(model, value, stored)


def _weight(model: ir.Model, label: str, read: Callable[[str], Tensor], name: str, compute: ir.DataType, before: ir.Node, turn: Callable[[Tensor], Tensor]) -> ir.Value:
    """An initializer that reads itself when it is written, in the precision it is stored in; cast for the graph where that computes in another."""
    sample = turn(read(name))
    stored = DTYPES[sample.dtype] if sample.dtype in DTYPES else compute
    shape = ir.Shape(sample.shape)
    del sample
    value = ir.Value(name=label, shape=shape, type=ir.TensorType(stored))
    value.const_value = ir.LazyTensor(lambda: _tensor(turn(read(name)), stored), dtype=stored, shape=shape, name=label)
    model.graph.initializers[label] = value
    if stored == compute:
        return value
    cast = ir.node("Cast", [value], {"to": int(compute)}, name=f"{label}_cast")
    cast.outputs[0].shape, cast.outputs[0].type = shape, ir.TensorType(compute)
    model.graph.insert_before(before, cast)
    return cast.outputs[0]


def _tensor(value: Tensor, dtype: ir.DataType) -> ir.Tensor:
    value = value.contiguous()
    if dtype == ir.DataType.BFLOAT16:
        return ir.Tensor(value.view(torch.int16).numpy().view(dtype.numpy()), dtype=dtype)
    return ir.Tensor(np.ascontiguousarray(value.numpy()), dtype=dtype)


def _bytes(value: ir.Value, dtype: ir.DataType) -> int:
    return int(np.prod([int(d) for d in value.shape]) * dtype.itemsize)


def _replace(model: ir.Model, old: ir.Value, new: ir.Value) -> None:
    ir.convenience.replace_all_uses_with(old, new)


def _position(model: ir.Model, node: ir.Node) -> int:
    return next(i for i, n in enumerate(model.graph) if n is node)


def _strip(model: ir.Model) -> None:
    """Leaves out the tracer's notes (source lines, stack traces): they are many times the graph."""
    for thing in (model, model.graph, *model.graph, *(v for n in model.graph for v in n.outputs), *model.graph.inputs):
        thing.metadata_props.clear()
        thing.doc_string = None
