"""Wan2.2-TI2V-5B's diffusion transformer with UnityVideo's second stream; parameters carry the checkpoint's names.

Tokens of both streams lie on one f x h x 2w grid, RGB in the first w columns and the modality in the next w, under one 3-D rotary embedding.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import MODALITIES, TrunkConfig


def timestep_features(time: Tensor, dim: int) -> Tensor:
    """Cosines, then sines of time * 10000^(-i / (dim/2)). time [B], 0..1000 -> [B, dim]."""
    half = dim // 2
    rates = torch.exp(torch.arange(half, dtype=torch.float32, device=time.device) * (-math.log(10000.0) / half))
    angles = time.float()[:, None] * rates[None]
    return torch.cat([angles.cos(), angles.sin()], dim=1)


class RmsNorm(nn.Module):
    def __init__(self, dim: int, eps: float):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        wide = x.float()
        return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + self.eps)).to(x.dtype) * self.weight


class LayerNorm(nn.LayerNorm):
    """In float32, whatever comes."""

    def forward(self, x: Tensor) -> Tensor:
        weight, bias = (None, None) if self.weight is None else (self.weight.float(), self.bias.float())
        return F.layer_norm(x.float(), self.normalized_shape, weight, bias, self.eps).to(x.dtype)


class Rotary(nn.Module):
    """3-D rotary positions: of head/2 channel pairs, the last third (rounded down) turns with the column, the one before with the row, the rest with the frame."""

    def __init__(self, head_dim: int):
        super().__init__()
        side = 2 * (head_dim // 6)
        for axis, dim in (("frame", head_dim - 2 * side), ("row", side), ("column", side)):
            rates = 10000.0 ** (-torch.arange(0, dim, 2, dtype=torch.float64, device="cpu") / dim)
            setattr(self, f"{axis}_rates", tuple(rates.tolist()))

    def forward(self, frames: int, rows: int, columns: int, like: Tensor) -> Tensor:
        """Angles [frames * rows * columns, head/2], float32."""

        def angles(count: int, rates: tuple) -> Tensor:
            where = torch.arange(count, dtype=torch.float32, device=like.device)
            return where[:, None] * torch.tensor(rates, dtype=torch.float32, device=like.device)[None]

        grid = [
            angles(frames, self.frame_rates)[:, None, None].expand(-1, rows, columns, -1),
            angles(rows, self.row_rates)[None, :, None].expand(frames, -1, columns, -1),
            angles(columns, self.column_rates)[None, None].expand(frames, rows, -1, -1),
        ]
        return torch.cat(grid, dim=-1).flatten(0, 2)


def rotate(x: Tensor, angles: Tensor) -> Tensor:
    """Turns neighbouring channel pairs. x [B, L, heads, D], angles [L, D/2]."""
    even, odd = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    cos, sin = angles.cos()[None, :, None], angles.sin()[None, :, None]
    return torch.stack([even * cos - odd * sin, even * sin + odd * cos], dim=-1).flatten(-2).to(x.dtype)


class Attention(nn.Module):
    """Multi-head attention with RMS-normed queries and keys (over all heads at once)."""

    def __init__(self, dim: int, heads: int, eps: float):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.o = (nn.Linear(dim, dim) for _ in range(4))
        self.norm_q, self.norm_k = RmsNorm(dim, eps), RmsNorm(dim, eps)

    def forward(self, x: Tensor, context: Tensor, angles: Tensor | None = None) -> Tensor:
        q, k, v = self.norm_q(self.q(x)), self.norm_k(self.k(context)), self.v(context)
        q, k, v = (part.unflatten(-1, (self.heads, -1)) for part in (q, k, v))
        if angles is not None:
            q, k = rotate(q, angles), rotate(k, angles)
        out = F.scaled_dot_product_attention(*(part.transpose(1, 2) for part in (q, k, v)))
        return self.o(out.transpose(1, 2).flatten(2))


class Block(nn.Module):
    def __init__(self, c: TrunkConfig):
        super().__init__()
        self.norm1 = LayerNorm(c.dim, c.eps, elementwise_affine=False)
        self.self_attn = Attention(c.dim, c.heads, c.eps)
        self.norm3 = LayerNorm(c.dim, c.eps)
        self.cross_attn = Attention(c.dim, c.heads, c.eps)
        self.norm2 = LayerNorm(c.dim, c.eps, elementwise_affine=False)
        self.ffn = nn.Sequential(nn.Linear(c.dim, c.ffn_dim), nn.GELU(approximate="tanh"), nn.Linear(c.ffn_dim, c.dim))
        self.modulation = nn.Parameter(torch.randn(1, 6, c.dim) / c.dim**0.5)

    def forward(self, x: Tensor, modulation: Tensor, angles: Tensor, grid: tuple, context: Tensor, modality_context: Tensor) -> Tensor:
        """x [B, f*h*2w, dim]; one self-attention over both streams, cross-attention of the same weights to each stream's own text."""
        frames, rows, columns = grid
        shift, scale, gate, ffn_shift, ffn_scale, ffn_gate = (self.modulation + modulation).chunk(6, dim=1)
        y = self.norm1(x) * (1 + scale) + shift
        x = x + gate * self.self_attn(y, y, angles)

        split = self.norm3(x).unflatten(1, (frames, rows, 2, columns))
        rgb = self.cross_attn(split[:, :, :, 0].flatten(1, 3), context)
        modality = self.cross_attn(split[:, :, :, 1].flatten(1, 3), modality_context)
        both = torch.stack([rgb.unflatten(1, (frames, rows, columns)), modality.unflatten(1, (frames, rows, columns))], dim=3)
        x = x + both.flatten(1, 4)

        return x + ffn_gate * self.ffn(self.norm2(x) * (1 + ffn_scale) + ffn_shift)


