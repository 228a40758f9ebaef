"""The released UnityVideo 5B checkpoint to ONNX graphs and a manifest that the runtime reads.

    python training/export_unityvideo.py --checkpoint unityvideo_wan22_ti2v_5b_step15000_ema.safetensors --wan Wan2.2-TI2V-5B --out models/unityvideo-5b
    python training/export_unityvideo.py ... --check         # only compares keys and shapes with the layout, and writes nothing

See docs/unityvideo.md for what it needs. `python -m unityvideo.miniature` (in training/) writes files of the same layout with random weights;
`--layout miniature` exports those.
"""

import argparse
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent))
from unityvideo.checkpoint import RELEASED_SHA256, Checkpoint, CheckpointError, sha256  # noqa: E402
from unityvideo.config import LAYOUTS  # noqa: E402
from unityvideo.graphs import joint_graph, text_graph, vae_graph  # noqa: E402
from unityvideo.manifest import copy_tokenizer, write_manifest  # noqa: E402
from unityvideo.onnx_export import SHARD_BYTES, export_graph, without_storage  # noqa: E402
from unityvideo.text_encoder import TextEncoder  # noqa: E402
from unityvideo.trunk import UnityVideo  # noqa: E402
from unityvideo.vae import Vae  # noqa: E402


def arguments() -> argparse.Namespace:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--checkpoint", type=Path, nargs="+", required=True, help="the two-stream network: one file, several shards, or a folder of them")
    p.add_argument("--wan", type=Path, required=True, help="folder of Wan2.2-TI2V-5B (VAE, text encoder, google/umt5-xxl)")
    p.add_argument("--out", type=Path, help="folder for the graphs and manifest.json")
    p.add_argument("--check", action="store_true", help="compare keys and shapes, write nothing")
    p.add_argument("--layout", choices=sorted(LAYOUTS), default="released")
    p.add_argument("--precision", choices=("float32", "float16"), default="float32", help="what the joint graph computes in; the others compute in float32")
    p.add_argument("--shard-bytes", type=int, default=SHARD_BYTES, help="largest file of weights")
    p.add_argument("--name", default="unityvideo-5b")
    p.add_argument("--version", default="1.0.0-step15000-ema")
    p.add_argument("--width", type=int, default=256)
    p.add_argument("--height", type=int, default=256)
    p.add_argument("--frames", type=int, default=33, help="4k+1")
    p.add_argument("--steps", type=int, default=20)
    p.add_argument("--shift", type=float, default=5.0, help="1: equal steps, as the published script samples")
    p.add_argument("--tile", type=int, default=32, help="side of a VAE tile, latents (16 pixels each)")
    p.add_argument("--overlap", type=int, default=8, help="latents that neighbouring tiles share")
    p.add_argument("--no-hash", action="store_true", help="do not compare the checkpoint's SHA-256 with the published ones")
    args = p.parse_args()
    if not args.check and args.out is None:
        p.error("--out is needed (or --check)")
    if args.frames < 1 or args.frames % 4 != 1:
        p.error(f"--frames is {args.frames}: 4k+1 is needed")
    if args.width % 32 or args.height % 32 or min(args.width, args.height) < 32:
        p.error(f"--width and --height are {args.width} and {args.height}: multiples of 32 are needed (16 pixels a latent, 2 latents a token)")
    if not 0 <= args.overlap < args.tile:
        p.error(f"--overlap is {args.overlap}: 0 to less than --tile ({args.tile}) is needed")
    return args


def provenance(checkpoint: Checkpoint, hashed: bool) -> str:
    """Where the joint graph's weights come from, and whether they are the published ones."""
    (path, *more) = checkpoint.paths
    if more or not hashed:
        return f"converted from {', '.join(p.name for p in checkpoint.paths)}"
    found = sha256(path)
    published = next((name for name, known in RELEASED_SHA256.items() if known == found), None)
    print(f"export: {path.name} is {'the published ' + published if published else 'not one of the published files'} (SHA-256 {found})")
    return f"converted from {published or path.name} (SHA-256 {found}), KlingTeam/UnityVideo" if published else f"converted from {path.name} (SHA-256 {found})"


def main() -> None:
    args = arguments()
    layout = LAYOUTS[args.layout]
    networks = {
        "joint": (lambda: UnityVideo(layout.trunk), Checkpoint(args.checkpoint), "a UnityVideo two-stream checkpoint"),
        "vae": (lambda: Vae(layout.vae), Checkpoint([args.wan / "Wan2.2_VAE.pth"]), "Wan2.2's VAE"),
        "text": (lambda: TextEncoder(layout.text), Checkpoint([args.wan / "models_t5_umt5-xxl-enc-bf16.pth"]), "UMT5's encoder"),
    }
    for build, checkpoint, what in networks.values():
        with torch.device("meta"):
            shapes = build()
        checkpoint.require(shapes, what)
        print(f"export: {what}: all {len(checkpoint.names)} keys and shapes fit, {sum(p.numel() for p in shapes.parameters()):,} parameters")
    if args.check:
        return

    args.out.mkdir(parents=True, exist_ok=True)
    sources = {
        "joint": provenance(networks["joint"][1], not args.no_hash), "vae": "Wan-AI/Wan2.2-TI2V-5B, Wan2.2_VAE.pth",
        "text": "Wan-AI/Wan2.2-TI2V-5B, models_t5_umt5-xxl-enc-bf16.pth", "tokenizer": "Wan-AI/Wan2.2-TI2V-5B, google/umt5-xxl",
    }
    if args.layout == "miniature":
        sources = dict.fromkeys(sources, "random weights of this project (training/unityvideo/miniature.py)")
    half = torch.float16 if args.precision == "float16" else torch.float32
    files, graphs = {}, {}
    for name in ("text", "joint", "encoder", "decoder"):
        started = time.monotonic()
        build, checkpoint, _ = networks["vae" if name in ("encoder", "decoder") else name]
        network = without_storage(build, half if name == "joint" else torch.float32)
        graphs[name] = text_graph(network) if name == "text" else joint_graph(network, layout) if name == "joint" else vae_graph(network, name)
        files[name] = export_graph(graphs[name], checkpoint.tensor, args.out / f"{name}.onnx", args.shard_bytes)
        print(f"export: {name}: {len(files[name])} files, {sum(p.stat().st_size for p in files[name]):,} bytes, {time.monotonic() - started:.0f} s")
    files["tokenizer"] = copy_tokenizer(args.wan / "google" / "umt5-xxl", args.out)
    description = "Two-stream diffusion transformer on Wan2.2-TI2V-5B: video from a modality, a modality from video, or both from a sentence."
    if args.layout == "miniature":
        description = "Random weights in the layout of the released UnityVideo 5B, a few thousand times smaller. Proves the path; its pictures mean nothing."
    options = {key: getattr(args, key) for key in ("name", "version", "tile", "overlap", "width", "height", "frames", "steps", "shift")}
    path = write_manifest(args.out, layout, files, graphs, {**options, "description": description, "sources": sources})
    print(f"export: wrote {path}")


if __name__ == "__main__":
    try:
        main()
    except (CheckpointError, FileNotFoundError) as error:
        sys.exit(f"export_unityvideo: {error}")
