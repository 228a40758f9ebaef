import { pixelRays } from '@sextant/core';
import type { CameraModel, DepthMap, SegmentationMap } from '@sextant/core';

/** What counts as the floor a robot or a person stands on. */
const GROUND = new Set(['floor', 'road', 'sidewalk', 'grass', 'ground']);
const TRIES = 120;
const SAMPLES = 1500;
/** Points within this part of the height of the plane belong to it. */
const TOLERANCE = 0.06;
const LEAST_POINTS = 60;
/** The plane must lie below the camera: its normal within so many degrees of up is not asked for, only that it is no wall. */
const STEEPEST = Math.cos((60 * Math.PI) / 180);

/**
 * Height of the camera above the floor in the depth map's own unit: a plane by RANSAC (Fischler and Bolles 1981) through the floor's
 * pixels, or, without a segmentation, through the lower 40 % of the picture. Undefined where no floor is seen. `camera` is that of the
 * map's pixels. Deterministic.
 */
export function cameraHeight(depth: DepthMap, camera: CameraModel, segmentation?: SegmentationMap): number | undefined {
  const ray = pixelRays(camera);
  const points: (readonly [number, number, number])[] = [];
  const ground = segmentation && Uint8Array.from({ length: 256 }, (_, id) => (GROUND.has(segmentation.classes.find((c) => c.id === id)?.name ?? '') ? 1 : 0));
  const { width, height, metres } = depth;
  const from = segmentation ? 0 : Math.floor(0.6 * height);
  const stride = Math.max(1, Math.floor(Math.sqrt((width * (height - from)) / SAMPLES)));
  for (let y = from; y < height; y += stride) {
    for (let x = 0; x < width; x += stride) {
      const z = metres[y * width + x];
      if (!(z > 0)) continue;
      if (segmentation && ground) {
        const sx = Math.min(segmentation.width - 1, Math.floor(((x + 0.5) * segmentation.width) / width));
        const sy = Math.min(segmentation.height - 1, Math.floor(((y + 0.5) * segmentation.height) / height));
        if (ground[segmentation.labels[sy * segmentation.width + sx]] === 0) continue;
      }
      const [rx, ry] = ray(x, y);
      if (Number.isFinite(rx) && Number.isFinite(ry)) points.push([rx * z, ry * z, z]); // beyond the lens's reach there is none
    }
  }
  if (points.length < LEAST_POINTS) return undefined;
  let state = 12345;
  const pick = (): readonly [number, number, number] => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return points[state % points.length];
  };
  let [best, most] = [0, 0];
  for (let i = 0; i < TRIES; i += 1) {
    const [a, b, c] = [pick(), pick(), pick()];
    const [u, v] = [[b[0] - a[0], b[1] - a[1], b[2] - a[2]], [c[0] - a[0], c[1] - a[1], c[2] - a[2]]];
    const n = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
    const length = Math.hypot(n[0], n[1], n[2]);
    // y points down in the optical frame: a floor's normal is mostly along it
    if (length === 0 || Math.abs(n[1]) / length < STEEPEST) continue;
    const d = (n[0] * a[0] + n[1] * a[1] + n[2] * a[2]) / length;
    if (d * Math.sign(n[1]) <= 0) continue; // above the camera
    const near = TOLERANCE * Math.abs(d);
    let inside = 0;
    for (const p of points) if (Math.abs((n[0] * p[0] + n[1] * p[1] + n[2] * p[2]) / length - d) < near) inside += 1;
    if (inside > most) [best, most] = [Math.abs(d), inside];
  }
  return most >= Math.max(LEAST_POINTS, 0.25 * points.length) ? best : undefined;
}
