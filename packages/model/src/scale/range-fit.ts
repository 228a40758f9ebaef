import { rayPixels } from '@sextant/core';
import type { CameraModel, DepthMap } from '@sextant/core';

/** A true distance in the camera's optical frame: direction x = X/Z, y = Y/Z; metres are Z; half the angle it averages over, radians. */
export interface RangeSample {
  readonly x: number;
  readonly y: number;
  readonly metres: number;
  readonly halfAngle?: number;
}

/** A map from the model's depths to metres: {@link metresOf}. */
export interface DepthFit {
  readonly scale: number;
  readonly shift: number;
  /** The model's depth of the nearest sample, up to which the shift is known; `shift + scale * nearest` is above 0. 0 where there is no shift. */
  readonly nearest: number;
}

/**
 * `scale * z + shift`, and nearer than the nearest sample, where nothing speaks for the shift, from there in proportion to z. What is nearer than all
 * samples thus stays nearer, and in sight: a shift below 0 alone would put it at the camera or behind it.
 */
export function metresOf({ scale, shift, nearest }: DepthFit, z: number): number {
  return z >= nearest ? scale * z + shift : (scale + shift / nearest) * z;
}

/** A fit without a shift. */
export const scaleOnly = (scale: number): DepthFit => ({ scale, shift: 0, nearest: 0 });

/** How fast old samples are forgotten, per frame. */
const FORGET = 0.97;
/** Samples further off than this (ratio of logarithms) after the fit count little (Huber). */
const HUBER = 0.15;
/** A shift is fitted only where the model's depths of the samples span this ratio; otherwise it could be anything. */
const SPAN = 1.5;

/**
 * Fits metres = scale * depth + shift to sparse true distances, over the frames: weighted least squares of the relative error with
 * exponential forgetting and Huber's weights. Only a scale where the samples lie at about one depth. The shift holds from the nearest sample on.
 */
export class RangeFit {
  // Sums of the normal equations, weighted by 1 / metres^2: relative errors.
  private w = 0;
  private d = 0;
  private dd = 0;
  private m = 0;
  private dm = 0;
  private logs = { sum: 0, squares: 0, weight: 0 };
  private nearest = Infinity;
  private current: DepthFit | undefined;

  /** The fit so far; undefined before a sample met a depth. */
  get fit(): DepthFit | undefined {
    return this.current;
  }

  /** Takes one frame's depth (the model's own), the camera of its pixels and the samples that belong to it. */
  add(depth: DepthMap, camera: CameraModel, samples: readonly RangeSample[]): void {
    const pixelOf = rayPixels(camera);
    const pairs = samples.flatMap(({ x, y, metres, halfAngle = 0 }) => {
      const pixel = pixelOf(x, y);
      const z = pixel && medianAround(depth, pixel, Math.max(0.5, camera.k[0] * Math.tan(halfAngle)));
      return z !== undefined && metres > 0 && Number.isFinite(metres) ? [[z, metres] as const] : [];
    });
    if (pairs.length === 0) return;
    for (const key of ['w', 'd', 'dd', 'm', 'dm'] as const) this[key] *= FORGET;
    this.logs = { sum: this.logs.sum * FORGET, squares: this.logs.squares * FORGET, weight: this.logs.weight * FORGET };
    this.nearest /= FORGET; // as all samples are forgotten
    for (const [z, metres] of pairs) {
      const off = this.current ? Math.abs(Math.log(metresOf(this.current, z) / metres)) : 0;
      if (off <= HUBER) this.nearest = Math.min(this.nearest, z);
      const weight = (off <= HUBER ? 1 : HUBER / off) / (metres * metres);
      this.w += weight;
      this.d += weight * z;
      this.dd += weight * z * z;
      this.m += weight * metres;
      this.dm += weight * z * metres;
      const log = Math.log(z);
      this.logs = { sum: this.logs.sum + log, squares: this.logs.squares + log * log, weight: this.logs.weight + 1 };
    }
    const mean = this.logs.sum / this.logs.weight;
    this.nearest = Math.min(this.nearest, Math.exp(mean)); // also where none has fitted for long
    const deviation = Math.sqrt(Math.max(0, this.logs.squares / this.logs.weight - mean * mean));
    const determinant = this.w * this.dd - this.d * this.d;
    const unshifted = scaleOnly(this.dm / this.dd);
    if (2 * deviation < Math.log(SPAN) || !(determinant > 1e-9 * this.w * this.dd)) this.current = unshifted;
    else {
      const scale = (this.w * this.dm - this.d * this.m) / determinant;
      const shift = (this.m - scale * this.d) / this.w;
      // A negative scale would turn near into far, a shift beyond the nearest sample put that behind the camera: the samples contradict the picture.
      this.current = scale > 0 && scale * this.nearest + shift > 0 ? { scale, shift, nearest: this.nearest } : unshifted;
    }
  }
}

function medianAround({ width, height, metres }: DepthMap, [cx, cy]: readonly [number, number], r: number): number | undefined {
  if (!(cx > -0.5 && cx < width - 0.5 && cy > -0.5 && cy < height - 0.5)) return undefined;
  const found: number[] = [];
  for (let y = Math.max(0, Math.ceil(cy - r)); y <= Math.min(height - 1, cy + r); y += 1) {
    for (let x = Math.max(0, Math.ceil(cx - r)); x <= Math.min(width - 1, cx + r); x += 1) {
      const z = metres[y * width + x];
      if (z > 0) found.push(z);
    }
  }
  if (found.length === 0) return undefined;
  return found.sort((a, b) => a - b)[found.length >> 1];
}
