"""What learns without labels: the loss is least where the geometry is true or the pictures match, and grows where they do not."""
from __future__ import annotations

import unittest

import torch
import torch.nn.functional as F
from torch import Tensor

from sextant_nano import motion, photometric

H, W = 24, 32
FOCAL, CENTRE = torch.tensor([30.0]), torch.tensor([[15.5, 11.5]])
SKY = torch.full((1, H, W), -9.0)  # a logit: nowhere
SEEN = torch.ones(1, H, W, dtype=torch.bool)


def rays() -> Tensor:
    """Directions [h,w,3] through the pixels."""
    ys, xs = torch.meshgrid(torch.arange(H), torch.arange(W), indexing='ij')
    return torch.stack(((xs - CENTRE[0, 0]) / FOCAL[0], (ys - CENTRE[0, 1]) / FOCAL[0], torch.ones(H, W)), -1).double()


def moved(depth: Tensor, translation: Tensor, rotation: Tensor) -> Tensor:
    """Flow [1,2,h,w] of points at `depth` [h,w], seen by a camera that moves by translation and (small) rotation: projected, not linearised by formula."""
    points = rays() * depth[..., None].double()
    later = points - translation.double() - torch.linalg.cross(rotation.double().expand_as(points), points)
    return ((later / later[..., 2:] - rays())[..., :2] * FOCAL.double()).permute(2, 0, 1)[None].float()


def hills() -> Tensor:
    torch.manual_seed(4)
    return torch.exp(F.interpolate(torch.randn(1, 1, 4, 5), size=(H, W), mode='bicubic')[0, 0] * 0.5 + 1)


class Motion(unittest.TestCase):
    def setUp(self) -> None:
        self.depth = hills()
        self.flow = 1000 * moved(self.depth, torch.tensor([3e-4, -1e-4, 2e-4]), torch.tensor([1e-4, -5e-5, 1e-4]))
        self.log = torch.log(self.depth)[None]

    def loss(self, log_depth: Tensor, flow: Tensor | None = None, seen: Tensor = SEEN, sky: Tensor = SKY) -> float:
        return float(motion.loss(log_depth, sky, self.flow if flow is None else flow, seen, FOCAL, CENTRE))

    def test_the_true_depth_explains_the_flow(self) -> None:
        self.assertGreater(float(self.flow.norm(dim=1).median()), 2.0)
        self.assertLess(self.loss(self.log), 2e-3)
        self.assertLess(self.loss(self.log + 1.3), 2e-3)  # whatever its scale

    def test_a_wrong_depth_does_not(self) -> None:
        true = self.loss(self.log)
        for name, wrong in {'flat': torch.ones_like(self.log), 'inverted': -self.log, 'mirrored': self.log.flip(2)}.items():
            self.assertGreater(self.loss(wrong), 20 * true + 0.02, name)

    def test_the_gradient_leads_back(self) -> None:
        wrong = self.log.clone()
        wrong[:, 8:14, 10:18] += 0.5
        wrong.requires_grad_()
        motion.loss(wrong, SKY, self.flow, SEEN, FOCAL, CENTRE).backward()
        assert wrong.grad is not None
        self.assertGreater(float((wrong.grad[:, 8:14, 10:18] > 0).float().mean()), 0.9)

    def test_what_moves_by_itself_is_left_out(self) -> None:
        flow = self.flow.clone()
        flow[:, :, 6:14, 20:28] += torch.tensor([6.0, -4.0])[None, :, None, None]
        self.assertLess(self.loss(self.log, flow), self.loss(torch.ones_like(self.log), flow) / 5)

    def test_untrusted_flow_is_ignored(self) -> None:
        seen = SEEN.clone()
        seen[:, :, 20:] = False
        flow = torch.where(seen[:, None], self.flow, 50 * torch.randn_like(self.flow))
        self.assertLess(self.loss(self.log, flow, seen), 2e-3)

    def test_pairs_that_say_nothing_about_depth(self) -> None:
        turned = 1000 * moved(self.depth, torch.zeros(3), torch.tensor([1e-4, -2e-4, 1e-4]))
        self.assertEqual(self.loss(torch.ones_like(self.log), turned), 0.0)
        self.assertEqual(self.loss(torch.ones_like(self.log), torch.zeros_like(self.flow)), 0.0)
        self.assertEqual(self.loss(torch.ones_like(self.log), seen=torch.zeros_like(SEEN)), 0.0)

    def test_the_sky_has_no_parallax(self) -> None:
        depth = self.depth.clone()
        depth[:9] = 1e6
        flow = 1000 * moved(depth, torch.tensor([3e-4, -1e-4, 2e-4]), torch.tensor([1e-4, -5e-5, 1e-4]))
        sky = SKY.clone()
        sky[:, :9] = 9.0
        self.assertLess(self.loss(self.log, flow, sky=sky), 1e-4)
        self.assertGreater(self.loss(self.log, flow), 1e-3)
        wrong = torch.zeros_like(self.log).requires_grad_()
        motion.loss(wrong, sky, flow, SEEN, FOCAL, CENTRE).backward()
        assert wrong.grad is not None
        self.assertEqual(float(wrong.grad[:, :9].abs().sum()), 0.0)
        self.assertGreater(float(wrong.grad[:, 9:].abs().sum()), 0.0)


    def test_the_same_under_autocast(self) -> None:
        for log_depth in (self.log, -self.log):
            apart = self.loss(log_depth)
            with torch.autocast('cpu', torch.bfloat16):
                self.assertEqual(self.loss(log_depth), apart)


