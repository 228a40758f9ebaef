"""Every kind of arm runs, on a drawn cache of a few pictures. python -m unittest ablations.test_run, in training/."""
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from sextant_nano.crops import CLASSES
from sextant_nano.data import superset_table, world_classes
from sextant_nano.model import PARTS

from .arms import ARMS
from .run import FALL, RATE, Run, ends_of, rates
from .small_data import CLIP, PAINT_SIZE, SIZE, Cache

TAPS = ((16, 2), (24, 4), (40, 8), (112, 16), (320, 32))
COUNT = 8


def drawn(rng: np.random.Generator, length: int) -> dict[str, object]:
    """What small_data.estimation_set gives, of COUNT clips."""
    h, w = SIZE
    half, quarter, lead = (h // 2, w // 2), (h // 4, w // 4), (COUNT, length)

    def some(*shape: int) -> np.ndarray:
        return rng.standard_normal((*lead, *shape)).astype(np.float16)

    out: dict[str, object] = {f'tap{i}': some(c, h // d, w // d) for i, (c, d) in enumerate(TAPS)}
    return out | {
        'log_depth': some(*half) + np.float16(1.5), 'sky': rng.random((*lead, *half)) < 0.1, 'labels': rng.integers(0, CLASSES, (*lead, *half), dtype=np.uint8),
        'part': rng.integers(0, PARTS, (*lead, *half), dtype=np.uint8), 'part_known': np.ones((*lead, *half), bool), 'uv': rng.random((*lead, 2, *half)).astype(np.float16),
        'heat': rng.random((*lead, 18, *quarter)).astype(np.float16), 'joint_weight': np.ones((*lead, *quarter), np.uint8), 'offset': some(2, *quarter),
        'offset_weight': rng.random((*lead, *quarter)).astype(np.float16), 'counts': [{1: 1, 2: 1, 15: 2}] * COUNT, 'single': [True] * COUNT,
    }


class Arms(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        torch.set_num_threads(1)
        rng = np.random.default_rng(0)
        size = (COUNT, 3, *PAINT_SIZE)
        paint = {'rgb': rng.integers(0, 256, size, dtype=np.uint8), 'streams': rng.integers(-127, 128, (COUNT, 15, *PAINT_SIZE)).astype(np.int8), 'caption': rng.integers(1, 90, (COUNT, 32))}
        sets = {'estimate': drawn(rng, 1), 'estimate_held': drawn(rng, CLIP), 'clips': drawn(rng, CLIP), 'paint': paint, 'paint_held': paint}
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / 'cache.pt'
            torch.save({'sets': sets, 'classes': world_classes(), 'superset': superset_table(), 'class_counts': np.ones(CLASSES), 'part_counts': np.ones(PARTS), 'about': {}}, file)
            cls.cache = Cache(file)

    def figures(self, name: str, steps: int = 6) -> dict[str, float]:
        result = Run(ARMS[name], self.cache, 1, steps).go()
        self.assertEqual(result['skipped'], 0)
        self.assertTrue(all(np.isfinite(v) for v in result['at']['end'].values()))
        return result['at']['end']

    def test_all_tasks(self) -> None:
        found = self.figures('unified')
        self.assertTrue({'depth_log_error', 'miou', 'part_accuracy', 'heat_loss', 'refer_iou', 'generate_text', 'generate_flow', 'joint_rgb', 'joint_streams', 'single_miou'} <= set(found))

    def test_without_expert_layers(self) -> None:
        self.assertNotEqual(self.figures('no-experts')['joint_streams'], self.figures('unified')['joint_streams'])

    def test_full_attention_over_clips(self) -> None:
        self.assertTrue({'clip_miou', 'generate_depth'} <= set(self.figures('full')))

    def test_phases_of_modalities(self) -> None:
        self.assertIn('joint_skeleton', self.figures('curriculum'))

    def test_the_same_again(self) -> None:
        self.assertEqual(self.figures('paper order'), self.figures('paper order'))


class Schedule(unittest.TestCase):
    def test_what_is_measured_after_a_phase_has_settled_as_at_the_end(self) -> None:
        for name in ('estimate,generate', 'generate,estimate'):
            learning, ends = rates(ARMS[name], 1000), ends_of(ARMS[name], 1000)
            self.assertEqual((len(learning), ends[-1]), (1000, 1000))
            for start, end in zip([0, *ends], ends):
                self.assertEqual(max(learning[start:end]), RATE)
                self.assertLess(learning[end - 1], 0.04 * RATE)
                self.assertEqual(learning[end - 1 - round(FALL * (end - start))], RATE)

    def test_other_arms_fall_once(self) -> None:
        for name in ('unified', 'curriculum'):
            learning = rates(ARMS[name], 1000)
            self.assertEqual(set(learning[19:601]), {RATE})
            self.assertLess(learning[-1], 0.04 * RATE)


if __name__ == '__main__':
    unittest.main()
