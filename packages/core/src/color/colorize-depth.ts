import type { RgbImage } from '../image/rgb-image.js';
import type { DepthMap } from '../types/perception.js';
import { TURBO } from './turbo.js';

/** The range of a depth preview; what is left out is taken from the map itself. */
export interface DepthRange {
  /** Depth drawn in red, in the map's unit; default its 2nd percentile. */
  readonly near?: number;
  /** Depth drawn in blue; default its 98th percentile. */
  readonly far?: number;
}

/** Enough samples for percentiles that look right; sorting a whole map would cost more than drawing it. */
const SAMPLES = 4096;

/** Percentiles of the valid depths, from a regular sample of them; [1, 1] when there are none. */
function percentiles(metres: Float32Array, low: number, high: number): [number, number] {
  const step = Math.max(1, Math.floor(metres.length / SAMPLES));
  const sample = metres.filter((z, i) => i % step === 0 && z > 0 && z < Infinity).sort();
  if (sample.length === 0) return [1, 1];
  return [sample[Math.floor(low * (sample.length - 1))], sample[Math.ceil(high * (sample.length - 1))]];
}

/**
 * A depth map in Turbo colours over the logarithm of depth: near red, far blue, no depth (NaN, 0) black. Depths
 * outside the range take the colour of its end. The picture is a new buffer at the map's size.
 */
export function colorizeDepth(depth: DepthMap, range: DepthRange = {}): RgbImage {
  const { metres, width, height } = depth;
  const [low, high] = range.near !== undefined && range.far !== undefined ? [1, 1] : percentiles(metres, 0.02, 0.98);
  const logFar = Math.log(range.far ?? high);
  const span = Math.max(1e-6, logFar - Math.log(range.near ?? low));
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < metres.length; i += 1) {
    const z = metres[i];
    if (!(z > 0)) continue;
    const t = Math.min(1, Math.max(0, (logFar - Math.log(z)) / span));
    const entry = Math.round(t * 255) * 3;
    rgb[i * 3] = TURBO[entry]!;
    rgb[i * 3 + 1] = TURBO[entry + 1]!;
    rgb[i * 3 + 2] = TURBO[entry + 2]!;
  }
  return { width, height, rgb };
}
