import { Mean } from './mean.js';
import { checkSameLength } from './same-length.js';

/** Accuracy of DensePose maps, pixels of all frames pooled; NaN when nothing could be compared. */
export interface DensePoseScores {
  /** Share of the pixels whose true part is 1..24 that got that part. */
  readonly partAccuracy: number;
  /** Mean over the parts that the truth or the prediction shows (1..24) of their intersection over union. */
  readonly partIoU: number;
  /** Intersection over union of the pixels of bodies, whatever the part. */
  readonly bodyIoU: number;
  /** Mean |error| of u and v together over the pixels with the right part, in units of the chart (0..1); NaN without u, v. */
  readonly uvError: number;
  /** Frames added. */
  readonly frames: number;
}

/** A part that is none of DensePose's: truth of which nobody knows the part, which does not count. */
export const VOID_PART = 255;

/** A DensePose map to compare: part 0..24 per pixel, and u, v in 0..255 where they are to be scored. */
export interface DensePoseSample {
  readonly part: Uint8Array;
  readonly u?: Uint8Array;
  readonly v?: Uint8Array;
}

const PARTS = 25;

/** Accumulates DensePose scores frame by frame. */
export class DensePoseMetrics {
  /** Rows: truth, columns: prediction. */
  readonly #confusion = new Float64Array(PARTS * PARTS);
  readonly #uv = new Mean();
  #frames = 0;

  /**
   * Adds one frame. A true part above 24 is no part of DensePose and does not count; a predicted one counts as none.
   *
   * @throws SextantError `bad-argument` when the sizes differ.
   */
  add(prediction: DensePoseSample, truth: DensePoseSample): void {
    checkSameLength('densepose', prediction.part.length, truth.part.length);
    const charts = prediction.u !== undefined && prediction.v !== undefined && truth.u !== undefined && truth.v !== undefined;
    for (let i = 0; i < truth.part.length; i += 1) {
      const actual = truth.part[i];
      if (actual >= PARTS) continue;
      const predicted = prediction.part[i] < PARTS ? prediction.part[i] : 0;
      this.#confusion[actual * PARTS + predicted] += 1;
      if (charts && actual > 0 && actual === predicted) {
        this.#uv.add((Math.abs(prediction.u[i] - truth.u[i]) + Math.abs(prediction.v[i] - truth.v[i])) / 2 / 255);
      }
    }
    this.#frames += 1;
  }

  /** The scores so far. */
  result(): DensePoseScores {
    let [right, all, body, said] = [0, 0, 0, 0];
    const iou = new Mean();
    for (let part = 1; part < PARTS; part += 1) {
      let [row, column] = [0, 0];
      for (let other = 0; other < PARTS; other += 1) {
        row += this.#confusion[part * PARTS + other];
        column += this.#confusion[other * PARTS + part];
        if (other > 0) body += this.#confusion[part * PARTS + other];
      }
      const both = this.#confusion[part * PARTS + part];
      right += both;
      all += row;
      said += column;
      iou.add(both / (row + column - both)); // NaN, and so left out, for a part never seen
    }
    return { partAccuracy: right / all, partIoU: iou.value, bodyIoU: body / (all + said - body), uvError: this.#uv.value, frames: this.#frames };
  }
}
