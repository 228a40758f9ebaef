import { SextantError } from '@sextant/core';
import { assign } from '../tracking/assignment.js';

/** A prediction shows a true thing where they are at least this alike, as in the MOT Challenge (Milan et al. 2016, arXiv 1603.00831). */
export const SAME_THING = 0.5;

/** What is seen in one frame, and what was said of it. */
export interface TrackedFrame {
  /** Ids of the true things in view, each once; one id means the same thing in all frames of a sequence. */
  readonly truth: readonly number[];
  /** Ids of the predictions, each once. */
  readonly predicted: readonly number[];
  /** Likeness of true thing t and prediction p, 0..1, at [t * predicted.length + p]: intersection over union of masks or boxes, or OKS. */
  readonly likeness: ArrayLike<number>;
}

/** How well ids last; sums are over all sequences, NaN when there was nothing to count. */
export interface TrackingScores {
  /** Identity F1, precision and recall, 0..1: true and predicted tracks are paired one to one, once for the whole sequence (Ristani et al. 2016). */
  readonly idf1: number;
  readonly idp: number;
  readonly idr: number;
  /** 1 - (missed + invented + switches) / sightings; at most 1, may be negative (Bernardin and Stiefelhagen 2008). */
  readonly mota: number;
  /** How often a true thing is found under another id than the last time it was found (the mismatches of Bernardin and Stiefelhagen 2008). */
  readonly switches: number;
  /** How often a true thing that had been found is lost while in view and found again later, under whatever id (Milan et al. 2016). */
  readonly fragmentations: number;
  /** Sightings of true things that nothing was found for, and predictions that show none. */
  readonly missed: number;
  readonly invented: number;
  /** True things followed, and the frames in which they are in view, all together. */
  readonly tracks: number;
  readonly sightings: number;
  /** Predictions of all frames. */
  readonly predictions: number;
  readonly sequences: number;
}

/** How a true thing was found last. */
interface Found {
  id: number;
  /** In view since then, and not found. */
  missed: boolean;
}

/** Accumulates sequence by sequence how well the ids of predictions last: IDF1 and its like, switches, fragmentations, MOTA. */
export class TrackingMetrics {
  #sameIdentity = 0;
  #switches = 0;
  #fragmentations = 0;
  #missed = 0;
  #invented = 0;
  #tracks = 0;
  #sightings = 0;
  #predictions = 0;
  #sequences = 0;

  /**
   * Adds the frames of one sequence, in their order. Ids of different sequences have nothing to do with each other.
   *
   * @throws SextantError `bad-argument` where an id comes twice in a frame, or the likeness has another size than the ids say.
   */
  addSequence(frames: readonly TrackedFrame[]): void {
    frames.forEach(check);
    const found = new Map<number, Found>();
    for (const frame of frames) {
      this.#follow(frame, found);
      this.#sightings += frame.truth.length;
      this.#predictions += frame.predicted.length;
    }
    this.#sameIdentity += bestIdentities(frames);
    this.#tracks += new Set(frames.flatMap(({ truth }) => truth)).size;
    this.#sequences += 1;
  }

  /** Counts one frame as CLEAR MOT does. */
  #follow(frame: TrackedFrame, found: Map<number, Found>): void {
    const { truth, predicted } = frame;
    let matched = 0;
    correspondences(frame, found).forEach((p, t) => {
      const last = found.get(truth[t]);
      if (p < 0) {
        this.#missed += 1;
        if (last) last.missed = true;
        return;
      }
      matched += 1;
      if (last?.missed) this.#fragmentations += 1;
      if (last && last.id !== predicted[p]) this.#switches += 1;
      found.set(truth[t], { id: predicted[p], missed: false });
    });
    this.#invented += predicted.length - matched;
  }

  /** The scores so far. */
  result(): TrackingScores {
    return {
      idf1: (2 * this.#sameIdentity) / (this.#sightings + this.#predictions), // 0 / 0 is NaN
      idp: this.#sameIdentity / this.#predictions,
      idr: this.#sameIdentity / this.#sightings,
      mota: this.#sightings === 0 ? Number.NaN : 1 - (this.#missed + this.#invented + this.#switches) / this.#sightings,
      switches: this.#switches,
      fragmentations: this.#fragmentations,
      missed: this.#missed,
      invented: this.#invented,
      tracks: this.#tracks,
      sightings: this.#sightings,
      predictions: this.#predictions,
      sequences: this.#sequences,
    };
  }
}

/**
 * The prediction of each true thing of a frame, -1 for none. A pair that was found last time and still fits stays, even where
 * another would fit better; then as many others as possible, the most alike (Bernardin and Stiefelhagen 2008).
 */
function correspondences({ truth, predicted, likeness }: TrackedFrame, found: ReadonlyMap<number, Found>): Int32Array {
  const match = new Int32Array(truth.length).fill(-1);
  const taken = new Set<number>();
  truth.forEach((id, t) => {
    const p = predicted.indexOf(found.get(id)?.id ?? Number.NaN);
    if (p < 0 || taken.has(p) || !(likeness[t * predicted.length + p] >= SAME_THING)) return;
    match[t] = p;
    taken.add(p);
  });
  const cost = new Float64Array(truth.length * predicted.length).fill(1);
  for (let i = 0; i < cost.length; i += 1) {
    if (match[Math.floor(i / predicted.length)] >= 0 || taken.has(i % predicted.length) || !(likeness[i] >= SAME_THING)) continue;
    cost[i] = 1e-3 * (1 - likeness[i]); // far below the price of staying free: the number of pairs comes first
  }
  assign(cost, truth.length, predicted.length).forEach((p, t) => {
    if (p >= 0) match[t] = p;
  });
  return match;
}

/** Sightings that carry the right id when every true track has at most one predicted track and the other way round, chosen so that they are most (IDTP). */
function bestIdentities(frames: readonly TrackedFrame[]): number {
  const rows = numbered(frames.flatMap(({ truth }) => truth));
  const columns = numbered(frames.flatMap(({ predicted }) => predicted));
  const together = new Float64Array(rows.size * columns.size);
  for (const { truth, predicted, likeness } of frames) {
    truth.forEach((a, t) => predicted.forEach((b, p) => {
      if (likeness[t * predicted.length + p] >= SAME_THING) together[rows.get(a)! * columns.size + columns.get(b)!] += 1;
    }));
  }
  const pairs = assign(together.map((count) => 1 - count / frames.length), rows.size, columns.size);
  return pairs.reduce((sum, column, row) => sum + (column < 0 ? 0 : together[row * columns.size + column]), 0);
}

/** Ids in the order they come, with their positions. */
function numbered(ids: readonly number[]): ReadonlyMap<number, number> {
  return new Map([...new Set(ids)].map((id, index) => [id, index]));
}

function check({ truth, predicted, likeness }: TrackedFrame, frame: number): void {
  for (const [what, ids] of [['true', truth], ['predicted', predicted]] as const) {
    const twice = ids.find((id, i) => ids.indexOf(id) !== i);
    if (twice === undefined) continue;
    throw new SextantError('bad-argument', `the ${what} id ${twice} comes twice in frame ${frame}`, { hint: 'In one frame an id stands for one thing: give each its own.', details: { frame, id: twice } });
  }
  if (likeness.length === truth.length * predicted.length) return;
  throw new SextantError('bad-argument', `frame ${frame} has ${likeness.length} likenesses for ${truth.length} true things and ${predicted.length} predictions`, {
    hint: 'Give one for each pair, row by row: a row is a true thing.', details: { frame },
  });
}
