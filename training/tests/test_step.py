"""One step of train.py: samples of every kind fit into one batch, every loss is finite, and gradients reach what learns."""
from __future__ import annotations

import contextlib
import random
import unittest

import numpy as np
import torch
from torch import Tensor

from sextant_nano import losses
from sextant_nano.augment import make_clip, make_motion_sample
from sextant_nano.crops import CLASSES
from sextant_nano.model import Nano
from sextant_nano.paste import cut_person, paste
from sextant_nano.train import random_task, step_losses

from .scenes import BOX, person, photograph, rendered

SIZE, CPU = (64, 96), torch.device('cpu')
ESTIMATES = {'depth', 'depth_relative', 'depth_spread', 'sky', 'segmentation', 'heat', 'offset', 'part', 'uv', 'facing', 'sides'}


def batch(samples: list[dict[str, np.ndarray]]) -> dict[str, Tensor]:
    return {k: torch.from_numpy(np.stack([s[k] for s in samples])) for k in samples[0]}


class Selection(unittest.TestCase):
    def test_the_same_in_processes_whose_batches_differ(self) -> None:
        ours, other = random.Random(3), random.Random(3)
        drawn = []
        for step in range(30):
            drawn.append(random_task(2, SIZE, CPU, ours)['select'][0])
            random.seed(step)
            torch.manual_seed(step)
            self.assertTrue(torch.equal(random_task(7, SIZE, CPU, other)['select'][0], drawn[-1]), step)
        self.assertGreater(len({tuple(s.tolist()) for s in drawn}), 3)
        self.assertTrue(all(s.any() for s in drawn))


class Step(unittest.TestCase):
    def setUp(self) -> None:
        torch.manual_seed(0)
        self.model = Nano()
        superset = torch.cat((torch.tensor([0, 1]), torch.arange(CLASSES - 2) % 6 + 2))
        self.segmentation = losses.Segmentation(superset, torch.arange(CLASSES).double() + 1)
        self.parts = losses.part_weight(torch.ones(25).double())

    def losses(self, data: dict[str, Tensor]) -> dict[str, Tensor]:
        all_five = next(seed for seed in range(50) if float(random_task(1, SIZE, CPU, random.Random(seed))['select'].sum()) == 5)
        return step_losses(self.model, self.segmentation, self.parts, data, CPU, contextlib.nullcontext(), random.Random(all_five))  # type: ignore[arg-type]

    def assertLearns(self, parts: dict[str, Tensor], *names: str) -> None:
        for name, value in parts.items():
            self.assertTrue(bool(torch.isfinite(value)), name)
        torch.stack(list(parts.values())).sum().backward()
        for name, p in self.model.named_parameters():
            self.assertTrue(p.grad is None or bool(torch.isfinite(p.grad).all()), name)
            if name.startswith(names):
                self.assertTrue(p.grad is not None and float(p.grad.abs().sum()) > 0, name)

    def test_rendered_real_and_pasted_pictures_in_one_batch(self) -> None:
        rng = np.random.default_rng(0)
        people = [person(1, BOX)]
        cuttings = [cut_person(r, 0, rng) for r in (photograph(people), rendered(people))]
        kinds = [rendered(people), photograph(people), photograph(people, pseudo=True), paste(rendered([]), cuttings[0], rng), paste(photograph([], pseudo=True), cuttings[1], rng)]
        samples = [make_clip(record, SIZE, rng) for record in kinds]
        forms = [{k: (v.shape, v.dtype) for k, v in s.items()} for s in samples]
        for form in forms[1:]:
            self.assertEqual(form, forms[0])
        parts = self.losses(batch(samples))
        self.assertEqual(set(parts), ESTIMATES)
        self.assertLearns(parts, 'depth_head', 'segmentation_head', 'skeleton_head', 'densepose_head', 'facing_head', 'sides_head', 'trunk.blocks.0.qkv', 'rgb_in', 'trunk.blocks.1.cross_out')

    def test_a_clip(self) -> None:
        rng = np.random.default_rng(0)
        parts = self.losses(batch([make_clip(rendered([person(1, BOX)], frames=2, flow=(2, 0)), SIZE, rng, 2) for _ in range(2)]))
        self.assertEqual(set(parts), ESTIMATES | {'steadiness'})
        self.assertLearns(parts, 'depth_head')

    def test_an_unlabelled_pair(self) -> None:
        record = rendered([], frames=2, flow=(2, 0))
        record['frames'][1]['seen'] = np.ones(record['frames'][1]['labels'].shape, np.uint8)
        data = {k: v[:, None] for k, v in batch([make_motion_sample(record, SIZE, np.random.default_rng(s)) for s in range(2)]).items()}
        self.assertEqual(set(self.losses(data)), {'motion'})

    def test_a_picture_of_which_nothing_is_known(self) -> None:
        record = photograph([])
        record['frames'][0]['person'][:] = 255
        parts = self.losses(batch([make_clip(record, SIZE, np.random.default_rng(0))]))
        for name in ESTIMATES - {'heat'}:  # centres are faintly denied
            self.assertEqual(float(parts[name].detach()), 0.0, name)


if __name__ == '__main__':
    unittest.main()
