"""The flow's training from beginning to end, on drawn records: a second start of the same command does what is left, and no more."""
from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

import torch

from sextant_nano import flow_data, records, train_flow
from sextant_nano.encoder import Lite0

from .scenes import BOX, person, rendered


class Minutes(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = Path(temporary.name)
        for i in range(2):
            records.save(rendered([person(1, BOX)], frames=2, flow=(2, 0)), self.folder / f'{i}.rec')

    def train(self, minutes: float, *more: str) -> tuple[int, float]:
        """Steps and seconds of training in all."""
        argv = ['train_flow', '--records', str(self.folder), '--real', str(self.folder), '--out', str(self.folder / 'out'), '--minutes', str(minutes), '--merge', str(self.folder / 'merged.pt'), *more]
        # The check of this folder has no ImageNet weights, and one picture of the smallest size is enough.
        with mock.patch.object(sys, 'argv', argv), mock.patch.object(Lite0, 'load_imagenet'), mock.patch.object(train_flow, 'PIXELS', 1), \
                mock.patch.object(flow_data, 'SIZES', (((96, 128), 1),)), contextlib.redirect_stdout(io.StringIO()):
            train_flow.main()
        state = torch.load(self.folder / 'out' / 'flow.pt', weights_only=True)
        return state['step'], state['seconds']

    def test_of_all_starts_together(self) -> None:
        once = self.train(0.001)
        self.assertEqual(once[0], 1)
        self.assertEqual(self.train(0.001), once)
        self.assertEqual(self.train(once[1] / 60 + 0.001)[0], 2)
        self.assertTrue((self.folder / 'merged.pt').exists())

    def test_a_fresh_schedule_rises_again(self) -> None:
        self.train(0.001)
        saved = self.folder / 'out' / 'flow.pt'
        torch.save(torch.load(saved, weights_only=True) | {'step': 500}, saved)
        self.assertEqual(self.train(0.001, '--fresh-schedule')[0], 501)
        self.assertAlmostEqual(torch.load(saved, weights_only=True)['optimiser']['param_groups'][0]['lr'], 6e-4 / 100)


if __name__ == '__main__':
    unittest.main()
