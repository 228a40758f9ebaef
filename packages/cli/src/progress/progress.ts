import { SingleBar } from 'cli-progress';
import type { Output } from '../cli/output.js';

const PERIOD_MS = 1000;

/** What is known of the work when it starts. */
export interface ProgressOptions {
  /** Steps done by earlier calls. */
  readonly done: number;
  /** Steps in all, where known. */
  readonly total?: number | undefined;
  /** `total` is a guess: it is shown with a `~`, and from there on the time left is not known. @default false */
  readonly totalEstimated?: boolean | undefined;
  /** What a step is. @default 'frames' */
  readonly unit?: 'frames' | 'clips';
}

/**
 * Progress of a long job: a bar with rate and time left on stderr (a line now and then where that is no terminal), or
 * `progress` events once a second with `--json`.
 */
export class Progress {
  readonly #bar: SingleBar | undefined;
  readonly #timer: NodeJS.Timeout;
  readonly #startedAt = performance.now();
  #steps = 0;

  constructor(
    output: Output,
    private readonly options: ProgressOptions,
  ) {
    const { done, total, totalEstimated = false, unit = 'frames' } = options;
    if (!output.json) {
      const amount = total === undefined ? `{value} ${unit}` : `{bar} {value}/${totalEstimated ? '~' : ''}{total} ${unit}`;
      this.#bar = new SingleBar({ format: `${amount}  {rate} ${unit}/s  {left}`, stream: process.stderr, hideCursor: true, noTTYOutput: true, notTTYSchedule: 5000, barsize: 30 });
      this.#bar.start(total ?? 0, done, this.#fields());
    }
    this.#timer = setInterval(() => {
      const { fps, etaSeconds } = this.#speed();
      output.event('progress', { [unit]: done + this.#steps, total: total ?? null, ...(totalEstimated && { totalEstimated }), [unit === 'frames' ? 'fps' : 'perSecond']: fps, etaSeconds });
      this.#bar?.update(this.#fields());
    }, PERIOD_MS);
    this.#timer.unref();
  }

  /** One more step is done. */
  step(): void {
    this.#steps += 1;
    this.#bar?.update(this.options.done + this.#steps, this.#fields());
  }

  end(): void {
    clearInterval(this.#timer);
    this.#bar?.stop();
  }

  #speed(): { fps: number; etaSeconds: number | null } {
    const seconds = (performance.now() - this.#startedAt) / 1000;
    const fps = this.#steps / seconds;
    const { done, total, totalEstimated = false } = this.options;
    const unknown = total === undefined || this.#steps === 0 || (totalEstimated && done + this.#steps >= total);
    const left = unknown ? null : Math.max(0, total - done - this.#steps) / fps;
    return { fps: Math.round(fps * 100) / 100, etaSeconds: left === null ? null : Math.round(left * 10) / 10 };
  }

  #fields(): Readonly<Record<string, string>> {
    const { fps, etaSeconds } = this.#speed();
    return { rate: fps.toFixed(this.options.unit === 'clips' ? 2 : 1), left: etaSeconds === null ? '' : `${clock(etaSeconds)} left` };
  }
}

function clock(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
