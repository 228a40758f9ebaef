"""Labels of real pictures lie where their pictures do, whatever the size at which they were found."""
from __future__ import annotations

import importlib
import pickle
import sys
import tempfile
import unittest
from pathlib import Path
from unittest.mock import MagicMock, patch

import numpy as np

from sextant_nano import pseudo


def off(found: np.ndarray, width: int) -> float:
    """Mean distance of the columns found of `width`, in a row, from where the row's pixels have their centres, in pixels of the row."""
    centres = (np.arange(len(found)) + 0.5) * width / len(found) - 0.5
    return float((found - centres).mean()) * len(found) / width


class Placed(unittest.TestCase):
    def test_the_teachers_masks(self) -> None:
        with patch.dict(sys.modules, {'mediapipe': MagicMock()}):
            teacher = importlib.import_module('teacher')
        for width, height in ((720, 480), (640, 360), (1280, 720)):
            columns = np.repeat(np.arange(width, dtype=np.uint16)[None], height, 0)
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / 'a.rec'
                teacher.write(path, {}, np.zeros((height, width, 3), np.uint8), (columns % 2).astype(np.uint8), columns, [])
                frame = pickle.loads(path.read_bytes())['frames'][0]
            self.assertEqual(frame['rgb'].shape[:2], frame['instances'].shape)
            self.assertLess(abs(off(frame['instances'][9], width)), 0.1)

    def test_what_the_network_sees_at_a_smaller_size(self) -> None:
        def view(_: object, rgb: np.ndarray) -> dict[str, np.ndarray]:
            columns = np.repeat(np.arange(rgb.shape[1])[None], rgb.shape[0], 0)
            return {'log_depth': columns.astype(np.float16), 'sky': columns.astype(np.uint8), 'labels': columns.astype(np.uint8)}

        with patch.object(pseudo, 'view', view):
            seen = pseudo.look(None, np.zeros((216, 384, 3), np.uint8))  # type: ignore[arg-type]
        for name in ('labels', 'sky'):
            self.assertLess(abs(off(seen[name][9].astype(float) * 384 / 256 + 0.25, 384)), 0.1, name)


if __name__ == '__main__':
    unittest.main()
