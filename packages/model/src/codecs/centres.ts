import { sigmoid } from '../runtime/tensor.js';
import { isPeak, logit, lowestBetween, refine, type Place } from './peaks.js';

/** More people than this in one picture are beyond what the heat maps can tell apart. */
const MAX_PEOPLE = 64;
/** Two peaks are one person's where the way between them never falls below this part of the lower one. */
const VALLEY = 0.85;

/** One peak of the centre heat map. */
export interface Centre extends Place {
  /** Pixel index of the peak. */
  readonly pixel: number;
  /** The peak's logit. */
  readonly score: number;
}

/**
 * Peaks of the centre map within 5x5 pixels of at least the probability `threshold`, strongest first, at most 64. A flat
 * top with several peaks is one person: a peak counts only where a valley parts it from every stronger one.
 */
export function findCentres(logits: Float32Array, w: number, h: number, threshold: number): Centre[] {
  const bar = logit(threshold);
  const peaks: Centre[] = [];
  for (let i = 0; i < logits.length; i++) {
    if (logits[i] >= bar && isPeak(logits, w, h, i, 2)) peaks.push({ ...refine(logits, w, h, i), pixel: i, score: logits[i] });
  }
  peaks.sort((a, b) => b.score - a.score);
  const centres: Centre[] = [];
  for (const peak of peaks) {
    if (centres.length === MAX_PEOPLE) break;
    const floor = VALLEY * sigmoid(peak.score);
    if (centres.every((c) => sigmoid(lowestBetween(logits, w, c.pixel, peak.pixel)) < floor)) centres.push(peak);
  }
  return centres;
}

/** Per pixel the 1-based index of the centre its offset (in units of `unit` pixels) lands next to, 0 for none within `radius`. */
export function vote(dx: Float32Array, dy: Float32Array, w: number, unit: number, centres: readonly Place[], radius: number): Uint8Array {
  const owner = new Uint8Array(dx.length);
  const count = centres.length;
  const xs = Float32Array.from(centres, (c) => c.x);
  const ys = Float32Array.from(centres, (c) => c.y);
  for (let y = 0, i = 0; i < owner.length; y++) {
    for (let x = 0; x < w; x++, i++) {
      const [toX, toY] = [x + dx[i] * unit, y + dy[i] * unit];
      let best = radius * radius;
      for (let c = 0; c < count; c++) {
        const d = (xs[c] - toX) * (xs[c] - toX) + (ys[c] - toY) * (ys[c] - toY);
        if (d > best) continue;
        best = d;
        owner[i] = c + 1;
      }
    }
  }
  return owner;
}
