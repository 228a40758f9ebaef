"""Trains models/nano.

    python -m sextant_nano.train --records runs/records --out runs/nano --minutes 60

On a CPU one single-threaded process per core, gradients averaged, beats threads (measured: 12.6 samples/s on one core, 15.4 with two
threads on two): `torchrun --nproc-per-node 2 -m sextant_nano.train --threads 1 ...`.

Resumes from <out>/last.pt (else --resume FILE), so the same command again does what is left of its minutes. Writes <out>/curve.csv, <out>/last.pt
every few minutes and, at the end, <out>/ema.pt. Runs the same on a CPU (bf16 autocast or fp32, whichever a short trial finds faster) and on a GPU.
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
from torch import Tensor

from . import facing, losses, motion, processes, sides
from .checkpoints import load_into
from .close_ups import Windows
from .data import PIXELS, Clips, count_pixels, superset_table
from .model import Nano, normalise
from .muon import Optimisers
from .rarity import Rarity
from .resume import state_to_resume, whole_weights
from .text import MODALITIES, PROMPTS, encode
from .validate import default_task, validate


MOTION_WEIGHT = 0.3
PEOPLE = (0, 0, 1, 1, 1)  # of the modalities: what close-ups tell


def random_task(batch: int, size: tuple[int, int], device: torch.device, selection: random.Random) -> dict[str, Tensor]:
    """Mostly all five at once; otherwise a random subset, of which `selection` alone decides. Wording of each prompt is drawn anew."""
    task = default_task(batch, *size, device)
    if selection.random() < 0.3:
        select = torch.tensor([float(selection.random() < 0.5) for _ in MODALITIES])
        select[selection.randrange(5)] = 1
        task['select'] = select.to(device).expand(batch, 5).contiguous()
    rows = [[encode(random.choice(PROMPTS[m])) if task['select'][0, i] > 0 else [0] * 8 for i, m in enumerate(MODALITIES)] for _ in range(batch)]
    task['prompt'] = torch.tensor(rows, device=device)
    return task


def step_losses(model: Nano, segmentation: losses.Segmentation, part_weight: Tensor, batch: dict[str, Tensor], device: torch.device, autocast: torch.autocast,
                selection: random.Random, close_ups: bool = False) -> dict[str, Tensor]:
    """Means over the frames of the clips; from the second frame on the network has the memory of the ones before. What is asked for is drawn from
    `selection`; of close-ups always all, and only what is known of people counts."""
    clip = {k: v.to(device, non_blocking=True) for k, v in batch.items()}
    count, length, height, width = clip['rgb'].shape[:4]
    task = default_task(count, height, width, device) if close_ups else random_task(count, (height, width), device, selection)
    on = torch.tensor(PEOPLE) if close_ups else task['select'][0]
    parts: dict[str, Tensor] = {}
    past, error_before = None, None
    for t in range(length):
        b = {k: v[:, t] for k, v in clip.items()}
        with autocast:
            out, past = model(normalise(b['rgb']).contiguous(memory_format=torch.channels_last), **task, past=past)
            now: dict[str, Tensor] = {}
            if 'motion' in b:
                if on[0]:
                    depth = out['depth'].float()
                    now['motion'] = MOTION_WEIGHT * motion.loss(depth[:, 0], depth[:, 2], b['motion'], b['motion_seen'], b['focal'], b['centre'])
                parts |= now
                break
            if on[0]:
                now |= losses.depth(out['depth'], b['log_depth'], b['sky'], b['depth_known'])
                error = out['depth'][:, 0].float() - b['log_depth']
                if error_before is not None:
                    usable = b['flow_valid'] & b['flow_seen'] & ~b['sky']
                    now['steadiness'] = 4.0 * losses.steadiness(error, error_before, b['flow'] / 2, usable, clip['sky'][:, t - 1])
                error_before = error
            if on[2]:
                now['segmentation'] = segmentation(out['segmentation'], b['labels'])
            if on[3]:
                now |= losses.skeleton(out['skeleton'], b['in_order'], b['joint_weight'], b['offset'], b['offset_weight'])
            now['facing'] = facing.loss(model.facing(out['features4']), b['facing'])
            now['sides'] = sides.loss(out['sides'], b['sides'])
            if on[4]:
                now |= losses.densepose(out['part'], out['uv'], b['part_from_front'], b['part_known'], b['uv'], part_weight)
        for k, v in now.items():
            parts[k] = parts.get(k, 0.0) + v / length
    return parts


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--records', type=Path, nargs='+', required=True, help='folders of rendered records; each is drawn from equally often')
    p.add_argument('--real', type=Path, help='folder of teacher-labelled real pictures (teacher.py)')
    p.add_argument('--real-share', type=float, default=0.1)
    p.add_argument('--paste-share', type=float, default=0.0, help='share of the single frames into which people and things are pasted (paste.py)')
    p.add_argument('--rare', type=Path, nargs='+', default=[], help='folders of rendered records whose rare things are shown and pasted as often as common ones (rarity.py)')
    p.add_argument('--rare-share', type=float, default=0.3, help='of the rendered single frames')
    p.add_argument('--pairs', type=Path, help='folder of unlabelled pairs (clip_pairs.py), for depth from motion')
    p.add_argument('--pair-share', type=float, default=0.1, help='share of the batches')
    p.add_argument('--validation', type=Path, help='folder of records with evaluation seeds; small, for the curve only')
    p.add_argument('--out', type=Path, required=True)
    p.add_argument('--resume', type=Path, help='last.pt of another training to go on from; not used where --out has one')
    p.add_argument('--weights', type=Path, nargs='+', help='weights to begin from (checkpoints/nano.pt), with the pictures of the late half at once; not used where --out or --resume has a state')
    p.add_argument('--still', nargs='+', default=[], metavar='PREFIX', help='parameters whose names begin so do not learn: '
                   '`trunk. stems. switch words. meaning_in word_place generator. refer_` leaves what generates as it is')
    p.add_argument('--close-ups', action='store_true', help='windows around people alone (close_ups.py): another network of the same form, for close-ups')
    p.add_argument('--fresh-schedule', action='store_true', help='take only the weights of --resume (without it, of <out>/last.pt): optimiser, learning rate and minutes start anew')
    p.add_argument('--minutes', type=float, default=60, help='of training in all, those before a restart counted')
    p.add_argument('--steps', type=int, default=1_000_000, help='stop after this many')
    p.add_argument('--schedule-minutes', type=float, default=90, help='training time over which the learning rate falls to its floor')
    p.add_argument('--lr', type=float, default=6e-4)
    p.add_argument('--muon', action='store_true', help='Muon for matrices and convolutions (muon.py)')
    p.add_argument('--seed', type=int, default=1)
    p.add_argument('--workers', type=int, default=1)
    p.add_argument('--threads', type=int, default=2)
    p.add_argument('--pixels', type=float, default=1, help='pictures of a batch, as a multiple of 16 of 96x128')
    p.add_argument('--clip-length', type=int, default=3, help='most frames of a clip (some of the records must have them)')
    p.add_argument('--clip-share', type=float, default=0.4, help='share of the batches that are clips; the others are single frames')
    a = p.parse_args()
    rank, ranks, device = processes.begin(a.threads)
    torch.manual_seed(a.seed)
    random.seed(a.seed * 100 + rank)  # wordings
    a.out.mkdir(parents=True, exist_ok=True)
    superset = superset_table()
    rarity = Rarity(a.rare) if a.rare else None
    class_counts, part_counts = (torch.from_numpy(counts) for counts in count_pixels(a.records, turned=True))
    if rarity:
        class_counts = torch.from_numpy(rarity.counts(a.rare_share))
    segmentation = losses.Segmentation(torch.from_numpy(superset), class_counts).to(device)
    part_weight = losses.part_weight(part_counts).to(device)

    model = Nano().to(device)
    model.encoder.load_imagenet()
    # Low-level features transfer best untouched, and backward there is dear; the flow has a training of its own (train_flow.py).
    frozen = [model.encoder.stem, *model.encoder.stages[:3], model.matcher, model.flow_head]
    for module in frozen:
        module.requires_grad_(False)
    for name, q in model.named_parameters():
        if name.startswith(tuple(a.still)):
            q.requires_grad_(False)
    if a.weights:
        load_into(model, whole_weights(a.weights))
    model = model.to(memory_format=torch.channels_last)
    optimiser = Optimisers(model, a.lr, a.muon)
    trained = optimiser.trained()
    ema = {k: v.detach().clone().float() for k, v in model.state_dict().items()}
    step, first, spent = 0, 0, 0.0  # `first`: step at which the schedule began
    resume, anew = state_to_resume(a.out, a.resume, a.fresh_schedule)
    if resume:
        state = torch.load(resume, map_location=device, weights_only=True)
        model.load_state_dict(state['model'])
        ema = {k: v.float() for k, v in state['ema'].items()}
        step = state['step']
        first = step if anew else 0
        if 'optimiser' in state and not anew:
            optimiser.load_state_dict(state['optimiser'])
        spent = 0.0 if anew else state['seconds']
        print(f'resumed {resume} at step {step}, {spent / 60:.0f} of {a.minutes:.0f} minutes')
    selection = random.Random(a.seed + step)  # of its own: what is asked for at each step is the same in every process, however many wordings each of them draws
    autocast = processes.precision(model, device, ranks)

    def loader(late: float) -> Iterator[dict[str, Tensor]]:
        seed, pixels = (a.seed * 7919 + step) * ranks + rank, int(PIXELS * a.pixels) // ranks
        if a.close_ups:
            return processes.batches(Windows(a.records, a.real, a.real_share, a.paste_share, seed, pixels), a.workers, 4)
        clips = Clips(a.records, a.real, a.real_share, seed, late, pixels, a.clip_length, a.clip_share,
                      pairs=a.pairs, pair_share=a.pair_share, paste_share=a.paste_share, rarity=rarity, rare_share=a.rare_share)
        return processes.batches(clips, a.workers, 4)

    def save() -> None:
        if rank != 0:
            return
        state = {'model': model.state_dict(), 'ema': ema, 'optimiser': optimiser.state_dict(), 'step': step, 'seconds': spent}
        torch.save(state, a.out / 'last.tmp')
        (a.out / 'last.tmp').rename(a.out / 'last.pt')

    def progress() -> float:
        return spent / 60 / a.schedule_minutes

    def learning_rate() -> float:
        warm = min(1.0, (step - first + 1) / 80)
        return float(a.lr * warm * max(0.02, 0.5 * (1 + np.cos(np.pi * min(1.0, progress())))))

    curve_file = open(a.out / 'curve.csv', 'a', newline='')
    curve = csv.writer(curve_file)
    last_log = last_save = last_check = time.time()
    sums: dict[str, list[float]] = {}
    late = progress() > 0.45 or bool(a.weights)
    batches = loader(1.0 if late else 0.0)
    samples = 0
    try:
        while True:
            spent, goes_on = processes.clock(spent, spent < a.minutes * 60 and step < a.steps, ranks)
            if not goes_on:
                break
            if not late and progress() > 0.45:
                late, batches = True, loader(1.0)
            tick = time.time()
            batch = next(batches)
            optimiser.rate(learning_rate())
            parts = step_losses(model, segmentation, part_weight, batch, device, autocast, selection, a.close_ups)
            if parts:  # none if flow alone was drawn, on a step without flow
                torch.stack(list(parts.values())).sum().backward()
            processes.average_all(trained, ranks)
            norm = torch.nn.utils.clip_grad_norm_(trained, 1.0)
            if torch.isfinite(norm):
                optimiser.step()
            else:
                bad = [n for n, q in model.named_parameters() if q.grad is not None and not torch.isfinite(q.grad).all()]
                print(f'step {step}: gradient is not finite in {len(bad)} tensors ({bad[:4]}), step skipped: { {k: round(float(v.detach()), 4) for k, v in parts.items()} }')
            optimiser.zero_grad()
            keep = min(0.998, (step + 1) / (step + 10))
            with torch.no_grad():
                for k, v in model.state_dict().items():
                    ema[k].lerp_(v.float(), 1 - keep)
            step += 1
            samples += batch['rgb'].shape[0] * batch['rgb'].shape[1]
            spent += time.time() - tick
            for k, v in parts.items():
                sums.setdefault(k, []).append(float(v.detach()))
            now = time.time()
            if now - last_log > 30 and rank == 0:
                means = {k: round(float(np.mean(v)), 4) for k, v in sums.items()}
                print(f'step {step} {spent / 60:.1f} min {ranks * samples / (now - last_log):.1f}/s lr {learning_rate():.1e} {means}', flush=True)
                curve.writerow([step, round(spent), 'loss', json.dumps(means)])
                curve_file.flush()
                sums, samples, last_log = {}, 0, now
            if now - last_save > 240:
                save()
                last_save = time.time()
            if a.validation and rank == 0 and now - last_check > 900:
                check = Nano().to(device)
                check.load_state_dict(ema)
                result = validate(check, a.validation, superset, 60, (192, 256), device)
                print(f'step {step} validation {result}', flush=True)
                curve.writerow([step, round(spent), 'validation', json.dumps(result)])
                curve_file.flush()
                last_check = time.time()
    finally:
        save()
        if rank == 0:
            torch.save({k: v.half() if v.is_floating_point() else v for k, v in ema.items()}, a.out / 'ema.pt')
        curve_file.close()


if __name__ == '__main__':
    main()
