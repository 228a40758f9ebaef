"""A training goes on from what it was told to, and from nothing else without a word."""
from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import torch

from sextant_nano.model import Nano
from sextant_nano.resume import load_whole, state_to_resume


class Folder(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.out, self.other = Path(temporary.name) / 'out', Path(temporary.name) / 'other.pt'
        self.out.mkdir()
        self.own = self.out / 'last.pt'


class State(Folder):
    def test_nothing(self) -> None:
        self.assertEqual(state_to_resume(self.out, None, False), (None, False))
        self.assertRaisesRegex(FileNotFoundError, 'other.pt', state_to_resume, self.out, self.other, False)

    def test_another_until_there_is_one_of_its_own(self) -> None:
        self.other.touch()
        self.assertEqual(state_to_resume(self.out, self.other, True), (self.other, True))
        self.own.touch()
        self.assertEqual(state_to_resume(self.out, self.other, True), (self.own, False))

    def test_its_own_with_a_fresh_schedule(self) -> None:
        self.own.touch()
        for named in (None, self.own):
            self.assertEqual(state_to_resume(self.out, named, True), (self.own, True))
            self.assertEqual(state_to_resume(self.out, named, False), (self.own, False))


class Whole(Folder):
    def test_parts_in_place_of_the_first_files(self) -> None:
        torch.manual_seed(0)
        weights, model = Nano().state_dict(), Nano()
        torch.save(weights, self.other)
        torch.save({'ema': {'depth_head.1.bias': torch.full_like(weights['depth_head.1.bias'], 7.0)}}, self.own)
        load_whole(model, [self.other, self.own])
        self.assertEqual(float(model.state_dict()['depth_head.1.bias'].mean()), 7.0)

    def test_of_estimation_alone(self) -> None:
        torch.save({k: v for k, v in Nano().state_dict().items() if not k.startswith(('generator.', 'refer_', 'name_'))}, self.other)
        load_whole(Nano(), [self.other])

    def test_of_a_part_or_another_network(self) -> None:
        weights = Nano().state_dict()
        for wrong in ({k: v for k, v in weights.items() if k.startswith('flow_head.')}, weights | {'sampler.weight': torch.ones(1)}):
            torch.save(wrong, self.other)
            self.assertRaisesRegex(RuntimeError, 'another network', load_whole, Nano(), [self.other])

    def test_the_state_of_a_training_of_what_generates(self) -> None:
        model = Nano()
        torch.save({'model': model.state_dict(), 'critic': {}, 'ema': model.generator.state_dict()}, self.own)
        self.assertRaisesRegex(ValueError, 'give .*ema.pt', load_whole, Nano(), [self.own])


if __name__ == '__main__':
    unittest.main()
