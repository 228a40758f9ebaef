"""Crops and flips keep picture and truth together: sides, directions of motion, the scale of depth."""
from __future__ import annotations

import unittest
from unittest.mock import patch

import cv2
import numpy as np
import torch

from sextant_nano import augment
from sextant_nano.augment import CANONICAL_FOCAL, NOT_PERSON, SWAP_JOINTS, SWAP_PARTS, UNKNOWN, Sample, make_clip, make_frame, make_motion_sample, make_real_sample, skeleton_targets
from sextant_nano.crops import affine, downscaled
from sextant_nano.flow import warp

from .scenes import BODY, BOX, FOCAL, HEIGHT, LEFT_HAND, PERSON, RIGHT_HAND, ROOM, WALL, WIDTH, person, photograph, rendered

SIZE = (HEIGHT, WIDTH)
WHOLE = (WIDTH / 2, HEIGHT / 2, float(WIDTH))
STRANGER = (96, 32, 16, 48)


def same(x: np.ndarray) -> np.ndarray:
    return x


def frame(flip: bool, crop: tuple[float, float, float] = WHOLE, before: tuple[float, float, float] | None = None, index: int = 1) -> Sample:
    record = rendered([person(1, BOX), person(2, STRANGER, labelled=False)], frames=2, flow=(4, -2))
    return make_frame(record, index, SIZE, affine(crop, SIZE, flip), affine(before or crop, SIZE, flip), flip, same)


class Swaps(unittest.TestCase):
    def test_they_undo_themselves_and_move_sides_alone(self) -> None:
        for swap, middle in ((SWAP_JOINTS, [0]), (SWAP_PARTS, [0, 1, 2])):
            np.testing.assert_array_equal(swap[swap], np.arange(len(swap)))
            np.testing.assert_array_equal(np.flatnonzero(swap == np.arange(len(swap))), middle)
        self.assertEqual((len(SWAP_JOINTS), len(SWAP_PARTS)), (17, 25))


class Mirrored(unittest.TestCase):
    """make_frame with a flip is the mirror of make_frame without one."""

    def setUp(self) -> None:
        self.a, self.b = frame(False), frame(True)

    def test_planes(self) -> None:
        for name in ('sky', 'depth_known', 'labels', 'things', 'part_known', 'flow_valid', 'flow_seen', 'joint_weight', 'offset_weight'):
            np.testing.assert_array_equal(self.b[name], self.a[name][:, ::-1], name)
        np.testing.assert_allclose(self.b['log_depth'], self.a['log_depth'][:, ::-1], atol=1e-5)
        np.testing.assert_allclose(self.b['rgb'].astype(int), self.a['rgb'][:, ::-1].astype(int), atol=1)

    def test_joints_change_sides(self) -> None:
        np.testing.assert_allclose(self.b['heat'][:17], self.a['heat'][SWAP_JOINTS][:, :, ::-1], atol=1e-5)
        np.testing.assert_allclose(self.b['heat'][17], self.a['heat'][17][:, ::-1], atol=1e-5)
        self.assertGreater(np.abs(self.a['heat'][5] - self.a['heat'][6]).max(), 0.5)  # else there would be nothing to swap

    def test_parts_change_sides(self) -> None:
        np.testing.assert_array_equal(self.b['part'], SWAP_PARTS[self.a['part']][:, ::-1])
        self.assertEqual(set(np.unique(self.b['part'])), {0, RIGHT_HAND, LEFT_HAND})
        body = self.b['part'] > 0
        np.testing.assert_allclose(self.b['uv'][0], np.where(body, 1 - self.a['uv'][0][:, ::-1], 0), atol=1e-5)
        np.testing.assert_allclose(self.b['uv'][1], self.a['uv'][1][:, ::-1], atol=1e-6)

    def test_what_points_sideways_changes_sign(self) -> None:
        for name in ('flow', 'offset'):
            np.testing.assert_allclose(self.b[name][0], -self.a[name][0][:, ::-1], atol=1e-5, err_msg=name)
            np.testing.assert_allclose(self.b[name][1], self.a[name][1][:, ::-1], atol=1e-5, err_msg=name)
        np.testing.assert_allclose(self.a['flow'][:, 20, 20], (4, -2))


