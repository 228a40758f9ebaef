"""What is pasted brings its truth along, hides what lies behind it, and leaves the rest alone."""
from __future__ import annotations

import copy
import random
import tempfile
import unittest
from pathlib import Path
from typing import Iterator
from unittest.mock import patch

import cv2
import numpy as np

from sextant_nano import augment, records
from sextant_nano.augment import make_clip, make_frame
from sextant_nano.crops import affine
from sextant_nano.paste import NO_DEPTH, NO_PARTS, Cutting, Donors, cut_person, cut_thing, paste, with_pasted
from sextant_nano.records import Record

from .scenes import BOX, CHAIR, HEIGHT, LEFT_HAND, PERSON, RIGHT_HAND, WIDTH, person, photograph, rendered

SIZE = (HEIGHT, WIDTH)
WHOLE = (WIDTH / 2, HEIGHT / 2, float(WIDTH))
SEEDS = 40
BACKGROUND = ('labels', 'instances', 'part', 'u', 'v', 'log_depth', 'person', 'sky')


def cutting(record: Record, seed: int = 0) -> Cutting:
    found = cut_person(record, 0, np.random.default_rng(seed))
    assert found is not None
    return found


def pasted(target: Record, what: Cutting) -> Iterator[tuple[Record, dict[str, np.ndarray], np.ndarray]]:
    """The record, its frame and the mask of what was pasted, at SEEDS places and sizes."""
    number = int(target['frames'][0]['instances'].max()) + 1
    for seed in range(SEEDS):
        record = paste(target, what, np.random.default_rng(seed))
        frame = record['frames'][0]
        if (frame['instances'] == number).any():
            yield record, frame, frame['instances'] == number


def plain_sample(record: Record) -> augment.Sample:
    if record['meta'].get('real'):
        with patch.object(augment, 'choose_crop', return_value=WHOLE):
            return augment.make_real_sample(record, SIZE, np.random.default_rng(3))
    return make_frame(record, 0, SIZE, affine(WHOLE, SIZE, False), None, False, lambda x: x)


class Cut(unittest.TestCase):
    def test_a_person_with_its_joints(self) -> None:
        c = cutting(photograph([person(1, BOX)]))
        self.assertEqual(c.mask.shape, (BOX[3], BOX[2]))
        self.assertTrue(c.mask.all())
        self.assertEqual((c.label, c.body, c.at_bottom), (PERSON, None, False))
        assert c.person is not None
        self.assertEqual(c.person['box'], [0, 0, BOX[2], BOX[3]])
        self.assertEqual(c.person['keypoints'], person(1, (0, 0, *BOX[2:]))['keypoints'])

    def test_a_rendered_person_with_its_parts(self) -> None:
        c = cutting(rendered([person(1, BOX)]))
        assert c.body is not None
        self.assertEqual(set(np.unique(c.body['part'])), {RIGHT_HAND, LEFT_HAND})

    def test_only_who_is_known(self) -> None:
        rng = np.random.default_rng(0)
        self.assertIsNone(cut_person(photograph([person(1, BOX, labelled=False)]), 0, rng))
        self.assertIsNone(cut_person(photograph([]), 0, rng))
        self.assertIsNone(cut_person(rendered([person(1, (48, 16, 8, 16))]), 0, rng))  # too small
        stranger = cutting(rendered([person(1, BOX, labelled=False)]))
        self.assertIsNone(stranger.body)

    def test_a_thing(self) -> None:
        c = cut_thing(rendered([person(1, BOX)], things=((88, 40, 24, 32),)), 0, np.random.default_rng(0))
        assert c is not None
        self.assertEqual((c.label, c.mask.shape, c.person, c.body), (CHAIR, (32, 24), None, None))
        self.assertIsNone(cut_thing(rendered([person(1, BOX)]), 0, np.random.default_rng(0)))


