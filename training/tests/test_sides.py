"""Pairs of joints in the picture's order, which of the two is the left one, and that both are the same in a mirror."""
from __future__ import annotations

import unittest

import numpy as np
import torch

from sextant_nano import sides
from sextant_nano.augment import SWAP_JOINTS, SWAP_PARTS, make_clip, skeleton_targets
from sextant_nano.crops import affine

from .scenes import BOX, HEIGHT, WIDTH, keypoints, person, rendered
from .test_facing import away

SIZE = (HEIGHT, WIDTH)
TALL = float(max(BOX[2:]))
PLACES = np.arange(17)


def x_of(points: list[list[float]]) -> np.ndarray:
    return np.array(points)[:, 0]


def targets(people: list[dict], flip: bool) -> dict[str, np.ndarray]:
    instances = rendered(people)['frames'][0]['instances'][2::4, 2::4]
    return skeleton_targets(people, affine((WIDTH / 2, HEIGHT / 2, WIDTH), SIZE, flip), SIZE, instances[:, ::-1] if flip else instances, flip)


class Order(unittest.TestCase):
    everywhere = np.ones(17, bool)

    def test_from_the_front_and_from_behind(self) -> None:
        for points, row, sign in ((keypoints(*BOX), PLACES, 1), (away(1, BOX)['keypoints'], SWAP_JOINTS, -1)):
            place, apart = sides.picture_order(x_of(points), self.everywhere, TALL)
            np.testing.assert_array_equal(place, row)
            np.testing.assert_array_equal(np.sign(apart), sign)
            self.assertLessEqual(float(np.abs(apart).max()), 1)

    def test_each_pair_has_its_own(self) -> None:
        x = x_of(keypoints(*BOX))
        x[[15, 16]] = x[[16, 15]]  # ankles crossed
        place, apart = sides.picture_order(x, self.everywhere, TALL)
        np.testing.assert_array_equal(place[:15], PLACES[:15])
        np.testing.assert_array_equal(place[15:], (16, 15))
        self.assertEqual([int(s) for s in np.sign(apart)], [1] * 7 + [-1])

    def test_a_pair_of_which_one_is_unknown_goes_with_the_others(self) -> None:
        known = self.everywhere.copy()
        known[9] = False
        for points, row in ((keypoints(*BOX), (9, 10)), (away(1, BOX)['keypoints'], (10, 9))):
            place, apart = sides.picture_order(x_of(points), known, TALL)
            np.testing.assert_array_equal(place[9:11], row)
            self.assertEqual(apart[4], 0)

    def test_near_to_each_other_is_less_sure(self) -> None:
        x = x_of(keypoints(*BOX))
        x[11] = x[12] + 0.02 * TALL
        self.assertAlmostEqual(sides.picture_order(x, self.everywhere, TALL)[1][5], 0.2)


class Target(unittest.TestCase):
    people = [person(1, (16, 16, 32, 64)), away(2, (80, 16, 32, 64))]

    def test_the_same_joints_in_order(self) -> None:
        a = targets(self.people, False)
        half = a['heat'].shape[2] // 2
        np.testing.assert_allclose(a['in_order'][:17, :, :half - 3], a['heat'][:17, :, :half - 3], atol=1e-6)
        np.testing.assert_allclose(a['in_order'][:17, :, half + 3:], a['heat'][SWAP_JOINTS, :, half + 3:], atol=1e-6)
        np.testing.assert_array_equal(a['in_order'][17], a['heat'][17])
        self.assertGreater(float(np.abs(a['in_order'] - a['heat']).max()), 0.5)

    def test_sides_are_told_at_both_joints_of_a_pair(self) -> None:
        a = targets(self.people, False)
        for somebody, sign in zip(self.people, (1, -1)):
            for pair, joints in enumerate(sides.PAIRS):
                for x, y, _ in (somebody['keypoints'][j] for j in joints):
                    self.assertEqual(np.sign(a['sides'][pair, round((y + 0.5) / 4 - 0.5), round((x + 0.5) / 4 - 0.5)]), sign)

    def test_in_a_mirror(self) -> None:
        a, b = targets(self.people, False), targets(self.people, True)
        np.testing.assert_allclose(b['in_order'][:17], a['in_order'][SWAP_JOINTS][:, :, ::-1], atol=1e-5)
        np.testing.assert_allclose(np.abs(b['sides']), np.abs(a['sides'][:, :, ::-1]), atol=1e-5)
        np.testing.assert_array_equal(np.sign(b['sides']), np.sign(a['sides'][:, :, ::-1]))


class Parts(unittest.TestCase):
    def test_bodies_seen_from_behind_are_turned(self) -> None:
        people = [person(1, (16, 16, 32, 64)), away(2, (80, 16, 32, 64)), {**away(3, (0, 0, 9, 9)), 'labelled': False, 'keypoints': []}]
        part = np.array([[0, 2, 23, 9], [0, 2, 23, 9], [0, 2, 23, 9]], np.uint8)
        found = sides.from_front(part, np.array([[1], [2], [3]]).repeat(4, 1), people)
        np.testing.assert_array_equal(found, [[0, 2, 23, 9], [0, 1, 24, 8], [0, 2, 23, 9]])
        self.assertEqual(found.dtype, np.uint8)
        np.testing.assert_array_equal(sides.TURNED_PARTS[sides.TURNED_PARTS], np.arange(25))

    def test_the_same_in_a_mirror(self) -> None:
        np.testing.assert_array_equal(SWAP_PARTS[sides.TURNED_PARTS], sides.TURNED_PARTS[SWAP_PARTS])

    def test_of_records_drawn(self) -> None:
        """The hands of scenes.py lie on the body of person 1."""
        for somebody, turned in ((person(1, BOX), False), (away(1, BOX), True)):
            s = {k: v[-1] for k, v in make_clip(rendered([somebody]), SIZE, np.random.default_rng(0), plain=True).items()}
            self.assertGreater(int((s['part'] > 0).sum()), 0)
            np.testing.assert_array_equal(s['part_from_front'], sides.TURNED_PARTS[s['part']] if turned else s['part'])


class Loss(unittest.TestCase):
    def test_asks_only_where_sides_are_known(self) -> None:
        apart = torch.zeros(1, 8, 6, 6)
        apart[0, 2, :3], apart[0, 2, 3:5] = 1, -0.5
        right = apart.sign() * 9
        self.assertLess(float(sides.loss(right, apart)), 1e-3)
        self.assertGreater(float(sides.loss(-right, apart)), 1)
        self.assertEqual(float(sides.loss(right + 5 * (apart == 0), apart)), float(sides.loss(right, apart)))
        self.assertEqual(float(sides.loss(right, torch.zeros(1, 8, 6, 6))), 0)


if __name__ == '__main__':
    unittest.main()
