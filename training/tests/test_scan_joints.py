"""Joints of scans: what most views agree on, whatever some of them imagine."""
from __future__ import annotations

import unittest

import numpy as np

import scan_joints


def ring(count: int) -> np.ndarray:
    """Cameras [N,3,4] around the origin, 3 m away."""
    metas = []
    for yaw in np.linspace(0, 2 * np.pi, count, endpoint=False):
        c, s = np.cos(yaw), np.sin(yaw)
        to_world = [[s, 0, c, -3 * c], [-c, 0, s, -3 * s], [0, -1, 0, 0], [0, 0, 0, 1]]
        metas.append({'fx': 600, 'fy': 600, 'cx': 223.5, 'cy': 287.5, 'camToWorld': np.ravel(to_world).tolist()})
    return np.stack([scan_joints.projection(meta) for meta in metas])


class Agreed(unittest.TestCase):
    def test_is_the_point_of_most_views(self) -> None:
        cameras, rng = ring(20), np.random.default_rng(0)
        points = rng.uniform(-0.8, 0.8, (17, 3))
        seen = np.einsum('nij,pj->npi', cameras, np.c_[points, np.ones(17)])
        finds = np.concatenate((seen[..., :2] / seen[..., 2:] + rng.normal(0, 2, (20, 17, 2)), np.full((20, 17, 1), 0.9)), 2)
        finds[:7, :, :2] += 60  # a third of the views err by a head
        joints, views = scan_joints.joints_of(cameras, finds)
        np.testing.assert_allclose(joints, points, atol=0.02)
        self.assertGreaterEqual(views, 11)

    def test_tells_where_nobody_agrees(self) -> None:
        cameras, rng = ring(20), np.random.default_rng(1)
        finds = np.concatenate((rng.uniform(0, 448, (20, 17, 2)), np.full((20, 17, 1), 0.9)), 2)
        self.assertLess(scan_joints.joints_of(cameras, finds)[1], scan_joints.FEWEST_VIEWS)
        finds[..., 2] = 0.1
        self.assertEqual(scan_joints.joints_of(cameras, finds)[1], 0)
        self.assertEqual(scan_joints.joints_of(cameras[:0], finds[:0])[1], 0)


if __name__ == '__main__':
    unittest.main()
