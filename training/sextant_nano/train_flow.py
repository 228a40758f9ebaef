"""Trains the matching features and the flow head; the rest of the network is frozen.

    python -m sextant_nano.train_flow --records runs/records --real runs/real --weights runs/nano/ema.pt --out runs/flow --minutes 40

Flow depends on the rest only through the encoder's first taps, which are never trained, and - with --trunk, a short last
stage - through the modality stream's features. Runs in fp32: oneDNN's bf16 weight gradient of these convolutions is NaN now
and then (torch 2.13, channels last, CPU). Resumes from <out>/flow.pt, so the same command
again does what is left of its minutes.
"""
from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from . import photometric, processes
from .flow_data import PIXELS, Pairs
from .model import Nano, normalise
from .resume import whole_weights
from .validate import default_task

PREFIXES = ('matcher.', 'flow_head.')


def flow_loss(fine: Tensor, coarse: list[Tensor], truth: Tensor, valid: Tensor, seen: Tensor) -> dict[str, Tensor]:
    """fine [B,3,h/2,w/2] (u, v, confidence logit), coarse: flows of the levels at 1/16, 1/8, 1/4; truth in pixels of the full grid."""
    usable = valid & (truth.abs().amax(1) < 0.4 * 2 * truth.shape[-1])
    # hidden surfaces cannot be matched, only guessed
    weight = usable.float() * torch.where(seen, 1.0, 0.3)

    def mean(x: Tensor, w: Tensor) -> Tensor:
        return (x * w).sum() / w.sum().clamp(min=1.0)

    def end_point(flow: Tensor, target: Tensor) -> Tensor:
        return torch.sqrt((flow - target).pow(2).sum(1) + 1e-4)

    parts = {'flow': mean(end_point(fine[:, :2], truth), weight)}
    for flow, share in zip(coarse, (0.1, 0.15, 0.3)):
        size = flow.shape[-2:]
        w = F.adaptive_avg_pool2d(weight[:, None], size)
        target = F.adaptive_avg_pool2d(truth * weight[:, None], size) / w.clamp(min=0.01)
        parts[f'flow{flow.shape[-1]}'] = share * mean(end_point(flow, target), (w[:, 0] > 0.5).float())
    parts['seen'] = 0.2 * mean(F.binary_cross_entropy_with_logits(fine[:, 2], (seen & usable).float(), reduction='none'), usable.float())
    return {k if not k.startswith('flow') or k == 'flow' else 'coarse' + str(i): v for i, (k, v) in enumerate(parts.items())}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--records', type=Path, nargs='+', required=True)
    p.add_argument('--real', type=Path, required=True, help='real pictures (teacher.py) to cut layers from; their labels are not used')
    p.add_argument('--weights', type=Path, nargs='+', default=[], help="ema.pt of the network, then files whose parts replace its own")
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--minutes', type=float, default=40, help='of training in all, those before a restart counted')
    p.add_argument('--schedule-minutes', type=float, default=40)
    p.add_argument('--lr', type=float, default=6e-4)
    p.add_argument('--threads', type=int, default=1)
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--layered', type=float, default=0.5, help='share of layered photographs')
    p.add_argument('--pairs', type=Path, help='unlabelled pairs of real frames (clip_pairs.py), for the photometric loss')
    p.add_argument('--pair-share', type=float, default=0.25, help='share of the batches that are such pairs')
    p.add_argument('--merge', type=Path, help='at the end, write the whole network with the averaged flow weights here (float16), for export.py')
    p.add_argument('--checkpoint', type=Path, help='at the end, write the averaged flow weights alone here (float16), to go on from')
    p.add_argument('--fresh-schedule', action='store_true', help='learning rate and minutes start anew')
    p.add_argument('--trunk', action='store_true', help="give the head the modality stream's features")
    a = p.parse_args()
    _, _, device = processes.begin(a.threads)
    torch.manual_seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    model = Nano().to(device)
    model.encoder.load_imagenet()
    if a.weights:
        state = whole_weights(a.weights)
        own = model.state_dict()
        model.load_state_dict({k: v for k, v in state.items() if k in own and own[k].shape == v.shape}, strict=False)
    step, first, spent = 0, 0, 0.0  # `first`: step at which the schedule began
    saved = a.out / 'flow.pt'
    trained = {k: v for k, v in model.named_parameters() if k.startswith(PREFIXES)}
    for name, q in model.named_parameters():
        q.requires_grad_(name in trained)
    optimiser = torch.optim.AdamW(trained.values(), lr=a.lr, betas=(0.9, 0.99), weight_decay=1e-4)
    if saved.exists():
        state = torch.load(saved, map_location=device, weights_only=True)
        model.load_state_dict(state['model'], strict=False)
        optimiser.load_state_dict(state['optimiser'])
        step, spent = state['step'], 0.0 if a.fresh_schedule else state['seconds']
        first = step if a.fresh_schedule else 0
        print(f'resumed at step {step}, {spent / 60:.0f} of {a.minutes:.0f} minutes')
    ema = {k: v.detach().clone() for k, v in trained.items()}
    if saved.exists():
        ema = state['ema']
    batches = processes.batches(Pairs(a.records, a.real, a.seed * 31 + step, a.layered, PIXELS, a.pairs, a.pair_share), ahead=4)
    logged = stored = time.time()
    sums: dict[str, list[float]] = {}
    samples = 0

    def save() -> None:
        torch.save({'model': {k: v.detach() for k, v in trained.items()}, 'ema': ema, 'optimiser': optimiser.state_dict(), 'step': step, 'seconds': spent}, a.out / 'flow.tmp')
        (a.out / 'flow.tmp').rename(saved)

    try:
        while spent < a.minutes * 60:
            tick = time.time()
            batch = {k: v.to(device, non_blocking=True) for k, v in next(batches).items()}
            rate = processes.rate(a.lr, step - first, spent / 60 / a.schedule_minutes)
            for group in optimiser.param_groups:
                group['lr'] = rate
            before, now = normalise(batch['rgb'][:, 0]).contiguous(), normalise(batch['rgb'][:, 1]).contiguous()
            with torch.no_grad():
                if a.trunk:
                    trunk4 = model(now, **default_task(len(now), *now.shape[2:], now.device))[0]['features4']
                else:
                    trunk4 = None
                _, skip4, skip8 = model.encoder.early(now)
            fine, coarse = model.flow_head(model.matcher(now), model.matcher(before), skip4, skip8, trunk4)
            parts = flow_loss(fine, coarse, batch['flow'], batch['flow_valid'], batch['flow_seen']) if 'flow' in batch else photometric.loss(fine, now, before)
            optimiser.zero_grad(set_to_none=True)
            torch.stack(list(parts.values())).sum().backward()
            norm = torch.nn.utils.clip_grad_norm_(trained.values(), 2.0)
            if torch.isfinite(norm):
                optimiser.step()
            else:
                print(f'step {step}: gradient is not finite, step skipped')
            keep = min(0.998, (step + 1) / (step + 10))
            with torch.no_grad():
                for k, v in trained.items():
                    ema[k].lerp_(v, 1 - keep)
            step += 1
            samples += len(now)
            spent += time.time() - tick
            for k, v in parts.items():
                sums.setdefault(k, []).append(float(v.detach()))
            if time.time() - logged > 30:
                means = {k: round(float(np.mean(v)), 4) for k, v in sums.items()}
                print(f'step {step} {spent / 60:.1f} min {samples / (time.time() - logged):.1f}/s lr {rate:.1e} {means}', flush=True)
                sums, samples, logged = {}, 0, time.time()
            if time.time() - stored > 180:
                save()
                stored = time.time()
    finally:
        save()
    print(f'{saved}: step {step}')
    for path, state in ((a.merge, {k: ema.get(k, v) for k, v in model.state_dict().items()}), (a.checkpoint, ema)):
        if path:
            torch.save({k: v.half() if v.is_floating_point() else v for k, v in state.items()}, path)


if __name__ == '__main__':
    main()
