"""Rare things are drawn as often as common ones, and what is drawn shows them."""
from __future__ import annotations

import json
import multiprocessing
import random
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

from sextant_nano import records
from sextant_nano.augment import make_clip
from sextant_nano.crops import CLASSES, draw_thing
from sextant_nano.paste import Donors
from sextant_nano.rarity import INDEX, Rarity, index_of

from .scenes import BOX, CHAIR, PERSON, WALL, person, rendered

BUS = 4
THING = (8, 48, 16, 16)


def with_bus() -> records.Record:
    record = rendered([], (THING,))
    frame = record['frames'][0]
    frame['labels'][frame['labels'] == CHAIR] = BUS
    return record


class Rare(unittest.TestCase):
    def setUp(self) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        for i in range(9):
            records.save(rendered([person(1, BOX)], (THING,), frames=2), self.folder / f'chair-{i}.rec')
        records.save(with_bus(), self.folder / 'bus.rec')
        records.save(rendered([person(1, BOX)]), self.folder / 'nobody.rec')

    def test_every_class_is_drawn_equally_often_and_people_are_no_things(self) -> None:
        rarity, pick = Rarity([self.folder]), random.Random(1)
        self.assertEqual({label: len(files) for label, files in rarity.files.items()}, {CHAIR: 9, BUS: 1})
        drawn = [rarity.draw(pick) for _ in range(200)]
        self.assertAlmostEqual(np.mean([label == BUS for _, label in drawn]), 0.5, delta=0.1)
        for record, label in drawn:
            self.assertTrue((record['frames'][-1]['labels'] == label).any())

    def test_records_that_the_renderer_took_away_are_forgotten(self) -> None:
        rarity, pick = Rarity([self.folder]), random.Random(1)
        for file in self.folder.glob('*.rec'):
            file.unlink()
        records.save(with_bus(), self.folder / 'bus-2.rec')
        self.assertEqual(rarity.draw(pick)[1], BUS)
        (self.folder / 'bus-2.rec').unlink()
        with self.assertRaisesRegex(ValueError, 'no record of .* shows a thing'):
            rarity.draw(pick)

    def test_the_index_is_kept_and_follows_what_comes_and_goes(self) -> None:
        before = index_of(self.folder)
        kept = json.loads((self.folder / INDEX).read_text())
        self.assertEqual(kept, before)
        kept['bus.rec'] = [[BUS, 7, 7]]  # a mark: what is known is not read again
        (self.folder / INDEX).write_text(json.dumps(kept))
        (self.folder / 'chair-0.rec').unlink()
        records.save(with_bus(), self.folder / 'bus-2.rec')
        after = index_of(self.folder)
        self.assertEqual(after.keys(), before.keys() - {'chair-0.rec'} | {'bus-2.rec'})
        self.assertEqual(after['bus.rec'], [[BUS, 7, 7]])
        self.assertIn([BUS, 256, 256], after['bus-2.rec'])

    def test_the_processes_of_a_training_may_write_the_index_at_once(self) -> None:
        fork = multiprocessing.get_context('fork')
        written, rename = fork.Barrier(2), Path.rename

        def after_both_wrote(path: Path, to: Path) -> Path:
            written.wait(60)
            return rename(path, to)

        def work() -> None:
            with mock.patch.object(Path, 'rename', after_both_wrote):
                index_of(self.folder)

        both = [fork.Process(target=work) for _ in range(2)]
        for process in both:
            process.start()
        for process in both:
            process.join()
        self.assertEqual([process.exitcode for process in both], [0, 0])
        self.assertEqual(json.loads((self.folder / INDEX).read_text()), index_of(self.folder))
        self.assertFalse(list(self.folder.glob('*.tmp')))

    def test_counts_are_those_of_what_is_drawn(self) -> None:
        rarity = Rarity([self.folder])
        evenly, by_class = rarity.counts(0), rarity.counts(1)
        self.assertEqual(len(evenly), CLASSES)
        self.assertAlmostEqual(evenly[BUS], 256 / 11)
        self.assertAlmostEqual(evenly[CHAIR], 9 * 256 / 11)
        self.assertAlmostEqual(by_class[BUS], 128)
        self.assertAlmostEqual(by_class[PERSON], BOX[2] * BOX[3] / 2)
        np.testing.assert_allclose(rarity.counts(0.25), 0.75 * evenly + 0.25 * by_class)
        self.assertGreater(evenly[WALL], 0)

    def test_a_crop_of_a_class_shows_it_and_a_cutting_is_of_it(self) -> None:
        rng = np.random.default_rng(3)
        record = rendered([person(1, BOX)], (THING, (104, 8, 16, 16)))
        record['frames'][0]['labels'][window := (slice(8, 24), slice(104, 120))] = BUS
        self.assertTrue((record['frames'][0]['instances'][window] > 0).all())
        for _ in range(20):
            self.assertEqual(draw_thing(rng, record['frames'][0], BUS)[0], BUS)
            self.assertTrue((make_clip(record, (96, 128), rng, around=BUS)['labels'] == BUS).any())
        self.assertIsNone(draw_thing(rng, record['frames'][0], 9))
        lone, every = with_bus(), Donors([], random.Random(2), Rarity([self.folder]))
        self.assertEqual({every.thing(lone, rng).label for _ in range(20)}, {CHAIR, BUS})
        self.assertEqual({Donors([], random.Random(2)).thing(lone, rng).label for _ in range(20)}, {BUS})

    def test_the_newest_frame_alone(self) -> None:
        record = rendered([person(1, BOX)], frames=2)
        alone = records.alone(record, -1)
        self.assertEqual((alone['meta']['frames'], len(alone['frames']), len(alone['meta']['people'])), (1, 1, 1))
        self.assertIs(alone['frames'][0], record['frames'][1])

    def test_folders_without_things_are_refused(self) -> None:
        with tempfile.TemporaryDirectory() as empty:
            records.save(rendered([person(1, BOX)]), Path(empty) / 'nobody.rec')
            with self.assertRaisesRegex(ValueError, 'shows a thing'):
                Rarity([Path(empty)])


if __name__ == '__main__':
    unittest.main()