class Targets(unittest.TestCase):
    def test_joints_lie_where_they_are(self) -> None:
        a = frame(False)
        for joint, (x, y, _) in enumerate(person(1, BOX)['keypoints']):
            row, column = np.unravel_index(a['heat'][joint].argmax(), a['heat'][joint].shape)
            self.assertLess(abs(4 * column + 1.5 - x), 2.6, joint)
            self.assertLess(abs(4 * row + 1.5 - y), 2.6, joint)

    def test_what_is_not_labelled_is_not_known(self) -> None:
        a = frame(False)
        np.testing.assert_array_equal(a['part_known'], a['things'] != 2)
        self.assertEqual(float(a['joint_weight'][8:20, 24:28].max()), 0.0)
        self.assertEqual(float(a['joint_weight'][:, :20].min()), 1.0)
        self.assertLess(float(a['heat'][:17, :, 26:].max()), 0.01)
        self.assertGreater(float(a['heat'][17, :, 26:].max()), 0.5)  # a centre all the same

    def test_offsets_lead_to_the_centre(self) -> None:
        a = frame(False)
        ys, xs = np.nonzero(a['offset_weight'] == 1)
        mine = xs < 22
        x, y, w, h = BOX
        np.testing.assert_allclose(a['offset'][0][ys, xs][mine] * 32 + xs[mine] * 4 + 1.5, x + (w - 1) / 2, atol=1e-3)
        np.testing.assert_allclose(a['offset'][1][ys, xs][mine] * 32 + ys[mine] * 4 + 1.5, y + (h - 1) / 2, atol=1e-3)

    def test_a_guessed_joint_is_fainter_and_an_absent_one_is_none(self) -> None:
        somebody = person(1, BOX)
        somebody['keypoints'][5][2], somebody['keypoints'][6][2] = 1, 0
        instances = rendered([somebody])['frames'][0]['instances'][2::4, 2::4]
        heat = skeleton_targets([somebody], affine(WHOLE, SIZE, False), SIZE, instances, False)['heat']
        self.assertGreater(float(heat[7].max()), 0.75)
        self.assertTrue(0.4 < float(heat[5].max()) <= 0.7)
        self.assertEqual(float(heat[6].max()), 0.0)


class Scale(unittest.TestCase):
    """Canonical depth is metres * 200 / focal length in pixels: what is blown up looks nearer by as much."""

    def test_metres(self) -> None:
        a = frame(False)
        self.assertAlmostEqual(float(a['log_depth'][20, 10]), np.log(ROOM * CANONICAL_FOCAL / FOCAL), 2)
        self.assertAlmostEqual(float(a['log_depth'][20, 32]), np.log(BODY * CANONICAL_FOCAL / FOCAL), 2)
        np.testing.assert_array_equal(a['sky'].nonzero()[0].max(), 3)
        self.assertTrue(np.isfinite(a['log_depth']).all())

    def test_a_crop_blown_up(self) -> None:
        for flip in (False, True):
            for times in (1.5, 2.0, 3.0):
                crop = frame(flip, (WIDTH / 2, HEIGHT / 2, WIDTH / times))
                self.assertAlmostEqual(float(crop['log_depth'][24, 32]), np.log(BODY * CANONICAL_FOCAL / (FOCAL * times)), 2)

    def test_motion_grows_with_it(self) -> None:
        for flip, sign in ((False, 1), (True, -1)):
            np.testing.assert_allclose(frame(flip, (WIDTH / 2, HEIGHT / 2, WIDTH / 2))['flow'][:, 24, 32], (8 * sign, -4), atol=1e-3)

    def test_a_crop_of_a_photograph(self) -> None:
        rng = np.random.default_rng(0)
        for times in (1.0, 2.0):
            with patch.object(augment, 'choose_crop', return_value=(WIDTH / 2, HEIGHT / 2, WIDTH / times)):
                real = make_real_sample(photograph([], pseudo=True), SIZE, rng)
            np.testing.assert_allclose(real['log_depth'], np.log(ROOM / times), atol=2e-3)

    def test_a_crop_that_moves_adds_motion(self) -> None:
        for flip in (False, True):
            now, before = (60.0, 50.0, 64.0), (56.0, 48.0, 64.0)
            m, m_before = affine(now, SIZE, flip), affine(before, SIZE, flip)
            p, motion = np.array([60.0, 50.0, 1.0]), np.array([4.0, -2.0, 0.0])
            np.testing.assert_allclose(frame(flip, now, before)['flow'][:, 24, 32], m @ p - m_before @ (p - motion), atol=1e-3)


