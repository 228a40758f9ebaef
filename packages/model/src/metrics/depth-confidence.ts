import { Mean, median } from './mean.js';
import { checkSameLength } from './same-length.js';

/**
 * What a depth map's confidence is worth; means over frames, NaN when nothing could be compared. Errors are relative
 * (|prediction - truth| / truth) after the ratio of the frame's medians, so that confidence is asked about shape.
 */
export interface DepthConfidenceScores {
  /**
   * Area under the sparsification error (Ilg et al. 2018, arXiv 1802.07095): the mean, over the shares removed, of the mean
   * error left when the least confident pixels go first, less that when the worst pixels do; in units of absRelScale. 0 is
   * an order as good as the truth's.
   */
  readonly ause: number;
  /** The same with pixels removed at random: what a confidence that says nothing reaches. */
  readonly auseRandom: number;
  /** Mean error left when the named per cent of the least confident pixels are removed, as a share of that of all pixels. */
  readonly sparsification: Readonly<Record<string, number>>;
  /** The same when the worst pixels are removed: no confidence can do better. */
  readonly sparsificationOracle: Readonly<Record<string, number>>;
  /**
   * Expected calibration error (Guo et al. 2017), 15 equal bins, pixels of a frame: |share of pixels within a factor of 1.1 of
   * the truth - mean confidence|, as confidence is the probability of that; metres as given.
   */
  readonly ece: number;
  /** The same after the ratio of the medians. */
  readonly eceScale: number;
  /** Mean confidence of the pixels compared, and the shares it should equal. */
  readonly confidence: number;
  readonly within10: number;
  readonly within10Scale: number;
}

/** Shares removed: 0, 0.05, ... 0.95. */
const STEPS = 20;
const BINS = 15;
/** Levels of confidence told apart when pixels are put in order. */
const LEVELS = 4096;
/** Per cent removed that are reported one by one. */
const SHOWN = [10, 30, 50, 70, 90];
const FEWEST_PIXELS = 100;

/** Mean of the values that are left when `step / STEPS` of them went, for each step, the first of `order` first. */
function curve(order: Iterable<{ readonly sum: number; readonly count: number }>, sum: number, count: number): Float64Array {
  const out = new Float64Array(STEPS);
  let [gone, goneSum, step] = [0, 0, 0];
  for (const group of order) {
    while (step < STEPS && (step / STEPS) * count <= gone + group.count) {
      // Within a group of equals, any order is as good: they go in proportion.
      const part = group.count === 0 ? 0 : ((step / STEPS) * count - gone) / group.count;
      out[step] = (sum - goneSum - part * group.sum) / (count - (step / STEPS) * count);
      step += 1;
    }
    gone += group.count;
    goneSum += group.sum;
  }
  return out;
}

/** |hit rate - confidence| over equal bins, weighted by their pixels. */
function calibrationError(confidence: Float64Array, hits: Uint8Array): number {
  const [said, hit] = [new Float64Array(BINS), new Float64Array(BINS)];
  confidence.forEach((c, i) => {
    const bin = Math.min(BINS - 1, Math.floor(c * BINS));
    said[bin] += c;
    hit[bin] += hits[i];
  });
  return said.reduce((sum, value, bin) => sum + Math.abs(value - hit[bin]), 0) / confidence.length;
}

const within = (prediction: number, truth: number): 0 | 1 => (Math.max(prediction / truth, truth / prediction) < 1.1 ? 1 : 0);

/** Accumulates the worth of a depth confidence frame by frame. */
export class DepthConfidenceMetrics {
  readonly #means = { ause: new Mean(), auseRandom: new Mean(), ece: new Mean(), eceScale: new Mean(), confidence: new Mean(), within10: new Mean(), within10Scale: new Mean() };
  readonly #curves = SHOWN.map(() => ({ ours: new Mean(), oracle: new Mean() }));

  /**
   * Adds one frame: metres (NaN or 0: none) and confidence 0..1 per pixel. Frames with fewer than 100 pixels to compare do
   * not count.
   *
   * @throws SextantError `bad-argument` when the sizes differ.
   */
  add(prediction: ArrayLike<number>, truth: ArrayLike<number>, confidence: ArrayLike<number>): void {
    checkSameLength('depth', prediction.length, truth.length);
    checkSameLength('depth confidence', confidence.length, truth.length);
    const pixels = Array.from({ length: truth.length }, (_, i) => i).filter((i) => prediction[i] > 0 && prediction[i] < Infinity && truth[i] > 0 && truth[i] < Infinity);
    if (pixels.length < FEWEST_PIXELS) return;
    const [p, t] = [Float64Array.from(pixels, (i) => prediction[i]), Float64Array.from(pixels, (i) => truth[i])];
    const c = Float64Array.from(pixels, (i) => Math.min(1, Math.max(0, confidence[i])));
    const scale = median(t) / median(p);
    const errors = p.map((z, i) => Math.abs(z * scale - t[i]) / t[i]);
    const sum = errors.reduce((total, error) => total + error, 0);

    const levels = Array.from({ length: LEVELS }, () => ({ sum: 0, count: 0 }));
    c.forEach((value, i) => {
      const level = levels[Math.min(LEVELS - 1, Math.floor(value * LEVELS))];
      level.sum += errors[i];
      level.count += 1;
    });
    const ours = curve(levels, sum, errors.length);
    const worstFirst = errors.slice().sort().reverse();
    const oracle = curve(Array.from(worstFirst, (error) => ({ sum: error, count: 1 })), sum, errors.length);
    const [all, best] = [ours[0], oracle.reduce((total, value) => total + value, 0) / STEPS];
    this.#means.ause.add(ours.reduce((total, value) => total + value, 0) / STEPS - best);
    this.#means.auseRandom.add(all - best);
    SHOWN.forEach((percent, k) => {
      this.#curves[k].ours.add(ours[(percent * STEPS) / 100] / all);
      this.#curves[k].oracle.add(oracle[(percent * STEPS) / 100] / all);
    });

    const [given, scaled] = [Uint8Array.from(p, (z, i) => within(z, t[i])), Uint8Array.from(p, (z, i) => within(z * scale, t[i]))];
    this.#means.ece.add(calibrationError(c, given));
    this.#means.eceScale.add(calibrationError(c, scaled));
    const share = (values: Float64Array | Uint8Array): number => (values as Float64Array).reduce((total, value) => total + value, 0) / values.length;
    this.#means.confidence.add(share(c));
    this.#means.within10.add(share(given));
    this.#means.within10Scale.add(share(scaled));
  }

  /** The scores so far; undefined before any frame counted. */
  result(): DepthConfidenceScores | undefined {
    if (this.#means.ause.count === 0) return undefined;
    const { ause, auseRandom, ece, eceScale, confidence, within10, within10Scale } = this.#means;
    const shown = (of: 'ours' | 'oracle'): Record<string, number> => Object.fromEntries(SHOWN.map((percent, k) => [String(percent), this.#curves[k][of].value]));
    return {
      ause: ause.value, auseRandom: auseRandom.value, sparsification: shown('ours'), sparsificationOracle: shown('oracle'),
      ece: ece.value, eceScale: eceScale.value, confidence: confidence.value, within10: within10.value, within10Scale: within10Scale.value,
    };
  }
}
