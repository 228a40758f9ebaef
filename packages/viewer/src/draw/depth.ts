import type { DepthResult } from '@sextant/client';
import { colorizeDepth } from '@sextant/client';
import type { Raster } from './raster.js';
import { opaque } from './raster.js';

/** Where the colours of depth begin and end. */
export interface Span {
  readonly near: number;
  readonly far: number;
}

const SAMPLES = 4096;

/** The range of depths on display: follows the picture slowly, so that colours do not flicker. */
export class DepthSpan {
  #span: Span | undefined;
  #provenance = '';

  get value(): Span | undefined {
    return this.#span;
  }

  /** 2nd to 98th percentile of the frame, moved a tenth of the way each frame. */
  follow({ metres, provenance }: DepthResult): Span | undefined {
    const step = Math.max(1, Math.floor(metres.length / SAMPLES));
    const sample: number[] = [];
    for (let i = 0; i < metres.length; i += step) if (metres[i] > 0 && metres[i] < Infinity) sample.push(metres[i]);
    if (sample.length < 16) return this.#span;
    sample.sort((a, b) => a - b);
    const seen = { near: sample[Math.floor(0.02 * (sample.length - 1))], far: sample[Math.ceil(0.98 * (sample.length - 1))] };
    if (this.#provenance !== provenance) this.#span = undefined;
    this.#provenance = provenance;
    const before = this.#span ?? seen;
    const near = before.near + 0.1 * (seen.near - before.near);
    this.#span = { near, far: Math.max(near * 1.05, before.far + 0.1 * (seen.far - before.far)) };
    return this.#span;
  }
}

/** Draws depth in Turbo over its logarithm, near red; no depth is transparent. */
export function drawDepth(raster: Raster, map: DepthResult, span: Span): HTMLCanvasElement {
  const { width, height, metres } = map;
  const { rgb } = colorizeDepth(map, span);
  const out = raster.begin(width, height);
  for (let i = 0, o = 0; o < out.length; i += 3, o++) out[o] = metres[o] > 0 ? opaque(rgb[i], rgb[i + 1], rgb[i + 2]) : 0;
  return raster.show();
}
