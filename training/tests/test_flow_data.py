"""Layers that move apart have their outlines in the flow where the pictures have them."""
from __future__ import annotations

import unittest
from unittest.mock import patch

import numpy as np

from sextant_nano import flow_data

from .scenes import HEIGHT, WIDTH, picture

SIZE = (HEIGHT, WIDTH)
MOVED, EDGE = 4, 33  # what moved ends at 37 in the newer picture: between the two columns, or rows, of cell 18


def flow_at(outline: np.ndarray, seed: int) -> np.ndarray:
    """Motion along x [h/2,w/2] of layers of that outline, before a background that stands still."""
    calls = iter([0, *[MOVED] * 9])

    def motion(*_: object) -> np.ndarray:
        return flow_data._about(np.zeros(2), 0.0, 1.0, np.full(2, next(calls)))

    with patch.object(flow_data, '_blob', return_value=outline), patch.object(flow_data, '_motion', motion):
        return flow_data.layered_pair(np.random.default_rng(seed), [picture()], SIZE)['flow'][0]


class Outlines(unittest.TestCase):
    def test_they_are_not_all_off_the_same_way(self) -> None:
        ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH]
        for outline, axis in ((xs < EDGE, 1), (ys < EDGE, 0)):
            lines = [flow_at(outline.astype(np.uint8), seed).take(20, 1 - axis) for seed in range(50)]
            layered = [line for line in lines if line.max() > 1]
            self.assertGreater(len(layered), 25)
            for line in layered:
                np.testing.assert_allclose([line[17], line[19]], [MOVED, 0], atol=1e-5)
            self.assertTrue(0.25 < np.mean([line[18] > 1 for line in layered]) < 0.75)


if __name__ == '__main__':
    unittest.main()
