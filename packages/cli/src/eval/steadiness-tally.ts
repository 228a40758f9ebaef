import type { Perception } from '@sextant/core';
import { DepthMetrics, SteadinessMetrics } from '@sextant/model';
import type { Motion, SteadinessScores, SteadySample } from '@sextant/model';
import { everywhere, scorable } from './depth-tally.js';
import type { Figures, Report } from './report.js';

/** Depth and classes of one frame at its size, of one way. */
export interface Sample extends SteadySample {
  readonly depth?: Float32Array;
}

/** What a perception is compared by. */
export const sampleOf = ({ depth, segmentation }: Pick<Perception, 'depth' | 'segmentation'>): Sample => ({
  ...(depth ? { depth: depth.metres } : {}), ...(segmentation ? { labels: segmentation.labels } : {}),
});

/** One frame of a sequence, estimated in the ways that are compared. */
export interface SteadyFrame {
  /** As a stream: with the cache. */
  readonly streaming: Sample;
  /** The stream after `steady()`, where there is flow for it. */
  readonly steady?: Sample;
  /** Each frame alone. */
  readonly perFrame: Sample;
  /** The truth, where it is known. */
  readonly truth?: Sample;
}

/** What is known of one way: how much it changes, and how wrong its depth is. */
class Way {
  readonly steadiness = new SteadinessMetrics();
  readonly #accuracy = new DepthMetrics();
  #scored = false;

  add(now: Sample, before: Sample, motion: Motion): void {
    this.steadiness.add(now, before, motion);
  }

  /** @param truth metres, NaN where it does not count */
  score({ depth }: Sample, truth: Float32Array): void {
    if (depth && this.#accuracy.add(everywhere(depth), truth)) this.#scored = true;
  }

  figures(): Record<string, number> {
    return { ...figures(this.steadiness.result()), ...(this.#scored ? { absRelScale: this.#accuracy.result().absRelScale } : {}) };
  }
}

const ESTIMATES = ['streaming', 'steady', 'perFrame'] as const;

/**
 * Steadiness of a set: streaming, as it is and after `steady()`, against one frame at a time, and against the truth, which changes
 * as well where the camera nears things. Where there is a truth, the error of each way's depth is beside it: what is steadier
 * must not be worse.
 */
export class SteadinessTally {
  readonly #ways = { streaming: new Way(), steady: new Way(), perFrame: new Way() };
  readonly #truth = new SteadinessMetrics();
  readonly #items = new Set<string>();

  /** Adds two neighbouring frames and the motion between them; the error is that of the newer one. */
  add(item: string, now: SteadyFrame, before: SteadyFrame, motion: Motion): void {
    this.#items.add(item);
    const truth = now.truth?.depth && scorable(now.truth.depth);
    for (const way of ESTIMATES) {
      const [a, b] = [now[way], before[way]];
      if (!a || !b) continue;
      this.#ways[way].add(a, b, motion);
      if (truth) this.#ways[way].score(a, truth);
    }
    if (now.truth && before.truth) this.#truth.add(now.truth, before.truth, motion);
  }

  /**
   * The report; undefined when nothing could be compared. `ratio` and the others like it are streaming / one frame at a time,
   * `steadyRatio` and its like the stream after `steady()` / one frame at a time.
   */
  report(set: string): Report | undefined {
    const [ours, steady, alone] = ESTIMATES.map((way) => this.#ways[way].steadiness.result());
    const truth = this.#truth.result();
    if (ours.pairs === 0) return undefined;
    const ratios = { ...depthRatios(ours, alone), ratioLabels: ours.labelsChanged / alone.labelsChanged };
    return {
      task: 'steadiness', set, items: this.#items.size, frames: ours.pairs,
      metrics: { ...ratios, ...this.#ways.streaming.figures(), ...(steady.pairs > 0 ? steadied({ ...depthRatios(steady, alone), ...this.#ways.steady.figures() }) : {}) },
      baselines: { perFrame: this.#ways.perFrame.figures(), ...(truth.pairs > 0 ? { truth: figures(truth) } : {}) },
    };
  }
}

const figures = ({ depthMedian, depthMean, depthMedianCentred, depthMeanCentred, labelsChanged }: SteadinessScores): Record<string, number> =>
  ({ depthMedian, depthMean, depthMedianCentred, depthMeanCentred, labelsChanged });

const depthRatios = (a: SteadinessScores, b: SteadinessScores): Record<string, number> => ({
  ratio: a.depthMedian / b.depthMedian, ratioMean: a.depthMean / b.depthMean, ratioCentred: a.depthMedianCentred / b.depthMedianCentred,
});

/** Figures under the names `steadyRatio`, `steadyDepthMedian`, ...; classes are left out, which `steady()` does not touch. */
function steadied({ labelsChanged: _, ...scores }: Record<string, number>): Figures {
  return Object.fromEntries(Object.entries(scores).map(([name, value]) => [`steady${name[0].toUpperCase()}${name.slice(1)}`, value]));
}
