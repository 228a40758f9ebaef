"""What claim 6 costs at inference: the trunk's work with clean-first, causal attention and with full attention, as one Markdown table.

    python -m ablations.cost

Floating-point operations of the matrix products are counted, which no other process on the machine can change; the encoder and the
decoders do the same work in both. Width and depth are the ablations' (__init__.py)."""
from __future__ import annotations

from typing import Callable

import torch
from torch import Tensor
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.utils.flop_counter import FlopCounterMode

from sextant_nano.trunk import DIM, FRAMES, Grid, Past, Trunk

from .small_model import whole

STEPS = 20  # of denoising
TEXT, CAPTION = 40, 32  # words read by the modality stream and by RGB


def count(work: Callable[[], object]) -> float:
    """GFLOP."""
    with sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counter:
        work()
    return counter.get_total_flops() / 1e9


class Costs:
    def __init__(self, trunk: Trunk, height: int, width: int, frames: int):
        self.trunk, self.size, self.frames = trunk, (height // 16, width // 16), frames
        self.tokens = self.size[0] * self.size[1]
        self.grid = Grid.of(*self.size, torch.device('cpu'))
        _, self.keys, past = trunk.rgb(torch.randn(1, self.tokens, DIM), self.grid, None)
        self.past = Past(past.memory, torch.ones(1, FRAMES))  # a full memory: the cost of a frame late in a stream

    def text(self, words: int) -> tuple[Tensor, Tensor]:
        return torch.randn(1, words, DIM), torch.zeros(1, 1, 1, words)

    def one(self, clean: bool, words: int = 0) -> float:
        """One stream of one frame, with its memory; beside the clean stream's keys or alone."""
        text = self.text(words) if words else (None, None)
        x, condition = torch.randn(1, self.tokens, DIM), torch.randn(1, DIM)
        return count(lambda: self.trunk.run(x, condition, self.grid, self.keys if clean else None, self.past, *text))

    def all(self, first: int, second: int) -> float:
        """Both streams of all frames, everything seeing everything; `first` and `second` words are read."""
        x, condition = torch.randn(1, self.frames * self.tokens, DIM), torch.randn(1, DIM)
        texts = (self.text(first), self.text(second))
        return count(lambda: self.trunk.both(x, x, (condition, condition), whole(*self.size, self.frames), (None, None), texts))


def main() -> None:
    torch.manual_seed(0)
    trunk = Trunk().requires_grad_(False)
    print('| trunk, GFLOP | ' + ' | '.join(names := ('clean-first and causal', 'full attention', 'times')) + ' |\n|' + '---|' * (1 + len(names)))
    for height, width, frames in ((64, 64, 3), (128, 128, 8), (192, 256, 8)):
        c, where = Costs(trunk, height, width, frames), f'{width}x{height}, {frames} frames'
        rgb, modality, everything = c.one(False), c.one(True, TEXT), c.all(1, TEXT)
        noised = c.one(True, CAPTION)
        rows = ((f'{where}: estimate the whole clip at once', frames * (rgb + modality), everything),
                (f'{where}: estimate each frame as it comes (window of {frames})', rgb + modality, everything),
                (f'{where}: one more prompt about a frame known already', modality, everything),
                (f'{where}: generate the clip in {STEPS} steps', frames * (c.one(False, TEXT) + STEPS * noised), STEPS * c.all(CAPTION, TEXT)))
        for what, ours, full in rows:
            print(f'| {what} | {ours:.4f} | {full:.4f} | {full / ours:.2f} |')


if __name__ == '__main__':
    main()
