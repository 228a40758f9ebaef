"""Updates of Muon, and which optimiser has which weights."""
from __future__ import annotations

import io
import unittest
from typing import Any

import torch
from torch import Tensor, nn

from sextant_nano.model import Nano
from sextant_nano.muon import LEAST_SIDE, Muon, Optimisers, orthogonal


class Small(nn.Module):
    """Of each kind of weight one: matrices and convolutions, thin ones, biases, norms; pretrained ones and frozen ones."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(3, 12, 3, padding=1), nn.Conv2d(12, 12, 3, padding=1), nn.Conv2d(12, 16, 1))
        self.encoder[0].requires_grad_(False)
        self.norm = nn.GroupNorm(4, 16)
        self.wide = nn.Conv2d(16, 10, 3, padding=1)
        self.matrix = nn.Linear(10, 24)
        self.head = nn.Linear(24, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.head(torch.tanh(self.matrix(torch.relu(self.wide(self.norm(self.encoder(x)))).mean((2, 3)))))


def small(seed: int = 0) -> Small:
    torch.manual_seed(seed)
    return Small()


def train(model: Small, optimisers: Optimisers, steps: int, seed: int) -> float:
    noise = torch.Generator().manual_seed(seed)
    x, y = torch.randn(16, 3, 8, 8, generator=noise), torch.randn(16, 3, generator=noise)
    for _ in range(steps):
        loss = (model(x) - y).pow(2).mean()
        loss.backward()
        optimisers.step()
        optimisers.zero_grad()
    return float((model(x) - y).pow(2).mean().detach())


def stored(state: Any) -> Any:
    """As train.py writes and reads it."""
    file = io.BytesIO()
    torch.save(state, file)
    file.seek(0)
    return torch.load(file, weights_only=True)


class Orthogonal(unittest.TestCase):
    def test_singular_values_come_near_one(self) -> None:
        torch.manual_seed(0)
        for shape in ((16, 64), (64, 16), (32, 48), (9, 9)):
            for scale in (1e-4, 1.0, 1e4):
                x = torch.randn(shape) * scale
                values = torch.linalg.svdvals(orthogonal(x))
                self.assertTrue(bool((values < 1.3).all()), (shape, scale))
                self.assertGreater(float(values.median()), 0.6)
                self.assertGreater(float((values > 0.5).float().mean()), 0.85)

    def test_directions_stay(self) -> None:
        torch.manual_seed(0)
        for shape in ((16, 64), (64, 16)):
            x = torch.randn(shape)
            u, _, vt = torch.linalg.svd(x, full_matrices=False)
            self.assertGreater(float(nn.functional.cosine_similarity(orthogonal(x).flatten(), (u @ vt).flatten(), 0)), 0.95)

    def test_nothing_to_do(self) -> None:
        self.assertEqual(float(orthogonal(torch.zeros(9, 12)).abs().max()), 0.0)


class Step(unittest.TestCase):
    def test_an_update_is_as_large_as_adamws(self) -> None:
        torch.manual_seed(0)
        for shape in ((16, 64), (64, 16), (24, 8, 3, 3)):
            p = nn.Parameter(torch.zeros(shape))
            p.grad = torch.randn(shape) * 1e-3
            Muon([p], lr=0.01).step()
            self.assertAlmostEqual(float(p.detach().pow(2).mean().sqrt()) / 0.01, 0.2, delta=0.06)
            self.assertLess(float((p.detach() * p.grad).sum()), 0.0)  # downhill

    def test_what_has_no_gradient_stays(self) -> None:
        p, q = nn.Parameter(torch.ones(12, 12)), nn.Parameter(torch.ones(12, 12))
        q.grad = torch.zeros_like(q)
        Muon([p, q], lr=0.1, weight_decay=0.5).step()
        self.assertEqual(float(p.detach().min()), 1.0)
        self.assertAlmostEqual(float(q.detach().max()), 0.95, 5)  # decayed alone

    def test_steps_by_gradients_of_any_layout(self) -> None:
        torch.manual_seed(0)
        gradient = torch.randn(12, 10, 3, 3)
        moved = []
        for layout in (torch.contiguous_format, torch.channels_last):
            p = nn.Parameter(torch.zeros(12, 10, 3, 3).to(memory_format=layout))
            p.grad = gradient.to(memory_format=layout)
            Muon([p], lr=0.1).step()
            moved.append(p.detach())
        torch.testing.assert_close(moved[0], moved[1])


class Split(unittest.TestCase):
    def assertSplit(self, model: nn.Module, muon: bool) -> Optimisers:
        optimisers = Optimisers(model, 1e-3, muon)
        wanted = {n: id(q) for n, q in model.named_parameters() if q.requires_grad}
        found = [id(q) for q in optimisers.trained()]
        self.assertEqual(len(found), len(set(found)))
        self.assertEqual(set(found), set(wanted.values()))
        names = {i: n for n, i in wanted.items()}
        for o in optimisers.all:
            for g in o.param_groups:
                for q in g['params']:
                    name = names[id(q)]
                    self.assertEqual(g['scale'], 0.25 if name.startswith('encoder.') else 1.0, name)
                    if g['weight_decay']:
                        self.assertTrue(q.ndim >= 2 and not name.startswith('encoder.'), name)
                    if isinstance(o, Muon):
                        self.assertTrue(q.ndim >= 2 and min(q.flatten(1).shape) >= LEAST_SIDE, name)
        return optimisers

    def test_no_weight_is_lost_or_doubled(self) -> None:
        for muon in (False, True):
            optimisers = self.assertSplit(small(), muon)
            self.assertEqual(len(optimisers.all), 2 if muon else 1)
            model = Nano()
            model.encoder.stem.requires_grad_(False)
            self.assertSplit(model, muon)

    def test_muon_has_the_matrices(self) -> None:
        model = small()
        muon, adamw = Optimisers(model, 1e-3, True).all
        mine = {id(q) for g in muon.param_groups for q in g['params']}
        self.assertEqual(mine, {id(q) for q in (model.encoder[1].weight, model.encoder[2].weight, model.wide.weight, model.matrix.weight)})
        self.assertIn(id(model.head.weight), {id(q) for g in adamw.param_groups for q in g['params']})  # too thin

    def test_the_rate_reaches_all_and_goes_slower_in_the_encoder(self) -> None:
        for muon in (False, True):
            optimisers = Optimisers(small(), 1e-3, muon)
            optimisers.rate(0.5)
            self.assertEqual({(g['scale'], g['lr']) for o in optimisers.all for g in o.param_groups}, {(1.0, 0.5), (0.25, 0.125)})


    def test_paces_are_by_name(self) -> None:
        optimisers = Optimisers(small(), 1e-3, True, lambda name: (0.5, 0.01) if name.startswith('matrix') else (1.0, 0.03))
        optimisers.rate(0.4)
        self.assertEqual({(g['lr'], g['weight_decay'], len(g['params'])) for o in optimisers.all for g in o.param_groups},
                         {(0.2, 0.01, 1), (0.4, 0.03, 3), (0.2, 0.0, 1), (0.4, 0.0, 7)})


class Training(unittest.TestCase):
    def test_it_learns(self) -> None:
        for muon in (False, True):
            model = small()
            before = train(model, Optimisers(model, 0.0, muon), 1, 5)
            optimisers = Optimisers(model, 1e-2, muon)
            optimisers.rate(1e-2)
            frozen = model.encoder[0].weight.clone()
            self.assertLess(train(model, optimisers, 40, 5), 0.8 * before)
            self.assertTrue(torch.equal(model.encoder[0].weight, frozen))

    def test_it_goes_on_from_its_state(self) -> None:
        for muon in (False, True):
            model = small()
            optimisers = Optimisers(model, 1e-3, muon)
            optimisers.rate(2e-3)
            train(model, optimisers, 3, 5)
            again = small(1)
            again.load_state_dict(stored(model.state_dict()))
            resumed = Optimisers(again, 1e-3, muon)
            resumed.load_state_dict(stored(optimisers.state_dict()))
            for m, o in ((model, optimisers), (again, resumed)):
                train(m, o, 2, 6)
            for (name, a), b in zip(model.named_parameters(), again.parameters()):
                self.assertTrue(torch.equal(a, b), name)

    def test_a_state_of_another_kind_is_refused(self) -> None:
        plain, both = (Optimisers(small(), 1e-3, muon) for muon in (False, True))
        for mine, theirs in ((plain, both), (both, plain)):
            with self.assertRaisesRegex(ValueError, '--muon'):
                mine.load_state_dict(theirs.state_dict())
        # What train.py wrote before there were several optimisers: one AdamW's dict, whose groups were others.
        for mine in (plain, both):
            with self.assertRaisesRegex(ValueError, '--fresh-schedule'):
                mine.load_state_dict(plain.all[0].state_dict())  # type: ignore[arg-type]


if __name__ == '__main__':
    unittest.main()
