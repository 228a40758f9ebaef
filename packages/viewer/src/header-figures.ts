import type { FrameResult } from '@sextant/client';
import { byId, setText } from './dom.js';

/** Long enough for a rate below one. */
const WINDOW_MS = 4000;

/** Rate and latency of the frames shown, in the header. */
export class HeaderFigures {
  readonly #rate = byId('rate');
  readonly #latency = byId('latency');
  readonly #drops = byId('drops');
  #arrivals: { readonly at: number; readonly total: number; readonly model: number }[] = [];

  /** Milliseconds since the newest frame; undefined before the first. */
  silentMs(now = performance.now()): number | undefined {
    const newest = this.#arrivals.at(-1);
    return newest === undefined ? undefined : now - newest.at;
  }

  add({ latency }: FrameResult, now = performance.now()): void {
    this.#arrivals.push({ at: now, total: latency.totalMs, model: latency.modelMs });
  }

  reset(): void {
    this.#arrivals = [];
  }

  /** Writes them, once a second or so. */
  show(drops: number | undefined, now = performance.now()): void {
    const newest = this.#arrivals.at(-1);
    const recent = this.#arrivals.filter(({ at }) => at > now - WINDOW_MS);
    this.#arrivals = recent.length === 0 && newest !== undefined ? [newest] : recent;
    const seconds = recent.length > 1 ? (recent[recent.length - 1].at - recent[0].at) / 1000 : 0;
    setText(this.#rate, seconds > 0 ? `${((recent.length - 1) / seconds).toFixed(1)} fps` : '-');
    const totals = recent.map(({ total }) => total).sort((a, b) => a - b);
    const median = totals[totals.length >> 1] as number | undefined;
    setText(this.#latency, median === undefined ? '-' : `${median.toFixed(0)} ms`);
    const model = recent.at(-1)?.model;
    this.#latency.title = model === undefined ? '' : `From the frame's arrival at the model to this page; the model took ${model.toFixed(0)} ms`;
    setText(this.#drops, drops === undefined ? '-' : String(drops));
  }
}
