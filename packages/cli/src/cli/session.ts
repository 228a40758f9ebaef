import { constants } from 'node:os';
import { SextantError } from '@sextant/core';
import { Output } from './output.js';

/** The exit code of wrong usage. */
export const USAGE = 2;
/** The exit code of work that was done and did not pass its check. */
export const REJECTED = 3;
/** How long a command may take to close its files after a signal before the process ends regardless, milliseconds, unless it asks for more. */
const GRACE_MS = 10_000;
/** Errors of a stream that nobody reads any more: the pipe's reader is gone, the terminal is, or the descriptor was never open. */
const UNREAD: readonly (string | undefined)[] = ['EPIPE', 'EIO', 'EBADF'];

/** What a command's work is given. */
export interface Work {
  readonly output: Output;
  /** Aborted by SIGINT, SIGTERM and SIGHUP: stop, close files, return. */
  readonly signal: AbortSignal;
  /** The name of the signal that aborted, if one did. */
  readonly stoppedBy: () => NodeJS.Signals | undefined;
}

/** How signals are taken. */
export interface SessionOptions {
  /** How long closing may take after a signal, milliseconds. @default 10 000 */
  readonly graceMs?: number;
  /** Whether a signal is one of the ways in which the work is done: then 0 is the exit code after one too. @default false */
  readonly doneBySignal?: boolean;
}

/**
 * Runs the work of one command to its end: turns signals into an abort (and a second one into an immediate end) and
 * errors into lines, and sets the exit code: what `work` returned (default 0), 2 for a `bad-argument`, 1 for other errors;
 * after a signal 128 + its number in the place of 0. Where nobody reads stdout any more the work is stopped as by SIGPIPE;
 * where nobody reads stderr it goes on.
 */
export async function runSession(json: boolean, work: (context: Work) => Promise<number | undefined>, { graceMs = GRACE_MS, doneBySignal = false }: SessionOptions = {}): Promise<void> {
  const output = new Output(json);
  const abort = new AbortController();
  let stoppedBy: NodeJS.Signals | undefined;
  let asked = false;
  const code = (name: NodeJS.Signals): number => 128 + constants.signals[name];
  const stop = (name: NodeJS.Signals): void => {
    // Only a person who asks again is in a hurry. A terminal that closes breaks pipes and sends SIGHUP, by its shell and by the kernel.
    const again = asked && name !== 'SIGHUP' && name !== 'SIGPIPE';
    if (again) process.exit(code(stoppedBy ?? name));
    asked ||= name !== 'SIGPIPE';
    if (stoppedBy !== undefined) return;
    stoppedBy = name;
    abort.abort(name);
    setTimeout(() => process.exit(code(name)), graceMs).unref();
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, stop);
  // A reader that went away (`| head`) is the end of the command, not a failure. These stay: every later write fails too.
  process.stdout.on('error', unread(() => {
    stop('SIGPIPE');
  }));
  // A log that nobody reads (`2>&1 | head`, a closed terminal) is no reason to stop what is recorded.
  process.stderr.on('error', unread(() => {}));
  try {
    const result = (await work({ output, signal: abort.signal, stoppedBy: () => stoppedBy })) ?? 0;
    process.exitCode = stoppedBy === undefined || doneBySignal || result !== 0 ? result : code(stoppedBy);
  } catch (thrown) {
    if (stoppedBy !== undefined && isStop(thrown, abort.signal)) {
      process.exitCode = code(stoppedBy);
    } else {
      const error = SextantError.from(thrown);
      output.error(error);
      process.exitCode = error.code === 'bad-argument' ? USAGE : 1;
    }
  } finally {
    for (const name of signals) process.off(name, stop);
  }
  // Whatever still holds the process (a worker that is being killed, a socket) has had its time; who reads stdout slowly has what waits first.
  const end = (): void => void setTimeout(() => process.exit(), 1000).unref();
  if (process.stdout.writableLength > 0) process.stdout.write('', end);
  else end();
}

/** A listener to a stream's errors that takes those of one that nobody reads, and throws all others. */
function unread(then: () => void): (error: NodeJS.ErrnoException) => void {
  return (error) => {
    if (!UNREAD.includes(error.code)) throw error;
    then();
  };
}

/** Whether an error only says that `signal` stopped the work: it is the signal's reason, an `AbortError`, or caused by one. */
export function isStop(thrown: unknown, signal: AbortSignal): boolean {
  if (!signal.aborted) return false;
  if (thrown === signal.reason) return true;
  return thrown instanceof Error && (thrown.name === 'AbortError' || isStop(thrown.cause, signal));
}

/** A promise that settles like `promise`, or rejects when `signal` is aborted first; `release` then gets the late value. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal, release: (value: T) => void): Promise<T> {
  let leave = (): void => {};
  const aborted = new Promise<never>((_resolve, reject) => {
    leave = () => {
      reject(new SextantError('internal', `stopped by ${String(signal.reason)}`, { hint: 'Run it again.', cause: signal.reason }));
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
