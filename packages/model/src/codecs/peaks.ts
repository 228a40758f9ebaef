/** A place on a map between pixels. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** Whether no pixel within `reach` is larger; of equal ones the first in scan order is the peak. */
export function isPeak(map: Float32Array, w: number, h: number, i: number, reach: number): boolean {
  const [x, y, value] = [i % w, Math.floor(i / w), map[i]];
  for (let yy = Math.max(0, y - reach); yy <= Math.min(h - 1, y + reach); yy++) {
    for (let xx = Math.max(0, x - reach); xx <= Math.min(w - 1, x + reach); xx++) {
      const k = yy * w + xx;
      const other = map[k];
      if (other > value || (other === value && k < i)) return false;
    }
  }
  return true;
}

/** Index of the largest value; of equal ones the first. */
export function peakOf(map: Float32Array): number {
  let best = 0;
  for (let i = 1; i < map.length; i++) if (map[i] > map[best]) best = i;
  return best;
}

/**
 * Peak position between pixels: the vertex of the parabola through three neighbours per axis, at most half a pixel off.
 * `scale` is applied to each value before: with a logarithm the vertex of a Gaussian is exact.
 */
export function refine(map: Float32Array, w: number, h: number, i: number, scale: (value: number) => number = (value) => value): Place {
  const [x, y] = [i % w, Math.floor(i / w)];
  const at = (k: number): number => scale(map[k]);
  return {
    x: x + (x > 0 && x < w - 1 ? vertex(at(i - 1), at(i), at(i + 1)) : 0),
    y: y + (y > 0 && y < h - 1 ? vertex(at(i - w), at(i), at(i + w)) : 0),
  };
}

function vertex(left: number, middle: number, right: number): number {
  const curvature = left - 2 * middle + right;
  if (curvature >= 0) return 0;
  return Math.max(-0.5, Math.min(0.5, (left - right) / (2 * curvature)));
}

/** The smallest value on the straight way from pixel `a` to pixel `b`, both included. */
export function lowestBetween(map: Float32Array, w: number, a: number, b: number): number {
  const [ax, ay, bx, by] = [a % w, Math.floor(a / w), b % w, Math.floor(b / w)];
  const steps = Math.max(Math.abs(bx - ax), Math.abs(by - ay), 1);
  let lowest = Infinity;
  for (let s = 0; s <= steps; s++) {
    const i = Math.round(ay + ((by - ay) * s) / steps) * w + Math.round(ax + ((bx - ax) * s) / steps);
    lowest = Math.min(lowest, map[i]);
  }
  return lowest;
}

/** Logits of a model on a grid: float32 [h*w], or one such plane after another. */
export interface LogitMap {
  readonly logits: Float32Array;
  readonly w: number;
  readonly h: number;
}

/** The logit of the pixel nearest to a place, which may lie outside. */
export function logitAt({ logits, w, h }: LogitMap, { x, y }: Place, plane = 0): number {
  return logits[(plane * h + nearest(y, h)) * w + nearest(x, w)];
}

const nearest = (value: number, most: number): number => Math.max(0, Math.min(most - 1, Math.round(value)));

/** The logit of a probability of which nothing is held to be surer than one in a million: finite for 0 and 1. */
export function finiteLogit(probability: number): number {
  return logit(Math.max(1e-6, Math.min(1 - 1e-6, probability)));
}

/** The logit of a probability within 0..1. */
export function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
