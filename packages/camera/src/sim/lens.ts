import { SextantError, distortion, pinholeCamera } from '@sextant/core';
import type { CameraModel } from '@sextant/core';
import { createRemap } from '../rectify/remap.js';
import type { Remap } from '../rectify/remap.js';
import type { SimLens } from './protocol.js';

/** A lens put before an ideal camera. */
export interface LensPlan {
  /** What the simulated camera says about itself. */
  readonly camera: CameraModel;
  /** The ideal picture to render: same focal length, so much wider that the lens finds a ray for every pixel. */
  readonly render: { readonly width: number; readonly height: number; readonly fovDegrees: number };
  /** From the ideal picture to the camera's. */
  readonly remap: Remap;
}

const WIDEST_DEGREES = 120; // the world's own limit

/** Inverts a lens at one point of the normalised plane by Newton's method with a numeric derivative. */
function undistortPoint(distort: ReturnType<typeof distortion>, x: number, y: number): [number, number] {
  let [u, v] = [x, y];
  const h = 1e-5;
  for (let i = 0; i < 30; i += 1) {
    const [px, py] = distort(u, v);
    const [ex, ey] = [px - x, py - y];
    if (Math.abs(ex) + Math.abs(ey) < 1e-9) break;
    const [ax, ay] = distort(u + h, v);
    const [bx, by] = distort(u, v + h);
    const [a, b, c, d] = [(ax - px) / h, (bx - px) / h, (ay - py) / h, (by - py) / h];
    const det = a * d - b * c;
    if (!(Math.abs(det) > 1e-9)) return [NaN, NaN];
    u -= (d * ex - b * ey) / det;
    v -= (a * ey - c * ex) / det;
  }
  return [u, v];
}

/**
 * Works out how to render through a lens.
 * @throws SextantError `bad-argument` when some pixel would see beyond 120 degrees or the lens cannot be inverted.
 */
export function planLens(lens: SimLens, width: number, height: number, fovDegrees: number): LensPlan {
  const f = width / 2 / Math.tan((fovDegrees * Math.PI) / 360);
  const [cx, cy] = [(width - 1) / 2, (height - 1) / 2];
  const camera: CameraModel = { ...pinholeCamera({ width, height }, { fx: f, provenance: 'simulated' }), distortionModel: lens.model, d: [...lens.d] };
  const distort = distortion(camera);
  const rays = new Float64Array(width * height * 2);
  let [reachX, reachY] = [0, 0];
  for (let y = 0, o = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, o += 2) {
      const [u, v] = undistortPoint(distort, (x - cx) / f, (y - cy) / f);
      [rays[o], rays[o + 1]] = [u, v];
      reachX = Math.max(reachX, Math.abs(u));
      reachY = Math.max(reachY, Math.abs(v));
    }
  }
  const even = (reach: number): number => 2 * (Math.ceil(f * reach) + 1);
  const wide = { width: even(reachX), height: even(reachY) };
  const fov = (Math.atan(wide.width / 2 / f) * 360) / Math.PI;
  if (!(fov <= WIDEST_DEGREES) || !Number.isFinite(reachY)) {
    throw new SextantError('bad-argument', `through this lens the simulated camera would see ${Number.isFinite(fov) ? `${fov.toFixed(0)} degrees` : 'beyond any picture'}; ${WIDEST_DEGREES} is the limit`, {
      hint: 'Give a weaker lens or a smaller field of view.',
      details: { lens, fovDegrees },
    });
  }
  const points = Float32Array.from(rays, (ray, i) => ray * f + ((i & 1 ? wide.height : wide.width) - 1) / 2);
  return { camera, render: { ...wide, fovDegrees: fov }, remap: createRemap({ width, height, points }, wide) };
}
