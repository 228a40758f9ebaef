"""The four graphs of the exported model, as modules whose forward takes and gives what ONNX inputs and outputs are named after.

All inputs and outputs are float32 (ids int64) whatever the graph computes in.
"""

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.export import Dim

from .config import Layout
from .text_encoder import TextEncoder
from .trunk import UnityVideo
from .vae import FRAMES, STRIDE, Vae
from .vae_blocks import Tape


@dataclass
class Graph:
    """A module with example inputs for tracing, and the names of its axes that may change."""

    module: nn.Module
    inputs: dict[str, Tensor]
    outputs: list[str]
    dynamic: dict[str, dict[int, object]]
    prefix: str = ""  # before the checkpoint's names in the module's
    memories: list[dict] = field(default_factory=list)


class TextGraph(nn.Module):
    """ids [1, L] -> context [1, length, dim], zeros behind the prompt as the trunk was trained."""

    def __init__(self, network: TextEncoder):
        super().__init__()
        self.network = network

    def forward(self, ids: Tensor) -> Tensor:
        return F.pad(self.network(ids).float(), (0, 0, 0, self.network.c.length - ids.shape[1]))


class JointGraph(nn.Module):
    def __init__(self, network: UnityVideo):
        super().__init__()
        self.network = network

    def forward(self, rgb: Tensor, modality: Tensor, time: Tensor, context: Tensor, modality_context: Tensor, modality_id: Tensor):
        dtype = self.network.base.patch_embedding.weight.dtype
        rgb, modality, context, modality_context = (x.to(dtype) for x in (rgb, modality, context, modality_context))
        return tuple(v.float() for v in self.network(rgb, modality, time, context, modality_context, modality_id))


class EncoderGraph(nn.Module):
    def __init__(self, network: Vae):
        super().__init__()
        self.network = network

    def forward(self, frames: Tensor, first: Tensor, *memories: Tensor):
        tape = Tape(first, list(memories))
        return (self.network.encode_chunk(frames, tape), *tape.kept)


class DecoderGraph(nn.Module):
    def __init__(self, network: Vae):
        super().__init__()
        self.network = network

    def forward(self, latent: Tensor, first: Tensor, *memories: Tensor):
        tape = Tape(first, list(memories))
        return (self.network.decode_chunk(latent, tape), *tape.kept)


def text_graph(network: TextEncoder) -> Graph:
    tokens = Dim("tokens", min=1, max=network.c.length)
    return Graph(TextGraph(network), {"ids": torch.ones(1, 5, dtype=torch.int64)}, ["context"], {"ids": {1: tokens}}, "network.")


def joint_graph(network: UnityVideo, layout: Layout) -> Graph:
    c = layout.trunk
    frames, rows, columns = Dim("frames", min=1, max=1024), Dim("rows", min=1, max=512), Dim("columns", min=1, max=512)
    axes = {2: frames, 3: 2 * rows, 4: 2 * columns}
    latent = torch.zeros(1, c.channels, 3, 4, 6)
    context = torch.zeros(1, layout.text.length, c.text_dim)
    inputs = {"rgb": latent, "modality": latent.clone(), "time": torch.zeros(1), "context": context, "modality_context": context.clone(), "modality_id": torch.zeros(1, dtype=torch.int64)}
    return Graph(JointGraph(network), inputs, ["rgb_velocity", "modality_velocity"], {"rgb": axes, "modality": axes}, "network.")


def vae_graph(network: Vae, part: str) -> Graph:
    """`part` is encoder or decoder. Memories are inputs `memory_N` and outputs `next_N`."""
    h, w = 3, 4
    rows, columns = Dim("rows", min=1, max=512), Dim("columns", min=1, max=512)
    name = "frames" if part == "encoder" else "latent"
    scale = STRIDE if part == "encoder" else 1
    chunk = torch.zeros(1, 3 if part == "encoder" else network.c.z_dim, FRAMES if part == "encoder" else 1, h * scale, w * scale)
    # Shapes of the memories come from a dry run that computes nothing.
    with torch.device("meta"):
        shapes = Vae(network.c)
        tape = Tape(torch.zeros(1))
        (shapes.encode_chunk if part == "encoder" else shapes.decode_chunk)(chunk.to("meta"), tape)
    inputs, dynamic = {name: chunk, "first": torch.ones(1)}, {name: {3: scale * rows, 4: scale * columns}}
    memories = []
    for i, kept in enumerate(tape.kept):
        key, times = f"memory_{i}", kept.shape[3] // h
        inputs[key] = torch.zeros(kept.shape)
        dynamic[key] = {3: times * rows, 4: times * columns}
        memories.append({"input": key, "output": f"next_{i}", "channels": kept.shape[1], "frames": kept.shape[2], "scale": times})
    module = EncoderGraph(network) if part == "encoder" else DecoderGraph(network)
    outputs = ["latent" if part == "encoder" else "frames", *(m["output"] for m in memories)]
    return Graph(module, inputs, outputs, dynamic, "network.", memories)