class RealIntoRendered(unittest.TestCase):
    def setUp(self) -> None:
        self.target, self.what = rendered([], things=((8, 64, 24, 24),)), cutting(photograph([person(7, BOX)]))

    def test_a_person_of_unknown_depth_and_parts(self) -> None:
        count = 0
        for record, frame, mask in pasted(self.target, self.what):
            self.assertTrue((frame['labels'][mask] == PERSON).all())
            self.assertTrue((frame['pasted'][mask] == NO_DEPTH | NO_PARTS).all())
            self.assertFalse(frame['pasted'][~mask].any())
            self.assertFalse(frame['part'][mask].any() or frame['u'][mask].any() or frame['v'][mask].any())
            s = plain_sample(record)
            np.testing.assert_array_equal(s['depth_known'], s['labels'] != PERSON)
            np.testing.assert_array_equal(s['part_known'], s['labels'] != PERSON)
            self.assertEqual(float(s['joint_weight'].min()), 1.0)  # joints are known
            count += 1
        self.assertGreater(count, SEEDS / 2)

    def test_nothing_outside_changes(self) -> None:
        before = copy.deepcopy(self.target)
        for record, frame, mask in pasted(self.target, self.what):
            for name in BACKGROUND:
                if name in frame:
                    np.testing.assert_array_equal(frame[name][~mask], before['frames'][0][name][~mask], name)
            away = cv2.dilate(mask.astype(np.uint8), np.ones((9, 9), np.uint8)) == 0  # soft edges apart
            np.testing.assert_array_equal(frame['rgb'][away], before['frames'][0]['rgb'][away])
            self.assertEqual({**record['meta'], 'people': []}, {**before['meta'], 'people': []})
        for name, plane in before['frames'][0].items():
            np.testing.assert_array_equal(self.target['frames'][0][name], plane, name)  # the record pasted into is left as it was
        self.assertEqual(self.target['meta'], before['meta'])

    def test_joints_go_where_the_pixels_go(self) -> None:
        """The person is a rectangle: its eyes are the upper corners, its ankles the lower ones."""
        count = 0
        for record, _, mask in pasted(self.target, self.what):
            ys, xs = np.nonzero(mask)
            if xs.min() < 2 or ys.min() < 2 or xs.max() > WIDTH - 3 or ys.max() > HEIGHT - 3:
                continue  # cut off by the picture
            (who,) = record['meta']['people'][0]
            points = np.array(who['keypoints'])
            x, y, w, h = who['box']
            for joint, corner in ((2, (xs.min(), ys.min())), (1, (xs.max(), ys.min())), (16, (xs.min(), ys.max())), (15, (xs.max(), ys.max()))):
                np.testing.assert_allclose(points[joint, :2], corner, atol=1.6)
            np.testing.assert_allclose((x, y, x + w - 1, y + h - 1), (xs.min(), ys.min(), xs.max(), ys.max()), atol=1.6)
            self.assertTrue((points[:, 2] == 2).all() and who['labelled'])
            count += 1
        self.assertGreater(count, 5)

    def test_pixels_keep_their_side(self) -> None:
        self.what.rgb[:, :16], self.what.rgb[:, 16:] = 230, 20
        for _, frame, mask in pasted(self.target, self.what):
            ys, xs = np.nonzero(mask)
            columns = frame['rgb'][ys[len(ys) // 2]].astype(float).mean(-1)[np.unique(xs)]
            if xs.min() > 0 and xs.max() < WIDTH - 1 and len(columns) > 8:
                self.assertGreater(columns[len(columns) // 4], columns[3 * len(columns) // 4])

    def test_a_box_ends_with_the_picture(self) -> None:
        for record, _, _ in pasted(self.target, self.what):
            x, y, w, h = record['meta']['people'][0][-1]['box']
            self.assertTrue(0 <= x and 0 <= y and w > 0 and h > 0 and x + w <= WIDTH + 1e-6 and y + h <= HEIGHT + 1e-6)


class Behind(unittest.TestCase):
    def test_people_keep_what_is_seen_of_them(self) -> None:
        target, what = rendered([person(1, BOX)]), cutting(photograph([person(7, BOX)]))
        body = target['frames'][0]['instances'] == 1
        untouched = partly = 0
        for record, frame, mask in pasted(target, what):
            people = {p['id']: p for p in record['meta']['people'][0]}
            seen = body & ~mask
            np.testing.assert_array_equal(frame['instances'] == 1, seen)
            self.assertFalse(frame['part'][mask].any() or frame['u'][mask].any() or frame['v'][mask].any())
            self.assertTrue((frame['labels'][seen] == PERSON).all() and (frame['part'][seen] > 0).all())
            for (x, y, v), (was_x, was_y, _) in zip(people[1]['keypoints'], person(1, BOX)['keypoints']):
                self.assertEqual((x, y), (was_x, was_y))
                self.assertEqual(v, 1 if mask[round(y), round(x)] else 2)
            ys, xs = np.nonzero(seen)
            if (body & mask).any():
                self.assertEqual(people[1]['box'], [xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1])
                partly += 1
            elif not (cv2.dilate(mask.astype(np.uint8), np.ones((7, 7), np.uint8)) > 0)[body].any():
                self.assertEqual(people[1]['box'], list(BOX))
                untouched += 1
        self.assertTrue(untouched and partly, (untouched, partly))

    def test_who_is_hidden_altogether_is_gone(self) -> None:
        target, what = rendered([person(1, (64, 48, 8, 16))]), cutting(photograph([person(7, BOX)]))
        gone = 0
        for record, frame, _ in pasted(target, what):
            seen = bool((frame['instances'] == 1).any())
            self.assertEqual(1 in [p['id'] for p in record['meta']['people'][0]], seen)
            gone += not seen
        self.assertGreater(gone, 0)

    def test_what_was_hidden_or_absent_before_stays_so(self) -> None:
        target, what = rendered([person(1, BOX)]), cutting(photograph([person(7, BOX)]))
        for point in target['meta']['people'][0][0]['keypoints'][:8]:
            point[2] = 0
        for record, _, _ in pasted(target, what):
            for p in record['meta']['people'][0]:
                if p['id'] == 1:
                    self.assertTrue(all(v == 0 for _, _, v in p['keypoints'][:8]))

    def test_one_over_another(self) -> None:
        """A thing over a pasted person: parts are known to be none there, depth is not known of either."""
        thing = cut_thing(rendered([], things=((88, 40, 24, 32),)), 0, np.random.default_rng(0))
        assert thing is not None
        for first, _, body in pasted(rendered([]), cutting(photograph([person(7, BOX)]))):
            for record, frame, mask in pasted(first, thing):
                self.assertTrue((frame['pasted'][mask] == NO_DEPTH).all())
                self.assertTrue((frame['pasted'][body & ~mask] == NO_DEPTH | NO_PARTS).all())
                self.assertTrue((frame['labels'][mask] == CHAIR).all())
            break


class RenderedIntoReal(unittest.TestCase):
    def test_parts_are_kept(self) -> None:
        what = cutting(rendered([person(5, BOX)]))
        for record, frame, mask in pasted(photograph([], pseudo=True), what):
            self.assertTrue((frame['person'][mask] == 1).all() and (frame['labels'][mask] == PERSON).all())
            self.assertTrue((frame['pasted'][mask] == NO_DEPTH).all())
            self.assertFalse(frame['part'][~mask].any())
            if mask[1:-1, 1:-1].sum() < mask.sum() or mask.sum() < 64:
                continue  # cut off by the picture, or of few pixels
            right, left = (np.nonzero(frame['part'] == part)[1] for part in (RIGHT_HAND, LEFT_HAND))
            self.assertLess(right.max(), left.min())
            self.assertLess(abs(len(right) / len(left) - 1), 0.5)
            self.assertGreater((frame['part'][mask] > 0).mean(), 0.85)
            s = plain_sample(record)
            self.assertTrue(s['part_known'].all())
            np.testing.assert_array_equal(s['depth_known'], s['labels'] != PERSON)
            self.assertEqual(float(s['joint_weight'].min()), 1.0)
            self.assertGreater(float(s['heat'][:17].max()), 0.6)

    def test_a_stranger_has_neither_parts_nor_joints(self) -> None:
        what = cutting(rendered([person(5, BOX, labelled=False)]))
        for record, frame, mask in pasted(photograph([]), what):
            self.assertTrue((frame['pasted'][mask] == NO_DEPTH | NO_PARTS).all())
            s = plain_sample(record)
            body = s['labels'] == PERSON
            self.assertFalse(s['part_known'][body].any())
            # Its outline and the picture's edge are where versions of OpenCV round to another cell.
            inside = cv2.erode(body[::2, ::2].astype(np.uint8), np.ones((3, 3), np.uint8), borderType=cv2.BORDER_CONSTANT, borderValue=0) > 0
            self.assertEqual(float(s['joint_weight'][inside].max(initial=0)), 0.0)


class Together(unittest.TestCase):
    def test_with_pasted_gives_one_frame_that_a_clip_can_be_made_of(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            paths = [Path(folder) / name for name in ('a-0000.rec', 'a-0001.rec', 'b-0000.rec', 'empty-0000.rec')]
            for path in paths:
                records.save(photograph([] if path.stem.startswith('empty') else [person(7, BOX)]), path)
            donors = Donors(paths, random.Random(0))
        self.assertEqual([len(files) for files in donors.clips], [2, 1])  # by clip; who has nobody is left out
        rng = np.random.default_rng(0)
        other = rendered([person(5, BOX)], things=((88, 40, 24, 32),), frames=2)
        kinds = set()
        with patch.object(records, 'load', lambda path: photograph([person(7, BOX)])):
            for target in (rendered([person(1, BOX)], frames=3), photograph([person(1, BOX)], pseudo=True), photograph([])):
                for _ in range(12):
                    record = with_pasted(target, other, donors, rng)
                    self.assertEqual((record['meta']['frames'], len(record['frames']), len(record['meta']['people'])), (1, 1, 1))
                    frame = record['frames'][0]
                    self.assertEqual({p['id'] for p in record['meta']['people'][0]} - set(np.unique(frame['instances'])), set())
                    kinds |= set(np.unique(frame.get('pasted', 0)))
                    for value in make_clip(record, (96, 128), rng).values():
                        self.assertTrue(np.isfinite(value).all())
        self.assertEqual(kinds, {0, NO_DEPTH, NO_DEPTH | NO_PARTS})

    def test_nobody_to_paste(self) -> None:
        target = rendered([person(1, BOX)])
        donors = Donors([], random.Random(0))
        self.assertIsNone(donors.real(np.random.default_rng(0)))
        for seed in range(8):
            record = with_pasted(target, rendered([]), donors, np.random.default_rng(seed))
            self.assertNotIn('pasted', record['frames'][0])


if __name__ == '__main__':
    unittest.main()