class Clips(unittest.TestCase):
    """make_clip with its own crops and flips; mirrored truth must still be truth."""

    def clips(self, count: int, **options: float) -> list[Sample]:
        record = rendered([person(1, BOX)], frames=3, flow=(4, -2))
        with patch.object(augment, 'photometric', lambda rng: same):
            return [make_clip(record, SIZE, np.random.default_rng(seed), 3, **options) for seed in range(count)]

    def test_left_stays_left(self) -> None:
        flipped, compared = set(), 0
        for s in self.clips(24):
            rgb = s['rgb'][0].astype(float).mean((0, 2))
            flipped.add(bool(rgb[:WIDTH // 2].mean() < rgb[WIDTH // 2:].mean()))
            right, left = (np.nonzero(s['part'][0] == part)[1] for part in (RIGHT_HAND, LEFT_HAND))
            if len(right) and len(left):
                self.assertLess(right.max(), left.min())
                compared += 1
            for joint in range(1, 17, 2):
                a, b = s['heat'][0][joint], s['heat'][0][joint + 1]
                if min(a.max(), b.max()) > 0.6:
                    self.assertGreater(a.max(0).argmax(), b.max(0).argmax())
        self.assertEqual(flipped, {False, True})
        self.assertGreater(compared, 12)

    def test_flow_leads_to_the_frame_before(self) -> None:
        def half(rgb: np.ndarray) -> torch.Tensor:
            return torch.from_numpy(cv2.resize(rgb, (WIDTH // 2, HEIGHT // 2), interpolation=cv2.INTER_AREA)).float().permute(2, 0, 1)[None]

        flipped = set()
        for s in self.clips(12, jump=0.15):
            self.assertFalse(s['flow_valid'][0].any())
            for t in (1, 2):
                flow, seen = torch.from_numpy(s['flow'][t])[None] / 2, torch.from_numpy(s['flow_seen'][t])
                self.assertGreater(float(seen.float().mean()), 0.5)
                seen = seen & (warp(torch.ones(1, 1, *seen.shape), flow)[0, 0] > 0.99)  # and not where the picture was rolled over its edge
                now, before = half(s['rgb'][t]), half(s['rgb'][t - 1])

                def error(f: torch.Tensor) -> float:
                    return float((warp(before, f) - now).abs().mean(1)[0][seen].median())

                self.assertLess(error(flow), 2.5)
                self.assertLess(error(flow), min(error(0 * flow), error(flow * torch.tensor([-1.0, 1.0])[None, :, None, None])))
                flipped.add(bool(flow[0, 0].median() < 0))
        self.assertEqual(flipped, {False, True})

    def test_plain_is_the_whole_picture(self) -> None:
        record = rendered([person(1, BOX)], frames=2, flow=(4, -2))
        s = make_clip(record, SIZE, np.random.default_rng(0), 2, plain=True)
        np.testing.assert_array_equal(s['rgb'], np.stack([f['rgb'] for f in record['frames']]))


class Jpeg(unittest.TestCase):
    def test_blue_loses_most(self) -> None:
        picture = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
        error = ((augment.jpeg(picture, 50).astype(float) - picture) ** 2).mean((0, 1))
        self.assertLess(error[1], error[0])
        self.assertLess(error[0], error[2])


class Centred(unittest.TestCase):
    def test_labels_of_a_whole_picture_are_not_all_off_the_same_way(self) -> None:
        rows = np.repeat(np.arange(2, HEIGHT + 2)[:, None], WIDTH, 1)
        world, real = rendered([]), photograph([], pseudo=True)
        world['frames'][0]['instances'] = rows.astype(np.uint16)
        real['frames'][0]['labels'] = np.minimum(rows, 67).astype(np.uint8)
        for record, name, count in ((world, 'things', HEIGHT // 2), (real, 'labels', 32)):
            found = []
            for seed in range(60):
                with patch.object(augment, 'choose_crop', return_value=WHOLE):
                    found.append(make_clip(record, SIZE, np.random.default_rng(seed))[name][0, :count, 5])
            off = np.mean(found, 0) - (2 * np.arange(count) + 2.5)  # of the rows that were taken, from the middle between two
            self.assertLess(float(np.abs(off).max()), 0.3, name)


class Unlabelled(unittest.TestCase):
    def test_a_photograph_is_known_only_where_it_says_so(self) -> None:
        record = photograph([person(1, BOX), person(2, STRANGER, labelled=False)])
        record['frames'][0]['person'][:, :16] = 255
        with patch.object(augment, 'choose_crop', return_value=WHOLE):
            s = make_real_sample(record, SIZE, np.random.default_rng(3))
        self.assertFalse(s['depth_known'].any() or s['flow_valid'].any())
        self.assertEqual(set(np.unique(s['labels'])), {PERSON, NOT_PERSON, UNKNOWN})
        np.testing.assert_array_equal(s['part_known'], s['labels'] == NOT_PERSON)
        known = s['joint_weight']
        self.assertEqual(float(known[s['labels'][::2, ::2] == UNKNOWN].max()), 0.0)
        self.assertEqual(float(known[s['labels'][::2, ::2] == NOT_PERSON].min()), 1.0)
        people = cv2.connectedComponents((s['labels'][::2, ::2] == PERSON).astype(np.uint8))[1]
        self.assertEqual(sorted(float(known[people == k].min()) for k in (1, 2)), [0.0, 1.0])  # joints of the labelled one alone

    def test_pseudo_classes_know_less_of_people_than_the_teacher(self) -> None:
        record = photograph([person(1, BOX)], pseudo=True)
        record['frames'][0]['labels'][:, :32] = PERSON  # the network's own mistake
        with patch.object(augment, 'choose_crop', return_value=WHOLE):
            s = make_real_sample(record, SIZE, np.random.default_rng(3))
        self.assertEqual(int((s['labels'] == PERSON).sum()), BOX[2] * BOX[3] // 4)
        self.assertEqual(set(np.unique(s['labels'])), {PERSON, NOT_PERSON, WALL})

    def test_measured_motion_is_mirrored_and_scaled(self) -> None:
        record = rendered([], frames=2, flow=(4, -2))
        record['frames'][1]['seen'] = np.ones(SIZE, np.uint8)
        for flip in (False, True):
            full = affine((WIDTH / 2, HEIGHT / 2, WIDTH / 2), SIZE, flip)
            with patch.object(augment, 'random_map', return_value=full):
                s = make_motion_sample(record, SIZE, np.random.default_rng(0))
            np.testing.assert_allclose(s['motion'][:, 20, 20], (-4 if flip else 4, -2), atol=1e-3)  # twice as large, on half the grid
            np.testing.assert_allclose(s['centre'], downscaled(full, 2) @ ((WIDTH - 1) / 2, (HEIGHT - 1) / 2, 1), atol=1e-4)
            self.assertAlmostEqual(float(s['focal']), augment.GUESSED_FOCAL * WIDTH, 3)
            self.assertTrue(s['motion_seen'].all())


if __name__ == '__main__':
    unittest.main()
