"""Crops lie inside their picture, whatever its shape, and many show as much of it as fits."""
from __future__ import annotations

import unittest

import numpy as np

from sextant_nano.crops import WHOLE, choose_crop


class Anything(unittest.TestCase):
    def test_inside_and_often_whole(self) -> None:
        rng = np.random.default_rng(0)
        for width, height in ((256, 192), (384, 257), (224, 384), (383, 216)):
            for aspect in (4 / 3, 3 / 4, 2.0):
                widest, whole = min(width, height * aspect), 0
                for _ in range(200):
                    x, y, w = choose_crop(rng, {'width': width, 'height': height}, [], aspect, False)
                    half = w / aspect / 2
                    self.assertTrue(w / 2 - 1e-6 <= x <= width - w / 2 + 1e-6 and half - 1e-6 <= y <= height - half + 1e-6, (x, y, w))
                    whole += w == widest
                self.assertAlmostEqual(whole / 200, WHOLE, delta=0.13)


if __name__ == '__main__':
    unittest.main()
