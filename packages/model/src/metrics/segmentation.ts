import { SextantError } from '@sextant/core';
import { Mean } from './mean.js';
import { checkSameLength } from './same-length.js';

/** Truth label of pixels that do not count, as in PASCAL VOC. */
export const VOID_LABEL = 255;

/** Accuracy of segmentations; NaN when nothing could be compared. */
export interface SegmentationScores {
  /** Mean over the classes of `perClass`, of those that the truth or the prediction shows anywhere. */
  readonly mIoU: number;
  /**
   * Mean over those that the truth shows anywhere: a class that only the prediction shows has no part of its own, for its pixels already count
   * against the classes they were taken from.
   */
  readonly mIoUShown: number;
  /** Intersection over union by class name, pixels of all pictures pooled; classes never seen are absent. */
  readonly perClass: Readonly<Record<string, number>>;
  /** Share of pixels with the right class. */
  readonly pixelAccuracy: number;
  /** IoU of the class `person`, mean over the pictures whose truth shows one. */
  readonly personIoU: number;
  /** The same with the pixels of all pictures pooled. */
  readonly personIoUPooled: number;
  /** Pictures added. */
  readonly frames: number;
}

/** One class to score. */
export interface ScoredClass {
  readonly id: number;
  readonly name: string;
}

/** Accumulates a confusion matrix picture by picture. */
export class SegmentationMetrics {
  readonly #classes: readonly ScoredClass[];
  readonly #person: number | undefined;
  readonly #side: number;
  /** Rows: truth, columns: prediction. */
  readonly #confusion: Float64Array;
  readonly #personIoU = new Mean();
  #frames = 0;

  /**
   * @param classes what is scored; ids need not be contiguous, and ids not listed count as wrong but have no IoU of their own
   * @throws SextantError `bad-argument` for ids that are not whole numbers of 0..254 or doubled.
   */
  constructor(classes: readonly ScoredClass[]) {
    const ids = classes.map(({ id }) => id);
    if (ids.some((id) => !Number.isInteger(id) || id < 0 || id >= VOID_LABEL) || new Set(ids).size !== ids.length) {
      throw new SextantError('bad-argument', `class ids must be distinct whole numbers of 0..254, not ${ids.join(', ')}`, {
        hint: `${VOID_LABEL} is the label of pixels that do not count.`,
        details: { ids },
      });
    }
    this.#classes = classes;
    this.#person = classes.find(({ name }) => name === 'person')?.id;
    this.#side = 256;
    this.#confusion = new Float64Array(this.#side * this.#side);
  }

  /**
   * Adds one picture: class ids per pixel, truth `VOID_LABEL` where it does not count.
   *
   * @throws SextantError `bad-argument` when the sizes differ.
   */
  add(prediction: Uint8Array, truth: Uint8Array): void {
    checkSameLength('segmentation', prediction.length, truth.length);
    let [both, either, shown] = [0, 0, 0];
    for (let i = 0; i < truth.length; i += 1) {
      const actual = truth[i];
      if (actual === VOID_LABEL) continue;
      const predicted = prediction[i];
      this.#confusion[actual * this.#side + predicted] += 1;
      const [is, says] = [actual === this.#person, predicted === this.#person];
      if (is) shown += 1;
      if (is && says) both += 1;
      if (is || says) either += 1;
    }
    if (shown > 0) this.#personIoU.add(both / either);
    this.#frames += 1;
  }

  /** Pixels of class `truth` predicted as class `prediction`, all pictures together. */
  confusion(truth: number, prediction: number): number {
    return this.#confusion[truth * this.#side + prediction];
  }

  /** Whether the truth shows the class anywhere. */
  shown(id: number): boolean {
    return this.#confusion.subarray(id * this.#side, (id + 1) * this.#side).some((count) => count > 0);
  }

  /** IoU of one class over all pictures; NaN for one never seen. */
  #iou(id: number): number {
    let [row, column] = [0, 0];
    for (let other = 0; other < this.#side; other += 1) {
      row += this.confusion(id, other);
      column += this.confusion(other, id);
    }
    const both = this.confusion(id, id);
    return both / (row + column - both); // 0 / 0 is NaN
  }

  /** The scores so far. */
  result(): SegmentationScores {
    const perClass: Record<string, number> = {};
    const [mean, shown] = [new Mean(), new Mean()];
    for (const { id, name } of this.#classes) {
      const iou = this.#iou(id);
      if (Number.isNaN(iou)) continue;
      perClass[name] = iou;
      mean.add(iou);
      if (this.shown(id)) shown.add(iou);
    }
    let [right, all] = [0, 0];
    for (let i = 0; i < this.#confusion.length; i += 1) {
      all += this.#confusion[i];
      if (i % (this.#side + 1) === 0) right += this.#confusion[i];
    }
    return {
      mIoU: mean.value,
      mIoUShown: shown.value,
      perClass,
      pixelAccuracy: all === 0 ? Number.NaN : right / all,
      personIoU: this.#personIoU.value,
      personIoUPooled: this.#person === undefined ? Number.NaN : this.#iou(this.#person),
      frames: this.#frames,
    };
  }
}
