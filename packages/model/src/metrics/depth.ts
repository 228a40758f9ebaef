import { Mean, median } from './mean.js';
import { checkSameLength } from './same-length.js';

/** Accuracy of depth maps: means over frames of each frame's mean over its pixels; NaN when nothing could be compared. */
export interface DepthScores {
  /** |prediction - truth| / truth, metres as given. */
  readonly absRel: number;
  /** The same after scaling each frame by the ratio of the medians, as Eigen et al. 2014 and Zhou et al. 2017 do. */
  readonly absRelScale: number;
  /** The same after fitting ln truth = a ln prediction + b to each frame by least squares. */
  readonly absRelLogAffine: number;
  /** |ln of the ratio of the medians| of a frame, apart from its shape; of several frames the median. 0.1 is about 10 %. */
  readonly scaleError: number;
  /** Share of pixels with max(prediction / truth, truth / prediction) < 1.25, metres as given. */
  readonly delta1: number;
  readonly delta1Scale: number;
  readonly delta1LogAffine: number;
  /** Share of the pixels with a truth that had a prediction, of frames without any too; below 1 the other figures leave pixels out. */
  readonly coverage: number;
  /** Frames that could be compared. */
  readonly frames: number;
}

/** Scores of one frame. */
export type DepthFrameScores = Omit<DepthScores, 'frames'>;

/** Fewest compared pixels for a frame to count: fewer cannot carry a fit. */
const FEWEST_PIXELS = 3;

/** True for a depth that can be compared. */
const valid = (depth: number): boolean => depth > 0 && depth < Infinity;

/** Mean relative error and share within 1.25 of `map(prediction)`. */
function errors(prediction: Float64Array, truth: Float64Array, map: (depth: number) => number): { absRel: number; delta1: number } {
  let sum = 0;
  let within = 0;
  for (let i = 0; i < truth.length; i += 1) {
    const mapped = map(prediction[i]);
    sum += Math.abs(mapped - truth[i]) / truth[i];
    if (Math.max(mapped / truth[i], truth[i] / mapped) < 1.25) within += 1;
  }
  return { absRel: sum / truth.length, delta1: within / truth.length };
}

/**
 * Least squares fit of ln truth = slope * ln prediction + offset. A constant prediction has slope 0: the fit is then the
 * geometric mean of the truth.
 */
export function fitLogAffine(prediction: Float64Array, truth: Float64Array): { slope: number; offset: number } {
  const n = truth.length;
  let [meanX, meanY] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    meanX += Math.log(prediction[i]) / n;
    meanY += Math.log(truth[i]) / n;
  }
  let [xx, xy] = [0, 0];
  for (let i = 0; i < n; i += 1) {
    const x = Math.log(prediction[i]) - meanX;
    xx += x * x;
    xy += x * (Math.log(truth[i]) - meanY);
  }
  const slope = xx > 1e-12 * n ? xy / xx : 0;
  return { slope, offset: meanY - slope * meanX };
}

/**
 * Scores one frame's depth against its truth, over the pixels where both are finite and above 0 (NaN and 0 are "none").
 * Undefined where fewer than three pixels can be compared.
 *
 * @throws SextantError `bad-argument` when the sizes differ.
 */
export function scoreDepth(prediction: ArrayLike<number>, truth: ArrayLike<number>): DepthFrameScores | undefined {
  checkSameLength('depth', prediction.length, truth.length);
  const p = new Float64Array(truth.length);
  const t = new Float64Array(truth.length);
  let [compared, known] = [0, 0];
  for (let i = 0; i < truth.length; i += 1) {
    if (!valid(truth[i])) continue;
    known += 1;
    if (!valid(prediction[i])) continue;
    p[compared] = prediction[i];
    t[compared] = truth[i];
    compared += 1;
  }
  if (compared < FEWEST_PIXELS) return undefined;
  const [predicted, actual] = [p.subarray(0, compared), t.subarray(0, compared)];
  const scale = median(actual) / median(predicted);
  const { slope, offset } = fitLogAffine(predicted, actual);
  const given = errors(predicted, actual, (z) => z);
  const scaled = errors(predicted, actual, (z) => z * scale);
  const fitted = errors(predicted, actual, (z) => Math.exp(slope * Math.log(z) + offset));
  return {
    absRel: given.absRel,
    absRelScale: scaled.absRel,
    absRelLogAffine: fitted.absRel,
    scaleError: Math.abs(Math.log(scale)),
    delta1: given.delta1,
    delta1Scale: scaled.delta1,
    delta1LogAffine: fitted.delta1,
    coverage: compared / known,
  };
}

/** Share of the pixels with a truth that have a prediction; NaN where they are too few for the frame to count. */
function coverageOf(prediction: ArrayLike<number>, truth: ArrayLike<number>): number {
  let [compared, known] = [0, 0];
  for (let i = 0; i < truth.length; i += 1) {
    if (!valid(truth[i])) continue;
    known += 1;
    if (valid(prediction[i])) compared += 1;
  }
  return known < FEWEST_PIXELS ? Number.NaN : compared / known;
}

/** Accumulates depth scores frame by frame. */
export class DepthMetrics {
  readonly #scaleErrors: number[] = [];
  readonly #means = {
    absRel: new Mean(), absRelScale: new Mean(), absRelLogAffine: new Mean(),
    delta1: new Mean(), delta1Scale: new Mean(), delta1LogAffine: new Mean(), coverage: new Mean(),
  };

  /** Adds one frame and returns its own scores; a frame with nothing to compare adds to the coverage alone, if it has a truth, and returns undefined. */
  add(prediction: ArrayLike<number>, truth: ArrayLike<number>): DepthFrameScores | undefined {
    const scores = scoreDepth(prediction, truth);
    if (scores === undefined) {
      // Left out, a model that says nothing in half of the frames would cover all.
      this.#means.coverage.add(coverageOf(prediction, truth));
      return undefined;
    }
    for (const [name, mean] of Object.entries(this.#means)) mean.add(scores[name as keyof DepthFrameScores]);
    this.#scaleErrors.push(scores.scaleError);
    return scores;
  }

  /** The means so far. */
  result(): DepthScores {
    const { absRel, absRelScale, absRelLogAffine, delta1, delta1Scale, delta1LogAffine, coverage } = this.#means;
    return {
      absRel: absRel.value, absRelScale: absRelScale.value, absRelLogAffine: absRelLogAffine.value,
      delta1: delta1.value, delta1Scale: delta1Scale.value, delta1LogAffine: delta1LogAffine.value,
      scaleError: median(Float64Array.from(this.#scaleErrors)), coverage: coverage.value, frames: absRel.count,
    };
  }
}
