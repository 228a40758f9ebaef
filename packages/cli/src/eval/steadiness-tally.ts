import type { Perception } from '@sextant/core';
import { SteadinessMetrics } from '@sextant/model';
import type { Motion, SteadinessScores, SteadySample } from '@sextant/model';
import type { Figures, Report } from './report.js';

/** What a perception is compared by. */
export const sampleOf = ({ depth, segmentation }: Pick<Perception, 'depth' | 'segmentation'>): SteadySample => ({
  ...(depth ? { depth: depth.metres } : {}), ...(segmentation ? { labels: segmentation.labels } : {}),
});

/** One frame of a sequence, estimated in the ways that are compared. */
export interface SteadyFrame {
  /** As a stream: with the cache. */
  readonly streaming: SteadySample;
  /** Each frame alone. */
  readonly perFrame: SteadySample;
  /** The truth, where it is known. */
  readonly truth?: SteadySample;
}

const WAYS = ['streaming', 'perFrame', 'truth'] as const;

/** Steadiness of a set: streaming against one frame at a time, and against the truth, which changes as well where the camera nears things. */
export class SteadinessTally {
  readonly #metrics = { streaming: new SteadinessMetrics(), perFrame: new SteadinessMetrics(), truth: new SteadinessMetrics() };
  readonly #items = new Set<string>();

  /** Adds two neighbouring frames and the motion between them. */
  add(item: string, now: SteadyFrame, before: SteadyFrame, motion: Motion): void {
    this.#items.add(item);
    for (const way of WAYS) {
      const [a, b] = [now[way], before[way]];
      if (a && b) this.#metrics[way].add(a, b, motion);
    }
  }

  /** The report; undefined when nothing could be compared. `ratio` and the others like it are streaming / one frame at a time. */
  report(set: string): Report | undefined {
    const [ours, alone, truth] = WAYS.map((way) => this.#metrics[way].result());
    if (ours.pairs === 0) return undefined;
    const ratios = {
      ratio: ours.depthMedian / alone.depthMedian, ratioMean: ours.depthMean / alone.depthMean, ratioCentred: ours.depthMedianCentred / alone.depthMedianCentred,
      ratioLabels: ours.labelsChanged / alone.labelsChanged,
    };
    return {
      task: 'steadiness', set, items: this.#items.size, frames: ours.pairs, metrics: { ...ratios, ...figures(ours) },
      baselines: { perFrame: figures(alone), ...(truth.pairs > 0 ? { truth: figures(truth) } : {}) },
    };
  }
}

const figures = ({ depthMedian, depthMean, depthMedianCentred, depthMeanCentred, labelsChanged }: SteadinessScores): Figures =>
  ({ depthMedian, depthMean, depthMedianCentred, depthMeanCentred, labelsChanged });
