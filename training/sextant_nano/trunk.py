"""The two-stream diffusion transformer: RGB tokens and one (multi-hot) modality stream, clean-first joint attention.

UnityVideo (arXiv 2512.07831) joins the two streams in self-attention, conditions the modality stream on a short prompt by
cross-attention (in-context learner) and on a per-modality embedding by AdaLN (modality-adaptive switcher). Two differences,
both house rules (docs/architecture.md): a clean stream attends only to clean tokens, so RGB keys/values are computed once and
serve every modality; and both streams carry the same rotary positions, so that a modality token finds "its" RGB token.
"""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DIM, HEADS, LAYERS = 256, 4, 4
HEAD = DIM // HEADS
AXES = (16, 24, 24)  # rotary channels for time, height, width
ROPE_BASE = 100.0


def rotary(height: int, width: int, time: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """cos, sin [N, HEAD/2] of the 3-D rotary embedding for one frame's tokens, row-major."""
    ys = torch.arange(height, device=device, dtype=torch.float32)[:, None].expand(height, width).reshape(-1, 1)
    xs = torch.arange(width, device=device, dtype=torch.float32)[None, :].expand(height, width).reshape(-1, 1)
    parts = []
    for coordinate, channels in ((torch.full_like(ys, float(time)), AXES[0]), (ys, AXES[1]), (xs, AXES[2])):
        k = torch.arange(channels // 2, device=device, dtype=torch.float32)
        parts.append(coordinate * (ROPE_BASE ** (-k / (channels // 2)))[None, :])
    angle = torch.cat(parts, dim=1)
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """x [B, heads, N, HEAD] with halves paired."""
    a, b = x.chunk(2, dim=-1)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1)


def rms(x: Tensor, weight: Tensor) -> Tensor:
    return x * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + 1e-6).to(x.dtype) * weight.to(x.dtype)


def modulate(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    return F.layer_norm(x, (DIM,)) * (1 + scale[:, None]) + shift[:, None]


class Block(nn.Module):
    """One layer, shared by both streams; what differs per stream comes in through the condition vector."""

    def __init__(self, cross: bool):
        super().__init__()
        self.qkv = nn.Linear(DIM, 3 * DIM)
        self.q_norm = nn.Parameter(torch.ones(HEAD))
        self.k_norm = nn.Parameter(torch.ones(HEAD))
        self.out = nn.Linear(DIM, DIM)
        self.modulation = nn.Linear(DIM, 6 * DIM)
        self.mlp = nn.Sequential(nn.Linear(DIM, 4 * DIM), nn.GELU(approximate='tanh'), nn.Linear(4 * DIM, DIM))
        self.cross_q = nn.Linear(DIM, DIM) if cross else None
        self.cross_kv = nn.Linear(DIM, 2 * DIM) if cross else None
        self.cross_out = nn.Linear(DIM, DIM) if cross else None
        nn.init.zeros_(self.modulation.weight)
        with torch.no_grad():  # gates start half open: the trunk is shallow and must carry signal at once
            self.modulation.bias.zero_()
            self.modulation.bias[2 * DIM:3 * DIM] = 0.5
            self.modulation.bias[5 * DIM:] = 0.5
        if self.cross_out is not None:
            nn.init.zeros_(self.cross_out.weight)

    def forward(self, x: Tensor, condition: Tensor, rope: tuple[Tensor, Tensor], past: Tensor | None,
                text: Tensor | None, text_mask: Tensor | None) -> tuple[Tensor, Tensor]:
        """x [B,N,D]; past [B,2,heads,M,HEAD] = keys/values of the clean stream this one may see. Returns x and its own keys/values."""
        b, n, _ = x.shape
        shift1, scale1, gate1, shift2, scale2, gate2 = self.modulation(F.silu(condition)).chunk(6, dim=-1)
        q, k, v = self.qkv(modulate(x, shift1, scale1)).view(b, n, 3, HEADS, HEAD).permute(2, 0, 3, 1, 4).unbind(0)
        q = rotate(rms(q, self.q_norm), *rope)
        k = rotate(rms(k, self.k_norm), *rope)
        own = torch.stack((k, v), dim=1)
        seen = own if past is None else torch.cat((past.to(own.dtype), own), dim=3)
        y = F.scaled_dot_product_attention(q, seen[:, 0], seen[:, 1])
        x = x + gate1[:, None] * self.out(y.transpose(1, 2).reshape(b, n, DIM))
        if self.cross_q is not None and text is not None:
            x = x + self.cross(x, text, text_mask)
        return x + gate2[:, None] * self.mlp(modulate(x, shift2, scale2)), own

    def cross(self, x: Tensor, text: Tensor, text_mask: Tensor | None) -> Tensor:
        assert self.cross_q is not None and self.cross_kv is not None and self.cross_out is not None
        b, n, _ = x.shape
        q = self.cross_q(F.layer_norm(x, (DIM,))).view(b, n, HEADS, HEAD).transpose(1, 2)
        k, v = self.cross_kv(text).view(b, -1, 2, HEADS, HEAD).permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=text_mask)
        return self.cross_out(y.transpose(1, 2).reshape(b, n, DIM))


class TimeEmbedding(nn.Module):
    """Noise level 0..1 -> [B, D]."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(64, DIM), nn.SiLU(), nn.Linear(DIM, DIM))
        self.register_buffer('frequencies', torch.exp(torch.linspace(0, 6.0, 32)), persistent=False)

    def forward(self, t: Tensor) -> Tensor:
        angle = t.float()[:, None] * self.frequencies[None, :]
        return self.net(torch.cat((angle.cos(), angle.sin()), dim=1))


class Trunk(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block(cross=i % 2 == 1) for i in range(LAYERS))
        self.time = TimeEmbedding()
        self.rgb_embedding = nn.Parameter(torch.randn(DIM) * 0.02)

    def rgb(self, x: Tensor, rope: tuple[Tensor, Tensor]) -> tuple[Tensor, Tensor]:
        """The clean RGB stream (t = 0): tokens out, and keys/values of every layer [B, LAYERS, 2, heads, N, HEAD]."""
        condition = self.time(torch.zeros(x.shape[0], device=x.device)) + self.rgb_embedding
        keys = []
        for block in self.blocks:
            x, own = block(x, condition, rope, None, None, None)
            keys.append(own)
        return x, torch.stack(keys, dim=1)

    def modality(self, x: Tensor, condition: Tensor, rope: tuple[Tensor, Tensor], keys: Tensor, text: Tensor, text_mask: Tensor) -> Tensor:
        """The modality stream: sees itself and the clean RGB tokens of the same layer."""
        for i, block in enumerate(self.blocks):
            x, _ = block(x, condition, rope, keys[:, i], text, text_mask)
        return x
