"""Close-ups: windows show their people, and one graph says what the network does."""
from __future__ import annotations

import tempfile
import unittest
from pathlib import Path

import numpy as np
import onnx
import onnx.helper
import onnx.numpy_helper
import onnxruntime
import torch

from sextant_nano import close_ups, export_close_ups, records
from sextant_nano.export_graph import keep_once
from sextant_nano.model import Nano, normalise
from sextant_nano.validate import default_task

from .scenes import BOX, HEIGHT, WIDTH, person, photograph, rendered

META = {'width': WIDTH, 'height': HEIGHT}
LYING = (40, 50, 64, 30)


class Window(unittest.TestCase):
    def test_is_around_somebody_within_the_picture(self) -> None:
        rng = np.random.default_rng(0)
        x, y, w, h = BOX
        sizes = []
        for _ in range(300):
            crop = close_ups.window(rng, META, [person(1, BOX)], 0.8)
            assert crop is not None
            cx, cy, width = crop
            tall = width / 0.8
            self.assertTrue(width / 2 - 1e-6 <= cx <= WIDTH - width / 2 + 1e-6 and tall / 2 - 1e-6 <= cy <= HEIGHT - tall / 2 + 1e-6, crop)
            if abs(cx - x - w / 2) < 0.2 * tall and abs(cy - y - h / 2) < 0.3 * tall:
                sizes.append(tall / h)
        self.assertGreater(len(sizes), 0.85 * 300)  # the others are around nobody
        self.assertTrue(0.9 < np.median(sizes) <= close_ups.AROUND + 0.1, np.median(sizes))
        self.assertGreater(np.std(sizes), 0.03)

    def test_is_as_the_person_stands_or_lies(self) -> None:
        rng = np.random.default_rng(1)
        for box, aspect in ((BOX, 1.25), (LYING, 0.8)):
            found = [close_ups.window(rng, META, [person(1, box)], aspect) for _ in range(200)]
            self.assertGreater(sum(crop is None for crop in found), 0.8 * 200)
        self.assertIsNone(next(crop for crop in (close_ups.window(rng, META, [], 0.8) for _ in range(50)) if crop is None))

    def test_shows_places_with_nobody(self) -> None:
        rng = np.random.default_rng(3)
        made = [close_ups.make_window(photograph([]), (96, 80), rng) for _ in range(200)]
        shown = [m for m in made if m is not None]
        self.assertAlmostEqual(len(shown) / 200, close_ups.IN_EMPTY_PLACES, delta=0.1)
        self.assertTrue(all(m['heat'].max() == 0 and not (m['labels'] == 1).any() for m in shown))

    def test_is_around_things_too(self) -> None:
        rng = np.random.default_rng(2)
        x, y, w, h = chair = (16, 24, 24, 40)
        frame = rendered([], things=(chair,))['frames'][0]
        near = sum(abs(cx - x - w / 2) < 10 and abs(cy - y - h / 2) < 10 for cx, cy, _ in (close_ups.empty(rng, META, frame, 0.8) for _ in range(200)))
        self.assertTrue(0.4 * 200 < near < 0.8 * 200, near)
        cx, cy, width = close_ups.empty(rng, {**META, 'real': True}, frame, 0.8)
        self.assertTrue(width / 2 - 1e-6 <= cx <= WIDTH - width / 2 + 1e-6 and width / 1.6 - 1e-6 <= cy <= HEIGHT - width / 1.6 + 1e-6)


class FromAfar(unittest.TestCase):
    def test_shows_less_of_what_is_near(self) -> None:
        rgb = np.random.default_rng(0).integers(0, 256, (192, 160, 3)).astype(np.uint8)  # as fine as can be
        spread = [float(close_ups.from_afar(rgb, 1.0, np.random.default_rng(seed)).std()) for seed in range(20)]
        self.assertTrue(max(spread) < 0.8 * rgb.std() and min(spread) > 3, spread)
        self.assertEqual(close_ups.from_afar(rgb, 1.0, np.random.default_rng(0)).shape, rgb.shape)
        left = rgb.copy()
        left[:, 80:] = 0
        self.assertTrue((close_ups.from_afar(left, 1.0, np.random.default_rng(1))[:, 90:] == 0).all())  # where it was

    def test_leaves_what_is_far_as_it_is(self) -> None:
        rgb = np.random.default_rng(0).integers(0, 256, (192, 160, 3)).astype(np.uint8)
        for seed in range(20):
            self.assertIs(close_ups.from_afar(rgb, close_ups.FARTHEST + 0.1, np.random.default_rng(seed)), rgb)


