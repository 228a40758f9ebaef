"""Overlapping tiles of a picture's plane, blended by ramps over what neighbours share."""

import torch
from torch import Tensor


def spans(total: int, size: int, overlap: int) -> list[tuple[int, int]]:
    """Starts and ends that cover 0..total, `size` wide (the last one moved back to end at total), sharing at least `overlap`."""
    if total <= size:
        return [(0, total)]
    starts = list(range(0, total - size, size - overlap)) + [total - size]
    return [(start, start + size) for start in starts]


def ramp(span: tuple[int, int], total: int, overlap: int) -> Tensor:
    """Weights of a span's samples: rising over `overlap` of them where it has a neighbour before, falling where it has one after."""
    start, end = span
    weights = torch.ones(end - start)
    rise = torch.arange(1, overlap + 1) / (overlap + 1)
    if start > 0 and overlap:
        weights[:overlap] *= rise
    if end < total and overlap:
        weights[-overlap:] *= rise.flip(0)
    return weights


def tiled(run, x: Tensor, size: int, overlap: int, unit_in: int, unit_out: int) -> Tensor:
    """run on tiles of x [B, C, T, H, W]; size and overlap in latents, of which one is unit_in samples of x and unit_out of the result."""
    rows, columns = (x.shape[axis] // unit_in for axis in (3, 4))
    out = weight = None
    for top, bottom in spans(rows, size, overlap):
        for left, right in spans(columns, size, overlap):
            part = run(x[:, :, :, top * unit_in:bottom * unit_in, left * unit_in:right * unit_in])
            if out is None:
                out = part.new_zeros(*part.shape[:3], rows * unit_out, columns * unit_out)
                weight = torch.zeros(rows * unit_out, columns * unit_out)
            scaled = [(a * unit_out, b * unit_out) for a, b in ((top, bottom), (left, right))]
            w = ramp(scaled[0], rows * unit_out, overlap * unit_out)[:, None] * ramp(scaled[1], columns * unit_out, overlap * unit_out)[None]
            where = (..., slice(*scaled[0]), slice(*scaled[1]))
            out[where] += part * w
            weight[where] += w
    return out / weight
