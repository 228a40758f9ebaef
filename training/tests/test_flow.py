"""Correlation and the refinement on brightness, against what they stand for."""
from __future__ import annotations

import unittest

import numpy as np
import torch
import torch.nn.functional as F

from sextant_nano.flow import Brightness, Places, correlate, expected, flatten


class Correlation(unittest.TestCase):
    def test_is_the_product_with_every_neighbour_and_the_greatest_of_them(self) -> None:
        torch.manual_seed(0)
        now, before = torch.randn(1, 5, 7, 9), torch.randn(1, 5, 7, 9)
        cost, best = correlate(now, before, 2)
        for y, x, dy, dx in ((3, 4, -2, 1), (0, 0, 2, 2), (6, 8, -1, -2), (0, 0, -1, 0)):
            inside = 0 <= y + dy < 7 and 0 <= x + dx < 9
            want = (now[0, :, y, x] * before[0, :, y + dy, x + dx]).sum() if inside else torch.tensor(0.0)
            torch.testing.assert_close(cost[0, (dy + 2) * 5 + dx + 2, y, x], want)
        torch.testing.assert_close(best, cost.amax(1, keepdim=True))

    def test_leads_to_where_it_came_from(self) -> None:
        torch.manual_seed(0)
        before = F.normalize(torch.randn(1, 16, 12, 12), dim=1)
        now = torch.roll(before, (1, -2), (2, 3))  # moved down by one, left by two
        motion, peak = expected(*correlate(now, before, 3), 3, torch.tensor(4.0))
        inner = motion[0, :, 4:-4, 4:-4]
        self.assertLess(float((inner - torch.tensor([-2.0, 1.0])[:, None, None]).abs().max()), 0.1)
        self.assertGreater(float(peak[0, 0, 4:-4, 4:-4].min()), 0.9)


class OnBrightness(unittest.TestCase):
    def test_finds_a_fraction_of_a_pixel(self) -> None:
        ys, xs = np.mgrid[0:48, 0:64].astype(np.float64)

        def picture(dx: float, dy: float) -> torch.Tensor:
            x, y = xs - dx, ys - dy
            return torch.tensor(np.sin(x / 2) * np.cos(y / 2) * 0.8, dtype=torch.float32)[None, None]

        head = Brightness(4, warps=8)
        with torch.no_grad():
            flow, clues = head(flatten(picture(0.6, -0.4)), flatten(picture(0, 0)), torch.zeros(1, 2, 48, 64), torch.zeros(1, 4, 48, 64))
        error = (flow - torch.tensor([0.6, -0.4])[:, None, None])[:, :, 8:-8, 8:-8].abs().mean()
        self.assertLess(float(error), 0.05)
        self.assertEqual(clues.shape, (1, 2, 48, 64))
        self.assertTrue(bool(torch.isfinite(clues).all()))

    def test_samples_at_the_place_before(self) -> None:
        x = torch.arange(24.0).view(1, 1, 4, 6)
        flow = torch.zeros(1, 2, 4, 6)
        flow[:, 0], flow[:, 1] = 1, -2
        got = Places(x)(x, flow)
        self.assertAlmostEqual(float(got[0, 0, 1, 3]), float(x[0, 0, 3, 2]), places=4)
        self.assertEqual(float(got[0, 0, 3, 0]), 0.0)  # from outside


if __name__ == '__main__':
    unittest.main()
