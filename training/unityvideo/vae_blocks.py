"""Building blocks of Wan2.2's causal video VAE, written for streaming: a chunk of frames and what each convolution remembers go in, the chunk's
result and the new memory come out. A whole video is the same chunks one after another, from memories of zeros.

The network treats the first frame of a video apart: it is a chunk of one frame where later ones are four. Here it comes as the last of a
chunk of four with `first` = 1; what stands before it is set to zero at the input of every layer that looks across frames, which is the
padding that the published code gives it.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Tape:
    """The memories of one pass, handed out and collected in the order of the layers."""

    def __init__(self, first: Tensor, memories: list[Tensor] | None = None):
        self.first = first
        self.memories = memories
        self.kept: list[Tensor] = []

    def take(self, like: Tensor, frames: int) -> Tensor:
        """What the layer kept after the chunk before; zeros [B, C, frames, h, w] where the tape began without memories."""
        if self.memories is None:
            return like.new_zeros(like.shape[0], like.shape[1], frames, *like.shape[3:])
        return self.memories[len(self.kept)]

    def keep(self, memory: Tensor) -> None:
        self.kept.append(memory)

    def mask(self, x: Tensor) -> Tensor:
        """x with the frames before the video's first one set to zero."""
        frames = x.shape[2]
        if frames == 1:
            return x
        before = torch.ones(frames, dtype=x.dtype, device=x.device)
        before[-1] = 0
        return x * (1 - self.first.to(x.dtype) * before)[None, None, :, None, None]


class CausalConv3d(nn.Conv3d):
    """3-D convolution that sees this chunk and the frames kept from the one before."""

    def forward(self, x: Tensor, tape: Tape | None = None) -> Tensor:
        kept = self.kernel_size[0] - 1
        if kept == 0:
            return super().forward(x)
        assert tape is not None
        x = tape.mask(x)
        x = torch.cat([tape.take(x, kept), x], dim=2)
        tape.keep(x[:, :, -kept:])
        return super().forward(x)


def conv3(inputs: int, outputs: int) -> CausalConv3d:
    return CausalConv3d(inputs, outputs, 3, padding=(0, 1, 1))


class ChannelNorm(nn.Module):
    """x / |x| over channels, times sqrt(channels) and a learned gain."""

    def __init__(self, dim: int, axes: int):
        super().__init__()
        self.scale = dim**0.5
        self.gamma = nn.Parameter(torch.ones(dim, *[1] * axes))

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(x, dim=1) * self.scale * self.gamma


class ResidualBlock(nn.Module):
    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        # The places of the list are names in the checkpoint; 5 is a dropout there.
        self.residual = nn.Sequential(
            ChannelNorm(inputs, 3), nn.SiLU(), conv3(inputs, outputs), ChannelNorm(outputs, 3), nn.SiLU(), nn.Identity(), conv3(outputs, outputs)
        )
        self.shortcut = CausalConv3d(inputs, outputs, 1) if inputs != outputs else nn.Identity()

    def forward(self, x: Tensor, tape: Tape) -> Tensor:
        y = x
        for layer in self.residual:
            y = layer(y, tape) if isinstance(layer, CausalConv3d) else layer(y)
        return y + self.shortcut(x)


class FrameAttention(nn.Module):
    """One-headed self-attention inside each frame."""

    def __init__(self, dim: int):
        super().__init__()
        self.norm = ChannelNorm(dim, 2)
        self.to_qkv = nn.Conv2d(dim, 3 * dim, 1)
        self.proj = nn.Conv2d(dim, dim, 1)

    def forward(self, x: Tensor, tape: Tape) -> Tensor:
        flat = x.transpose(1, 2).flatten(0, 1)
        q, k, v = (part.flatten(2).transpose(1, 2) for part in self.to_qkv(self.norm(flat)).chunk(3, dim=1))
        y = F.scaled_dot_product_attention(q[:, None], k[:, None], v[:, None])[:, 0].transpose(1, 2).unflatten(2, tuple(flat.shape[2:]))
        return x + self.proj(y).unflatten(0, (x.shape[0], -1)).transpose(1, 2)


