import type { Output } from '../cli/output.js';
import type { RunStats } from './stats.js';

/** Where stderr is no terminal, a line so rarely that a log stays readable. */
const LOG_PERIOD_MS = 10_000;

/** The run's one line on stderr for people: rewritten in place on a terminal, appended now and then elsewhere. */
export class StatusLine {
  #shown = false;
  #loggedAt = performance.now();

  constructor(private readonly output: Output) {}

  show(stats: RunStats, frames: number, clients: number): void {
    if (this.output.json) return;
    const dropped = Object.values(stats.dropped).reduce((sum, count) => sum + count, 0);
    const { p50, p99 } = stats.latencyMs;
    const latency = p50 === null ? 'nobody listens' : `latency ${p50.toFixed(0)}/${(p99 ?? p50).toFixed(0)} ms`;
    const text = `${stats.fps.toFixed(1)} fps  ${latency}  frames ${frames}  clients ${clients}  dropped ${dropped}  ${stats.rssMiB.toFixed(0)} MiB`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\x1b[K${text}`);
      this.#shown = true;
    } else if (performance.now() - this.#loggedAt >= LOG_PERIOD_MS) {
      this.#loggedAt = performance.now();
      this.output.note(text);
    }
  }

  /** Leaves the line standing. */
  end(): void {
    if (this.#shown) process.stderr.write('\n');
    this.#shown = false;
  }
}