class Photometric(unittest.TestCase):
    """Flow is position now minus position before, in pixels of the full grid."""

    def setUp(self) -> None:
        torch.manual_seed(2)
        self.before = F.interpolate(torch.randn(1, 3, 12, 16), size=(48, 64), mode='bicubic').clamp(-0.9, 0.9)

    @staticmethod
    def fine(x: float, y: float, visible: float = 5.0) -> Tensor:
        return torch.tensor([x, y, visible])[None, :, None, None].expand(1, 3, 24, 32).clone()

    def loss(self, now: Tensor, x: float = 0.0, y: float = 0.0, visible: float = 5.0) -> dict[str, float]:
        return {k: float(v) for k, v in photometric.loss(self.fine(x, y, visible), now, self.before).items()}

    def test_identical_pictures_want_no_flow(self) -> None:
        least = self.loss(self.before)['photometric']
        self.assertAlmostEqual(least, 0.06 * 1e-3 ** 0.5, 5)
        for x, y in ((4, 0), (-4, 0), (0, 4), (2, -2)):
            self.assertGreater(self.loss(self.before, x, y)['photometric'], 5 * least)

    def test_what_moved_right_and_down_has_positive_flow(self) -> None:
        now = self.before.roll((2, 4), (2, 3))
        true = self.loss(now, 4, 2)['photometric']
        for x, y in ((0, 0), (-4, -2), (2, 4)):
            self.assertGreater(self.loss(now, x, y)['photometric'], 3 * true)

    def test_exposure_is_no_motion(self) -> None:
        brighter = self.before * 1.15 + 0.05
        self.assertLess(self.loss(brighter)['photometric'], self.loss(brighter, 4)['photometric'] / 2)

    def test_what_was_hidden_is_ignored(self) -> None:
        self.assertEqual(self.loss(-self.before, visible=-5.0)['photometric'], 0.0)
        half = self.fine(0, 0)
        half[..., 16:] = torch.tensor([0.0, 0.0, -5.0])[None, :, None, None]
        now = torch.where(torch.arange(64) >= 40, -self.before, self.before)  # changed well inside the hidden half
        self.assertAlmostEqual(float(photometric.loss(half, now, self.before)['photometric']), 0.06 * 1e-3 ** 0.5, 5)

    def test_visibility_is_not_trained_here(self) -> None:
        fine = self.fine(2, 0, 0.1).requires_grad_()
        sum(photometric.loss(fine, self.before, self.before).values()).backward()  # type: ignore[union-attr]
        assert fine.grad is not None
        self.assertEqual(float(fine.grad[:, 2].abs().sum()), 0.0)
        self.assertGreater(float(fine.grad[:, :2].abs().sum()), 0.0)

    def test_flow_is_smooth_where_the_picture_is(self) -> None:
        rough = self.fine(0, 0)
        rough[:, :2] += torch.randn(1, 2, 24, 32)
        even = float(photometric.loss(self.fine(3, 1), self.before, self.before)['smooth'])
        self.assertGreater(float(photometric.loss(rough, self.before, self.before)['smooth']), 5 * even)


if __name__ == '__main__':
    unittest.main()
