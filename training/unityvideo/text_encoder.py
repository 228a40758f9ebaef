"""UMT5's encoder under the names of `models_t5_umt5-xxl-enc-bf16.pth`: T5 v1.1 with relative position biases in every layer."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import TextConfig


class T5Norm(nn.Module):
    def __init__(self, dim: int, eps: float = 1e-6):
        super().__init__()
        self.eps = eps
        self.weight = nn.Parameter(torch.ones(dim))

    def forward(self, x: Tensor) -> Tensor:
        return self.weight * (x * torch.rsqrt(x.float().pow(2).mean(-1, keepdim=True) + self.eps)).to(self.weight.dtype)


class RelativePositions(nn.Module):
    """A bias per head and bucket of key position - query position: exact up to buckets/4 either way, logarithmic up to `max_distance`."""

    def __init__(self, c: TextConfig):
        super().__init__()
        self.buckets, self.max_distance = c.buckets, c.max_distance
        self.embedding = nn.Embedding(c.buckets, c.heads)

    def forward(self, length: int) -> Tensor:
        """[1, heads, L, L]."""
        where = torch.arange(length, device=self.embedding.weight.device)
        distance = where[None] - where[:, None]
        half = self.buckets // 2
        exact = half // 2
        size = distance.abs()
        far = exact + (torch.log(size.clamp(min=1).float() / exact) / math.log(self.max_distance / exact) * (half - exact)).long()
        bucket = torch.where(size < exact, size, far.clamp(max=half - 1)) + (distance > 0).long() * half
        return self.embedding(bucket).permute(2, 0, 1)[None]


class T5Attention(nn.Module):
    def __init__(self, c: TextConfig):
        super().__init__()
        self.heads = c.heads
        self.q, self.k, self.v = (nn.Linear(c.dim, c.attn_dim, bias=False) for _ in range(3))
        self.o = nn.Linear(c.attn_dim, c.dim, bias=False)

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in (self.q(x), self.k(x), self.v(x)))
        # T5 does not scale by the root of the head's size.
        scores = (q @ k.transpose(-1, -2) + bias).float().softmax(-1).to(v.dtype)
        return self.o((scores @ v).transpose(1, 2).flatten(2))


class T5FeedForward(nn.Module):
    def __init__(self, c: TextConfig):
        super().__init__()
        self.gate = nn.Sequential(nn.Linear(c.dim, c.ffn_dim, bias=False), nn.GELU(approximate="tanh"))
        self.fc1 = nn.Linear(c.dim, c.ffn_dim, bias=False)
        self.fc2 = nn.Linear(c.ffn_dim, c.dim, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(self.fc1(x) * self.gate(x))


class T5Block(nn.Module):
    def __init__(self, c: TextConfig):
        super().__init__()
        self.norm1, self.attn = T5Norm(c.dim), T5Attention(c)
        self.norm2, self.ffn = T5Norm(c.dim), T5FeedForward(c)
        self.pos_embedding = RelativePositions(c)

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.norm1(x), self.pos_embedding(x.shape[1]))
        return x + self.ffn(self.norm2(x))


class TextEncoder(nn.Module):
    """ids [B, L] int64 (a prompt's own tokens, end mark included, no padding) -> [B, L, dim].

    The published code pads to 512 and masks the padding; leaving it out gives the same numbers for less.
    """

    def __init__(self, c: TextConfig):
        super().__init__()
        self.c = c
        self.token_embedding = nn.Embedding(c.vocab, c.dim)
        self.blocks = nn.ModuleList([T5Block(c) for _ in range(c.layers)])
        self.norm = T5Norm(c.dim)

    def forward(self, ids: Tensor) -> Tensor:
        x = self.token_embedding(ids)
        for block in self.blocks:
            x = block(x)
        return self.norm(x)
