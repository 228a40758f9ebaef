import type { SegmentationClass } from '@sextant/core';
import { SegmentationMetrics, VOID_LABEL, centredEllipse, constantLabels } from '@sextant/model';
import type { ScoredClass } from '@sextant/model';
import { SUPERSET_CLASSES } from '@sextant/world';
import { isFine, toSupersets } from './class-maps.js';
import type { Figures, Report } from './report.js';

const PEOPLE = [{ id: 0, name: 'background' }, { id: 1, name: 'person' }];

/** A picture's truth. Without `labels` and `supersets` only people are labelled. */
export interface SegmentationTruth {
  readonly width: number;
  readonly height: number;
  /** Class ids of the model, `VOID_LABEL` where it does not count. */
  readonly labels?: Uint8Array;
  /** Superset ids, where the truth knows no finer ones; `VOID_LABEL` where it does not count. */
  readonly supersets?: Uint8Array;
  /** 1 person, 0 anything else, `VOID_LABEL` where it does not count. */
  readonly people: Uint8Array;
}

/** What is scored side by side: the model's own classes, the supersets, and people against all else. */
interface Scores {
  readonly classes: SegmentationMetrics;
  readonly supersets: SegmentationMetrics;
  readonly people: SegmentationMetrics;
}

/** Segmentation scores of a set beside those of pictures that are one class, or an ellipse of person. */
export class SegmentationTally {
  readonly #person: number;
  readonly #toSuperset: Uint8Array;
  readonly #ours: Scores;
  readonly #baselines: Readonly<Record<'allPerson' | 'ellipse' | 'allBackground', Scores>>;
  readonly #items = new Set<string>();
  #known: 'people' | 'supersets' | 'classes' = 'people';
  #frames = 0;

  /** @param classes the model's: fine ones of the world, or the supersets */
  constructor(private readonly classes: readonly SegmentationClass[]) {
    this.#person = classes.find(({ name }) => name === 'person')?.id ?? VOID_LABEL - 1;
    this.#toSuperset = toSupersets(classes);
    this.#ours = this.#scores();
    this.#baselines = { allPerson: this.#scores(), ellipse: this.#scores(), allBackground: this.#scores() };
  }

  #scores(): Scores {
    return { classes: new SegmentationMetrics(this.classes), supersets: new SegmentationMetrics(SUPERSET_CLASSES), people: new SegmentationMetrics(PEOPLE) };
  }

  /** Adds one picture; returns the IoU of its people, or the share of right pixels (supersets) where there are none. */
  add(item: string, prediction: Uint8Array, truth: SegmentationTruth): number {
    const { width, height, labels } = truth;
    const whole = { ...truth, ...(labels && !truth.supersets ? { supersets: labels.map((id) => this.#toSuperset[id]) } : {}) };
    this.#items.add(item);
    this.#frames += 1;
    if (labels) this.#known = 'classes';
    else if (whole.supersets && this.#known === 'people') this.#known = 'supersets';
    this.#addTo(this.#ours, prediction, whole);
    this.#addTo(this.#baselines.allPerson, constantLabels(width, height, this.#person), whole);
    this.#addTo(this.#baselines.ellipse, centredEllipse(width, height, this.#person), whole);
    this.#addTo(this.#baselines.allBackground, constantLabels(width, height, 0), whole);
    const one = this.#scores();
    this.#addTo(one, prediction, whole);
    const { personIoU } = one.people.result();
    return Number.isNaN(personIoU) ? one.supersets.result().pixelAccuracy : personIoU;
  }

  #addTo({ classes, supersets, people }: Scores, prediction: Uint8Array, truth: SegmentationTruth): void {
    if (truth.labels) classes.add(prediction, truth.labels);
    if (truth.supersets) supersets.add(prediction.map((id) => this.#toSuperset[id]), truth.supersets);
    people.add(prediction.map((id) => (id === this.#person ? 1 : 0)), truth.people);
  }

  /** Figures of one contestant. */
  #figures({ classes, supersets, people }: Scores, perClass: boolean): Figures {
    const { personIoU, personIoUPooled } = people.result();
    if (this.#known === 'people') return { personIoU, personIoUPooled };
    const coarse = iousOf(supersets, SUPERSET_CLASSES);
    const [own, ious] = this.#known === 'classes' ? [classes, iousOf(classes, this.classes)] : [supersets, coarse];
    const fine = this.#known === 'classes' && isFine(this.classes);
    return {
      mIoU: mean(ious), classes: Object.keys(ious).length, mIoUSupersets: mean(coarse), pixelAccuracy: own.result().pixelAccuracy, personIoU, personIoUPooled,
      ...(perClass ? { perClass: ious, ...(fine ? { perSuperset: coarse } : {}) } : {}),
    };
  }

  /** The report; undefined when nothing was added. */
  report(set: string): Report | undefined {
    if (this.#frames === 0) return undefined;
    const baselines = Object.fromEntries(Object.entries(this.#baselines).map(([name, scores]) => [name, this.#figures(scores, false)]));
    return { task: 'segmentation', set, items: this.#items.size, frames: this.#frames, metrics: this.#figures(this.#ours, true), baselines };
  }
}

/**
 * IoU by name of the classes that the truth shows anywhere. A class the model says and the truth never shows has none of its
 * own: its pixels already count against the classes they were taken from. One that neither shows has no part at all.
 */
function iousOf(metrics: SegmentationMetrics, classes: readonly ScoredClass[]): Readonly<Record<string, number>> {
  const { perClass } = metrics.result();
  const shown = classes.filter(({ id }) => metrics.shown(id));
  return Object.fromEntries(shown.map(({ name }) => [name, perClass[name]]));
}

function mean(ious: Readonly<Record<string, number>>): number {
  const values = Object.values(ious);
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
