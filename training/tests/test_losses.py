"""Every loss ignores what the truth does not know, and nothing else."""
from __future__ import annotations

import unittest
from typing import Callable

import torch
from torch import Tensor

from sextant_nano import losses
from sextant_nano.augment import NOT_PERSON, UNKNOWN
from sextant_nano.flow import warp

H, W = 12, 16
Losses = Callable[[Tensor], dict[str, Tensor]]


class Case(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(1)

    def assertIgnored(self, of: Losses, out: Tensor, where: Tensor) -> None:
        """No term changes with predictions `where`; each of them at some place elsewhere has a say (or the test would prove nothing)."""
        before = of(out)
        after = of(torch.where(where, out + 3 * torch.randn_like(out), out))
        for name, value in before.items():
            self.assertTrue(torch.isfinite(value), name)
            self.assertEqual(float(value), float(after[name]), name)
        elsewhere = out.clone().requires_grad_()
        torch.stack(list(of(elsewhere).values())).sum().backward()
        assert elsewhere.grad is not None
        self.assertEqual(float((elsewhere.grad * where).abs().sum()), 0.0)
        self.assertGreater(float((elsewhere.grad * ~where).abs().sum()), 0.0)

    def assertSays(self, of: Losses, out: Tensor, where: Tensor, *names: str) -> None:
        """Each of these terms changes with predictions `where`."""
        before, after = of(out), of(torch.where(where, out + 3 * torch.randn_like(out), out))
        for name in names:
            self.assertNotAlmostEqual(float(before[name]), float(after[name]), 4, name)


class Depth(Case):
    def setUp(self) -> None:
        super().setUp()
        self.out, self.truth = torch.randn(2, 3, H, W), torch.randn(2, H, W)
        self.sky = torch.zeros(2, H, W, dtype=torch.bool)
        self.sky[:, :3] = True

    def of(self, known: Tensor) -> Losses:
        return lambda out: losses.depth(out, self.truth, self.sky, known)

    def test_a_picture_without_truth(self) -> None:
        known = torch.tensor([True, False])
        away = torch.zeros_like(self.out, dtype=torch.bool)
        away[1] = True
        self.assertIgnored(self.of(known), self.out, away)
        self.assertSays(self.of(known), self.out, ~away, 'depth', 'depth_relative', 'depth_spread', 'sky')

    def test_a_region_without_truth(self) -> None:
        known = torch.ones(2, H, W, dtype=torch.bool)
        known[0, :, 5:11] = False
        known[1, 2:7] = False
        away = (~known)[:, None].expand_as(self.out)
        self.assertIgnored(self.of(known), self.out, away)
        self.assertSays(self.of(known), self.out, ~away, 'depth', 'depth_relative', 'depth_spread', 'sky')

    def test_both_forms_of_known_agree(self) -> None:
        whole = torch.tensor([True, False])
        for name, value in self.of(whole)(self.out).items():
            self.assertAlmostEqual(float(value), float(self.of(whole[:, None, None].expand(2, H, W))(self.out)[name]), 5, name)

    def test_nothing_known_is_no_loss(self) -> None:
        for known in (torch.zeros(2, dtype=torch.bool), torch.zeros(2, H, W, dtype=torch.bool)):
            for name, value in self.of(known)(self.out).items():
                self.assertEqual(float(value), 0.0, name)

    def test_the_sky_has_no_depth(self) -> None:
        away = self.sky[:, None] & torch.tensor([True, True, False])[None, :, None, None]  # but its own logit counts
        self.assertIgnored(self.of(torch.tensor([True, True])), self.out, away)

    def test_the_truth_is_best(self) -> None:
        known = torch.tensor([True, True])
        right = torch.stack((self.truth, torch.zeros(2, H, W), torch.where(self.sky, 20.0, -20.0)), 1)
        for name in ('depth', 'depth_relative', 'sky'):
            self.assertLess(float(self.of(known)(right)[name]), 1e-4, name)
        self.assertSays(self.of(known), right, torch.ones_like(right, dtype=torch.bool), 'depth', 'depth_relative')
        self.assertGreater(float(self.of(known)(-right)['sky']), 1.0)
        shifted = right + torch.tensor([0.4, 0, 0])[None, :, None, None]
        wavy = right + 0.4 * torch.randn(2, 1, H, W) * torch.tensor([1.0, 0, 0])[None, :, None, None]
        self.assertGreater(float(self.of(known)(wavy)['depth']), float(self.of(known)(shifted)['depth']))  # a wrong scale costs less than a wrong shape


class Classes(Case):
    """Five classes: nothing, person, two things of one superset, a wall. Superset 1 is the person, as in packages/world."""

    def setUp(self) -> None:
        super().setUp()
        self.loss = losses.Segmentation(torch.tensor([0, 1, 2, 2, 3]), torch.tensor([100.0, 50, 5, 40, 400]))
        self.out = torch.randn(2, 5, H, W)
        self.labels = torch.randint(0, 5, (2, H, W), dtype=torch.uint8)
        self.labels[:, :4] = UNKNOWN
        self.labels[:, 4:8] = NOT_PERSON

    def of(self, out: Tensor) -> dict[str, Tensor]:
        return {'segmentation': self.loss(out, self.labels)}

    def test_unknown_is_ignored(self) -> None:
        away = (self.labels == UNKNOWN)[:, None].expand_as(self.out)
        self.assertIgnored(self.of, self.out, away)
        self.assertSays(self.of, self.out, ~away, 'segmentation')

    def test_not_a_person_may_be_anything_else(self) -> None:
        free = (self.labels == NOT_PERSON)[:, None].expand_as(self.out)
        swapped = torch.where(free, self.out[:, [4, 1, 3, 0, 2]], self.out)  # the person's probability stays
        self.assertAlmostEqual(float(self.of(self.out)['segmentation']), float(self.of(swapped)['segmentation']), 5)
        person = torch.zeros_like(self.out)
        person[:, 1] = 2.0
        self.assertGreater(float(self.of(torch.where(free, self.out + person, self.out))['segmentation']), float(self.of(self.out)['segmentation']))

    def test_pictures_of_nobody_alone_count_as_beside_others(self) -> None:
        beside = self.loss(self.out, self.labels)
        alone = self.loss(self.out, torch.where(self.labels == NOT_PERSON, self.labels, UNKNOWN))
        self.assertGreater(float(alone), 0.0)
        self.assertLess(float(alone), float(beside))
        wrong = torch.zeros_like(self.out).index_fill(1, torch.tensor([1]), 30.0)
        self.assertLess(float(self.loss(wrong, torch.full_like(self.labels, NOT_PERSON))), 50.0)  # 11.5 for each pixel, and no sum of them

    def test_a_sibling_costs_less_and_a_rare_class_more(self) -> None:
        self.labels[:] = 3
        logits = {c: torch.zeros(2, 5, H, W).index_fill(1, torch.tensor([c]), 6.0) for c in range(5)}
        right, sibling, stranger = (float(self.of(logits[c])['segmentation']) for c in (3, 2, 4))
        self.assertLess(right, sibling)
        self.assertLess(sibling, stranger)
        self.assertEqual(int(self.loss.weight.argmax()), 2)
        self.assertEqual(int(self.loss.weight.argmin()), 4)


class Skeleton(Case):
    def setUp(self) -> None:
        super().setUp()
        self.out, self.heat = torch.randn(2, 20, H, W), torch.rand(2, 18, H, W)
        self.known, self.weight = torch.ones(2, H, W), torch.ones(2, H, W)
        self.known[0, :, :6] = 0
        self.weight[1, 3:] = 0

    def of(self, out: Tensor) -> dict[str, Tensor]:
        return losses.skeleton(out, self.heat, self.known, torch.zeros(2, 2, H, W), self.weight)

    def test_joints_of_the_unlabelled_and_offsets_of_nobody_are_ignored(self) -> None:
        away = torch.zeros_like(self.out, dtype=torch.bool)
        away[:, :17] = (self.known == 0)[:, None]
        away[:, 18:] = (self.weight == 0)[:, None]
        self.assertIgnored(self.of, self.out, away)
        self.assertSays(self.of, self.out, ~away, 'heat', 'offset')

    def test_centres_are_known_of_all(self) -> None:
        centre = torch.zeros_like(self.out, dtype=torch.bool)
        centre[0, 17, :, :6] = True
        self.assertSays(self.of, self.out, centre, 'heat')


class Parts(Case):
    def setUp(self) -> None:
        super().setUp()
        self.out = torch.randn(2, 27, H, W)
        self.part = torch.randint(0, 25, (2, H, W), dtype=torch.uint8)
        self.known = torch.ones(2, H, W, dtype=torch.bool)
        self.known[:, :, 9:] = False
        self.part[~self.known] = 0  # augment.py gives no part where none is known
        self.weight = losses.part_weight(torch.arange(1, 26).double())

    def of(self, out: Tensor) -> dict[str, Tensor]:
        return losses.densepose(out[:, :25], out[:, 25:], self.part, self.known, torch.rand(2, 2, H, W, generator=torch.Generator().manual_seed(3)), self.weight)

    def test_unknown_parts_are_ignored(self) -> None:
        away = (~self.known)[:, None].expand_as(self.out)
        self.assertIgnored(self.of, self.out, away)
        self.assertSays(self.of, self.out, ~away, 'part', 'uv')

    def test_background_has_parts_but_no_uv(self) -> None:
        nobody = (self.part == 0)[:, None].expand_as(self.out).clone()
        nobody[:, :25] = False
        self.assertIgnored(self.of, self.out, nobody)

    def test_rare_parts_weigh_more(self) -> None:
        self.assertTrue(bool((self.weight[1:-1] >= self.weight[2:]).all()))
        self.assertGreater(float(self.weight[1]), float(self.weight[24]))
        self.assertLess(float(self.weight[0]), float(self.weight[1:].min()))


class Steadiness(Case):
    def test_an_error_that_moves_along_costs_nothing(self) -> None:
        before, flow = torch.randn(1, H, W), torch.zeros(1, 2, H, W)
        flow[:, 0] = 3.0
        usable, no_sky = torch.ones(1, H, W, dtype=torch.bool), torch.zeros(1, H, W, dtype=torch.bool)
        now = warp(before[:, None], flow)[:, 0]
        self.assertLess(float(losses.steadiness(now, before, flow, usable, no_sky)), 1e-6)
        self.assertGreater(float(losses.steadiness(now, before, -flow, usable, no_sky)), 0.1)

    def test_what_cannot_be_compared_is_ignored(self) -> None:
        now, before, flow = torch.randn(1, H, W), torch.randn(1, H, W), torch.zeros(1, 2, H, W)
        some, everywhere = torch.rand(1, H, W) > 0.5, torch.ones(1, H, W, dtype=torch.bool)
        self.assertIgnored(lambda x: {'steadiness': losses.steadiness(x, before, flow, some, ~everywhere)}, now, ~some)
        self.assertIgnored(lambda x: {'steadiness': losses.steadiness(now, x, flow, everywhere, some)}, before, some)


if __name__ == '__main__':
    unittest.main()
