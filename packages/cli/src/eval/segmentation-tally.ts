import type { SegmentationClass } from '@sextant/core';
import { SegmentationMetrics, VOID_LABEL, centredEllipse, constantLabels } from '@sextant/model';
import type { Figures, Report } from './report.js';

const PEOPLE = [{ id: 0, name: 'background' }, { id: 1, name: 'person' }];

/** A picture's truth. */
export interface SegmentationTruth {
  readonly width: number;
  readonly height: number;
  /** Class ids of the model, `VOID_LABEL` where it does not count; absent where only people are labelled. */
  readonly labels?: Uint8Array;
  /** 1 person, 0 anything else, `VOID_LABEL` where it does not count. */
  readonly people: Uint8Array;
}

/** What is scored side by side: every class, and people against all else. */
interface Pair {
  readonly classes: SegmentationMetrics;
  readonly people: SegmentationMetrics;
}

/** Segmentation scores of a set beside those of pictures that are one class, or an ellipse of person. */
export class SegmentationTally {
  readonly #person: number;
  readonly #ours: Pair;
  readonly #baselines: Readonly<Record<'allPerson' | 'ellipse' | 'allBackground', Pair>>;
  readonly #items = new Set<string>();
  #labelled = false;
  #frames = 0;

  constructor(private readonly classes: readonly SegmentationClass[]) {
    this.#person = classes.find(({ name }) => name === 'person')?.id ?? VOID_LABEL - 1;
    this.#ours = this.#pair();
    this.#baselines = { allPerson: this.#pair(), ellipse: this.#pair(), allBackground: this.#pair() };
  }

  #pair(): Pair {
    return { classes: new SegmentationMetrics(this.classes), people: new SegmentationMetrics(PEOPLE) };
  }

  /** Adds one picture; returns the IoU of its people, or the share of right pixels where there are none. */
  add(item: string, prediction: Uint8Array, truth: SegmentationTruth): number {
    const { width, height } = truth;
    this.#items.add(item);
    this.#frames += 1;
    if (truth.labels) this.#labelled = true;
    this.#addTo(this.#ours, prediction, truth);
    this.#addTo(this.#baselines.allPerson, constantLabels(width, height, this.#person), truth);
    this.#addTo(this.#baselines.ellipse, centredEllipse(width, height, this.#person), truth);
    this.#addTo(this.#baselines.allBackground, constantLabels(width, height, 0), truth);
    const one = this.#pair();
    this.#addTo(one, prediction, truth);
    const { personIoU } = one.people.result();
    return Number.isNaN(personIoU) ? one.classes.result().pixelAccuracy : personIoU;
  }

  #addTo({ classes, people }: Pair, prediction: Uint8Array, { labels, people: truth }: SegmentationTruth): void {
    if (labels) classes.add(prediction, labels);
    people.add(prediction.map((id) => (id === this.#person ? 1 : 0)), truth);
  }

  /** Figures of one contestant. Classes that the truth never shows have no part in the mean. */
  #figures({ classes, people }: Pair, perClass: boolean): Figures {
    const { personIoU, personIoUPooled } = people.result();
    if (!this.#labelled) return { personIoU, personIoUPooled };
    const scores = classes.result();
    const shown = this.classes.filter(({ id }) => this.classes.some((other) => classes.confusion(id, other.id) > 0));
    const ious = Object.fromEntries(shown.map(({ name }) => [name, scores.perClass[name]]));
    const values = Object.values(ious);
    const mIoU = values.reduce((sum, value) => sum + value, 0) / values.length;
    return { mIoU, pixelAccuracy: scores.pixelAccuracy, personIoU, personIoUPooled, ...(perClass ? { perClass: ious } : {}) };
  }

  /** The report; undefined when nothing was added. */
  report(set: string): Report | undefined {
    if (this.#frames === 0) return undefined;
    const baselines = Object.fromEntries(Object.entries(this.#baselines).map(([name, pair]) => [name, this.#figures(pair, false)]));
    return { task: 'segmentation', set, items: this.#items.size, frames: this.#frames, metrics: this.#figures(this.#ours, true), baselines };
  }
}
