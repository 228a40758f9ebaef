"""Quick metrics during training (PyTorch, small set). The published figures come from `sextant eval`, not from here."""
from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from . import records
from .augment import make_clip
from .crops import CLASSES
from .model import Nano, normalise
from .text import MODALITIES, PROMPTS, encode


def default_task(batch: int, height: int, width: int, device: torch.device) -> dict[str, Tensor]:
    """All five modalities in one estimation step: time 1, noise at its mean."""
    prompt = torch.tensor([[encode(PROMPTS[m][0]) for m in MODALITIES]] * batch, device=device)
    return {'select': torch.ones(batch, 5, device=device), 'prompt': prompt, 'time': torch.ones(batch, device=device),
            'noise': torch.zeros(batch, 15, height // 4, width // 4, device=device)}


@torch.no_grad()
def validate(model: Nano, folder: Path, superset: np.ndarray, limit: int, size: tuple[int, int], device: torch.device, memory: bool = False) -> dict[str, float]:
    model.eval()
    rng = np.random.default_rng(0)
    scale_error, delta, metric_error, epe, zero = [], [], [], [], []
    confusion = np.zeros((CLASSES, CLASSES))
    part_hit = part_all = joint_hit = joint_all = 0
    for path in sorted(folder.glob('*.rec'))[:limit]:
        record = records.load(path)
        s = make_clip(record, size, rng, 2, plain=True)
        pictures = [normalise(torch.from_numpy(picture)[None].to(device)) for picture in s['rgb']]
        s = {k: v[-1] for k, v in s.items()}
        before, x = pictures[0], pictures[-1]
        past = None
        for picture in pictures if memory else pictures[-1:]:
            out, past = model(picture, **default_task(1, *size, device), past=past)
        ours = out['depth'][0, 0].float().cpu().numpy()
        w = ~s['sky'] & (s['log_depth'] < 5.5)
        if w.any():
            e = ours - s['log_depth']
            metric_error.append(np.abs(np.expm1(e[w])).mean())
            e = e - np.median(e[w])
            scale_error.append(np.abs(np.expm1(e[w])).mean())
            delta.append((np.abs(e[w]) < np.log(1.25)).mean())
        labels = out['segmentation'][0].argmax(0).cpu().numpy()
        known = s['labels'] < CLASSES
        np.add.at(confusion, (s['labels'][known], labels[known]), 1)
        part = out['part'][0].argmax(0).cpu().numpy()
        body = (s['part'] > 0) & s['part_known']  # as if from the front (sides.py)
        part_hit += (part == s['part_from_front'])[body].sum()
        part_all += body.sum()
        fine, _ = model.flow_head(model.matcher(x), model.matcher(before), *model.encoder.early(x)[1:], out['features4'])
        valid = s['flow_valid']
        if valid.any():
            epe.append(np.linalg.norm(fine[0, :2].cpu().numpy() - s['flow'], axis=0)[valid].mean())
            zero.append(np.linalg.norm(s['flow'], axis=0)[valid].mean())
        heat = out['skeleton'][0, :17].float().cpu().numpy()
        hits, total = pck(heat, s, record)
        joint_hit += hits
        joint_all += total
    broad = np.zeros((superset.max() + 1,) * 2)
    np.add.at(broad, (superset[:, None].repeat(CLASSES, 1), superset[None].repeat(CLASSES, 0)), confusion)
    iou = np.diag(confusion) / np.maximum(1, confusion.sum(0) + confusion.sum(1) - np.diag(confusion))
    present = confusion.sum(1) > 0
    broad_iou = np.diag(broad) / np.maximum(1, broad.sum(0) + broad.sum(1) - np.diag(broad))
    model.train()
    return {'absRelScale': float(np.mean(scale_error)), 'delta1Scale': float(np.mean(delta)), 'absRel': float(np.mean(metric_error)),
            'mIoU': float(iou[present].mean()), 'classes': int(present.sum()), 'mIoUSupersets': float(broad_iou[broad.sum(1) > 0].mean()), 'personIoU': float(iou[1]), 'partAccuracy': float(part_hit / max(1, part_all)),
            'pck01': float(joint_hit / max(1, joint_all)), 'epe': float(np.mean(epe or [0])), 'epeZero': float(np.mean(zero or [0]))}


def pck(heat: np.ndarray, sample: dict[str, np.ndarray], record: records.Record) -> tuple[int, int]:
    """Arg max of each joint's map, wherever in the picture, against the truth's peak, 0.1 of the longer side. A stand-in:
    the truth's peaks are read off the target maps, so only single people are counted, and pairs are in the picture's order (sides.py)."""
    truth = sample['in_order'][:17]
    people = [p for p in record['meta']['people'][-1] if p['labelled'] and p['box'][2] > 0]
    if len(people) != 1 or len(record['meta']['people'][-1]) != 1:
        return 0, 0
    w = sample['offset_weight'] >= 1
    if w.sum() < 12:
        return 0, 0
    ys, xs = np.nonzero(w)
    side = max(np.ptp(ys), np.ptp(xs)) + 1
    hits = total = 0
    for j in range(17):
        if truth[j].max() < 0.6:
            continue
        ty, tx = np.unravel_index(truth[j].argmax(), truth[j].shape)
        y, x = np.unravel_index(heat[j].argmax(), heat[j].shape)
        hits += np.hypot(x - tx, y - ty) <= max(1.0, 0.1 * side)
        total += 1
    return int(hits), total
