"""The critic: what it learned goes on after a restart, and a gradient that is not finite leaves it as it was."""
from __future__ import annotations

import copy
import unittest

import torch
from torch import Tensor

from sextant_nano.critic import Critic, Teaching, critic_loss

CHANNELS = (16, 24, 40, 112)  # Lite0's at 1/2 to 1/16


def features(seed: int) -> list[Tensor]:
    draw = torch.Generator().manual_seed(seed)
    return [torch.randn(2, c, 16 >> i, 16 >> i, generator=draw) for i, c in enumerate(CHANNELS)]


class Learning(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(0)
        self.critic = Critic()
        self.teaching = Teaching(self.critic)
        for seed in range(3):
            self.teaching.step(self.loss(self.critic, seed))

    @staticmethod
    def loss(critic: Critic, seed: int) -> Tensor:
        return critic_loss(critic, features(seed), features(seed + 100))

    def assertSame(self, critic: Critic, state: dict[str, Tensor]) -> None:
        for name, value in critic.state_dict().items():
            self.assertTrue(torch.equal(value, state[name]), name)

    def test_goes_on_from_its_state(self) -> None:
        other = copy.deepcopy(self.critic)
        teaching = Teaching(other)
        teaching.load_state_dict(copy.deepcopy(self.teaching.state_dict()))
        for critic, by in ((self.critic, self.teaching), (other, teaching)):
            self.assertTrue(by.step(self.loss(critic, 7)))
        self.assertSame(other, self.critic.state_dict())

    def test_what_is_not_finite_teaches_nothing(self) -> None:
        before = {k: v.clone() for k, v in self.critic.state_dict().items()}
        self.assertFalse(self.teaching.step(torch.stack([q.sum() for q in self.critic.parameters()]).sum() * float('nan')))
        self.assertSame(self.critic, before)
        self.assertTrue(self.teaching.step(self.loss(self.critic, 8)))
        self.assertTrue(all(bool(torch.isfinite(q).all()) for q in self.critic.parameters()))


if __name__ == '__main__':
    unittest.main()
