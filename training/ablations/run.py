"""Runs every arm with every seed, one after another, and appends one JSON line for each to the results. Skips what is there.

    python -m ablations.run --cache runs/ablations/cache.pt --results ablations/results.jsonl

All arms of a seed come before the next seed, so that stopping early leaves fewer seeds, alike for all arms; the arms of EXTRA come last.
"""
from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from . import measure, tasks
from .arms import ARMS, EXTRA, Arm
from .small_data import Cache
from .small_model import Small, optimiser_of

RATE, WARM, FALL = 1.2e-3, 20, 0.4  # learning rate: warm-up steps, then constant, then down to 3 % over this share of the steps (of a phase's, where the arm settles)
KEEP = 0.93  # of the average of the weights that is measured
TASKS = ('estimate', 'refer', 'generate', 'joint')
SIZE = 8  # pictures in a step
CLIPS = 3  # clips of three frames in a step
CURVE = 5  # points


def rate(step: int, steps: int) -> float:
    return RATE * min(1.0, (step + 1) / WARM) * max(0.03, min(1.0, (steps - step) / (FALL * steps)))


def ends_of(arm: Arm, steps: int) -> list[int]:
    """The step at which each of the arm's phases is over."""
    return [int(end) for end in np.round(np.cumsum([p.share for p in arm.phases]) * steps)]


def rates(arm: Arm, steps: int) -> list[float]:
    """The learning rate at every step, over all of them or, where the arm settles, over those of each phase."""
    ends = ends_of(arm, steps) if arm.settle else [steps]
    return [rate(step, end - start) for start, end in zip([0, *ends], ends) for step in range(end - start)]


