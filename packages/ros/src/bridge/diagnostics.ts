import { LatencyHistogram, RateMeter } from '@sextant/core';
import type { DropTotals, Perception } from '@sextant/core';
import type { DiagnosticArray, DiagnosticStatus } from '../messages/types.js';
import { toTime } from '../topics/header.js';

/** A stream is stale after this long without a perception. */
const STALE_MS = 2000;

/** Health of the stream, in the numbers the gateway and /diagnostics show. */
export interface BridgeHealth {
  /** Perceptions published so far. */
  readonly frames: number;
  /** Per second, over the last two seconds. */
  readonly fps: number;
  /** Model latency of the frames since the last report, milliseconds. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** Milliseconds since the last perception; undefined before the first. */
  readonly silentMs: number | undefined;
  /** What depth values mean, once depth was seen. */
  readonly depthProvenance: string | undefined;
}

/** Measures what passes through the bridge and words it as diagnostic_msgs. */
export class StreamMeter {
  readonly #rate = new RateMeter();
  #latency = new LatencyHistogram();
  #previous = new LatencyHistogram();
  #windowStart = 0;
  #lastMs: number | undefined;
  #provenance: string | undefined;

  mark(perception: Perception, nowMs: number): void {
    this.#rate.mark(nowMs);
    this.#lastMs = nowMs;
    // Two histograms, the older forgotten every five seconds: quantiles of the recent past in constant memory.
    if (nowMs - this.#windowStart > 5000) {
      this.#windowStart = nowMs;
      [this.#previous, this.#latency] = [this.#latency, this.#previous];
      this.#latency.reset();
    }
    this.#latency.record(perception.latencyMs);
    this.#provenance = perception.depth?.provenance ?? this.#provenance;
  }

  health(nowMs: number): BridgeHealth {
    const histogram = this.#latency.count >= 10 || this.#previous.count === 0 ? this.#latency : this.#previous;
    return {
      frames: this.#rate.count,
      fps: this.#rate.rate(nowMs),
      latencyMs: { p50: histogram.quantile(0.5), p99: histogram.quantile(0.99) },
      silentMs: this.#lastMs === undefined ? undefined : nowMs - this.#lastMs,
      depthProvenance: this.#provenance,
    };
  }
}

/** `/diagnostics`: one status with rate, latency and drops; stale when frames stop. @param stamp nanoseconds */
export function diagnosticArray(
  health: BridgeHealth,
  drops: DropTotals,
  extra: Readonly<Record<string, string>>,
  name: string,
  stamp: bigint,
): DiagnosticArray {
  const { level, message } = verdict(health);
  const values: Record<string, string> = {
    fps: health.fps.toFixed(2),
    'latency p50 ms': health.latencyMs.p50.toFixed(1),
    'latency p99 ms': health.latencyMs.p99.toFixed(1),
    frames: String(health.frames),
    'dropped total': String(Object.values(drops).reduce((sum, n) => sum + n, 0)),
    ...Object.fromEntries(Object.entries(drops).map(([where, count]) => [`dropped ${where}`, String(count)])),
    ...(health.depthProvenance === undefined ? {} : { 'depth provenance': health.depthProvenance }),
    ...extra,
  };
  const status: DiagnosticStatus = {
    level,
    name,
    message,
    hardware_id: 'sextant',
    values: Object.entries(values).map(([key, value]) => ({ key, value })),
  };
  return { header: { stamp: toTime(stamp), frame_id: '' }, status: [status] };
}

function verdict(health: BridgeHealth): Pick<DiagnosticStatus, 'level' | 'message'> {
  if (health.silentMs === undefined) return { level: 3, message: 'no frame yet' };
  if (health.silentMs > STALE_MS) return { level: 3, message: `no frame for ${(health.silentMs / 1000).toFixed(1)} s` };
  return { level: 0, message: `${health.fps.toFixed(1)} frames per second` };
}
