"""Which side of a person is seen, from joints, through mirroring and turning, and that what is seen from behind is drawn more often."""
from __future__ import annotations

import unittest

import numpy as np
import torch

from sextant_nano import facing
from sextant_nano.augment import SWAP_JOINTS, make_clip, skeleton_targets
from sextant_nano.crops import affine, choose_crop
from sextant_nano.paste import cut_person

from .scenes import BOX, HEIGHT, WIDTH, keypoints, person, rendered

SIZE = (HEIGHT, WIDTH)


def away(number: int, box: tuple[int, int, int, int]) -> dict:
    """Somebody seen from behind: left joints at the picture's left."""
    somebody = person(number, box)
    somebody['keypoints'] = [somebody['keypoints'][j] for j in SWAP_JOINTS]
    return somebody


class Side(unittest.TestCase):
    def test_front_and_back(self) -> None:
        self.assertGreater(facing.facing(person(1, BOX)), 0)
        self.assertLess(facing.facing(away(1, BOX)), 0)

    def test_turned_in_the_picture(self) -> None:
        points = np.array(keypoints(*BOX))
        for angle in (np.pi / 2, np.pi, 4.0):
            c, s = np.cos(angle), np.sin(angle)
            turned = points.copy()
            turned[:, :2] = points[:, :2] @ np.array([[c, s], [-s, c]])
            self.assertAlmostEqual(facing.facing_of(turned), facing.facing_of(points), 9)

    def test_profiles_and_strangers_have_none(self) -> None:
        profile = np.array(keypoints(*BOX))
        profile[[5, 6], 0] = profile[5, 0], profile[5, 0] - 1
        self.assertEqual(facing.facing_of(profile), 0)
        hidden = np.array(keypoints(*BOX))
        hidden[6, 2] = 0
        self.assertEqual(facing.facing_of(hidden), 0)
        self.assertEqual(facing.facing(person(1, BOX, labelled=False)), 0)

    def test_without_hips(self) -> None:
        points = np.array(away(1, BOX)['keypoints'])
        points[[11, 12], 2] = 0
        self.assertLess(facing.facing_of(points), 0)


class Target(unittest.TestCase):
    def test_on_bodies_and_the_same_in_a_mirror(self) -> None:
        people = [person(1, (16, 16, 32, 64)), away(2, (80, 16, 32, 64))]
        instances = rendered(people)['frames'][0]['instances'][2::4, 2::4]
        whole = (WIDTH / 2, HEIGHT / 2, WIDTH)
        for flip in (False, True):
            side = skeleton_targets(people, affine(whole, SIZE, flip), SIZE, instances[:, ::-1] if flip else instances, flip)['facing']
            side = side[:, ::-1] if flip else side
            np.testing.assert_array_equal(np.sign(side), np.where(instances == 1, 1, np.where(instances == 2, -1, 0)))

    def test_heads_weigh_more(self) -> None:
        one = person(1, (16, 16, 32, 64))
        instances = rendered([one])['frames'][0]['instances'][2::4, 2::4]
        side = skeleton_targets([one], affine((WIDTH / 2, HEIGHT / 2, WIDTH), SIZE, False), SIZE, instances, False)['facing']
        ys, xs = np.nonzero(side == facing.HEAD_WEIGHT)
        face = np.asarray(one['keypoints'])[:5, :2].mean(0)
        self.assertGreater(len(ys), 0)
        self.assertLess(np.hypot(4 * xs + 1.5 - face[0], 4 * ys + 1.5 - face[1]).max(), 0.08 * 64 + 6)
        self.assertEqual(set(np.unique(side)), {0, 1, facing.HEAD_WEIGHT})
        body = torch.ones(1, 8, 8)
        body[0, 0, 0] = facing.HEAD_WEIGHT
        wrong = [9 * torch.ones(1, 8, 8) for _ in range(2)]
        wrong[0][0, 0, 0], wrong[1][0, 4, 4] = -9, -9
        self.assertGreater(float(facing.loss(wrong[0], body)), 3 * float(facing.loss(wrong[1], body)))

    def test_the_loss_knows_bodies_alone(self) -> None:
        side = torch.zeros(1, 8, 8)
        side[:, :4] = 1
        side[:, 4:6] = -1
        right = torch.where(side == 0, torch.randn(1, 8, 8), 9 * side)
        self.assertLess(float(facing.loss(right, side)), 1e-3)
        self.assertGreater(float(facing.loss(-right, side)), 1)
        self.assertEqual(float(facing.loss(right, torch.zeros(1, 8, 8))), 0)


class Drawn(unittest.TestCase):
    def test_who_is_seen_from_behind_twice_as_often(self) -> None:
        rng = np.random.default_rng(0)
        record = rendered([person(1, (8, 36, 16, 24)), away(2, (104, 36, 16, 24))])
        people, around = record['meta']['people'][0], [0, 0]
        for _ in range(600):
            x, _, width = choose_crop(rng, record['meta'], people, 4 / 3, False)
            if width < 60:  # narrower than any crop of anything
                around[x > WIDTH / 2] += 1
        self.assertAlmostEqual(around[1] / around[0], 2, delta=0.7)

    def test_cut_out_first(self) -> None:
        record = rendered([person(1, (8, 36, 16, 24)), away(2, (104, 36, 16, 24))])
        cuts = [cut_person(record, 0, np.random.default_rng(s), behind_first=True) for s in range(8)]
        self.assertTrue(all(c is not None and facing.facing(c.person) < 0 for c in cuts))

    def test_clips_have_it(self) -> None:
        self.assertIn('facing', make_clip(rendered([person(1, BOX)]), SIZE, np.random.default_rng(0)))


if __name__ == '__main__':
    unittest.main()