class Head(nn.Module):
    def __init__(self, c: TrunkConfig):
        super().__init__()
        self.norm = LayerNorm(c.dim, c.eps, elementwise_affine=False)
        self.head = nn.Linear(c.dim, math.prod(c.patch) * c.channels)
        self.modulation = nn.Parameter(torch.randn(1, 2, c.dim) / c.dim**0.5)

    def forward(self, x: Tensor, time: Tensor) -> Tensor:
        shift, scale = (self.modulation + time[:, None]).chunk(2, dim=1)
        return self.head(self.norm(x) * (1 + scale) + shift)


class Trunk(nn.Module):
    """Wan's own parameters, `base.*` in the checkpoint."""

    def __init__(self, c: TrunkConfig):
        super().__init__()
        self.patch_embedding = nn.Conv3d(c.channels, c.dim, c.patch, c.patch)
        self.text_embedding = nn.Sequential(nn.Linear(c.text_dim, c.dim), nn.GELU(approximate="tanh"), nn.Linear(c.dim, c.dim))
        self.time_embedding = nn.Sequential(nn.Linear(c.freq_dim, c.dim), nn.SiLU(), nn.Linear(c.dim, c.dim))
        self.time_projection = nn.Sequential(nn.SiLU(), nn.Linear(c.dim, 6 * c.dim))
        self.blocks = nn.ModuleList([Block(c) for _ in range(c.blocks)])
        self.head = Head(c)


class UnityVideo(nn.Module):
    """forward(rgb, modality, time, context, modality_context, name) -> velocities of both streams.

    rgb, modality: latents [B, 48, F, H, W], H and W even; time: [B], 0..1000, shared by both streams; contexts: [B, 512, 4096], the text
    encoder's output for the caption and the modality's prompt; name: [B] int64, index into MODALITIES.
    """

    def __init__(self, c: TrunkConfig):
        super().__init__()
        self.c = c
        self.base = Trunk(c)
        self.flow_patch_embedding = nn.Conv3d(c.channels, c.dim, c.patch, c.patch)
        self.flow_in = nn.Linear(c.dim, c.dim)
        self.modality_embeddings = nn.ParameterDict({name: nn.Parameter(torch.zeros(c.dim)) for name in MODALITIES})
        self.flow_head = Head(c)
        self.rotary = Rotary(c.dim // c.heads)

    def forward(self, rgb: Tensor, modality: Tensor, time: Tensor, context: Tensor, modality_context: Tensor, name: Tensor) -> tuple[Tensor, Tensor]:
        base = self.base
        features = timestep_features(time, self.c.freq_dim).to(rgb.dtype)
        t = base.time_embedding(features)
        modulation = base.time_projection(t).unflatten(1, (6, -1))
        context, modality_context = base.text_embedding(context), base.text_embedding(modality_context)

        rgb_grid = base.patch_embedding(rgb).permute(0, 2, 3, 4, 1)
        table = torch.stack([self.modality_embeddings[m] for m in MODALITIES])
        modality_grid = self.flow_in(self.flow_patch_embedding(modality).permute(0, 2, 3, 4, 1)) + table[name][:, None, None, None]
        grid = tuple(rgb_grid.shape[1:4])
        frames, rows, columns = grid
        x = torch.cat([rgb_grid, modality_grid], dim=3).flatten(1, 3)
        angles = self.rotary(frames, rows, 2 * columns, x)
        for block in base.blocks:
            x = block(x, modulation, angles, grid, context, modality_context)
        split = x.unflatten(1, (frames, rows, 2, columns))
        return (
            self._pixels(base.head(split[:, :, :, 0].flatten(1, 3), t), grid),
            self._pixels(self.flow_head(split[:, :, :, 1].flatten(1, 3), t), grid),
        )

    def _pixels(self, x: Tensor, grid: tuple) -> Tensor:
        """[B, f*h*w, pt*ph*pw*C] -> [B, C, F, H, W]."""
        x = x.unflatten(2, (*self.c.patch, self.c.channels)).unflatten(1, grid)
        return x.permute(0, 7, 1, 4, 2, 5, 3, 6).flatten(6, 7).flatten(4, 5).flatten(2, 3)
