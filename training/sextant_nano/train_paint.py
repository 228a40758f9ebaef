"""Trains what generates, and nothing of what estimates: all layers that are the generator's own, or with --learns one part of them alone.
What samples learns by flow matching alone (alone it sees three times as many pictures in the same time); painting and agreement teach the painter,
so that what is made shows what it was made from; the sharpener makes joint generation's small streams large.

    torchrun --nproc-per-node 2 -m sextant_nano.train_paint --paint runs/clean --weights ../models/nano.pt --out runs/paint --minutes 60 --learns painter

Beside the losses of train_unified.py: agreement.py (the frozen estimator looks at what was made) and critic.py (texture). Resumes from
<out>/last.pt, so the same command again does what is left of its minutes. Writes <out>/curve.csv, last.pt and ema.pt (all weights: those of estimation as they were).
"""
from __future__ import annotations

import argparse
import csv
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import losses, processes
from .agreement import SAMPLED, AgreementLoss, narrow, own_colours, sampled
from .checkpoints import GENERATING, load_into
from .critic import Critic, Teaching, critic_loss, deceiving_loss
from .data import PIXELS, count_pixels, superset_table, world_classes
from .model import Nano
from .muon import Optimisers
from .paint_data import TRUTH, Paintings
from .paint_losses import Likeness, look_at, paint_losses, paint_true, sharpened, small_losses
from .resume import load_whole

AGREE, COLOURS, LIKE, DECEIVE = 0.4, 1.0, 0.5, 0.02
SAMPLER_RATE = 0.5  # learning rate of what samples, over the painter's
PARTS = ('sampler', 'painter', 'sharpener')


