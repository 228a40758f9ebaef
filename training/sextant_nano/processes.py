"""What the trainings of several processes share: who they are, one precision, one clock, means of gradients (torchrun; alone without)."""
from __future__ import annotations

import math
import os
import signal
import sys
import time
from typing import Iterator

import torch
import torch.distributed as dist
from torch import Tensor

from .model import Nano
from .validate import default_task


def begin(threads: int = 1) -> tuple[int, int, torch.device]:
    """This process's rank, how many there are, and the device; `threads` for torch from here on. SIGTERM, by which torchrun ends its processes, ends
    them by an exception, so that they save what they learned since their last checkpoint."""
    def end(*_: object) -> None:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # a second one would end the saving
        sys.exit(143)

    signal.signal(signal.SIGTERM, end)
    rank, ranks = int(os.environ.get('RANK', 0)), int(os.environ.get('WORLD_SIZE', 1))
    if ranks > 1:
        dist.init_process_group('gloo')
    torch.set_num_threads(threads)
    torch.set_flush_denormal(True)
    return rank, ranks, torch.device('cuda' if torch.cuda.is_available() else 'cpu')


def _deaf(_: int) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def batches(dataset: torch.utils.data.IterableDataset, workers: int = 1, ahead: int = 2) -> Iterator[dict[str, Tensor]]:
    """Batches that processes of their own make. They do not hear SIGINT and SIGTERM, which go to the whole group: a worker that died would take this
    process with it while it saves. They end with it."""
    return iter(torch.utils.data.DataLoader(dataset, batch_size=None, num_workers=workers, prefetch_factor=ahead if workers else None, worker_init_fn=_deaf))


def choose_precision(model: Nano, device: torch.device) -> bool:
    """True if bf16 autocast is faster than fp32 here."""
    if device.type == 'cuda':
        return True
    took = {}
    for bf16 in (True, False, True, False):
        x = torch.zeros(8, 3, 96, 128).contiguous(memory_format=torch.channels_last)
        began = time.time()
        with torch.autocast('cpu', torch.bfloat16, enabled=bf16):
            out, _ = model(x, **default_task(8, 96, 128, device))
            sum(v.float().mean() for v in out.values()).backward()
        took[bf16] = time.time() - began
    model.zero_grad(set_to_none=True)
    print(f'precision: bf16 {took[True]:.2f} s, fp32 {took[False]:.2f} s per trial step')
    return took[True] < took[False]


def precision(model: Nano, device: torch.device, ranks: int) -> torch.autocast:
    """bf16 where the first process finds it faster. Runs the model, whose weights must still want gradients."""
    vote = torch.tensor([float(choose_precision(model, device))])
    if ranks > 1:
        dist.broadcast(vote, 0)
    return torch.autocast(device.type, torch.bfloat16, enabled=bool(vote.item()))


def clock(spent: float, goes_on: bool, ranks: int) -> tuple[float, bool]:
    """Seconds spent and whether to go on, as the first process has them."""
    now = torch.tensor([spent, float(goes_on)], dtype=torch.float64)
    if ranks > 1:
        dist.broadcast(now, 0)
    return now[0].item(), bool(now[1])


def rate(lr: float, step: int, progress: float) -> float:
    """Rises for 100 steps, then falls as a cosine over `progress` 0 to 1, to 0.03. `step` and `progress` are those of the schedule, which may have begun anew."""
    return lr * min(1.0, (step + 1) / 100) * max(0.03, 0.5 * (1 + math.cos(math.pi * min(1.0, progress))))


def average(parameters: list[Tensor], ranks: int) -> None:
    """Means over the processes of the gradients that any of them has; the others stay None, so that their moments rest."""
    if ranks == 1:
        return
    has = torch.tensor([float(q.grad is not None) for q in parameters])
    dist.all_reduce(has)
    average_all([q for q, n in zip(parameters, has) if n > 0], ranks)


def average_all(parameters: list[Tensor], ranks: int) -> None:
    """Means over the processes, one message; a parameter without a gradient here counts as zero."""
    if ranks == 1:
        return
    flat = torch.cat([(q.grad if q.grad is not None else torch.zeros_like(q)).flatten() for q in parameters])
    dist.all_reduce(flat)
    flat /= ranks
    offset = 0
    for q in parameters:
        q.grad = flat[offset:offset + q.numel()].view_as(q)
        offset += q.numel()
