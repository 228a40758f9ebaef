"""The manifest of an exported model: kind `unified`, one joint graph over latents, one timestep for both streams."""

import json
import shutil
from pathlib import Path

from .checkpoint import sha256
from .config import MODALITIES, MODALITY_PROMPTS, Layout
from .graphs import Graph
from .vae import FRAMES, STRIDE

# Where the runtime's names differ from the checkpoint's.
RUNTIME_NAME = {"raft": "flow"}


def write_manifest(folder: Path, layout: Layout, files: dict[str, list[Path]], graphs: dict[str, Graph], options: dict) -> Path:
    """files: of each graph, the ONNX file first. options: name, version, description, tile and overlap (latents), width, height, frames, steps,
    shift, sources (of "joint", "vae", "text", "tokenizer")."""
    source_of = {"joint": "joint", "encoder": "vae", "decoder": "vae", "text": "text", "tokenizer": "tokenizer"}
    listed = [
        {"path": p.name, "sha256": sha256(p), "bytes": p.stat().st_size, "licence": "Apache-2.0", "source": options["sources"][source_of[g]]}
        for g, paths in files.items() for p in paths
    ]
    manifest = {
        "format": 1,
        "kind": "unified",
        "layout": "joint-latents",
        "name": options["name"],
        "version": options["version"],
        "description": options["description"],
        "licence": "Apache-2.0",
        "size": {"width": options["width"], "height": options["height"], "frames": options["frames"]},
        "latents": {"channels": layout.trunk.channels, "frames": FRAMES, "pixels": STRIDE, "patch": layout.trunk.patch[1], "heads": layout.trunk.heads, "width": layout.trunk.dim},
        "files": listed,
        "graphs": {
            "text": {"file": files["text"][0].name, "inputs": {"ids": "prompt.tokens"}, "outputs": ["context"]},
            "joint": {
                "file": files["joint"][0].name,
                "inputs": {
                    "rgb": "latents.rgb", "modality": "latents.modality", "time": "task.time", "context": "text.context",
                    "modality_context": "text.modality", "modality_id": "task.modality",
                },
                "outputs": ["rgb_velocity", "modality_velocity"],
            },
            "encoder": {"file": files["encoder"][0].name, "inputs": {"frames": "frames.chunk", "first": "frames.first"}, "outputs": ["latent"], "memories": graphs["encoder"].memories},
            "decoder": {"file": files["decoder"][0].name, "inputs": {"latent": "latents.chunk", "first": "frames.first"}, "outputs": ["frames"], "memories": graphs["decoder"].memories},
        },
        "tiles": {"size": options["tile"], "overlap": options["overlap"]},
        "modalities": {RUNTIME_NAME.get(m, m): {"id": i, "prompt": MODALITY_PROMPTS[m]} for i, m in enumerate(MODALITIES)},
        "tasks": {"estimate": {"available": True}, "generate": {"available": True}, "joint": {"available": True}},
        "sampler": {"type": "euler", "steps": options["steps"], "shift": options["shift"], "timeScale": 1000, "predicts": "velocity"},
        "text": {"tokenizer": "tokenizer.json", "tokenizerConfig": "tokenizer_config.json", "length": layout.text.length},
    }
    path = folder / "manifest.json"
    path.write_text(json.dumps(manifest, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def copy_tokenizer(source: Path, folder: Path) -> list[Path]:
    """tokenizer.json and tokenizer_config.json of `source`, copied beside the graphs."""
    out = []
    for name in ("tokenizer.json", "tokenizer_config.json"):
        if not (source / name).is_file():
            raise FileNotFoundError(f"{source / name} does not exist. It comes with Wan2.2-TI2V-5B, in google/umt5-xxl.")
        shutil.copyfile(source / name, folder / name)
        out.append(folder / name)
    return out
