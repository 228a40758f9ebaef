"""What stands for a frame before that was made of made frames."""
from __future__ import annotations

import unittest

import torch

from sextant_nano.paint_losses import CONTRAST, LIGHT, OTHER_COLOURS, SATURATION, recoloured


class Recoloured(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(0)
        self.x = torch.rand(400, 3, 4, 4) * 0.1  # so dull that nothing is clamped
        self.y = recoloured(self.x)
        self.changed = (self.x - self.y).abs().amax((1, 2, 3)) > 1e-6

    def test_leaves_the_others_as_they_are(self) -> None:
        self.assertAlmostEqual(float(self.changed.float().mean()), OTHER_COLOURS, delta=0.1)

    def test_changes_colours_about_grey_and_contrast_about_the_mean(self) -> None:
        def parts(x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
            grey = x.mean(1, keepdim=True)
            return (x - grey).std((1, 2, 3)), grey.std((1, 2, 3)), x.mean((1, 2, 3))

        before, after = parts(self.x[self.changed]), parts(self.y[self.changed])
        colour, contrast, light = (after[0] / before[0]).log(), (after[1] / before[1]).log(), after[2] - before[2]
        for got, (low, high) in ((contrast, CONTRAST), (colour - contrast, SATURATION), (light, LIGHT)):
            self.assertGreaterEqual(float(got.min()), low - 1e-3)
            self.assertLessEqual(float(got.max()), high + 1e-3)
            self.assertGreater(float(got.max() - got.min()), 0.7 * (high - low))

    def test_stays_a_picture(self) -> None:
        bright = recoloured(torch.rand(50, 3, 4, 4) * 2 - 1)
        self.assertLessEqual(float(bright.abs().max()), 1.0)


if __name__ == '__main__':
    unittest.main()