def part_of(name: str) -> str:
    """Which of PARTS a parameter `generator.X` is: what makes small pictures is all but the other two."""
    module = name.split('.')[1]
    return module if module in PARTS else 'sampler'


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--paint', type=Path, nargs='+', required=True, help='folders of records, without sensor noise better')
    p.add_argument('--weights', type=Path, nargs='+', required=True)
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--minutes', type=float, default=60, help='of training in all, those before a restart counted')
    p.add_argument('--schedule-minutes', type=float, default=60)
    p.add_argument('--steps', type=int, default=1_000_000)
    p.add_argument('--learns', choices=('whole', *PARTS), default='whole')
    p.add_argument('--joint', type=float, default=0.12, help='share of the steps')
    p.add_argument('--lr', type=float, default=6e-4)
    p.add_argument('--muon', action='store_true', help='Muon for matrices and convolutions (muon.py)')
    p.add_argument('--pixels', type=float, default=1.0, help='pixels of a batch, over those of train.py')
    p.add_argument('--deceive', type=float, default=DECEIVE, help="weight of the critic's judgement; 0: none")
    p.add_argument('--fresh-schedule', action='store_true', help='optimiser, learning rate and minutes start anew')
    p.add_argument('--seed', type=int, default=1)
    a = p.parse_args()
    rank, ranks, device = processes.begin()
    torch.manual_seed(a.seed)  # the critic begins alike everywhere
    a.out.mkdir(parents=True, exist_ok=True)
    class_counts, part_counts = (torch.from_numpy(counts) for counts in count_pixels(a.paint, turned=True))
    model, critic = Nano().to(device), Critic().to(device)
    torch.manual_seed(a.seed * 100 + rank)
    random.seed(a.seed * 100 + rank)
    load_whole(model, a.weights)
    classes = world_classes()
    model.name_classes([str(c['name']) for c in classes])
    likeness = Likeness().to(device).to(memory_format=torch.channels_last)
    person = next(int(c['id']) for c in classes if c['name'] == 'person')
    agreement = AgreementLoss(model, losses.Segmentation(torch.from_numpy(superset_table()), class_counts).to(device), losses.part_weight(part_counts).to(device), person)
    model.generator.apart = True
    autocast = processes.precision(model, device, ranks)  # its trial wants every gradient
    learning = PARTS if a.learns == 'whole' else (a.learns,)
    model.requires_grad_(False)
    for name, q in model.named_parameters():
        q.requires_grad_(name.startswith('generator.') and part_of(name) in learning)
    optimiser = Optimisers(model, a.lr, a.muon, lambda name: (SAMPLER_RATE if part_of(name) == 'sampler' else 1.0, 0.01))
    trained, teaching = optimiser.trained(), Teaching(critic)
    step, first, spent, resume = 0, 0, 0.0, a.out / 'last.pt'  # `first`: step at which the schedule began
    saved = torch.load(resume, map_location=device, weights_only=True) if resume.exists() else None
    if saved:
        load_into(model, saved['model'], GENERATING)
        critic.load_state_dict(saved['critic'])
        step, spent = saved['step'], 0.0 if a.fresh_schedule else saved['seconds']
        first = step if a.fresh_schedule else 0
        if not a.fresh_schedule:
            optimiser.load_state_dict(saved['optimiser'])
            if 'teaching' in saved:  # older states lack it
                teaching.load_state_dict(saved['teaching'])
        print(f'resumed {resume} at step {step}, {spent / 60:.0f} of {a.minutes:.0f} minutes')
    model = model.to(memory_format=torch.channels_last)
    ema = {k: v.float() for k, v in saved['ema'].items()} if saved else {k: v.detach().clone().float() for k, v in model.generator.state_dict().items()}
    pairs = {'pair_share': 0.0} if a.learns == 'sharpener' else {}  # it sees one frame: what was before would be looked at for nothing
    data = Paintings(a.paint, (a.seed * 7919 + step) * ranks + rank, int(PIXELS * a.pixels) // ranks, **pairs)
    feed = processes.batches(data)
    tasks = random.Random(a.seed + step)

    def jointly(batch: dict[str, Tensor]) -> dict[str, Tensor]:
        if a.learns == 'whole':
            return paint_losses(model, likeness, batch, True, device, autocast)
        with autocast:
            scene = look_at(model, batch, True, device)
            if a.learns == 'sampler':
                return small_losses(model, scene, True)
            if a.learns == 'sharpener':
                return sharpened(model, scene.x, scene.s, scene.select, batch)[1]
            return paint_true(model, scene, True, batch)[1]

    def made(batch: dict[str, Tensor]) -> tuple[dict[str, Tensor], Tensor | None]:
        """Losses of one generating step, and the critic's own."""
        with autocast:
            scene = look_at(model, batch, False, device)
            parts = small_losses(model, scene, False) if 'sampler' in learning else {}
            if a.learns == 'sampler':
                return parts, None
            painted, faults = paint_true(model, scene, False, batch)
            own = narrow(scene, SAMPLED)
            cells = sampled(model, own)
            ours = model.generator.paint(cells, own.beside, own.given(), own.select)
            parts |= faults
            parts['colours'] = COLOURS * own_colours(ours, cells, own.select, own.s)
            rgb = torch.cat((painted, ours))
            select = torch.cat((scene.select[:len(painted)], own.select))
            truth = {k: torch.cat((batch[k][:len(painted)], batch[k][-len(ours):])).to(device) for k in TRUTH}
            parts |= {k: AGREE * v for k, v in agreement(rgb, select, truth).items()}
            with torch.no_grad():
                real = likeness.features(torch.cat((scene.x[:len(painted)], own.x)))
            features = likeness.features(rgb)
            parts['likeness'] = LIKE * likeness.between([f[:len(painted)] for f in features], [f[:len(painted)] for f in real])
        if a.deceive == 0:
            return parts, None
        critic.requires_grad_(False)
        parts['deceive'] = a.deceive * deceiving_loss(critic, features)
        critic.requires_grad_(True)
        return parts, critic_loss(critic, features, real)

    def save() -> None:
        if rank == 0:
            torch.save({'model': model.state_dict(), 'critic': critic.state_dict(), 'teaching': teaching.state_dict(), 'ema': ema,
                        'optimiser': optimiser.state_dict(), 'step': step, 'seconds': spent}, a.out / 'last.tmp')
            (a.out / 'last.tmp').rename(a.out / 'last.pt')
            whole = model.state_dict() | {f'generator.{k}': v for k, v in ema.items()}
            torch.save({k: v.half() if v.is_floating_point() else v for k, v in whole.items()}, a.out / 'ema.pt')

    curve_file = open(a.out / 'curve.csv', 'a', newline='')
    curve = csv.writer(curve_file)
    last_log = last_save = time.time()
    sums: dict[str, list[float]] = {}
    try:
        while True:
            spent, goes_on = processes.clock(spent, spent < a.minutes * 60 and step < a.steps, ranks)
            if not goes_on:
                break
            tick = time.time()
            joint, batch = a.learns == 'sharpener' or tasks.random() < a.joint, next(feed)
            rate = processes.rate(a.lr, step - first, spent / 60 / a.schedule_minutes)
            optimiser.rate(rate)
            parts, judged = (jointly(batch), None) if joint else made(batch)
            torch.stack([v.float() for v in parts.values()]).sum().backward()
            processes.average(trained, ranks)
            norm = torch.nn.utils.clip_grad_norm_(trained, 1.0)
            if torch.isfinite(norm):
                optimiser.step()
            else:
                print(f'step {step}: gradient is not finite, step skipped')
            optimiser.zero_grad()
            if judged is not None:
                if not teaching.step(judged, ranks):
                    print(f"step {step}: the critic's gradient is not finite, its step skipped")
                sums.setdefault('critic', []).append(float(judged.detach()))
            if step % 4 == 0:
                keep = min(0.998, (step + 1) / (step + 10)) ** 4
                with torch.no_grad():
                    for k, v in model.generator.state_dict().items():
                        ema[k].lerp_(v.float(), 1 - keep)
            step += 1
            spent += time.time() - tick
            sums.setdefault('norm', []).append(float(norm))
            sums.setdefault('seconds', []).append(time.time() - tick)
            for k, v in parts.items():
                sums.setdefault(k, []).append(float(v.detach()))
            if time.time() - last_log > 60 and rank == 0:
                means = {k: round(float(np.mean(v)), 4) for k, v in sums.items()}
                print(f'step {step} {spent / 60:.1f} min lr {rate:.1e} {means}', flush=True)
                curve.writerow([step, round(spent), 'loss', json.dumps(means)])
                curve_file.flush()
                sums, last_log = {}, time.time()
            if time.time() - last_save > 240:
                save()
                last_save = time.time()
    finally:
        save()
        curve_file.close()


if __name__ == '__main__':
    main()
