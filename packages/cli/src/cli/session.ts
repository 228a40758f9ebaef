import { constants } from 'node:os';
import { SextantError } from '@sextant/core';
import { Output } from './output.js';

/** The exit code of wrong usage. */
export const USAGE = 2;
/** The exit code of work that was done and did not pass its check. */
export const REJECTED = 3;
/** How long a command may take to close its files after a signal before the process ends regardless, milliseconds, unless it asks for more. */
const GRACE_MS = 10_000;

/** What a command's work is given. */
export interface Work {
  readonly output: Output;
  /** Aborted by SIGINT, SIGTERM and SIGHUP: stop, close files, return. */
  readonly signal: AbortSignal;
  /** The name of the signal that aborted, if one did. */
  readonly stoppedBy: () => NodeJS.Signals | undefined;
}

/**
 * Runs the work of one command to its end: turns signals into an abort (and a second one into an immediate end) and
 * errors into lines, and sets the exit code: what `work` returned (default 0), 128 + the signal's number, 2 for a
 * `bad-argument`, 1 for other errors.
 */
export async function runSession(json: boolean, work: (context: Work) => Promise<number | undefined>, graceMs = GRACE_MS): Promise<void> {
  const output = new Output(json);
  const abort = new AbortController();
  let stoppedBy: NodeJS.Signals | undefined;
  const code = (name: NodeJS.Signals): number => 128 + constants.signals[name];
  const stop = (name: NodeJS.Signals): void => {
    if (stoppedBy !== undefined) process.exit(code(stoppedBy));
    stoppedBy = name;
    abort.abort(name);
    setTimeout(() => process.exit(code(name)), graceMs).unref();
  };
  // A reader that went away (`| head`) is the end of the command, not a failure.
  const brokenPipe = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') throw error;
    if (stoppedBy === undefined) stop('SIGPIPE');
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, stop);
  process.stdout.on('error', brokenPipe);
  try {
    const result = await work({ output, signal: abort.signal, stoppedBy: () => stoppedBy });
    process.exitCode = stoppedBy === undefined ? (result ?? 0) : code(stoppedBy);
  } catch (thrown) {
    if (stoppedBy === undefined) {
      const error = SextantError.from(thrown);
      output.error(error);
      process.exitCode = error.code === 'bad-argument' ? USAGE : 1;
    } else {
      process.exitCode = code(stoppedBy); // whatever broke, broke because of the end
    }
  } finally {
    for (const name of signals) process.off(name, stop);
  }
  // Whatever still holds the process (a worker that is being killed, a socket) has had its time.
  setTimeout(() => process.exit(), 1000).unref();
}

/** A promise that settles like `promise`, or rejects when `signal` is aborted first; `release` then gets the late value. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal, release: (value: T) => void): Promise<T> {
  let leave = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    leave = () => {
      reject(new SextantError('internal', `stopped by ${String(signal.reason)}`, { hint: 'Run it again.' }));
    };
    if (signal.aborted) leave();
    else signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } catch (error) {
    if (signal.aborted) promise.then(release, () => {});
    throw error;
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
