"""Losses per modality; every one ignores what the truth does not know."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .augment import NOT_PERSON
from .flow import warp

def mean(x: Tensor, weight: Tensor) -> Tensor:
    return (x * weight).sum() / weight.sum().clamp(min=1.0)


def huber(x: Tensor, delta: float) -> Tensor:
    a = x.abs()
    return torch.where(a < delta, 0.5 * a * a / delta, a - 0.5 * delta)


def depth(out: Tensor, log_depth: Tensor, sky: Tensor, known: Tensor) -> dict[str, Tensor]:
    """out [B,3,h,w]; known [B] or [B,h,w] is False where there is no depth truth; metric part, part after the frame's own scale, gradients at two scales, uncertainty, sky."""
    out = out.float()
    value, spread, sky_logit = out[:, 0], out[:, 1], out[:, 2]
    k = known.float().view(*known.shape, *[1] * (3 - known.ndim))
    w = (~sky).float() * k
    error = value - log_depth
    count = w.flatten(1).sum(1).clamp(min=1)
    shift = (error * w).flatten(1).sum(1) / count
    shape = error - shift[:, None, None]
    gradient = torch.zeros((), device=out.device)
    for step in (1, 4):
        for dim in (1, 2):
            n = error.shape[dim] - step
            a, b = error.narrow(dim, step, n), error.narrow(dim, 0, n)
            wab = w.narrow(dim, step, n) * w.narrow(dim, 0, n)
            jump = (log_depth.narrow(dim, step, n) - log_depth.narrow(dim, 0, n)).abs()
            gradient = gradient + mean(huber(a - b, 0.05), wab * (1 / (1 + 2 * jump)))
    # AbsRel itself, before and after the frame's own scale: where a pixel may be near or far (an outline, a thin thing), taking the
    # far side costs many times more than the near one, which the logarithm does not know.
    relative = mean(torch.expm1(error.clamp(max=1.5)).abs(), w) + 2.0 * mean(torch.expm1(shape.clamp(max=1.5)).abs(), w)
    nll = error.detach().abs() * torch.exp(-spread.clamp(-5, 3)) + spread.clamp(-5, 3)
    return {
        'depth': 1.5 * mean(huber(error, 0.15), w) + 2.0 * mean(huber(shape, 0.1), w) + 0.5 * gradient,
        'depth_relative': relative,
        'depth_spread': 0.05 * mean(nll, w),
        'sky': 0.3 * mean(F.binary_cross_entropy_with_logits(sky_logit, sky.float(), reduction='none'), k.expand_as(w)),
    }


class Segmentation(torch.nn.Module):
    """Cross-entropy over the fine classes and over their supersets: a chair taken for a bench costs less than one taken for a wall.

    counts [CLASSES]: pixels of each class in the training records; rare classes weigh more (inverse square root of frequency,
    between 0.3 and 3)."""

    def __init__(self, superset: Tensor, counts: Tensor):
        super().__init__()
        self.register_buffer('member', F.one_hot(superset.long()).float())  # [CLASSES, supersets]
        self.register_buffer('superset', superset.long())
        frequency = counts.double() / counts.sum() + 1e-5
        self.register_buffer('weight', ((1 / len(counts)) / frequency).sqrt().clamp(0.3, 3.0).float())
        broad = torch.zeros(self.member.shape[1], dtype=torch.double).index_add_(0, superset.long(), frequency)
        self.register_buffer('broad_weight', ((1 / len(broad)) / broad).sqrt().clamp(0.3, 2.0).float())

    def forward(self, out: Tensor, labels: Tensor) -> Tensor:
        """out [B,CLASSES,h,w] logits; labels: a class, NOT_PERSON (any class but person) or UNKNOWN (ignored)."""
        logp = torch.log_softmax(out.float(), dim=1)
        exact = labels < NOT_PERSON
        target = torch.where(exact, labels, 0).long()
        w = self.weight[target] * exact
        picked = logp.gather(1, target[:, None])[:, 0]
        fine = mean(-0.98 * picked - 0.02 * logp.mean(1), w)
        with torch.autocast(out.device.type, enabled=False):  # 1 - 1e-5 is 1 in bf16
            p = torch.einsum('bchw,cs->bshw', logp.exp(), self.member).clamp(min=1e-6)
        broad_target = self.superset[target]
        broad = mean(-p.gather(1, broad_target[:, None])[:, 0].log(), self.broad_weight[broad_target] * exact)
        absent = -torch.log1p(-p[:, 1].clamp(max=1 - 1e-5))
        share = (labels == NOT_PERSON).float()
        # Over the pixels whose class is known, as the other terms, but no fewer than a quarter: a batch of pictures that show nobody has none, and this would be a sum.
        return 0.8 * fine + 0.6 * broad + (absent * share).sum() / exact.sum().clamp(min=labels.numel() / 4)


def steadiness(now: Tensor, before: Tensor, flow: Tensor, usable: Tensor, sky_before: Tensor) -> Tensor:
    """How much the error of log depth changes along the true motion: now, before [B,h,w] errors (prediction - truth) of two
    successive frames, flow [B,2,h,w] in cells of this grid on the newer frame, usable [B,h,w] there, sky_before [B,h,w]."""
    warped = warp(torch.stack((torch.where(sky_before, 0.0, before), 1.0 - sky_before.float()), dim=1), flow)
    return mean(huber(now - warped[:, 0], 0.02), (usable & (warped[:, 1] > 0.99)).float())


def skeleton(out: Tensor, heat: Tensor, known: Tensor, offset: Tensor, offset_weight: Tensor) -> dict[str, Tensor]:
    """CenterNet's focal loss on joint and centre maps, L1 on offsets."""
    out = out.float()
    logit = out[:, :18]
    p = torch.sigmoid(logit).clamp(1e-5, 1 - 1e-5)
    positive = (heat > 0.6).float() * heat
    loss = -(positive * (1 - p) ** 2 * torch.log(p) + (1 - heat) ** 4 * p ** 2 * torch.log(1 - p) * (heat <= 0.95))
    weight = torch.ones_like(heat)
    weight[:, :17] = known[:, None]
    people = positive.sum().clamp(min=20.0)
    return {
        'heat': 0.6 * (loss * weight).sum() / people,
        'offset': 0.4 * mean(huber(out[:, 18:] - offset, 0.1).sum(1), offset_weight),
    }


def part_weight(counts: Tensor) -> Tensor:
    """[25] weights of the parts from their pixel counts: the backs of bodies are rare, and without weights were never predicted."""
    frequency = counts[1:].double() / counts[1:].sum() + 1e-4
    body = ((1 / 24) / frequency).sqrt().clamp(0.5, 3.0)
    return torch.cat((torch.tensor([0.2], dtype=torch.double), body / (body * frequency).sum())).float()


def densepose(part_logits: Tensor, uv: Tensor, part: Tensor, known: Tensor, true_uv: Tensor, weight: Tensor) -> dict[str, Tensor]:
    """weight [25]: of each part; background is easy and everywhere, so it has little."""
    body = (part > 0).float()
    ce = F.cross_entropy(part_logits.float(), part.long(), reduction='none')
    return {
        'part': 0.9 * mean(ce, known.float() * weight[part.long()]),
        'uv': 0.5 * mean((torch.sigmoid(uv.float()) - true_uv).abs().sum(1), body),
    }
