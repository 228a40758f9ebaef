"""The frame before, moved along the condition's flow."""
from __future__ import annotations

import unittest

import numpy as np
import torch
from torch import Tensor

from sextant_nano.carried import carried
from sextant_nano.paint_data import flow_stream

H, W = 12, 16


def picture() -> Tensor:
    ys, xs = np.mgrid[0:H, 0:W]
    return torch.from_numpy(np.stack((xs / W, ys / H, (xs + ys) / (H + W))).astype(np.float32))[None]


def stream(flow: np.ndarray) -> Tensor:
    return torch.from_numpy(flow_stream(flow, (H, W)))[None]


class Carried(unittest.TestCase):
    def test_each_pixel_comes_from_where_it_was(self) -> None:
        flow = np.broadcast_to(np.array((2.0, -1.5), np.float32), (H, W, 2)).copy()
        out = carried(picture(), stream(flow))[0]
        ys, xs = np.mgrid[0:H, 0:W]
        self.assertTrue((out[3] == 1).all())
        np.testing.assert_allclose(out[0].numpy(), np.maximum(xs - 2, 0) / W, atol=1e-5)  # from the edge, where it comes from outside
        np.testing.assert_allclose(out[1].numpy(), np.minimum(ys + 1.5, H - 1) / H, atol=1e-5)

    def test_nothing_is_known_where_flow_is_not(self) -> None:
        flow = np.zeros((H, W, 2), np.float32)
        flow[3, 4] = np.nan
        out = carried(picture(), stream(flow))[0]
        self.assertEqual(int((out[3] == 0).sum()), 1)
        self.assertEqual(out[:, 3, 4].tolist(), [0, 0, 0, 0])
        still = torch.ones(H, W, dtype=torch.bool)
        still[3, 4] = False
        torch.testing.assert_close(out[:3, still], picture()[0][:, still])

    def test_what_something_else_hid_is_unknown(self) -> None:
        flow = np.zeros((H, W, 2), np.float32)
        flow[4:8, 9:13, 0] = 3  # a square came from columns 6 to 9, over which it stood
        known = carried(picture(), stream(flow))[0, 3].numpy() > 0
        hidden = np.zeros((H, W), bool)
        hidden[4:8, 6:12] = True  # columns 6 to 8 are bare now, and 9 to 11 may have come from behind
        np.testing.assert_array_equal(known, ~hidden)
        flow[..., 0] = np.linspace(0, 3, W)[None]  # stretched: neighbours that share a place move alike
        self.assertTrue((carried(picture(), stream(flow))[0, 3] > 0).all())


if __name__ == '__main__':
    unittest.main()
