"""PyTorch against onnxruntime for every graph of an exported miniature, and the numbers that the TypeScript runtime is tested against.

    python -m unityvideo.check sources-folder exported-folder [--reference file.safetensors]

Prints the worst difference of each graph and exits with 1 where one is above 1e-3.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from torch import Tensor

from .checkpoint import RELEASED_BYTES, Checkpoint
from .config import MINIATURE, MODALITIES, MODALITY_PROMPTS, RELEASED
from .graphs import JointGraph, TextGraph
from .sampling import sample
from .text_encoder import TextEncoder
from .tiles import tiled
from .trunk import UnityVideo
from .vae import FRAMES, Vae, decode, encode
from .vae_blocks import Tape

ALLOWED = 1e-3
PROMPT = "a person walks past a red sofa"


def session(path: Path) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def run(graph: ort.InferenceSession, inputs: dict[str, Tensor]) -> list[Tensor]:
    return [torch.from_numpy(x) for x in graph.run(None, {k: np.ascontiguousarray(v.numpy()) for k, v in inputs.items()})]


def worst(ours: list[Tensor], theirs: list[Tensor]) -> float:
    for a, b in zip(ours, theirs, strict=True):
        assert a.shape == b.shape, f"{list(a.shape)} and {list(b.shape)}"
        assert torch.isfinite(b).all() and a.abs().max() > 1e-3, "an output is idle or not finite: the comparison would say nothing"
    return max(float((a - b).abs().max()) for a, b in zip(ours, theirs))


def released_file_bytes() -> int:
    """Bytes of a safetensors file with exactly the released layout's keys and shapes in bf16: tells whether the layout is the published one."""
    with torch.device("meta"):
        state = UnityVideo(RELEASED.trunk).state_dict()
    offset, header = 0, {}
    for name, value in sorted(state.items()):
        header[name] = {"dtype": "BF16", "shape": list(value.shape), "data_offsets": [offset, offset := offset + 2 * value.numel()]}
    text = len(json.dumps(header, separators=(",", ":")))
    return 8 + -(-text // 8) * 8 + offset


def check_streaming(vae: Vae, graph: ort.InferenceSession, sequence: Tensor, size: int, step) -> float:
    """Three chunks through a graph and through PyTorch, memories handed on by each to itself."""
    difference, ours, theirs = 0.0, None, None
    names = [i.name for i in graph.get_inputs()]
    for i, chunk in enumerate(sequence.split(size, dim=2)):
        first = torch.tensor([float(i == 0)])
        tape = Tape(first, ours)
        result = step(chunk, tape)
        if theirs is None:
            theirs = [torch.zeros_like(kept) for kept in tape.kept]
        out = run(graph, dict(zip(names, [chunk, first, *theirs])))
        counted = slice(FRAMES - 1, None) if i == 0 and result.shape[2] == FRAMES else slice(None)
        difference = max(difference, worst([result[:, :, counted]], [out[0][:, :, counted]]))
        ours, theirs = tape.kept, out[1:]
    return difference


@torch.no_grad()
def main() -> None:
    p = argparse.ArgumentParser()
    p.add_argument("sources", type=Path)
    p.add_argument("exported", type=Path)
    p.add_argument("--reference", type=Path, help="write inputs and PyTorch's outputs of the whole way here")
    args = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(11)
    failed = False

    def say(what: str, difference: float) -> None:
        nonlocal failed
        failed |= not difference <= ALLOWED
        print(f"{what:34} {difference:.2e}{'' if difference <= ALLOWED else '  ABOVE ' + str(ALLOWED)}")

    assert released_file_bytes() == RELEASED_BYTES, f"{released_file_bytes()} bytes, the published file has {RELEASED_BYTES}"
    print(f"layout: a file of its keys and shapes has {RELEASED_BYTES:,} bytes, as published")
    c = MINIATURE
    joint, vae, text = UnityVideo(c.trunk), Vae(c.vae), TextEncoder(c.text)
    for network, files in ((joint, [args.sources]), (vae, [args.sources / "Wan2.2_VAE.pth"]), (text, [args.sources / "models_t5_umt5-xxl-enc-bf16.pth"])):
        Checkpoint(files).load_into(network.eval())
    manifest = json.loads((args.exported / "manifest.json").read_text())
    graphs = {name: session(args.exported / g["file"]) for name, g in manifest["graphs"].items()}
    largest = max(f["bytes"] for f in manifest["files"])
    assert largest < 2_000_000_000, f"a file of {largest} bytes"

    tokenizer = Tokenizer.from_file(str(args.exported / "tokenizer.json"))
    encode_text, told = TextGraph(text), {}
    for name, sentence in {"prompt": PROMPT, "empty": "", **MODALITY_PROMPTS}.items():
        ids = tokenizer.encode(sentence).ids
        ids = ids if len(ids) <= c.text.length else [*ids[: c.text.length - 1], ids[-1]]
        told[name] = (torch.tensor([ids]), encode_text(torch.tensor([ids])))
    say("text encoder", max(worst([context], run(graphs["text"], {"ids": ids})) for ids, context in told.values()))

    network, difference = JointGraph(joint), 0.0
    for frames, rows, columns, name in ((1, 2, 2, "depth"), (3, 4, 6, "raft"), (2, 6, 4, "skeleton")):
        inputs = {
            "rgb": torch.randn(1, 48, frames, rows, columns), "modality": torch.randn(1, 48, frames, rows, columns), "time": torch.rand(1) * 1000,
            "context": told["prompt"][1], "modality_context": told[name][1], "modality_id": torch.tensor([MODALITIES.index(name)]),
        }
        difference = max(difference, worst(list(network(**inputs)), run(graphs["joint"], inputs)))
    say("joint graph, three sizes", difference)

    video = torch.nn.functional.interpolate(torch.rand(1, 3, 5, 8, 12) * 2 - 1, size=(5, 64, 96), mode="trilinear")
    longer = torch.nn.functional.interpolate(torch.rand(1, 3, 9, 8, 8) * 2 - 1, size=(9, 48, 32), mode="trilinear")
    padded = torch.cat([longer.new_zeros(1, 3, FRAMES - 1, 48, 32), longer], dim=2)
    say("VAE encoder, three chunks", check_streaming(vae, graphs["encoder"], padded, FRAMES, vae.encode_chunk))
    say("VAE decoder, three chunks", check_streaming(vae, graphs["decoder"], torch.randn(1, 48, 3, 3, 2), 1, vae.decode_chunk))

    if args.reference:
        tile, overlap, steps, shift = manifest["tiles"]["size"], manifest["tiles"]["overlap"], manifest["sampler"]["steps"], manifest["sampler"]["shift"]
        clean = tiled(lambda x: encode(vae, x), video, tile, overlap, 16, 1)
        noise_rgb, noise_modality = torch.randn_like(clean), torch.randn_like(clean)
        out = {"video": video, "video.latents": clean, "noise.rgb": noise_rgb, "noise.modality": noise_modality, "prompt.context": told["prompt"][1]}
        for name, (ids, _) in told.items():
            out[f"ids.{name}"] = ids.int()
        for task, name in (("generate", "depth"), ("estimate", "segmentation"), ("joint", "skeleton")):
            starts = (clean if task == "estimate" else noise_rgb, clean if task == "generate" else noise_modality)
            rgb, modality = sample(joint, *starts, told["prompt"][1], told[name][1], MODALITIES.index(name), task, steps, shift)
            out[f"{task}.rgb"], out[f"{task}.modality"] = rgb, modality
        out["generate.frames"] = tiled(lambda z: decode(vae, z), out["generate.rgb"], tile, overlap, 1, 16)
        save_file({k: v.contiguous().clone() for k, v in out.items()}, args.reference)
        print(f"reference: {args.reference}, {args.reference.stat().st_size:,} bytes; frames span {float(out['generate.frames'].min()):.2f} to {float(out['generate.frames'].max()):.2f}")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
