"""models/nano as a PyTorch module, cut into the graphs of the manifest: rgb, modality, one head per modality, match, flow."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .crops import CLASSES
from .encoder import Lite0
from .flow import FlowHead, Matcher
from .generator import Generator
from .sides import PAIRS
from .text import CAPTION_LENGTH, MEANING, MODALITIES, PROMPT_LENGTH, PROMPT_WORDS, meanings, name_meanings, naming
from .trunk import DIM, Grid, Past, Trunk

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


def finer(x: Tensor) -> Tensor:
    return F.interpolate(x, scale_factor=2.0, mode='bilinear', align_corners=False)


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
        self.words = nn.Embedding(PROMPT_WORDS, DIM, padding_idx=0)
        nn.init.normal_(self.words.weight, std=0.3)
        # Beyond the words of the modality prompts a word is its meaning, so that words never trained on have a place too.
        self.register_buffer('meanings', torch.from_numpy(meanings()))
        self.meaning_in = nn.Linear(MEANING, DIM, bias=False)
        self.word_place = nn.Parameter(torch.zeros(CAPTION_LENGTH, DIM))
        nn.init.zeros_(self.meaning_in.weight)
        self.join = nn.Conv2d(2 * DIM, 160, 1)
        self.up8 = Fuse(160, 40, 96, deep=False)
        self.up4 = Fuse(96, 24, 64, deep=True)
        self.up2 = Fuse(64, 16, 32, deep=False)
        self.depth_head = head(32, 32, 3)
        self.segmentation_head = head(32, 48, CLASSES)
        self.segmentation_coarse = nn.Conv2d(64, CLASSES, 1)  # names things by context; the fine head finds their outlines
        nn.init.zeros_(self.segmentation_coarse.weight)
        self.skeleton_head = head(64, 64, 20)
        self.densepose_head = head(32, 40, PARTS + 2)
        self.densepose_coarse = nn.Conv2d(64, PARTS, 1)
        nn.init.zeros_(self.densepose_coarse.weight)
        nn.init.zeros_(self.densepose_coarse.bias)
        # Beside skeletons, whose left and right they decide: facing.py, sides.py.
        self.facing_head = nn.Conv2d(64, 1, 1)
        self.sides_head = nn.Conv2d(64, len(PAIRS), 1)
        # A phrase means the classes whose names are near to it: what was never named in training is found by what its name means.
        self.register_buffer('naming', torch.from_numpy(naming()))
        self.register_buffer('name_meanings', torch.zeros(CLASSES, MEANING))
        self.refer_map = nn.Linear(MEANING, MEANING, bias=False)
        nn.init.eye_(self.refer_map.weight)
        self.refer_sharp = nn.Parameter(torch.tensor([20.0, 15.0]))  # how much nearer the nearest name must be than the others, and than `least`
        self.refer_least = nn.Parameter(torch.tensor(0.45))
        self.generator = Generator()
        self.matcher = Matcher()
        self.flow_head = FlowHead()
        with torch.no_grad():
            self.skeleton_head[-1].bias[:18] = -4.0
            self.depth_head[-1].bias[0] = 1.2

    def read(self, ids: Tensor, length: int) -> tuple[Tensor, Tensor]:
        """ids int64 [B,n*length] of n texts -> vectors [B,n*length,D] and what to add to attention logits [B,1,1,n*length]: 0 is padding."""
        place = self.word_place[:length].repeat(ids.shape[1] // length, 1)
        text = self.words(torch.where(ids < PROMPT_WORDS, ids, 0)) + self.meaning_in(self.meanings[ids]) + place
        return text, torch.where(ids == 0, -30.0, 0.0)[:, None, None, :].to(text.dtype)

    # -- graph `rgb`
    def rgb(self, x: Tensor, past: Past | None = None) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Past]:
        """x [B,3,H,W] in (u8-127)/128 -> skip2, skip4, skip8, tokens [B,D,H/16,W/16], keys [B,L,2,heads,N,HEAD], the stream's past."""
        c1, c2, c3, c4, c5 = self.encoder(x)
        y = self.rgb_in(c4) + F.interpolate(self.rgb_in_low(c5), scale_factor=2.0, mode='nearest')
        b, _, h, w = y.shape
        tokens, keys, past = self.trunk.rgb(y.flatten(2).transpose(1, 2), Grid.of(h, w, y.device), past)
        return c1, c2, c3, tokens.transpose(1, 2).reshape(b, DIM, h, w), keys, past

    # -- graph `modality`
    def modality(self, skip2: Tensor, skip4: Tensor, skip8: Tensor, tokens: Tensor, keys: Tensor, select: Tensor, prompt: Tensor,
                 time: Tensor, noise: Tensor, past: Past | None = None) -> tuple[Tensor, Tensor, Past]:
        """select [B,5]; prompt int64 [B,5,L]; time [B]; noise [B,15,H/4,W/4] -> features at 1/4 (64) and 1/2 (32 channels), the stream's past."""
        b, _, h, w = tokens.shape
        z = sum(stem(noise[:, 3 * i:3 * i + 3]) * select[:, i, None, None, None] for i, stem in enumerate(self.stems))
        condition = self.trunk.time(time) + (select[:, :, None] * self.switch[None]).sum(1)
        text, mask = self.read(prompt.flatten(1), PROMPT_LENGTH)
        y, past = self.trunk.modality(z.flatten(2).transpose(1, 2), condition, Grid.of(h, w, tokens.device), keys, past, text, mask)
        return *self.decode(torch.cat((tokens, y.transpose(1, 2).reshape(b, DIM, h, w)), dim=1), skip2, skip4, skip8), past

    def decode(self, tokens: Tensor, skip2: Tensor, skip4: Tensor, skip8: Tensor) -> tuple[Tensor, Tensor]:
        """RGB's and the modality's tokens [B,2*D,H/16,W/16] -> features at 1/4 (64) and 1/2 (32 channels)."""
        f4 = self.up4(self.up8(self.join(tokens), skip8), skip4)
        return f4, self.up2(f4, skip2)

    def segmentation(self, f4: Tensor, f2: Tensor) -> Tensor:
        """Class logits [B,CLASSES,H/2,W/2]."""
        return self.segmentation_head(f2) + finer(self.segmentation_coarse(F.relu(f4)))

    def facing(self, f4: Tensor) -> Tensor:
        """Logit [B,H/4,W/4] that a body is seen from the front."""
        return self.facing_head(F.relu(f4))[:, 0]

    def skeleton(self, f4: Tensor) -> tuple[Tensor, Tensor]:
        """Logits of 17 joints, pairs in the picture's order (sides.py), and of people's centres, and offsets to these [B,20,H/4,W/4]; logits
        [B,8,H/4,W/4] that the left joint of a pair is the one further right."""
        f = self.skeleton_head[:-1](f4)
        return self.skeleton_head[-1](f), self.sides_head(f)

    def densepose(self, f4: Tensor, f2: Tensor) -> tuple[Tensor, Tensor]:
        """Part logits [B,25,H/2,W/2] and UV logits [B,2,H/2,W/2]."""
        out = self.densepose_head(f2)
        return out[:, :PARTS] + finer(self.densepose_coarse(F.relu(f4))), out[:, PARTS:]

    def name_classes(self, names: list[str]) -> None:
        self.name_meanings.copy_(torch.from_numpy(name_meanings(names)))

    def phrase(self, prompt: Tensor) -> Tensor:
        """The segmentation prompt of [B,5,L] as weights of the classes [B,CLASSES] in [0, 1]: what to look for."""
        ids = prompt[:, MODALITIES.index('segmentation')]
        noun = (self.meanings[ids] * self.naming[ids][..., None]).sum(1)
        near = F.normalize(self.refer_map(noun), dim=1, eps=1e-4) @ F.normalize(self.refer_map(self.name_meanings), dim=1).T
        sharp = self.refer_sharp
        return torch.exp(sharp[0] * (near - near.amax(1, keepdim=True))) * torch.sigmoid(sharp[1] * (near - self.refer_least))

    def refer(self, f4: Tensor, f2: Tensor, phrase: Tensor) -> Tensor:
        """Probability [B,1,H/2,W/2] that a pixel shows what the segmentation prompt names."""
        p = torch.softmax(self.segmentation(f4, f2).float(), dim=1)
        return torch.einsum('bchw,bc->bhw', p, phrase.float())[:, None]

    def forward(self, rgb: Tensor, select: Tensor, prompt: Tensor, time: Tensor, noise: Tensor,
                past: tuple[Past, Past] | None = None) -> tuple[dict[str, Tensor], tuple[Past, Past]]:
        """Everything but flow, raw (logits), and what the next frame of the stream needs (the RGB and the modality stream's past);
        `features4` is what the flow head takes as context."""
        *skips, tokens, keys, past_rgb = self.rgb(rgb, past[0] if past else None)
        f4, f2, past_modality = self.modality(*skips, tokens, keys, select, prompt, time, noise, past[1] if past else None)
        part, uv = self.densepose(f4, f2)
        skeleton, sides = self.skeleton(f4)
        return {
            'features4': f4,
            'depth': self.depth_head(f2),
            'segmentation': self.segmentation(f4, f2),
            'skeleton': skeleton,
            'sides': sides,
            'part': part,
            'uv': uv,
            'features2': f2,
        }, (past_rgb, past_modality)


def normalise(rgb: Tensor) -> Tensor:
    """uint8 [B,H,W,3] -> [B,3,H,W] as the encoder was trained."""
    return (rgb.permute(0, 3, 1, 2).float() - 127.0) / 128.0
