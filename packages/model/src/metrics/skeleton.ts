import type { Person } from '@sextant/core';
import { Mean } from './mean.js';

/**
 * COCO's per-joint constants k of the object keypoint similarity (cocodataset.org/#keypoints-eval): k = 2 sigma, with
 * these sigmas, in COCO's order of joints.
 */
export const COCO_SIGMAS: readonly number[] = [
  0.026, 0.025, 0.025, 0.035, 0.035, 0.079, 0.079, 0.072, 0.072, 0.062, 0.062, 0.107, 0.107, 0.087, 0.087, 0.089, 0.089,
];

/** A joint of a true person: `visible` 0 not labelled, 1 labelled but hidden, 2 seen (COCO's v). */
export interface TrueKeypoint {
  readonly x: number;
  readonly y: number;
  readonly visible: 0 | 1 | 2;
}

/** A true person, in the pixels of the prediction. */
export interface TruePerson {
  /** x, y, width, height in pixels, along their edges as `Person.box`. */
  readonly box: readonly [number, number, number, number];
  /** Pixels of the person's silhouette; default 0.53 of the box, COCO's usual share. */
  readonly area?: number;
  /** 17 entries in COCO order. */
  readonly keypoints: readonly TrueKeypoint[];
}

/** Accuracy of skeletons; NaN when nothing could be compared. */
export interface SkeletonScores {
  /**
   * PCK@0.1: share of all labelled joints found within 0.1 of the longer side of their person's box; joints of people
   * who were not found count as missed.
   */
  readonly pck01: number;
  /** Object keypoint similarity, mean over the true people with a labelled joint; 0 for those not found. */
  readonly oks: number;
  /** Share of true people found (matched with some overlap). */
  readonly recall: number;
  /** Predicted people who match nobody, per frame. */
  readonly falsePeople: number;
  /** True people with a labelled joint. */
  readonly people: number;
  /** Frames added. */
  readonly frames: number;
}

/** Share of a box that a person fills on COCO; stands in for an area that is not known. */
export const PERSON_BOX_SHARE = 0.53;

/**
 * Object keypoint similarity of a prediction with a true person, 0..1: the mean over labelled joints of
 * exp(-d^2 / (2 s^2 k^2)), s^2 the person's area. NaN when no joint is labelled.
 */
export function oks(prediction: Pick<Person, 'keypoints'>, truth: TruePerson): number {
  const area = truth.area ?? truth.box[2] * truth.box[3] * PERSON_BOX_SHARE;
  const mean = new Mean();
  truth.keypoints.forEach(({ x, y, visible }, j) => {
    if (visible === 0) return;
    const joint = prediction.keypoints[j];
    const k = 2 * COCO_SIGMAS[j];
    const found = joint.score > 0 && Number.isFinite(joint.x) && Number.isFinite(joint.y);
    mean.add(found ? Math.exp(-((joint.x - x) ** 2 + (joint.y - y) ** 2) / (2 * area * k * k)) : 0);
  });
  return mean.value;
}

/**
 * Joints found within `share` of the longer side of the true person's box, and labelled joints. A joint whose score is 0
 * was not predicted. `prediction` undefined: nobody was found.
 */
export function pck(prediction: Pick<Person, 'keypoints'> | undefined, truth: TruePerson, share = 0.1): { found: number; labelled: number } {
  const reach = share * Math.max(truth.box[2], truth.box[3]);
  let [found, labelled] = [0, 0];
  truth.keypoints.forEach(({ x, y, visible }, j) => {
    if (visible === 0) return;
    labelled += 1;
    const joint = prediction?.keypoints[j];
    if (joint !== undefined && joint.score > 0 && Math.hypot(joint.x - x, joint.y - y) <= reach) found += 1;
  });
  return { found, labelled };
}

/** Intersection over union of two boxes (x, y, width, height); 0 for empty ones. */
export function boxIoU(a: readonly [number, number, number, number], b: readonly [number, number, number, number]): number {
  const width = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const height = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a[2] * a[3] + b[2] * b[3] - width * height);
}

/**
 * Matches predicted to true people one to one, greedily from the most similar pair down: by OKS, and by the overlap of
 * the boxes where OKS says nothing (no labelled joint) or nothing yet (both far off). Returns the index of the prediction for
 * each true person, or -1; pairs without any similarity stay unmatched.
 */
export function matchPeople(predictions: readonly Person[], truth: readonly TruePerson[]): number[] {
  const pairs = truth.flatMap((person, t) =>
    predictions.map((prediction, p) => {
      const similarity = oks(prediction, person);
      // OKS decides; the box breaks ties and finds people whose joints are all wrong.
      const value = (Number.isNaN(similarity) ? 0 : similarity) + 0.1 * boxIoU(prediction.box, person.box);
      return { t, p, value };
    }),
  );
  pairs.sort((a, b) => b.value - a.value || a.t - b.t || a.p - b.p);
  const match = new Array<number>(truth.length).fill(-1);
  const taken = new Set<number>();
  for (const { t, p, value } of pairs) {
    if (value <= 1e-3 || match[t] !== -1 || taken.has(p)) continue;
    match[t] = p;
    taken.add(p);
  }
  return match;
}

/** Accumulates skeleton scores frame by frame. */
export class SkeletonMetrics {
  readonly #oks = new Mean();
  readonly #recall = new Mean();
  readonly #falsePeople = new Mean();
  #found = 0;
  #labelled = 0;

  /** Adds one frame's people; predictions and truth in the same pixels. True people without a labelled joint only match. */
  add(predictions: readonly Person[], truth: readonly TruePerson[]): void {
    const match = matchPeople(predictions, truth);
    truth.forEach((person, t) => {
      if (person.keypoints.every(({ visible }) => visible === 0)) return;
      const prediction = match[t] === -1 ? undefined : predictions[match[t]];
      const { found, labelled } = pck(prediction, person);
      this.#found += found;
      this.#labelled += labelled;
      this.#oks.add(prediction === undefined ? 0 : oks(prediction, person));
      this.#recall.add(prediction === undefined ? 0 : 1);
    });
    this.#falsePeople.add(predictions.length - match.filter((p) => p !== -1).length);
  }

  /** The scores so far. */
  result(): SkeletonScores {
    return {
      pck01: this.#labelled === 0 ? Number.NaN : this.#found / this.#labelled,
      oks: this.#oks.value,
      recall: this.#recall.value,
      falsePeople: this.#falsePeople.value,
      people: this.#oks.count,
      frames: this.#falsePeople.count,
    };
  }
}
