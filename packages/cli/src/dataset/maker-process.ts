import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SextantError } from '@sextant/core';
import type { ErrorCode } from '@sextant/core';
import type { PlannedClip } from '@sextant/synth';
import type { ClipResult } from './clip-record.js';
import { ClipMaker } from './make-clip.js';
import type { MakerSettings } from './make-clip.js';

/** What makes clips: in this process, or in one of its own. */
export interface Maker {
  make(clip: PlannedClip, signal: AbortSignal): Promise<ClipResult | undefined>;
  close(): Promise<void>;
  readonly pid?: number | undefined;
}

type Request = { readonly settings: MakerSettings } | { readonly clip: PlannedClip } | { readonly stop: true };
type Reply = { readonly result?: ClipResult | undefined } | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly hint: string; readonly details: Record<string, unknown> } };

/** A maker in a process of its own: it has a core to itself, and may die without taking the others along. */
export class ForkedMaker implements Maker {
  readonly #child: ChildProcess;

  constructor(settings: MakerSettings) {
    this.#child = fork(fileURLToPath(new URL('./dataset-worker.js', import.meta.url)), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.#send({ settings });
  }

  /** The process, while it lives. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  make(clip: PlannedClip, signal: AbortSignal): Promise<ClipResult | undefined> {
    return new Promise((resolve, reject) => {
      const stop = (): void => this.#send({ stop: true });
      const done = (act: () => void): void => {
        this.#child.off('message', reply).off('exit', lost);
        signal.removeEventListener('abort', stop);
        act();
      };
      const reply = (message: Reply): void => done(() => {
        if ('error' in message) reject(new SextantError(message.error.code, message.error.message, message.error));
        else resolve(message.result);
      });
      const lost = (code: number | null, by: NodeJS.Signals | null): void => done(() => {
        // Ctrl-C reaches the whole group, and ends a process that has not begun to listen.
        if (signal.aborted) resolve(undefined);
        else reject(new SextantError('worker-lost', `the process that made clip ${clip.index} ended (${by ?? `exit code ${code}`})`, { hint: 'If memory ran out, take fewer --workers; the same command with --resume goes on.', details: { clip: clip.index, code, signal: by } }));
      });
      this.#child.on('message', reply).on('exit', lost);
      signal.addEventListener('abort', stop, { once: true });
      if (this.#child.exitCode !== null || this.#child.signalCode !== null) lost(this.#child.exitCode, this.#child.signalCode);
      else this.#send({ clip });
    });
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.disconnect(); // it ends when nobody talks to it any more
    await ended;
  }

  #send(request: Request): void {
    // One that has ended says so by `exit`.
    if (this.#child.connected) this.#child.send(request, () => {});
  }
}

/** The other side of `ForkedMaker`: serves until the parent goes away. */
export function serveMaker(): void {
  const abort = new AbortController();
  let maker: ClipMaker | undefined;
  let working: Promise<void> = Promise.resolve();
  const answer = (reply: Reply): void => void process.send?.(reply);
  // Ctrl-C reaches the whole group: the parent says when to stop.
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {});
  process.on('message', (request: Request) => {
    if ('settings' in request) maker = new ClipMaker(request.settings);
    else if ('stop' in request) abort.abort('stopped');
    else {
      working = maker!.make(request.clip, abort.signal).then((result) => answer({ result }), (thrown: unknown) => {
        const { code, message, hint, details } = SextantError.from(thrown);
        answer({ error: { code, message, hint, details } });
      });
    }
  });
  process.on('disconnect', () => {
    abort.abort('the command is gone');
    void working.then(() => maker?.close()).finally(() => process.exit());
  });
}