def each_frame(layer: nn.Module, x: Tensor) -> Tensor:
    """A 2-D layer on every frame of [B, C, T, h, w]."""
    return layer(x.transpose(1, 2).flatten(0, 1)).unflatten(0, (x.shape[0], -1)).transpose(1, 2)


class Downsample(nn.Module):
    """Half the side; with `temporal` also half the frames."""

    def __init__(self, dim: int, temporal: bool):
        super().__init__()
        self.resample = nn.Sequential(nn.ZeroPad2d((0, 1, 0, 1)), nn.Conv2d(dim, dim, 3, stride=2))
        self.time_conv = nn.Conv3d(dim, dim, (3, 1, 1), stride=(2, 1, 1)) if temporal else None

    def forward(self, x: Tensor, tape: Tape) -> Tensor:
        x = each_frame(self.resample, x)
        if self.time_conv is None:
            return x
        later = self.time_conv(torch.cat([tape.take(x, 1), x], dim=2))
        tape.keep(x[:, :, -1:])
        # The first frame is not convolved in time.
        return torch.where(tape.first.reshape(1, 1, 1, 1, 1) > 0.5, x[:, :, 1::2], later)


class Upsample(nn.Module):
    """Twice the side; with `temporal` also twice the frames."""

    def __init__(self, dim: int, temporal: bool):
        super().__init__()
        self.resample = nn.Sequential(nn.Upsample(scale_factor=2.0, mode="nearest-exact"), nn.Conv2d(dim, dim, 3, padding=1))
        self.time_conv = nn.Conv3d(dim, 2 * dim, (3, 1, 1)) if temporal else None

    def forward(self, x: Tensor, tape: Tape) -> Tensor:
        if self.time_conv is not None:
            is_first = tape.first.reshape(1, 1, 1, 1, 1)
            # The first frame is neither doubled nor remembered: the next chunk sees zeros before it.
            seen = torch.cat([tape.take(x, 2), x * (1 - is_first.to(x.dtype))], dim=2)
            tape.keep(seen[:, :, -2:])
            pair = self.time_conv(seen).unflatten(1, (2, -1)).permute(0, 2, 3, 1, 4, 5)
            x = torch.where(is_first[..., None] > 0.5, x[:, :, :, None].expand_as(pair), pair).flatten(2, 3)
        return each_frame(self.resample, x)


class AverageDown(nn.Module):
    """Shortcut of a stage: space (and time) folded into channels, averaged in groups to the stage's width."""

    def __init__(self, outputs: int, temporal: int, spatial: int):
        super().__init__()
        self.outputs, self.temporal, self.spatial = outputs, temporal, spatial

    def forward(self, x: Tensor, tape: Tape) -> Tensor:
        if self.temporal > 1:
            x = tape.mask(x)
        t, s = self.temporal, self.spatial
        x = x.unflatten(4, (-1, s)).unflatten(3, (-1, s)).unflatten(2, (-1, t))  # B C T t h s w s
        x = x.permute(0, 1, 3, 5, 7, 2, 4, 6).flatten(1, 4)
        return x.unflatten(1, (self.outputs, -1)).mean(2)


class DuplicateUp(nn.Module):
    """Shortcut of a stage: channels repeated, then unfolded into space (and time)."""

    def __init__(self, inputs: int, outputs: int, temporal: int):
        super().__init__()
        self.temporal = temporal
        self.repeats = outputs * temporal * 4 // inputs

    def forward(self, x: Tensor) -> Tensor:
        x = x[:, :, None].expand(-1, -1, self.repeats, -1, -1, -1).flatten(1, 2)
        x = x.unflatten(1, (-1, self.temporal, 2, 2))  # B C t s s T h w
        return x.permute(0, 1, 5, 2, 6, 3, 7, 4).flatten(6, 7).flatten(4, 5).flatten(2, 3)
