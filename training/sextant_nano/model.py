"""models/nano as a PyTorch module, cut into the graphs of the manifest: rgb, modality, one head per modality, match, flow."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .encoder import Lite0
from .flow import FlowHead, Matcher
from .text import MODALITIES, VOCABULARY
from .trunk import DIM, Trunk, rotary

CLASSES = 16  # the world's supersets
PARTS = 25


def norm_act(channels: int) -> nn.Sequential:
    return nn.Sequential(nn.GroupNorm(8, channels), nn.ReLU())


class Fuse(nn.Module):
    """Doubles the grid and joins an encoder tap: nearest upsampling, then a 3x3 convolution and a residual one."""

    def __init__(self, cin: int, skip: int, cout: int, deep: bool):
        super().__init__()
        self.lower = nn.Conv2d(cin, cout, 1)
        self.skip = nn.Conv2d(skip, cout, 1)
        self.mix = nn.Sequential(nn.ReLU(), nn.Conv2d(cout, cout, 3, padding=1))
        self.more = nn.Sequential(nn.ReLU(), nn.Conv2d(cout, cout, 3, padding=1)) if deep else None

    def forward(self, x: Tensor, skip: Tensor) -> Tensor:
        # lower + skip is one 1x1 convolution of their concatenation, but done before the upsampling
        x = F.interpolate(self.lower(x), scale_factor=2.0, mode='nearest') + self.skip(skip)
        x = x + self.mix(x)
        return x + self.more(x) if self.more is not None else x


def head(cin: int, mid: int, cout: int) -> nn.Sequential:
    return nn.Sequential(nn.ReLU(), nn.Conv2d(cin, mid, 3, padding=1), nn.ReLU(), nn.Conv2d(mid, cout, 1))


class Nano(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.encoder = Lite0()
        self.rgb_in = nn.Conv2d(112, DIM, 1)
        self.rgb_in_low = nn.Conv2d(320, DIM, 1)
        self.trunk = Trunk()
        # Expert input stems: each 3-channel modality stream at 1/4 -> tokens at 1/16.
        self.stems = nn.ModuleList(
            nn.Sequential(nn.Conv2d(3, 32, 4, stride=4), nn.ReLU(), nn.Conv2d(32, DIM, 1)) for _ in MODALITIES
        )
        self.switch = nn.Parameter(torch.randn(len(MODALITIES), DIM) * 0.2)
        self.words = nn.Embedding(len(VOCABULARY), DIM, padding_idx=0)
        nn.init.normal_(self.words.weight, std=0.3)
        self.join = nn.Conv2d(2 * DIM, 160, 1)
        self.up8 = Fuse(160, 40, 96, deep=False)
        self.up4 = Fuse(96, 24, 64, deep=True)
        self.up2 = Fuse(64, 16, 32, deep=False)
        self.depth_head = head(32, 32, 3)
        self.segmentation_head = head(32, 32, CLASSES)
        self.skeleton_head = head(64, 64, 20)
        self.densepose_head = head(32, 40, PARTS + 2)
        self.matcher = Matcher()
        self.flow_head = FlowHead(context=64)
        with torch.no_grad():
            self.skeleton_head[-1].bias[:18] = -4.0
            self.depth_head[-1].bias[0] = 1.2

    # -- graph `rgb`
    def rgb(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """x [B,3,H,W] in (u8-127)/128 -> skip2, skip4, skip8, tokens [B,D,H/16,W/16], keys [B,L,2,heads,N,HEAD]."""
        c1, c2, c3, c4, c5 = self.encoder(x)
        y = self.rgb_in(c4) + F.interpolate(self.rgb_in_low(c5), scale_factor=2.0, mode='nearest')
        b, _, h, w = y.shape
        tokens, keys = self.trunk.rgb(y.flatten(2).transpose(1, 2), rotary(h, w, 0, y.device))
        return c1, c2, c3, tokens.transpose(1, 2).reshape(b, DIM, h, w), keys

    # -- graph `modality`
    def modality(self, skip2: Tensor, skip4: Tensor, skip8: Tensor, tokens: Tensor, keys: Tensor, select: Tensor, prompt: Tensor,
                 time: Tensor, noise: Tensor) -> tuple[Tensor, Tensor]:
        """select [B,5]; prompt int64 [B,5,L]; time [B]; noise [B,15,H/4,W/4] -> features at 1/4 (64) and 1/2 (32 channels)."""
        b, _, h, w = tokens.shape
        z = sum(stem(noise[:, 3 * i:3 * i + 3]) * select[:, i, None, None, None] for i, stem in enumerate(self.stems))
        condition = self.trunk.time(time) + (select[:, :, None] * self.switch[None]).sum(1)
        ids = prompt.flatten(1)
        text = self.words(ids)
        mask = torch.where(ids == 0, -30.0, 0.0)[:, None, None, :].to(text.dtype)
        y = self.trunk.modality(z.flatten(2).transpose(1, 2), condition, rotary(h, w, 0, tokens.device), keys, text, mask)
        y = self.join(torch.cat((tokens, y.transpose(1, 2).reshape(b, DIM, h, w)), dim=1))
        f4 = self.up4(self.up8(y, skip8), skip4)
        return f4, self.up2(f4, skip2)

    def forward(self, rgb: Tensor, select: Tensor, prompt: Tensor, time: Tensor, noise: Tensor) -> dict[str, Tensor]:
        """Everything but flow, raw (logits); `features4` is what the flow head takes as context."""
        *skips, tokens, keys = self.rgb(rgb)
        f4, f2 = self.modality(*skips, tokens, keys, select, prompt, time, noise)
        densepose = self.densepose_head(f2)
        return {
            'features4': f4,
            'depth': self.depth_head(f2),
            'segmentation': self.segmentation_head(f2),
            'skeleton': self.skeleton_head(f4),
            'part': densepose[:, :PARTS],
            'uv': densepose[:, PARTS:],
        }


def normalise(rgb: Tensor) -> Tensor:
    """uint8 [B,H,W,3] -> [B,3,H,W] as the encoder was trained."""
    return (rgb.permute(0, 3, 1, 2).float() - 127.0) / 128.0
