"""Losses of the generating tasks: flow matching of the small picture with prediction of x, and the painter's likeness to the large one."""
from __future__ import annotations

import random
from typing import NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .carried import carried
from .encoder import Lite0
from .generator import BESIDE, small
from .losses import skeleton
from .model import Nano
from .text import MODALITIES, PROMPTS, encode
from .trunk import Past

CAPTION_DROPPED, CONDITION_DROPPED, PALETTE_DROPPED = 0.12, 0.08, 0.6
PAINTED = 3  # samples of a batch that the painter paints: it learns sooner than the small picture, and full size is dear
OWN_BEFORE = 0.5  # share of the batches of two frames in which the earlier one is the painter's
OTHER_COLOURS = 0.5  # share of the pictures of two frames in which the earlier one has other colours than it had
SATURATION, CONTRAST, LIGHT = (-0.3, 0.9), (-0.2, 0.3), (-0.08, 0.08)  # of it, from and to: logarithms of factors, and what is added
SHARP = 2.0  # of the sharpener's streams
FAULT = 0.12  # most noise on the small picture that the painter sees: what is sampled is not perfect
SCALE = 4.0  # of the small picture's loss: gradients as large as estimation's
# How much more a body's pixels weigh than others: a picture's error is its background's, and people were left out. Only where the condition says where bodies are:
# weights that depend on what is still to be found pull the mean of what may be there towards what weighs more, and joint generation drew limbs everywhere.
BODY = 3.0
EVEN = torch.tensor([0.7, 1.0, 1.2, 2.5, 1.5])  # of a small stream's loss, by modality: about 0.15 over the variance of its cells
SIMPLE = torch.tensor([0.26, 0.06, 0.24, 0.28, 0.16])  # which modality, where there is one


class Likeness(nn.Module):
    """Distance of EfficientNet-Lite0's features (frozen ImageNet weights; training only) at 1/2 to 1/16, relative to their size."""

    def __init__(self) -> None:
        super().__init__()
        self.net = Lite0()
        self.net.load_imagenet()
        self.requires_grad_(False)

    def features(self, x: Tensor) -> list[Tensor]:
        return self.net(x.clamp(-1.2, 1.2))[:4]

    @staticmethod
    def between(ours: list[Tensor], truth: list[Tensor]) -> Tensor:
        """Of features."""
        return torch.stack([((a - b).abs().float().flatten(1).mean(1) / (b.abs().float().flatten(1).mean(1) + 0.05)).mean() for a, b in zip(ours, truth)]).mean()

    def forward(self, ours: Tensor, truth: Tensor) -> Tensor:
        with torch.no_grad():
            want = self.features(truth)
        return self.between(self.features(ours), want)


def draw_time(count: int, device: torch.device) -> Tensor:
    """Noise levels: logit-normal, towards noise, where a picture decides its colours; a tenth is pure noise, where sampling starts."""
    t = torch.sigmoid(0.5 + 1.2 * torch.randn(count, device=device))
    return torch.where(torch.rand(count, device=device) < 0.1, torch.ones_like(t), t)


def draw_select(count: int, device: torch.device) -> Tensor:
    """[B,5]: one modality mostly, else two to five."""
    select = F.one_hot(torch.multinomial(SIMPLE, count, replacement=True), 5).float()
    more = (torch.rand(count, 5) < 0.5).float()
    return torch.where((torch.rand(count, 1) < 0.4), torch.maximum(select, more), select).to(device)


def prompts(select: Tensor) -> Tensor:
    ids = torch.tensor([encode(PROMPTS[m][0]) for m in MODALITIES], device=select.device)
    return ids[None] * (select > 0).long()[:, :, None]


def weight(t: Tensor) -> Tensor:
    """Of velocity's error, (x - x') / t, with a floor under t."""
    return (1 / t.clamp(min=0.25) ** 2)[:, None, None, None]


def bodies(streams: Tensor) -> Tensor:
    """bool [B,1,H,W]: where streams [B,15,H,W] show a body part."""
    return streams[:, 12:13] > -0.99


def limbs(streams: Tensor) -> Tensor:
    """bool [B,1,H,W]: where the skeleton's stream shows a joint or a limb."""
    return streams[:, 11:12] > -0.5


def body_weight(streams: Tensor) -> Tensor:
    """[B,1,H,W]: 1 + BODY on bodies, of streams [B,15,H,W]."""
    return 1 + BODY * bodies(streams).float()


