"""Files of the released kind with random weights: a sharded two-stream checkpoint in bf16, a VAE in fp32, a text encoder in bf16, a tokenizer.

The exporter cannot tell them from the real ones but for their sizes.

    python -m unityvideo.miniature out-folder
"""

import sys
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import nn

from .config import MINIATURE
from .text_encoder import TextEncoder
from .tokenizer import write_tokenizer
from .trunk import UnityVideo
from .vae import Vae

SHARDS = 3


def randomise(network: nn.Module, seed: int) -> nn.Module:
    """Weights that keep activations near 1 through the layers, and every bias, gain and embedding away from its idle value."""
    noise = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, p in network.named_parameters():
            fan = p[0].numel() if p.dim() > 1 and not name.endswith("modulation") else 1
            value = torch.randn(p.shape, generator=noise) * (fan**-0.5 if p.dim() > 1 and fan > 1 else 0.2)
            p.copy_(value + 1 if "norm" in name and name.endswith("weight") or name.endswith("gamma") else value)
    return network.eval().requires_grad_(False)


def write_miniature(folder: Path, seed: int = 7) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    trunk = randomise(UnityVideo(MINIATURE.trunk), seed).state_dict()
    names = sorted(trunk)
    for i in range(SHARDS):
        part = {name: trunk[name].to(torch.bfloat16).contiguous() for name in names[i::SHARDS]}
        save_file(part, folder / f"unityvideo-{i + 1:05d}-of-{SHARDS:05d}.safetensors")
    torch.save({k: v.clone() for k, v in randomise(Vae(MINIATURE.vae), seed + 1).state_dict().items()}, folder / "Wan2.2_VAE.pth")
    torch.save({k: v.to(torch.bfloat16) for k, v in randomise(TextEncoder(MINIATURE.text), seed + 2).state_dict().items()}, folder / "models_t5_umt5-xxl-enc-bf16.pth")
    tokenizer = folder / "google" / "umt5-xxl"
    tokenizer.mkdir(parents=True, exist_ok=True)
    write_tokenizer(tokenizer, MINIATURE.text.vocab)


if __name__ == "__main__":
    write_miniature(Path(sys.argv[1]))
