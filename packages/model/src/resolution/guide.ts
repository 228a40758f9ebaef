import { SextantError, createRgbResampler, type Frame, type MapSize, type RgbResampler } from '@sextant/core';

/** How a full-resolution map follows the picture. */
export interface GuideOptions {
  /** Standard deviation of the spatial weights, pixels of the low-resolution map. @default 0.8 */
  readonly sigmaSpace?: number;
  /** Standard deviation of the colour weights, sRGB levels 0..255 (Euclidean over the three channels). @default 20 */
  readonly sigmaColor?: number;
}

/** Neighbours per axis that a pixel takes from the low-resolution map: its 4x4 window. */
export const TAPS = 4;
/** Squared colour distances are looked up in steps of this. */
const STEP = 32;
/** No neighbour weighs less than this beside the best: a pixel unlike all of them still takes their mean. */
const LEAST = 1e-5;

/** One axis: the window of each target pixel, in source pixels. */
export interface Axis {
  /** Source pixel left of the target's centre, -1 to size - 1: it numbers the cell too, from -1. */
  readonly cell: Int32Array;
  /** Way from that pixel's centre to the next, 0..1. */
  readonly fraction: Float32Array;
  /** Source pixels of the window, TAPS per target pixel, held at the border. */
  readonly taps: Int32Array;
  /** Spatial weights of them. */
  readonly weights: Float32Array;
}

/** The picture at both sizes and the weights between them: the joint bilateral filter of Kopf et al. 2007. */
export interface Guide extends MapSize {
  /** Size of the low-resolution map. */
  readonly low: MapSize;
  readonly rgb: Uint8Array;
  readonly lowRgb: Uint8Array;
  readonly x: Axis;
  readonly y: Axis;
  /** Weight by colour: [squared distance / step]. */
  readonly colour: Float32Array;
}

/** The options with their defaults. @throws SextantError `bad-argument` for deviations that are not above 0: weights would be NaN, and edges holes. */
export function checkGuideOptions({ sigmaSpace = 0.8, sigmaColor = 20 }: GuideOptions): Required<GuideOptions> {
  for (const [name, sigma] of Object.entries({ sigmaSpace, sigmaColor })) {
    if (!(sigma > 0)) throw new SextantError('bad-argument', `${name} is ${sigma}`, { hint: 'Give a number above 0.', details: { [name]: sigma } });
  }
  return { sigmaSpace, sigmaColor };
}

/** Makes guides; keeps what depends on the sizes only. */
export class GuideMaker {
  readonly #sigmaSpace: number;
  readonly #colour: Float32Array;
  readonly #known = new Map<string, { readonly x: Axis; readonly y: Axis; readonly resample: RgbResampler }>();

  /** @throws SextantError `bad-argument` for options that are not above 0. */
  constructor(options: GuideOptions = {}) {
    const { sigmaSpace, sigmaColor } = checkGuideOptions(options);
    this.#sigmaSpace = sigmaSpace;
    this.#colour = Float32Array.from({ length: Math.ceil((3 * 255 * 255 + 1) / STEP) }, (_, i) => Math.max(LEAST, Math.exp((-(i + 0.5) * STEP) / (2 * sigmaColor * sigmaColor))));
  }

  make({ width, height, rgb }: Frame, low: MapSize): Guide {
    const key = `${width}x${height}>${low.width}x${low.height}`;
    let sizes = this.#known.get(key);
    if (!sizes) {
      if (this.#known.size >= 8) this.#known.clear();
      sizes = { x: axis(low.width, width, this.#sigmaSpace), y: axis(low.height, height, this.#sigmaSpace), resample: createRgbResampler(width, height, low.width, low.height) };
      this.#known.set(key, sizes);
    }
    return { width, height, rgb, low: { width: low.width, height: low.height }, lowRgb: sizes.resample(rgb), x: sizes.x, y: sizes.y, colour: this.#colour };
  }
}

function axis(from: number, to: number, sigma: number): Axis {
  const result = { cell: new Int32Array(to), fraction: new Float32Array(to), taps: new Int32Array(to * TAPS), weights: new Float32Array(to * TAPS) };
  for (let i = 0; i < to; i++) {
    const at = ((i + 0.5) * from) / to - 0.5;
    const first = Math.floor(at);
    result.cell[i] = first;
    result.fraction[i] = at - first;
    for (let k = 0; k < TAPS; k++) {
      const source = first - 1 + k;
      result.taps[i * TAPS + k] = Math.max(0, Math.min(from - 1, source));
      result.weights[i * TAPS + k] = Math.exp(-((source - at) ** 2) / (2 * sigma * sigma));
    }
  }
  return result;
}

/**
 * Weights of the 4x4 low-resolution neighbours of picture pixel (x, y), by distance and likeness of colour, into `weights`;
 * their pixel indices into `pixels`.
 */
export function weigh({ width, low, rgb, lowRgb, x: ax, y: ay, colour }: Guide, x: number, y: number, weights: Float32Array, pixels: Int32Array): void {
  const p = 3 * (y * width + x);
  const [r, g, b] = [rgb[p], rgb[p + 1], rgb[p + 2]];
  for (let v = 0, k = 0; v < TAPS; v++) {
    const row = ay.taps[y * TAPS + v] * low.width;
    const wy = ay.weights[y * TAPS + v];
    for (let u = 0; u < TAPS; u++, k++) {
      const q = row + ax.taps[x * TAPS + u];
      const [dr, dg, db] = [lowRgb[3 * q] - r, lowRgb[3 * q + 1] - g, lowRgb[3 * q + 2] - b];
      weights[k] = wy * ax.weights[x * TAPS + u] * colour[((dr * dr + dg * dg + db * db) / STEP) | 0];
      pixels[k] = q;
    }
  }
}
