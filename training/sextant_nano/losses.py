"""Losses per modality; every one ignores what the truth does not know."""
from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from .augment import NOT_PERSON

# Superset weights: rare small things count more than walls (square root of inverse frequency, rounded).
CLASS_WEIGHT = (0.3, 1.6, 1.8, 1.4, 1.0, 1.5, 1.0, 1.0, 0.7, 0.9, 1.0, 0.9, 0.9, 0.8, 1.3, 1.8)


def mean(x: Tensor, weight: Tensor) -> Tensor:
    return (x * weight).sum() / weight.sum().clamp(min=1.0)


def huber(x: Tensor, delta: float) -> Tensor:
    a = x.abs()
    return torch.where(a < delta, 0.5 * a * a / delta, a - 0.5 * delta)


def depth(out: Tensor, log_depth: Tensor, sky: Tensor, known: Tensor) -> dict[str, Tensor]:
    """out [B,3,h,w]; known [B] is False for pictures without depth truth; metric part, part after the frame's own scale, gradients at two scales, uncertainty, sky."""
    out = out.float()
    value, spread, sky_logit = out[:, 0], out[:, 1], out[:, 2]
    k = known.float()[:, None, None]
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
    nll = error.detach().abs() * torch.exp(-spread.clamp(-5, 3)) + spread.clamp(-5, 3)
    return {
        'depth': 2.5 * mean(huber(error, 0.15), w) + 4.0 * mean(huber(shape, 0.1), w) + 0.5 * gradient,
        'depth_spread': 0.05 * mean(nll, w),
        'sky': 0.3 * mean(F.binary_cross_entropy_with_logits(sky_logit, sky.float(), reduction='none'), k.expand_as(w)),
    }


def segmentation(out: Tensor, labels: Tensor) -> Tensor:
    """labels: a class, NOT_PERSON (any class but person) or UNKNOWN (ignored)."""
    weight = torch.tensor(CLASS_WEIGHT, device=out.device)
    logp = torch.log_softmax(out.float(), dim=1)
    exact = labels < NOT_PERSON
    target = torch.where(exact, labels, 0).long()
    w = weight[target] * exact
    loss = mean(-0.98 * logp.gather(1, target[:, None])[:, 0] - 0.02 * logp.mean(1), w)
    absent = -torch.log1p(-logp[:, 1].exp().clamp(max=1 - 1e-5))
    share = (labels == NOT_PERSON).float()
    return loss + (absent * share).sum() / w.sum().clamp(min=1.0)


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


def densepose(part_logits: Tensor, uv: Tensor, part: Tensor, known: Tensor, true_uv: Tensor) -> dict[str, Tensor]:
    body = (part > 0).float()
    ce = F.cross_entropy(part_logits.float(), part.long(), reduction='none')
    # background is easy and everywhere: body pixels weigh 5 times as much
    return {
        'part': 0.6 * mean(ce, known.float() * (1 + 4 * body)),
        'uv': 0.5 * mean((torch.sigmoid(uv.float()) - true_uv).abs().sum(1), body),
    }


def flow(fine: Tensor, coarse: Tensor, truth: Tensor, valid: Tensor, seen: Tensor) -> dict[str, Tensor]:
    """fine [B,3,h/2,w/2] (u, v, confidence logit), coarse [B,2,h/8,w/8]; truth in pixels of the full grid."""
    usable = valid & (truth.abs().amax(1) < 60)
    # hidden surfaces cannot be matched, only guessed: half weight
    w = usable.float() * torch.where(seen, 1.0, 0.4)
    error = torch.sqrt((fine[:, :2] - truth).pow(2).sum(1) + 1e-3)
    truth8 = F.avg_pool2d(truth * usable[:, None], 4)
    share = F.avg_pool2d(usable[:, None].float(), 4)
    error8 = torch.sqrt((coarse - truth8 / share.clamp(min=0.01)).pow(2).sum(1) + 1e-3)
    confidence = F.binary_cross_entropy_with_logits(fine[:, 2], (seen & usable).float(), reduction='none')
    return {
        'flow': 0.35 * mean(error, w) + 0.2 * mean(error8, (share[:, 0] > 0.5).float()),
        'flow_confidence': 0.1 * mean(confidence, usable.float()),
    }