def spread(select: Tensor) -> Tensor:
    """[B,5] -> [B,15,1,1]: for the three channels of every stream."""
    return select.repeat_interleave(3, dim=1)[:, :, None, None]


class Scene(NamedTuple):
    """What is to be made and what it is made from: x RGB [B,3,H,W], s streams [B,15,H,W] (all five), select [B,5] those given or made;
    beside [B,8,H,W]; prompt and words as `Nano.read` gives them; the pasts of the RGB and of the modality stream."""

    x: Tensor
    s: Tensor
    select: Tensor
    beside: Tensor
    prompt: tuple[Tensor, Tensor]
    words: tuple[Tensor, Tensor]
    pasts: tuple[Past | None, Past | None]

    def given(self) -> Tensor:
        """The streams of the condition [B,15,H,W], the others 0."""
        return self.s * spread(self.select)


def look_at(model: Nano, batch: dict[str, Tensor], joint: bool, device: torch.device) -> Scene:
    """A batch of `Paintings` with everything drawn that is drawn: what is given, what is left out, whether a frame was before."""
    rgb = (batch['rgb'].to(device).permute(0, 1, 4, 2, 3).float() / 127.5 - 1).contiguous()
    streams, caption = batch['streams'].to(device), batch['caption'].to(device)
    count, length, _, height, width = rgb.shape
    select = draw_select(count, device)
    if not joint:
        select = select * (torch.rand(count, 1, device=device) > CONDITION_DROPPED)
    caption = caption * (torch.rand(count, 1, device=device) > CAPTION_DROPPED).long()
    previous = torch.zeros(count, 4, height, width, device=device)
    colours = batch['palette'][:, -1].to(device).permute(0, 3, 1, 2).float() / 127.5 - 1
    given = (torch.rand(count, 1, 1, 1, device=device) > PALETTE_DROPPED).float() * float(not joint)
    colours = torch.cat((colours, torch.ones_like(colours[:, :1])), dim=1) * given
    ask = prompts(select)
    prompt = model.read(ask.flatten(1), ask.shape[2])
    words = model.read(caption, caption.shape[1])
    pasts: tuple[Past | None, Past | None] = (None, None)
    if length > 1:
        before, kept = rgb[:, 0], (torch.rand(count, 1, device=device) < 0.85).float()
        # Its own frames are not perfect: often they are of its own painting, always a little noisy, so that faults do not grow from frame to frame.
        if random.random() < OWN_BEFORE:
            before = painted_again(model, before, streams[:, 0], select)
        before = recoloured(before)
        before = (before + 0.08 * torch.rand(count, 1, 1, 1, device=device) * torch.randn_like(before)).clamp(-1, 1)
        previous = torch.cat((before, torch.ones_like(before[:, :1])), dim=1)
        flow = MODALITIES.index('flow')
        moved = (select[:, flow] > 0) & (not joint)
        if moved.any():
            previous[moved] = carried(before[moved], streams[moved, -1, 3 * flow:3 * flow + 3])
        previous = previous * kept[:, :, None, None]
        with torch.no_grad():
            past_rgb = model.rgb(as_seen(before))[-1]
            past_streams = model.generator.condition(model.trunk, streams[:, 0] * spread(select), select, model.switch, prompt, None)[-1]
        pasts = (Past(past_rgb.memory, past_rgb.seen * kept), Past(past_streams.memory, past_streams.seen * kept))
    return Scene(rgb[:, -1], streams[:, -1], select, torch.cat((previous, colours), dim=1), prompt, words, pasts)


def recoloured(x: Tensor) -> Tensor:
    """RGB [B,3,H,W] with other colours, contrast and light in half of the pictures, mostly stronger ones, as frames made of made frames have: what the
    next one makes of it is the truth, so that such faults are taken back instead of growing from frame to frame."""
    def drawn(low: float, high: float) -> Tensor:
        return torch.empty(len(x), 1, 1, 1, device=x.device).uniform_(low, high)

    grey, light = x.mean(1, keepdim=True), x.mean((1, 2, 3), keepdim=True)
    other = light + (grey - light + (x - grey) * torch.exp(drawn(*SATURATION))) * torch.exp(drawn(*CONTRAST)) + drawn(*LIGHT)
    return torch.where(drawn(0, 1) < OTHER_COLOURS, other, x).clamp(-1, 1)


