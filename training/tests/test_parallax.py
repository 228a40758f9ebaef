"""Cameras that move through the depth of single pictures: the unit is the depth of what is no sky."""
from __future__ import annotations

import unittest

import numpy as np

from sextant_nano.flow_data import lifted_crop
from sextant_nano.parallax import lifted

from .scenes import HEIGHT, ROOM, WIDTH, photograph, picture, rendered


class Sky(unittest.TestCase):
    def test_it_has_no_part_in_the_median(self) -> None:
        sky = np.zeros((HEIGHT, WIDTH), bool)
        sky[:60] = True  # more than half
        for beyond in (0.0, 6.0, np.nan):
            scene = lifted(picture(), np.where(sky, beyond, np.log(ROOM)), sky)
            np.testing.assert_allclose(scene.inverse, np.where(sky, 0, 1), rtol=1e-6)

    def test_nothing_but_sky(self) -> None:
        self.assertEqual(float(np.abs(lifted(picture(), np.full((HEIGHT, WIDTH), np.nan), np.ones((HEIGHT, WIDTH), bool)).inverse).max()), 0.0)

    def test_of_rendered_and_of_real_pictures(self) -> None:
        world, real = rendered([]), photograph([], pseudo=True)
        world['frames'][-1]['log_depth'][:60] = np.nan
        real['frames'][-1]['sky'][:60] = 1
        for record in (world, real):
            scene = lifted_crop(np.random.default_rng(2), record, (48, 64))
            self.assertEqual(scene.inverse.dtype, np.float32)
            self.assertTrue(np.isin(scene.inverse.round(3), (0, 1)).all())


if __name__ == '__main__':
    unittest.main()
