"""Records that a renderer takes away while a training draws from their folder."""
from __future__ import annotations

import random
import tempfile
import unittest
from pathlib import Path

import numpy as np

from sextant_nano import records
from sextant_nano.data import Shards, count_pixels
from sextant_nano.flow_data import Pairs

from .scenes import BOX, HEIGHT, PERSON, WALL, WIDTH, person, rendered


class Gone(unittest.TestCase):
    def setUp(self) -> None:
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = Path(self.temporary.name)
        self.files = [self.folder / f'{i}.rec' for i in range(6)]
        for file in self.files[:4]:
            records.save(rendered([person(1, BOX)], frames=2, flow=(2, 0)), file)
        # listed, and gone when it is read
        for file in self.files[4:]:
            file.symlink_to(self.folder / 'gone')

    def test_pixels_are_counted_of_the_others(self) -> None:
        counts, _ = count_pixels([self.folder])
        body = BOX[2] * BOX[3]
        self.assertEqual([counts[PERSON], counts[WALL]], [4 * body, 4 * (HEIGHT * WIDTH - body)])

    def test_no_more_than_asked_for_and_not_of_the_first_clips_alone(self) -> None:
        for file in self.files[4:]:
            file.unlink()
        counts, _ = count_pixels([self.folder], 3)
        self.assertEqual(counts.sum(), 3 * HEIGHT * WIDTH)
        every = [Path(f'{clip}-{i:04d}.rec') for clip in 'abcd' for i in range(45)]
        for count in (1, 100, 179, 180, 500):
            some = records.spread(every, count)
            self.assertEqual(len(set(some)), min(count, 180))
            self.assertEqual({f.name[0] for f in some}, set('abcd') if count > 1 else {'a'})

    def test_another_is_drawn(self) -> None:
        shards = Shards([self.folder], random.Random(0))
        for _ in range(20):
            self.assertEqual(len(shards.draw()['frames']), 2)

    def test_pairs_of_pictures_that_come_and_go(self) -> None:
        rendering = self.folder / 'rendering'
        rendering.mkdir()
        records.save(records.load(self.files[0]), rendering / '0.rec')
        pairs = iter(Pairs([rendering], self.folder, 1, layered=1.0, pixels=96 * 128, parallax=1.0))
        for old in self.files[:3]:
            old.unlink()
        for _ in range(6):
            batch = next(pairs)
            self.assertEqual(set(batch), {'rgb', 'flow', 'flow_valid', 'flow_seen'})
            self.assertTrue(np.isfinite(batch['flow'].numpy()).all())


if __name__ == '__main__':
    unittest.main()
