import { TAPS, weigh, type Guide } from './guide.js';

/** A map of floats with edges and holes, at the guide's low resolution. */
export interface Field {
  /** Interleaved; a pixel whose first channel is NaN is a hole. */
  readonly values: Float32Array;
  readonly channels: number;
  /** How many of the first channels part surfaces; the others follow them. */
  readonly edges: number;
  /** A jump of more than this between neighbouring values of a window, sorted, parts two surfaces. */
  readonly tolerance: number;
}

/** A window's pixels in one piece, all or partly holes, or on two surfaces. */
const [SMOOTH, HOLES, SPLIT] = [0, 1, 2];

/** What to do in each cell between four low-resolution pixels, from the 4x4 window around it. */
interface Plan {
  readonly kind: Uint8Array;
  /** For SPLIT: the channel that parts the surfaces, and where. */
  readonly channel: Uint8Array;
  readonly threshold: Float32Array;
}

/**
 * A field at the guide's full resolution. Where the 4x4 low-resolution neighbours lie on one surface it is interpolated
 * linearly, so that no texture is copied into it. Where they lie on two, or there are holes, the pixel goes to the side
 * whose pixels look like it (joint bilateral weights, Kopf et al. 2007) and takes the weighted mean of that side alone:
 * nothing is ever put between two surfaces. Returns a new array, interleaved; holes are NaN in every channel.
 */
export function upsampleField(field: Field, guide: Guide): Float32Array {
  const { values, channels } = field;
  const { width, height, low, x: ax, y: ay } = guide;
  const plan = planCells(field, low.width, low.height);
  const out = new Float32Array(width * height * channels);
  const weights = new Float32Array(TAPS * TAPS);
  const pixels = new Int32Array(TAPS * TAPS);
  let o = 0;
  for (let y = 0; y < height; y++) {
    const cells = (ay.cell[y] + 1) * (low.width + 1) + 1;
    const top = ay.taps[y * TAPS + 1] * low.width;
    const bottom = ay.taps[y * TAPS + 2] * low.width;
    const fy = ay.fraction[y];
    for (let x = 0; x < width; x++, o += channels) {
      const cell = cells + ax.cell[x];
      if (plan.kind[cell] === SMOOTH) {
        const [l, r, fx] = [ax.taps[x * TAPS + 1], ax.taps[x * TAPS + 2], ax.fraction[x]];
        const [a, b, c, d] = [(top + l) * channels, (top + r) * channels, (bottom + l) * channels, (bottom + r) * channels];
        for (let k = 0; k < channels; k++) {
          const above = values[a + k] + fx * (values[b + k] - values[a + k]);
          const below = values[c + k] + fx * (values[d + k] - values[c + k]);
          out[o + k] = above + fy * (below - above);
        }
        continue;
      }
      weigh(guide, x, y, weights, pixels);
      choose(field, plan, cell, weights, pixels);
      let total = 0;
      for (let t = 0; t < weights.length; t++) {
        const weight = weights[t];
        if (weight === 0) continue;
        total += weight;
        for (let k = 0; k < channels; k++) out[o + k] += weight * values[pixels[t] * channels + k];
      }
      for (let k = 0; k < channels; k++) out[o + k] = total > 0 ? out[o + k] / total : NaN;
    }
  }
  return out;
}

/** Leaves the weights of the heaviest side, none where that is the hole. */
function choose({ values, channels }: Field, plan: Plan, cell: number, weights: Float32Array, pixels: Int32Array): void {
  const split = plan.kind[cell] === SPLIT;
  const [c, threshold] = [plan.channel[cell], plan.threshold[cell]];
  let [hole, low, high] = [0, 0, 0];
  for (let t = 0; t < weights.length; t++) {
    const p = pixels[t] * channels;
    if (Number.isNaN(values[p])) hole += weights[t];
    else if (split && values[p + c] > threshold) high += weights[t];
    else low += weights[t];
  }
  const nothing = hole > low && hole > high;
  for (let t = 0; t < weights.length; t++) {
    const p = pixels[t] * channels;
    const above = split && values[p + c] > threshold;
    if (nothing || Number.isNaN(values[p]) || above !== high > low) weights[t] = 0;
  }
}

/** Sorts each window's values and looks for the widest jump between neighbours. */
function planCells({ values, channels, edges, tolerance }: Field, w: number, h: number): Plan {
  const count = (w + 1) * (h + 1);
  const plan = { kind: new Uint8Array(count), channel: new Uint8Array(count), threshold: new Float32Array(count) };
  const sorted = new Float32Array(TAPS * TAPS);
  for (let y = -1, cell = 0; y < h; y++) {
    for (let x = -1; x < w; x++, cell++) {
      let widest = tolerance;
      for (let c = 0; c < edges; c++) {
        let [n, holes] = [0, 0];
        for (let v = Math.max(0, y - 1); v <= Math.min(h - 1, y + 2); v++) {
          for (let u = Math.max(0, x - 1); u <= Math.min(w - 1, x + 2); u++) {
            const value = values[(v * w + u) * channels + c];
            if (Number.isNaN(value)) {
              holes++;
              continue;
            }
            let k = n++;
            for (; k > 0 && sorted[k - 1] > value; k--) sorted[k] = sorted[k - 1];
            sorted[k] = value;
          }
        }
        if (holes > 0 && plan.kind[cell] === SMOOTH) plan.kind[cell] = HOLES;
        for (let k = 1; k < n; k++) {
          if (sorted[k] - sorted[k - 1] <= widest) continue;
          widest = sorted[k] - sorted[k - 1];
          plan.kind[cell] = SPLIT;
          plan.channel[cell] = c;
          plan.threshold[cell] = (sorted[k] + sorted[k - 1]) / 2;
        }
      }
    }
  }
  return plan;
}