class Windows(unittest.TestCase):
    def test_rendered_real_and_pasted_ones_in_one_batch(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, record in (('rendered/0', rendered([person(1, BOX)])), ('rendered/1', rendered([person(1, LYING)])), ('real/a-0', photograph([person(1, BOX)]))):
                path = Path(folder) / f'{name}.rec'
                path.parent.mkdir(exist_ok=True)
                records.save(record, path)
            threads = torch.get_num_threads()
            batches = iter(close_ups.Windows([Path(folder) / 'rendered'], Path(folder) / 'real', 0.5, 0.5, 3, 6 * 192 * 160))
            shapes = set()
            for _ in range(12):
                batch = next(batches)
                count, one, h, w, _ = batch['rgb'].shape
                self.assertEqual((one, batch['in_order'].shape[-2:], batch['part'].shape[-2:]), (1, (h // 4, w // 4), (h // 2, w // 2)))
                self.assertGreaterEqual(count, 6)
                shapes.add((h, w))
            torch.set_num_threads(threads)
        self.assertGreater(len(shapes), 1)
        self.assertLessEqual(shapes, {size for size, _ in close_ups.SIZES})


class Graph(unittest.TestCase):
    def test_says_what_the_network_does(self) -> None:
        torch.manual_seed(0)
        model = Nano().eval()
        for q in model.parameters():
            if not q.any():  # what begins at zero would be compared as nothing with nothing
                torch.nn.init.normal_(q, std=0.02)
        rgb = torch.randint(0, 256, (1, 96, 64, 3), dtype=torch.uint8)
        with torch.no_grad():
            want, _ = model(normalise(rgb), **default_task(1, 96, 64, torch.device('cpu')))
            labels, confidence, joints, front, sides, part, uv = export_close_ups.CloseUp(model)(rgb)
            torch.testing.assert_close(joints, want['skeleton'], rtol=1e-3, atol=1e-4)
            torch.testing.assert_close(sides, want['sides'], rtol=1e-3, atol=1e-4)
            torch.testing.assert_close(uv, torch.sigmoid(want['uv']), rtol=1e-3, atol=1e-4)
            torch.testing.assert_close(front[:, 0], model.facing(want['features4']), rtol=1e-3, atol=1e-4)
            self.assertGreater((labels == want['segmentation'].argmax(1)).float().mean().item(), 0.999)
            torch.testing.assert_close(confidence, want['segmentation'].softmax(1).amax(1), rtol=1e-3, atol=1e-4)
            self.assertGreater((part == want['part'].argmax(1)).float().mean().item(), 0.999)

    def test_is_entered_once(self) -> None:
        codecs = {m: {'codec': {'type': m}} for m in export_close_ups.MODALITIES}
        manifest = {'files': [{'path': 'rgb.onnx', 'source': 'ours'}], 'graphs': {}, 'modalities': codecs}
        for data in (b'old', b'newer'):
            export_close_ups.add_to(manifest, data)
        self.assertEqual([f['bytes'] for f in manifest['files'][1:]], [5])
        outputs = manifest['graphs'][export_close_ups.NAME]['outputs']
        for modality, stream in manifest['closeUps']['modalities'].items():
            self.assertTrue(set(stream['outputs']) <= set(outputs), modality)

    def test_is_shown_windows_to_find_ranges_with(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for i in range(40):
                records.save(rendered([person(1, BOX)]), Path(folder) / f'{i:02d}.rec')
            found = list(export_close_ups.windows(Path(folder), 30))
            self.assertEqual((len(found), {w.shape for w in found}), (30, {(*export_close_ups.SIZE[::-1], 3)}))
            self.assertGreater(len({w.tobytes() for w in found}), 25)
        with tempfile.TemporaryDirectory() as empty, self.assertRaisesRegex(SystemExit, 'only 0 windows'):
            list(export_close_ups.windows(Path(empty)))

    def test_keeps_equal_weights_once(self) -> None:
        weights = [onnx.numpy_helper.from_array(np.full((2, 2), value, np.float32), name) for name, value in (('a', 2), ('b', 2), ('c', 3))]
        value = onnx.helper.make_tensor_value_info
        nodes = [onnx.helper.make_node('Add', ['x', 'a'], ['y']), onnx.helper.make_node('Mul', ['y', 'b'], ['z']), onnx.helper.make_node('Add', ['z', 'c'], ['out'])]
        graph = onnx.helper.make_graph(nodes, 'g', [value('x', 1, [2, 2])], [value('out', 1, [2, 2])], weights)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / 'g.onnx'
            onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid('', 20)], ir_version=10), str(path))
            keep_once(path)
            self.assertEqual(sorted(t.name for t in onnx.load(str(path)).graph.initializer), ['a', 'c'])
            got = onnxruntime.InferenceSession(str(path), providers=['CPUExecutionProvider']).run(None, {'x': np.ones((2, 2), np.float32)})[0]
        np.testing.assert_array_equal(got, np.full((2, 2), 9, np.float32))


if __name__ == '__main__':
    unittest.main()
