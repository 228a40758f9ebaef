"""Views into panoramas look where they say, and what chooses between weights is never trained on."""
from __future__ import annotations

import json
import tempfile
import unittest
from pathlib import Path

import cv2
import numpy as np

import places
import real_clips
from sextant_nano import records


def panorama(longitude: float, latitude: float) -> np.ndarray:
    """Black but for a spot in that direction (radians)."""
    picture = np.zeros((256, 512, 3), np.uint8)
    x, y = (longitude / (2 * np.pi) + 0.5) * 512 - 0.5, (0.5 - latitude / np.pi) * 256 - 0.5
    cv2.circle(picture, (round(x), round(y)), 2, (255, 255, 255), -1)
    return picture


def brightest(picture: np.ndarray) -> np.ndarray:
    ys, xs = np.nonzero(picture[..., 0] > 128)
    return np.array([xs.mean(), ys.mean()])


class Views(unittest.TestCase):
    def test_what_is_straight_ahead_is_in_the_middle_and_right_is_right(self) -> None:
        size, wide = (160, 120), np.radians(90)
        middle = np.array([79.5, 59.5])
        for yaw, pitch in ((0.3, 0.0), (-2.0, 0.2), (3.1, -0.4)):
            np.testing.assert_allclose(brightest(places.view(panorama(yaw, pitch), yaw, pitch, 0.0, wide, size)), middle, atol=1.5)
        right, up = (brightest(places.view(panorama(*spot), 0.0, 0.0, 0.0, wide, size)) for spot in ((0.3, 0.0), (0.0, 0.3)))
        np.testing.assert_allclose(right - middle, [80 * np.tan(0.3), 0], atol=1.5)
        np.testing.assert_allclose(up - middle, [0, -80 * np.tan(0.3)], atol=1.5)

    def test_the_seam_is_no_edge(self) -> None:
        seen = places.view(np.full((64, 128, 3), 200, np.uint8), np.pi, 0.0, 0.0, np.radians(80), (64, 48))
        self.assertTrue((seen == 200).all())


class Apart(unittest.TestCase):
    def test_validation_is_never_written_for_training(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            assets = Path(folder) / 'assets'
            (assets / 'skies').mkdir(parents=True)
            names = (places.VALIDATION[0], places.LEFT_OUT[0], 'ph_somewhere')
            (assets / 'index.json').write_text(json.dumps([{'path': f'skies/{n}.jpg', 'licence': 'CC0-1.0'} for n in names]))
            for name in names:
                cv2.imwrite(str(assets / f'skies/{name}.jpg'), np.full((128, 256, 3), 90, np.uint8))
            for flag, expected in ((False, 'ph_somewhere'), (True, places.VALIDATION[0])):
                out = Path(folder) / str(flag)
                places.write(assets, out, flag)
                found = [records.load(f) for f in sorted(out.glob('*.rec'))]
                self.assertEqual({r['meta']['clip'] for r in found}, {expected})
                self.assertEqual(len(found), places.VIEWS)
                self.assertTrue(all((r['frames'][0]['person'] == 0).all() and r['meta']['people'] == [[]] for r in found))

    def test_no_clip_is_for_both(self) -> None:
        self.assertEqual({c.name for c in real_clips.CLIPS} & {c.name for c in real_clips.VALIDATION}, set())


if __name__ == '__main__':
    unittest.main()
