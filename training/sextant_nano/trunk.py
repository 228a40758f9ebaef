"""The two-stream diffusion transformer: RGB tokens and one (multi-hot) modality stream, clean-first joint attention.

UnityVideo (arXiv 2512.07831) joins the two streams in self-attention, conditions the modality stream on a short prompt by
cross-attention (in-context learner) and on a per-modality embedding by AdaLN (modality-adaptive switcher). Three differences,
house rules (docs/architecture.md): a clean stream attends only to clean tokens, so RGB keys/values are computed once and
serve every modality; both streams carry the same rotary positions, so that a modality token finds "its" RGB token; and
attention is causal over frames: each stream keeps keys and values of its last FRAMES frames, averaged over 2x2 tokens, so that
a new frame costs one frame of tokens.
"""
from __future__ import annotations

from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DIM, HEADS, LAYERS = 256, 4, 4
HEAD = DIM // HEADS
AXES = (16, 24, 24)  # rotary channels for time, height, width
ROPE_BASE = 100.0
FRAMES = 2  # frames remembered; through the layers information reaches FRAMES * LAYERS frames back
SHUT = -1e4


def rotary(ys: Tensor, xs: Tensor, time: Tensor) -> tuple[Tensor, Tensor]:
    """cos, sin [N, HEAD/2] of the 3-D rotary embedding for tokens at rows ys, columns xs and frames time (each [N, 1])."""
    parts = []
    for coordinate, channels in ((time, AXES[0]), (ys, AXES[1]), (xs, AXES[2])):
        k = torch.arange(channels // 2, device=ys.device, dtype=torch.float32)
        parts.append(coordinate * (ROPE_BASE ** (-k / (channels // 2)))[None, :])
    angle = torch.cat(parts, dim=1)
    return angle.cos(), angle.sin()


class Grid(NamedTuple):
    """The token grid of a frame, and the rotary embeddings of its tokens and of the pooled ones it remembers."""

    height: int
    width: int
    now: tuple[Tensor, Tensor]
    before: tuple[Tensor, Tensor]

    @staticmethod
    def of(height: int, width: int, device: torch.device) -> 'Grid':
        def axis(count: int, step: float, start: float) -> Tensor:
            return torch.arange(count, device=device, dtype=torch.float32) * step + start

        ys, xs = torch.meshgrid(axis(height, 1, 0), axis(width, 1, 0), indexing='ij')
        ys, xs = ys.reshape(-1, 1), xs.reshape(-1, 1)
        # The newest frame is time 0; keys are stored without rotation, so a frame grows older by nothing but its place in the memory.
        ages, rows, columns = torch.meshgrid(axis(FRAMES, -1, -1), axis(height // 2, 2, 0.5), axis(width // 2, 2, 0.5), indexing='ij')
        return Grid(height, width, rotary(ys, xs, torch.zeros_like(ys)), rotary(rows.reshape(-1, 1), columns.reshape(-1, 1), ages.reshape(-1, 1)))


class Past(NamedTuple):
    """A stream's cache: pooled keys (not rotated) and values of the frames before, newest first; which of them exist."""

    memory: Tensor  # [B,LAYERS,2,FRAMES,heads,h/2,w/2,HEAD]
    seen: Tensor  # [B,FRAMES], 1 or 0


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """x [B, heads, N, HEAD] with halves paired."""
    a, b = x.chunk(2, dim=-1)
    cos, sin = cos.to(x.dtype), sin.to(x.dtype)
    return torch.cat((a * cos - b * sin, a * sin + b * cos), dim=-1)


def rms(x: Tensor, weight: Tensor) -> Tensor:
    return x * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + 1e-6).to(x.dtype) * weight.to(x.dtype)


def modulate(x: Tensor, shift: Tensor, scale: Tensor) -> Tensor:
    """shift, scale [B, 1 or N, D]."""
    return F.layer_norm(x, (DIM,)) * (1 + scale) + shift


def attend(q: Tensor, k: Tensor, v: Tensor, bias: Tensor | None) -> Tensor:
    """Softmax attention; bias is added to the logits. Written out where gradients are wanted on a CPU: for as few tokens as here the
    fused kernel's backward takes three times as long (torch 2.13, bf16)."""
    if q.device.type != 'cpu' or not torch.is_grad_enabled() or not (q.requires_grad or k.requires_grad or v.requires_grad):
        return F.scaled_dot_product_attention(q, k, v, attn_mask=bias)
    logits = (q @ k.transpose(-1, -2)).float() * HEAD ** -0.5
    return torch.softmax(logits if bias is None else logits + bias.float(), dim=-1).to(v.dtype) @ v


def pool(x: Tensor, grid: Grid) -> Tensor:
    """Means over 2x2 tokens: x [B,2,heads,N,HEAD] -> [B,2,heads,h/2,w/2,HEAD]."""
    b = x.shape[0]
    if x.dtype != torch.bfloat16:
        return x.view(b, 2, HEADS, grid.height // 2, 2, grid.width // 2, 2, HEAD).mean((4, 6))
    # the same to the bit, where bf16's mean over two axes takes 37 times as long (torch 2.13, CPU): a sixth of a forward pass
    small = F.avg_pool2d(x.view(-1, grid.height, grid.width, HEAD).permute(0, 3, 1, 2), 2)
    return small.permute(0, 2, 3, 1).view(b, 2, HEADS, grid.height // 2, grid.width // 2, HEAD)


class Seen(NamedTuple):
    """What a layer's queries may look at besides their own stream's tokens of this frame."""

    clean: Tensor | None  # [B,2,heads,N,HEAD]: rotated keys, values of the clean stream's same layer, this frame
    memory: Tensor | None  # [B,2,FRAMES,heads,h/2,w/2,HEAD]: this stream's pooled keys (not rotated), values of the frames before
    bias: Tensor | None  # [B,1,1,M]: added to the attention logits; shuts out frames that were never seen


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

    def forward(self, x: Tensor, condition: Tensor, grid: Grid, seen: Seen, text: Tensor | None, text_mask: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """x [B,N,D] -> x, its own rotated keys/values [B,2,heads,N,HEAD], and the pooled ones to remember [B,2,heads,h/2,w/2,HEAD]."""
        b, n, _ = x.shape
        shift1, scale1, gate1, shift2, scale2, gate2 = self.modulation(F.silu(condition))[:, None].chunk(6, dim=-1)
        q, k, v = self.qkv(modulate(x, shift1, scale1)).view(b, n, 3, HEADS, HEAD).permute(2, 0, 3, 1, 4).unbind(0)
        q = rotate(rms(q, self.q_norm), *grid.now)
        k = rms(k, self.k_norm)
        pooled = pool(torch.stack((k, v), dim=1), grid)
        k = rotate(k, *grid.now)
        keys, values = [k], [v]
        if seen.clean is not None:
            keys.append(seen.clean[:, 0].to(k.dtype))
            values.append(seen.clean[:, 1].to(v.dtype))
        if seen.memory is not None:
            old = seen.memory.to(k.dtype).permute(0, 1, 3, 2, 4, 5, 6).reshape(b, 2, HEADS, -1, HEAD)
            keys.append(rotate(old[:, 0], *grid.before))
            values.append(old[:, 1])
        bias = None if seen.bias is None else seen.bias.to(q.dtype)
        y = attend(q, torch.cat(keys, dim=2), torch.cat(values, dim=2), bias)
        x = x + gate1 * self.out(y.transpose(1, 2).reshape(b, n, DIM))
        if self.cross_q is not None and text is not None:
            x = x + self.cross(x, text, text_mask)
        return x + gate2 * self.mlp(modulate(x, shift2, scale2)), torch.stack((k, v), dim=1), pooled

    def both(self, x: Tensor, conditions: tuple[Tensor, Tensor], grid: Grid, memories: tuple[Tensor | None, Tensor | None], bias: Tensor | None,
             texts: tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]) -> Tensor:
        """Two noised streams [B,2N,D], the first N tokens of each being RGB: each attends to both and to both memories, and reads its
        own text. Same weights as `forward`; nothing is kept, for nothing clean may look at noise."""
        b, n, _ = x.shape
        each = torch.stack([self.modulation(F.silu(c)) for c in conditions], dim=1)
        shift1, scale1, gate1, shift2, scale2, gate2 = each.repeat_interleave(n // 2, dim=1).chunk(6, dim=-1)
        now = (torch.cat((grid.now[0], grid.now[0])), torch.cat((grid.now[1], grid.now[1])))
        q, k, v = self.qkv(modulate(x, shift1, scale1)).view(b, n, 3, HEADS, HEAD).permute(2, 0, 3, 1, 4).unbind(0)
        q, keys, values = rotate(rms(q, self.q_norm), *now), [rotate(rms(k, self.k_norm), *now)], [v]
        for memory in memories:
            if memory is not None:
                old = memory.to(k.dtype).permute(0, 1, 3, 2, 4, 5, 6).reshape(b, 2, HEADS, -1, HEAD)
                keys.append(rotate(old[:, 0], *grid.before))
                values.append(old[:, 1])
        y = attend(q, torch.cat(keys, dim=2), torch.cat(values, dim=2), None if bias is None else bias.to(q.dtype))
        x = x + gate1 * self.out(y.transpose(1, 2).reshape(b, n, DIM))
        if self.cross_q is not None:
            x = x + torch.cat([self.cross(half, *text) for half, text in zip(x.chunk(2, dim=1), texts)], dim=1)
        return x + gate2 * self.mlp(modulate(x, shift2, scale2))

    def cross(self, x: Tensor, text: Tensor, text_mask: Tensor | None) -> Tensor:
        assert self.cross_q is not None and self.cross_kv is not None and self.cross_out is not None
        b, n, _ = x.shape
        q = self.cross_q(F.layer_norm(x, (DIM,))).view(b, n, HEADS, HEAD).transpose(1, 2)
        k, v = self.cross_kv(text).view(b, -1, 2, HEADS, HEAD).permute(2, 0, 3, 1, 4).unbind(0)
        y = attend(q, k, v, text_mask)
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

    def run(self, x: Tensor, condition: Tensor, grid: Grid, clean: Tensor | None, past: Past | None, text: Tensor | None = None,
            text_mask: Tensor | None = None) -> tuple[Tensor, Tensor, Past]:
        """One stream through all layers -> tokens [B,N,D], keys/values of every layer [B,LAYERS,2,heads,N,HEAD], and the
        stream's past as the next frame needs it."""
        b, n, _ = x.shape
        bias = None
        if past is not None:
            shut = torch.where(past.seen > 0.5, 0.0, SHUT)[:, :, None].expand(b, FRAMES, n // 4).reshape(b, -1)
            open_ = torch.zeros(b, n if clean is None else 2 * n, device=x.device)
            bias = torch.cat((open_, shut), dim=1)[:, None, None, :]
        keys, pooled = [], []
        for i, block in enumerate(self.blocks):
            seen = Seen(None if clean is None else clean[:, i], None if past is None else past.memory[:, i], bias)
            x, own, small = block(x, condition, grid, seen, text, text_mask)
            keys.append(own)
            pooled.append(small)
        now = torch.stack(pooled, dim=1)[:, :, :, None]
        one = torch.ones(b, 1, device=x.device)
        if past is None:
            rest, old = torch.zeros_like(now).expand(-1, -1, -1, FRAMES - 1, -1, -1, -1, -1), torch.zeros(b, FRAMES - 1, device=x.device)
        else:
            rest, old = past.memory[:, :, :, :FRAMES - 1].to(now.dtype), past.seen[:, :FRAMES - 1]
        return x, torch.stack(keys, dim=1), Past(torch.cat((now, rest), dim=3), torch.cat((one, old), dim=1))

    def both(self, rgb: Tensor, modality: Tensor, conditions: tuple[Tensor, Tensor], grid: Grid, pasts: tuple[Past | None, Past | None],
             texts: tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]) -> tuple[Tensor, Tensor]:
        """Joint task: both streams noised [B,N,D] each, each sees everything."""
        b, n, _ = rgb.shape
        biases = [torch.zeros(b, 2 * n, device=rgb.device)]
        biases += [torch.where(p.seen > 0.5, 0.0, SHUT)[:, :, None].expand(b, FRAMES, n // 4).reshape(b, -1) for p in pasts if p is not None]
        bias = torch.cat(biases, dim=1)[:, None, None, :] if len(biases) > 1 else None
        x = torch.cat((rgb, modality), dim=1)
        for i, block in enumerate(self.blocks):
            x = block.both(x, conditions, grid, tuple(None if p is None else p.memory[:, i] for p in pasts), bias, texts)  # type: ignore[operator]
        return x[:, :n], x[:, n:]

    def rgb(self, x: Tensor, grid: Grid, past: Past | None) -> tuple[Tensor, Tensor, Past]:
        """The clean RGB stream (t = 0): sees itself and its own past."""
        condition = self.time(torch.zeros(x.shape[0], device=x.device)) + self.rgb_embedding
        return self.run(x, condition, grid, None, past)

    def modality(self, x: Tensor, condition: Tensor, grid: Grid, keys: Tensor, past: Past | None, text: Tensor, text_mask: Tensor) -> tuple[Tensor, Past]:
        """The modality stream: sees itself, its own past, and the clean RGB tokens of the same layer."""
        x, _, past = self.run(x, condition, grid, keys, past, text, text_mask)
        return x, past