@torch.no_grad()
def painted_again(model: Nano, x: Tensor, s: Tensor, select: Tensor) -> Tensor:
    """RGB [B,3,H,W] as the painter makes it of its small picture: with the painter's own faults."""
    return model.generator.paint(faulty(x), torch.zeros(len(x), BESIDE, *x.shape[2:], device=x.device), s * spread(select), select).float().clamp(-1, 1)


def as_seen(rgb: Tensor) -> Tensor:
    """RGB in [-1, 1] as the encoder takes it."""
    return rgb * 127.5 / 128 + 0.5 / 128


def small_losses(model: Nano, scene: Scene, joint: bool) -> dict[str, Tensor]:
    """Flow matching on the small grid: the error of what is seen in the noised small picture (and, joint, in the small streams)."""
    x, s, select = scene.x, scene.s, scene.select
    t = draw_time(len(x), x.device)
    at = t[:, None, None, None]
    x_small = small(x)
    z = (1 - at) * x_small + at * torch.randn_like(x_small)
    out: dict[str, Tensor] = {}
    if joint:
        s_small = small(s)
        zs = ((1 - at) * s_small + at * torch.randn_like(s_small)) * spread(select)
        ours, ours_streams = model.generator.joint(model.trunk, z, scene.beside, t, zs, select, model.switch, scene.prompt, scene.words, scene.pasts)
        error = (ours_streams.float() - s_small) ** 2
        out['streams'] = SCALE * (weight(t) * spread(select * EVEN.to(select)) * error).sum() / (spread(select).sum() * error.shape[2] * error.shape[3]).clamp(min=1)
    else:
        skip8, tokens, keys, _ = model.generator.condition(model.trunk, scene.given(), select, model.switch, scene.prompt, scene.pasts[1])
        ours = model.generator.generate(model.trunk, z, scene.beside, t, skip8, tokens, keys, scene.words, scene.pasts[0])
    of_bodies = 1.0 if joint else small(body_weight(s))
    out['joint' if joint else 'generate'] = SCALE * (weight(t) * of_bodies * (ours.float() - x_small) ** 2).mean()
    return out


def faulty(whole: Tensor) -> Tensor:
    """What is made small is not perfect: the means of `whole`'s blocks, with up to FAULT of noise."""
    cells = small(whole)
    return cells + FAULT * torch.rand(len(cells), 1, 1, 1, device=cells.device) * torch.randn_like(cells)


def sharpened(model: Nano, x: Tensor, s: Tensor, select: Tensor, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
    """Streams [B,15,H,W] made large again from what they are small, and how far that is from the truth; people too, where `batch` (B pictures or more) tells of them."""
    ours, pose = model.generator.sharpener(faulty(x), faulty(s), select)
    w = spread(select * EVEN.to(select))
    out = {'sharpened': SHARP * (w * (ours.float() - s).abs()).sum() / (spread(select).sum() * s.shape[2] * s.shape[3]).clamp(min=1)}
    which = select[:, MODALITIES.index('skeleton')] > 0
    if which.any():
        truth = (batch[k][:len(which)].to(x.device)[which] for k in ('heat', 'joint_weight', 'offset', 'offset_weight'))
        out |= {f'sharpened_{k}': which.float().mean() * v for k, v in skeleton(pose[which], *truth).items()}
    return ours, out


def paint_true(model: Nano, scene: Scene, joint: bool, batch: dict[str, Tensor]) -> tuple[Tensor, dict[str, Tensor]]:
    """The first PAINTED pictures painted from what they are small, not quite clean -> RGB [k,3,H,W], and how far that is from the truth."""
    k = min(PAINTED, len(scene.x))
    x, s, select = scene.x[:k], scene.s[:k], scene.select[:k]
    own, out = s * spread(select), {}
    if joint:
        own, out = sharpened(model, x, s, select, batch)
    painted = model.generator.paint(faulty(x), scene.beside[:k], own.detach(), select)
    out[f'{"joint" if joint else "generate"}_paint'] = 2.0 * (body_weight(s) * (painted.float() - x).abs()).mean()
    return painted, out


def paint_losses(model: Nano, likeness: Likeness | None, batch: dict[str, Tensor], joint: bool, device: torch.device, autocast: torch.autocast) -> dict[str, Tensor]:
    with autocast:
        scene = look_at(model, batch, joint, device)
        out = small_losses(model, scene, joint)
        painted, faults = paint_true(model, scene, joint, batch)
        out |= faults
        if likeness is not None:
            out[f'{"joint" if joint else "generate"}_likeness'] = 0.5 * likeness(painted, scene.x[:len(painted)])
    return out