class Run:
    def __init__(self, arm: Arm, cache: Cache, seed: int, steps: int):
        self.arm, self.cache, self.seed, self.steps = arm, cache, seed, max(2, round(steps * arm.length))
        self.names = [str(c['name']) for c in cache.classes]
        torch.manual_seed(seed)
        self.model = Small(arm.switches, self.names)
        self.losses = tasks.Losses(cache)
        self.optimiser, self.trained = optimiser_of(self.model, RATE)
        self.average = [q.detach().clone() for q in self.trained]
        self.counts = dict.fromkeys(TASKS, 0)
        self.skipped = 0

    def step(self, task: str, number: int, modalities: tuple[str, ...]) -> dict[str, Tensor]:
        """Step `number` of this task: the same batch, noise and levels in every arm of a seed."""
        kind = TASKS.index(task)
        torch.manual_seed((self.seed * 10 + kind) * 100_000 + number)
        pick = random.Random((self.seed * 10 + kind) * 100_000 + number)
        name = 'paint' if task in ('generate', 'joint') else 'clips' if self.arm.clips else 'estimate'
        batch = self.cache.batch(name, CLIPS if name == 'clips' else SIZE, self.seed * 10 + kind, number)
        if name == 'paint':
            return tasks.paint(self.model, batch, modalities, task == 'joint')
        if task == 'refer' and 'segmentation' in modalities:
            return tasks.referring(self.model, batch, self.names, pick)
        if task == 'refer' and self.arm.idle:
            return {}
        return tasks.estimate(self.model, self.losses, batch, modalities, pick)

    def go(self) -> dict[str, Any]:
        arm, draw = self.arm, random.Random(self.seed)
        ends, learning = ends_of(arm, self.steps), rates(arm, self.steps)
        curve, at, clock = [], {}, time.process_time()
        spent, trail = 0.0, []
        for step in range(self.steps):
            phase = int(np.searchsorted(ends, step, side='right'))
            task = draw.choices(list(arm.phases[phase].tasks), list(arm.phases[phase].tasks.values()))[0]
            for group in self.optimiser.param_groups:
                group['lr'] = learning[step]
            parts = self.step(task, self.counts[task], arm.phases[phase].modalities or arm.modalities)
            self.counts[task] += 1
            if parts:  # none where an arm idles, or flow alone was drawn to be estimated: it has no head here
                loss = torch.stack(list(parts.values())).sum()
                loss.backward()
                norm = torch.nn.utils.clip_grad_norm_(self.trained, 1.0)
                if torch.isfinite(norm):
                    self.optimiser.step()
                else:
                    self.skipped += 1
                self.optimiser.zero_grad(set_to_none=True)
                trail.append(float(loss.detach()))
            with torch.no_grad():
                torch._foreach_lerp_(self.average, [q.detach() for q in self.trained], 1 - min(KEEP, (step + 1) / (step + 10)))
            if arm.curve and (step + 1) % max(1, self.steps // CURVE) == 0:
                spent += time.process_time() - clock
                curve.append({'step': step + 1, 'painted': self.counts['generate'] + self.counts['joint'], **self.measure(('generation',), 32, ())})
                clock = time.process_time()
            if step + 1 in ends[:-1]:
                spent += time.process_time() - clock
                at[f'phase {len(at) + 1}'] = self.measure(('estimation', 'generation'), 64, arm.modalities)
                clock = time.process_time()
        spent += time.process_time() - clock
        clock = time.process_time()
        at['end'] = self.measure(('estimation', 'generation'), 64, arm.modalities)
        return {'steps': self.steps, 'task_steps': self.counts, 'skipped': self.skipped, 'train_cpu_s': round(spent, 1), 'measure_cpu_s': round(time.process_time() - clock, 1),
                'loss_first': round(float(np.mean(trail[:10])), 4), 'loss_last': round(float(np.mean(trail[-10:])), 4), 'at': at, 'curve': curve}

    @torch.no_grad()
    def measure(self, what: tuple[str, ...], pictures: int, modalities: tuple[str, ...]) -> dict[str, float]:
        """With the averaged weights; those being trained are put back."""
        trained = {t for p in self.arm.phases for t in p.tasks}
        own = [q.detach().clone() for q in self.trained]
        for q, a in zip(self.trained, self.average):
            q.copy_(a)
        out: dict[str, float] = {}
        if 'estimation' in what and 'estimate' in trained:
            out |= measure.estimation(self.model, self.cache, self.losses, modalities, 1, self.arm.apart)
            if self.arm.clips:
                out |= measure.estimation(self.model, self.cache, self.losses, modalities, 3, False)
            if 'refer' in trained and 'segmentation' in modalities:
                out |= measure.referring(self.model, self.cache)
        if 'generation' in what and trained & {'generate', 'joint'}:
            out |= measure.generation(self.model, self.cache, modalities, 'joint' in trained, pictures)
        for q, a in zip(self.trained, own):
            q.copy_(a)
        return {k: round(v, 5) for k, v in out.items()}


def main() -> None:
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument('--cache', type=Path, required=True)
    p.add_argument('--results', type=Path, required=True)
    p.add_argument('--seeds', type=int, default=3)
    p.add_argument('--steps', type=int, default=160)
    p.add_argument('--arms', nargs='*', default=list(ARMS))
    a = p.parse_args()
    torch.set_num_threads(1)
    cache = Cache(a.cache)
    done = {(r['arm'], r['seed'], r['of_steps']) for r in map(json.loads, a.results.read_text().splitlines())} if a.results.exists() else set()
    order = [(name, seed) for late in (False, True) for seed in range(1, a.seeds + 1) for name in a.arms if (name in EXTRA) == late]
    for name, seed in order:
        if (name, seed, a.steps) in done:
            continue
        began = time.time()
        result = Run(ARMS[name], cache, seed, a.steps).go()
        line = {'arm': name, 'seed': seed, 'of_steps': a.steps, **result, 'wall_s': round(time.time() - began, 1), 'date': time.strftime('%Y-%m-%d')}
        with open(a.results, 'a') as file:
            file.write(json.dumps(line) + '\n')
        print(time.strftime('%H:%M:%S'), name, seed, {k: line[k] for k in ('train_cpu_s', 'measure_cpu_s', 'wall_s', 'loss_first', 'loss_last', 'skipped')}, line['at']['end'], flush=True)


if __name__ == '__main__':
    main()
