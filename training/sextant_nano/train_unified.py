"""Trains all three tasks of models/nano together: estimation (as train.py), conditional and joint generation, referring prompts.

    torchrun --nproc-per-node 2 -m sextant_nano.train_unified --records runs/records --paint runs/clean --out runs/unified --weights nano.pt --minutes 90

Every step is one task, drawn by --share. Resumes from <out>/last.pt, so the same command again does what is left of its minutes.
--records may hold sensor noise; --paint should not (what is painted is learned from it). Writes <out>/curve.csv, last.pt and, at the end, ema.pt, which train_flow.py and export.py take.
"""
from __future__ import annotations

import argparse
import csv
import json
import random
import time
from pathlib import Path
from typing import Iterator

import numpy as np
import torch
import torch.distributed as dist
from torch import Tensor

from . import losses, processes, refer
from .augment import NOT_PERSON
from .data import PIXELS, Clips, count_pixels, superset_table, world_classes
from .model import Nano, normalise
from .paint_data import Paintings
from .paint_losses import Likeness, paint_losses
from .resume import whole_weights
from .train import step_losses
from .validate import default_task

TASKS = ('estimate', 'refer', 'generate', 'joint')


def refer_losses(model: Nano, batch: dict[str, Tensor], classes: list[dict[str, object]], pick: random.Random, device: torch.device, autocast: torch.autocast) -> dict[str, Tensor]:
    """One frame of each clip, asked for one thing by name."""
    labels = batch['labels'][:, -1]
    names = [str(c['name']) for c in classes]
    counts = [refer.things_in_view(a, b, classes) for a, b in zip(labels.numpy(), batch['things'][:, -1].numpy())]
    prompt, mask = refer.referring_batch(labels, counts, names, pick)
    picture = batch['rgb'][:, -1].to(device)
    task = default_task(len(counts), *picture.shape[1:3], device)
    task['select'] = torch.zeros_like(task['select'])
    task['select'][:, 2] = 1
    task['prompt'] = prompt.to(device)
    with autocast:
        out, _ = model(normalise(picture).contiguous(memory_format=torch.channels_last), **task)
        probability = model.refer(out['features4'], out['features2'], model.phrase(task['prompt']))
    return {'refer': 0.5 * refer.loss(probability, mask.to(device), labels.to(device))}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--records', type=Path, nargs='+', required=True)
    p.add_argument('--paint', type=Path, nargs='+', required=True, help='folders of records without sensor noise')
    p.add_argument('--real', type=Path)
    p.add_argument('--real-share', type=float, default=0.2)
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--weights', type=Path, help='weights to begin from: what they lack begins at random')
    p.add_argument('--share', type=float, nargs=4, default=(0.4, 0.06, 0.36, 0.18), metavar=TASKS)
    p.add_argument('--minutes', type=float, default=60, help='of training in all, those before a restart counted')
    p.add_argument('--schedule-minutes', type=float, default=90)
    p.add_argument('--steps', type=int, default=1_000_000)
    p.add_argument('--lr', type=float, default=6e-4, help='of what is new; the estimating parts take --old times it')
    p.add_argument('--old', type=float, default=0.3)
    p.add_argument('--paint-pixels', type=float, default=1.0, help='pixels of a generating batch, over those of an estimating one')
    p.add_argument('--estimate-pixels', type=float, default=1.0, help='pixels of an estimating batch, over those of train.py')
    p.add_argument('--fresh-schedule', action='store_true', help='optimiser, learning rate and minutes start anew')
    p.add_argument('--seed', type=int, default=1)
    a = p.parse_args()
    rank, ranks, device = processes.begin()
    torch.manual_seed(a.seed * 100 + rank)
    random.seed(a.seed)
    a.out.mkdir(parents=True, exist_ok=True)
    classes = world_classes()
    class_counts, part_counts = (torch.from_numpy(counts) for counts in count_pixels(a.records, turned=True))
    segmentation = losses.Segmentation(torch.from_numpy(superset_table()), class_counts).to(device)
    part_weight = losses.part_weight(part_counts).to(device)

    model = Nano().to(device)
    model.encoder.load_imagenet()
    likeness = Likeness().to(device).to(memory_format=torch.channels_last)
    for module in (model.encoder.stem, *model.encoder.stages[:3], model.matcher, model.flow_head):
        module.requires_grad_(False)
    new = ('generator.', 'meaning_in', 'refer_', 'word_place')
    groups = {'new': [], 'old': [], 'encoder': []}
    for name, q in model.named_parameters():
        if q.requires_grad:
            groups['encoder' if name.startswith('encoder.') else 'new' if name.startswith(new) else 'old'].append(q)
    rates = {'new': 1.0, 'old': a.old, 'encoder': a.old * 0.25}
    optimiser = torch.optim.AdamW([{'params': g, 'weight_decay': 0.01 if n != 'encoder' else 0.0} for n, g in groups.items()], lr=a.lr, betas=(0.9, 0.98))
    trained = [q for g in optimiser.param_groups for q in g['params']]
    step, first, spent = 0, 0, 0.0  # `first`: step at which the schedule began
    resume = a.out / 'last.pt'
    if resume.exists():
        state = torch.load(resume, map_location=device, weights_only=True)
        model.load_state_dict(state['model'], strict=False)
        step, spent = state['step'], 0.0 if a.fresh_schedule else state['seconds']
        first = step if a.fresh_schedule else 0
        if not a.fresh_schedule:
            optimiser.load_state_dict(state['optimiser'])
        print(f'resumed {resume} at step {step}, {spent / 60:.0f} of {a.minutes:.0f} minutes')
    elif a.weights:
        state = whole_weights([a.weights])
        own = model.state_dict()
        fits = {k: v for k, v in state.items() if k in own and own[k].shape == v.shape}
        missing, unexpected = model.load_state_dict(fits, strict=False)[0], state.keys() - fits.keys()
        print(f'{a.weights}: {len(missing)} tensors begin at random, {len(unexpected)} are unknown or of another shape')
    if ranks > 1:  # what began at random began alike
        for q in model.parameters():
            dist.broadcast(q.data, 0)
    model.name_classes([str(c['name']) for c in classes])
    model = model.to(memory_format=torch.channels_last)
    ema = {k: v.detach().clone().float() for k, v in model.state_dict().items()}
    if resume.exists():
        ema = {k: v.float() for k, v in state['ema'].items()}
    autocast = processes.precision(model, device, ranks)

    def feed(kind: str) -> Iterator[dict[str, Tensor]]:
        seed = (a.seed * 7919 + step) * ranks + rank
        if kind == 'estimate':
            data: torch.utils.data.IterableDataset = Clips(a.records, a.real, a.real_share, seed, 1.0, int(PIXELS * a.estimate_pixels) // ranks, 3, 0.4)
        elif kind == 'refer':
            data = Clips([*a.records, *a.paint], None, 0.0, seed + 5, 1.0, PIXELS // ranks // 2, 1, 0.0)
        else:
            data = Paintings(a.paint, seed + 11, int(PIXELS * a.paint_pixels) // ranks)
        return processes.batches(data)

    feeds = {kind: feed(kind) for kind in ('estimate', 'refer', 'paint')}
    # Task and selection are the same in every process; what `pick` words is not.
    tasks, selection, pick = random.Random(a.seed + step), random.Random(a.seed * 53 + step), random.Random(a.seed * 31 + rank + step)

    def save() -> None:
        if rank == 0:
            torch.save({'model': model.state_dict(), 'ema': ema, 'optimiser': optimiser.state_dict(), 'step': step, 'seconds': spent}, a.out / 'last.tmp')
            (a.out / 'last.tmp').rename(a.out / 'last.pt')
            torch.save({k: v.half() if v.is_floating_point() else v for k, v in ema.items()}, a.out / 'ema.pt')

    curve_file = open(a.out / 'curve.csv', 'a', newline='')
    curve = csv.writer(curve_file)
    last_log = last_save = time.time()
    sums: dict[str, list[float]] = {}
    times: dict[str, list[float]] = {}
    try:
        while True:
            spent, goes_on = processes.clock(spent, spent < a.minutes * 60 and step < a.steps, ranks)
            if not goes_on:
                break
            tick = time.time()
            task = tasks.choices(TASKS, a.share)[0]
            batch = next(feeds[task if task in feeds else 'paint'])
            rate = processes.rate(a.lr, step - first, spent / 60 / a.schedule_minutes)
            for group, name in zip(optimiser.param_groups, groups):
                group['lr'] = rate * rates[name]
            if task == 'estimate':
                parts = step_losses(model, segmentation, part_weight, batch, device, autocast, selection)
            elif task == 'refer':
                assert not (batch['labels'] == NOT_PERSON).any()
                parts = refer_losses(model, batch, classes, pick, device, autocast)
            else:
                parts = paint_losses(model, likeness, batch, task == 'joint', device, autocast)
            if parts:
                torch.stack(list(parts.values())).sum().backward()
            processes.average(trained, ranks)
            norm = torch.nn.utils.clip_grad_norm_(trained, 1.0)
            if torch.isfinite(norm):
                optimiser.step()
            else:
                print(f'step {step} ({task}): gradient is not finite, step skipped')
            optimiser.zero_grad(set_to_none=True)
            if step % 4 == 0:  # the average costs as much as the optimiser
                keep = min(0.998, (step + 1) / (step + 10)) ** 4
                with torch.no_grad():
                    for k, v in model.state_dict().items():
                        ema[k].lerp_(v.float(), 1 - keep)
            step += 1
            spent += time.time() - tick
            times.setdefault(task, []).append(time.time() - tick)
            sums.setdefault(f'norm_{task}', []).append(float(norm))
            for k, v in parts.items():
                sums.setdefault(k, []).append(float(v.detach()))
            now = time.time()
            if now - last_log > 60 and rank == 0:
                means = {k: round(float(np.mean(v)), 4) for k, v in sums.items()}
                pace = {k: f'{len(v)}x{np.mean(v):.2f}s' for k, v in times.items()}
                print(f'step {step} {spent / 60:.1f} min lr {rate:.1e} {pace} {means}', flush=True)
                curve.writerow([step, round(spent), 'loss', json.dumps(means)])
                curve_file.flush()
                sums, times, last_log = {}, {}, now
            if now - last_save > 240:
                save()
                last_save = time.time()
    finally:
        save()
        curve_file.close()


if __name__ == '__main__':
    main()
