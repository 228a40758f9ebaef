import { monitorEventLoopDelay } from 'node:perf_hooks';
import { LatencyHistogram } from '@sextant/core';
import type { Frame, Perception } from '@sextant/core';
import type { RosBridge } from '@sextant/ros';

/** How often the event loop's delay is sampled; the sampler counts its own period. */
const RESOLUTION_MS = 10;
const MEBIBYTE = 1 << 20;

/** The fields of a `stats` line. */
export interface RunStats {
  /** Perceptions published per second over the last two seconds. */
  readonly fps: number;
  /** From a frame leaving its source to its publication, since the line before; null where nothing was computed. */
  readonly latencyMs: { readonly p50: number | null; readonly p99: number | null };
  /** Messages since the start, by topic that had listeners. */
  readonly published: Readonly<Record<string, number>>;
  /** Values lost since the start, by the place that lost them. */
  readonly dropped: Readonly<Record<string, number>>;
  readonly eventLoopDelayMs: { readonly p99: number };
  readonly rssMiB: number;
}

/** Measures one run for its `stats` lines. */
export class RunMeter {
  readonly #arrivals = new WeakMap<Frame, number>();
  readonly #latency = new LatencyHistogram();
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #frames = 0;

  constructor(private readonly bridge: RosBridge) {
    this.#delay.enable();
  }

  /** Perceptions published so far. */
  get frames(): number {
    return this.#frames;
  }

  /** A frame comes out of the source. */
  arrived(frame: Frame): void {
    this.#arrivals.set(frame, performance.now());
  }

  /** A perception was published. */
  published(perception: Perception): void {
    this.#frames += 1;
    const arrived = this.#arrivals.get(perception.frame);
    // A frame for which nothing was computed says nothing about the model's latency.
    if (arrived !== undefined && perception.latencyMs > 0) this.#latency.record(performance.now() - arrived);
  }

  /** The next line's fields; starts new windows. */
  read(): RunStats {
    const { count, p50, p99 } = this.#latency.summary();
    const delay = this.#delay.percentile(99) / 1e6 - RESOLUTION_MS;
    const stats: RunStats = {
      fps: round(this.bridge.health().fps),
      latencyMs: { p50: count === 0 ? null : round(p50), p99: count === 0 ? null : round(p99) },
      published: Object.fromEntries(Object.entries(this.bridge.stats()).flatMap(([topic, { published }]) => (published > 0 ? [[topic, published]] : []))),
      dropped: this.bridge.drops.snapshot(),
      eventLoopDelayMs: { p99: round(Number.isFinite(delay) ? Math.max(0, delay) : 0) },
      rssMiB: round(process.memoryUsage.rss() / MEBIBYTE),
    };
    this.#latency.reset();
    this.#delay.reset();
    return stats;
  }

  close(): void {
    this.#delay.disable();
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
