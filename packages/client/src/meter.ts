import { LatencyHistogram, RateMeter } from '@sextant/core';
import type { LatencySummary, StreamCounters } from '@sextant/core';
import type { LatencyStats, StreamStats } from './client.js';
import type { Latency } from './results.js';

/** Counters and latencies of one subscription; latencies are those of the last whole second. */
export class StreamMeter {
  readonly #rate = new RateMeter();
  readonly #histograms = { decodeMs: new LatencyHistogram(), deliveryMs: new LatencyHistogram(), totalMs: new LatencyHistogram() };
  #summaries: Record<'decodeMs' | 'deliveryMs' | 'totalMs', LatencyStats> = { decodeMs: { p50: 0, p99: 0 }, deliveryMs: { p50: 0, p99: 0 }, totalMs: { p50: 0, p99: 0 } };
  #bytes = 0;
  #bytesPerSecond = 0;
  #received = 0;
  /** Drops that the server told of on this connection, and on those before. */
  #told = 0;
  #before = 0;
  droppedHere = 0;

  constructor(readonly kind: string, readonly camera: number) {}

  record(latency: Latency, bytes: number): void {
    this.#received += 1;
    this.#bytes += bytes;
    this.#rate.mark(performance.now());
    for (const name of ['decodeMs', 'deliveryMs', 'totalMs'] as const) this.#histograms[name].record(latency[name]);
  }

  server({ dropped }: StreamCounters): void {
    this.#told = dropped;
  }

  /** Another connection, which counts from 0. */
  opened(): void {
    this.#before += this.#told;
    this.#told = 0;
  }

  /** Begins the next second. */
  turn(): void {
    const short = ({ p50, p99 }: LatencySummary): LatencyStats => ({ p50, p99 });
    this.#bytesPerSecond = this.#bytes;
    this.#bytes = 0;
    const { decodeMs, deliveryMs, totalMs } = this.#histograms;
    this.#summaries = { decodeMs: short(decodeMs.summary()), deliveryMs: short(deliveryMs.summary()), totalMs: short(totalMs.summary()) };
    for (const histogram of Object.values(this.#histograms)) histogram.reset();
  }

  stats(): StreamStats {
    return {
      kind: this.kind, camera: this.camera, fps: this.#rate.rate(performance.now()), bytesPerSecond: this.#bytesPerSecond, received: this.#received,
      droppedByServer: this.#before + this.#told, droppedHere: this.droppedHere, ...this.#summaries,
    };
  }
}
