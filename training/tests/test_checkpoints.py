"""Weights of before a part was added are taken, those of another network are not."""
from __future__ import annotations

import unittest

import torch

from sextant_nano.checkpoints import NEWER, load_into
from sextant_nano.model import Nano


class Load(unittest.TestCase):
    def test_without_what_is_newer(self) -> None:
        torch.manual_seed(0)
        before, after = Nano().state_dict(), Nano()
        older = {k: v for k, v in before.items() if not k.startswith(NEWER)}
        self.assertLess(len(older), len(before))
        load_into(after, older)
        for name, value in after.state_dict().items():
            if not name.startswith(NEWER):
                self.assertTrue(torch.equal(value, before[name]), name)

    def test_without_what_may_lack(self) -> None:
        without = {k: v for k, v in Nano().state_dict().items() if not k.startswith('generator.')}
        self.assertRaisesRegex(RuntimeError, 'generator', load_into, Nano(), without)
        load_into(Nano(), without, ('generator.',))

    def test_of_another_network(self) -> None:
        weights = Nano().state_dict()
        without = {k: v for k, v in weights.items() if not k.startswith('depth_head.')}
        self.assertRaisesRegex(RuntimeError, 'depth_head', load_into, Nano(), without)
        self.assertRaisesRegex(RuntimeError, 'nobody', load_into, Nano(), weights | {'nobody.weight': torch.ones(1)})


if __name__ == '__main__':
    unittest.main()
