import { Subject } from 'rxjs';
import type { Observable } from 'rxjs';
import type { Log } from '../messages/types.js';
import { toTime } from '../topics/header.js';

/** rcl_interfaces/msg/Log's levels that are used here. */
const LEVELS = { info: 20, warning: 30, error: 40 } as const;
export type LogLevel = keyof typeof LEVELS;

/** One line of the run's log. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The same words are said once in so long. */
const QUIET_MS = 5000;
/** In all, so many lines in that time; then it is quiet until the time is over. */
const BURST = 50;

/** Passes log lines on, but not without end. */
export class LogBook {
  readonly entries$: Observable<LogEntry>;
  readonly #entries = new Subject<LogEntry>();
  readonly #said = new Set<string>();
  #since = -Infinity;

  /** @param now milliseconds */
  constructor(private readonly now: () => number) {
    this.entries$ = this.#entries.asObservable();
  }

  /** The entry as it was passed on; undefined where it was not. */
  add(level: LogLevel, message: string, details: Readonly<Record<string, unknown>>): LogEntry | undefined {
    const nowMs = this.now();
    if (nowMs - this.#since > QUIET_MS) {
      this.#since = nowMs;
      this.#said.clear();
    }
    if (this.#said.size >= BURST || this.#said.has(message)) return undefined;
    this.#said.add(message);
    const entry: LogEntry = { level, message, details, nowMs };
    this.#entries.next(entry);
    return entry;
  }

  close(): void {
    this.#entries.complete();
  }
}

/** A line as `/rosout` carries it. @param stamp nanoseconds */
export function logMessage({ level, message }: LogEntry, name: string, stamp: bigint): Log {
  return { stamp: toTime(stamp), level: LEVELS[level], name, msg: message, file: '', function: '', line: 0 };
}
