"""The rule that decides the claims. python -m unittest ablations.test_report, in training/."""
import unittest
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import numpy as np

from .arms import Test
from .report import Results, compare, curves, interval, verdict


def results(**arms: list[float]) -> Results:
    return {arm: {seed: {'at': {'end': {'miou': v, 'heat_loss': v}}} for seed, v in enumerate(values)} for arm, values in arms.items()}


def row(state: str, not_worse: bool = False) -> dict[str, Any]:
    return {'state': state, 'not_worse': not_worse}


class Rule(unittest.TestCase):
    test = Test(1, 'a against b', 'a', 'b', ())

    def test_interval_is_student_t(self) -> None:
        mean, error, half = interval(np.array([1.0, 2.0, 3.0]))
        self.assertAlmostEqual(mean, 2.0)
        self.assertAlmostEqual(error, 1 / 3 ** 0.5)
        self.assertAlmostEqual(half, 4.303 / 3 ** 0.5)

    def test_differences_are_paired_by_seed(self) -> None:
        found = compare(results(a=[0.30, 0.51, 0.72], b=[0.20, 0.40, 0.60]), self.test, 'miou')
        assert found is not None
        self.assertEqual(found['state'], 'better')  # +0.10, +0.11, +0.12, though the seeds lie far apart
        self.assertAlmostEqual(found['mean'], 0.11)

    def test_lower_is_better_for_losses(self) -> None:
        found = compare(results(a=[0.30, 0.51, 0.72], b=[0.20, 0.40, 0.60]), self.test, 'heat_loss')
        assert found is not None
        self.assertEqual(found['state'], 'worse')

    def test_scatter_is_not_resolved(self) -> None:
        found = compare(results(a=[0.3, 0.3, 0.6], b=[0.2, 0.4, 0.5]), self.test, 'miou')
        assert found is not None
        self.assertEqual(found['state'], 'not resolved')

    def test_one_common_seed_says_nothing(self) -> None:
        self.assertIsNone(compare(results(a=[0.3], b=[0.2, 0.4]), self.test, 'miou'))

    def test_no_curves_without_the_arm_of_rgb_alone(self) -> None:
        with redirect_stdout(StringIO()) as said:
            curves(results(unified=[0.1, 0.2], generate=[0.1, 0.2]), None)
        self.assertEqual(said.getvalue(), '')

    def test_better(self) -> None:
        self.assertEqual(verdict([row('better'), row('better'), row('not resolved')], False), 'supported')
        self.assertEqual(verdict([row('better'), row('not resolved')], False), 'supported in part')
        self.assertEqual(verdict([row('better'), row('worse')], False), 'mixed')
        self.assertEqual(verdict([row('worse'), row('not resolved')], False), 'opposite')
        self.assertEqual(verdict([row('not resolved')], False), 'not resolved')

    def test_not_worse_wants_every_interval_above_the_margin(self) -> None:
        self.assertEqual(verdict([row('not resolved', True), row('better', True)], True), 'supported')
        self.assertEqual(verdict([row('not resolved', False), row('better', True)], True), 'not resolved')
        self.assertEqual(verdict([row('worse', True), row('better', True)], True), 'opposite')


if __name__ == '__main__':
    unittest.main()
