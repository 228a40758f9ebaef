"""The paper's claims, tested at a small size (README.md). Importing this package makes sextant_nano's network narrow, in this process
alone: it must come before sextant_nano.model, which takes the width from the trunk when it is imported."""
from functools import lru_cache

from sextant_nano import trunk

trunk.DIM, trunk.HEADS, trunk.LAYERS = 128, 2, 2  # models/nano: 256, 4, 4; the width of a head stays 64

from sextant_nano import generator, model  # noqa: E402
from torch import nn  # noqa: E402

assert generator.DIM == model.DIM == trunk.DIM, 'sextant_nano.model was imported before ablations'
generator.WIDTHS, generator.PAINT, generator.EXPERT, generator.OWN_LAYERS = (8, 16, 32), (56, 36, 20, 12), 48, 2  # (16, 32, 48), (112, 72, 40, 24), 96, 3


class Given(nn.Module):
    """In the place of what the ablations do not train: the encoder's taps are given, flow has a training of its own."""

    def forward(self, taps: object) -> object:
        return taps


model.Lite0 = model.Matcher = model.FlowHead = Given  # type: ignore[assignment, misc]
model.meanings = lru_cache(model.meanings)  # type: ignore[assignment]
