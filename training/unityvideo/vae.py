"""Wan2.2's VAE (stride 4x16x16, 48 channels) under the names of `Wan2.2_VAE.pth`, encoded and decoded one chunk of four frames at a time."""

import torch
from torch import Tensor, nn

from .config import VaeConfig
from .vae_blocks import (
    AverageDown, CausalConv3d, ChannelNorm, Downsample, DuplicateUp, FrameAttention, ResidualBlock, Tape, Upsample, conv3,
)

FRAMES = 4  # video frames of one latent frame, after the first
STRIDE = 16  # pixels of one latent's side


class DownStage(nn.Module):
    def __init__(self, inputs: int, outputs: int, blocks: int, down: bool, temporal: bool):
        super().__init__()
        self.avg_shortcut = AverageDown(outputs, 2 if temporal else 1, 2 if down else 1)
        layers: list[nn.Module] = [ResidualBlock(inputs if i == 0 else outputs, outputs) for i in range(blocks)]
        self.downsamples = nn.Sequential(*layers, *([Downsample(outputs, temporal)] if down else []))

    def forward(self, x: Tensor, tape: Tape) -> Tensor:
        short = self.avg_shortcut(x, tape)
        for layer in self.downsamples:
            x = layer(x, tape)
        return x + short


class UpStage(nn.Module):
    def __init__(self, inputs: int, outputs: int, blocks: int, up: bool, temporal: bool):
        super().__init__()
        self.avg_shortcut = DuplicateUp(inputs, outputs, 2 if temporal else 1) if up else None
        layers: list[nn.Module] = [ResidualBlock(inputs if i == 0 else outputs, outputs) for i in range(blocks)]
        self.upsamples = nn.Sequential(*layers, *([Upsample(outputs, temporal)] if up else []))

    def forward(self, x: Tensor, tape: Tape) -> Tensor:
        y = x
        for layer in self.upsamples:
            y = layer(y, tape)
        return y if self.avg_shortcut is None else y + self.avg_shortcut(x)


def middle(dim: int) -> nn.Sequential:
    return nn.Sequential(ResidualBlock(dim, dim), FrameAttention(dim), ResidualBlock(dim, dim))


def head(inputs: int, outputs: int) -> nn.Sequential:
    return nn.Sequential(ChannelNorm(inputs, 3), nn.SiLU(), conv3(inputs, outputs))


def run_head(layers: nn.Sequential, x: Tensor, tape: Tape) -> Tensor:
    for layer in layers:
        x = layer(x, tape) if isinstance(layer, CausalConv3d) else layer(x)
    return x


class Encoder(nn.Module):
    def __init__(self, c: VaeConfig):
        super().__init__()
        dims = [c.dim * m for m in (1, *c.mult)]
        self.conv1 = conv3(12, dims[0])
        self.downsamples = nn.Sequential(*(
            DownStage(dims[i], dims[i + 1], c.res_blocks, i < len(c.temporal), i < len(c.temporal) and c.temporal[i]) for i in range(len(c.mult))
        ))
        self.middle = middle(dims[-1])
        self.head = head(dims[-1], 2 * c.z_dim)

    def forward(self, x: Tensor, tape: Tape) -> Tensor:
        x = self.conv1(x, tape)
        for layer in (*self.downsamples, *self.middle):
            x = layer(x, tape)
        return run_head(self.head, x, tape)


class Decoder(nn.Module):
    def __init__(self, c: VaeConfig):
        super().__init__()
        dims = [c.dec_dim * m for m in (c.mult[-1], *reversed(c.mult))]
        temporal = tuple(reversed(c.temporal))
        self.conv1 = conv3(c.z_dim, dims[0])
        self.middle = middle(dims[0])
        self.upsamples = nn.Sequential(*(
            UpStage(dims[i], dims[i + 1], c.res_blocks + 1, i < len(temporal), i < len(temporal) and temporal[i]) for i in range(len(c.mult))
        ))
        self.head = head(dims[-1], 12)

    def forward(self, x: Tensor, tape: Tape) -> Tensor:
        x = self.conv1(x, tape)
        for layer in (*self.middle, *self.upsamples):
            x = layer(x, tape)
        return run_head(self.head, x, tape)


class Vae(nn.Module):
    def __init__(self, c: VaeConfig):
        super().__init__()
        self.c = c
        self.encoder = Encoder(c)
        self.conv1 = CausalConv3d(2 * c.z_dim, 2 * c.z_dim, 1)
        self.conv2 = CausalConv3d(c.z_dim, c.z_dim, 1)
        self.decoder = Decoder(c)

    def _per_channel(self, values: tuple, like: Tensor) -> Tensor:
        return torch.tensor(values[: self.c.z_dim], dtype=like.dtype, device=like.device)[None, :, None, None, None]

    def encode_chunk(self, frames: Tensor, tape: Tape) -> Tensor:
        """frames [B, 3, 4, H, W] in -1..1 (the first chunk: three of zeros, then the video's first) -> normalised latent [B, 48, 1, H/16, W/16]."""
        # 2x2 pixels to channels; column before row, as published.
        x = frames.unflatten(4, (-1, 2)).unflatten(3, (-1, 2)).permute(0, 1, 6, 4, 2, 3, 5).flatten(1, 3)
        mean = self.conv1(self.encoder(x, tape)).chunk(2, dim=1)[0]
        return (mean - self._per_channel(self.c.mean, mean)) / self._per_channel(self.c.std, mean)

    def decode_chunk(self, latent: Tensor, tape: Tape) -> Tensor:
        """latent [B, 48, 1, h, w] -> frames [B, 3, 4, 16h, 16w] in -1..1; of the first chunk only the last frame counts."""
        z = latent * self._per_channel(self.c.std, latent) + self._per_channel(self.c.mean, latent)
        x = self.decoder(self.conv2(z), tape).unflatten(1, (3, 2, 2))  # B c r q T h w
        return x.permute(0, 1, 4, 5, 3, 6, 2).flatten(5, 6).flatten(3, 4).clamp(-1, 1)


def encode(vae: Vae, video: Tensor) -> Tensor:
    """video [B, 3, 4k+1, H, W] in -1..1 -> latents [B, 48, k+1, H/16, W/16]."""
    assert video.shape[2] % FRAMES == 1, f"{video.shape[2]} frames: 4k+1 are needed"
    padded = torch.cat([video.new_zeros(*video.shape[:2], FRAMES - 1, *video.shape[3:]), video], dim=2)
    return _chunks(vae.encode_chunk, padded, FRAMES)


def decode(vae: Vae, latents: Tensor) -> Tensor:
    """latents [B, 48, k+1, h, w] -> video [B, 3, 4k+1, 16h, 16w]."""
    return _chunks(vae.decode_chunk, latents, 1)[:, :, FRAMES - 1:]


def _chunks(run, sequence: Tensor, size: int) -> Tensor:
    out, memories = [], None
    for i, chunk in enumerate(sequence.split(size, dim=2)):
        tape = Tape(torch.tensor([1.0 if i == 0 else 0.0], device=sequence.device), memories)
        out.append(run(chunk, tape))
        memories = tape.kept
    return torch.cat(out, dim=2)
