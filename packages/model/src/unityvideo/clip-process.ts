import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SextantError } from '@sextant/core';
import type { WireError } from '../runtime/messages.js';
import type { ClipJob, ClipProgress, ClipResult } from './make-clip.js';

/** All that the process says. */
export type FromClipWorker =
  | ({ readonly type: 'progress' } & ClipProgress)
  | { readonly type: 'made'; readonly result: ClipResult }
  | { readonly type: 'failed'; readonly error: WireError };

/** The built worker: beside the built index, or in dist when this runs from sources (tests). */
function workerFile(): string {
  const places = ['./latent-worker.js', '../../dist/latent-worker.js'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return places.find((path) => existsSync(path)) ?? places[0];
}

/**
 * Makes a clip in a process of its own: the event loop stays free, and native code that crashes or runs out of memory is an error here. `undefined` where
 * `signal` was aborted: it resolves when the process is gone.
 * @throws SextantError `model-damaged`, `inference-failed`, `worker-lost`.
 */
export function runClip(job: ClipJob, onProgress: (progress: ClipProgress) => void, signal: AbortSignal): Promise<ClipResult | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  const child = fork(workerFile(), [], { serialization: 'advanced', execArgv: [], env: process.env, stdio: ['ignore', 2, 2, 'ipc'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise<ClipResult | undefined>((resolve, reject) => {
    let answer: ClipResult | SextantError | undefined;
    child.on('message', (raw) => {
      const message = raw as FromClipWorker;
      if (message.type === 'progress') onProgress({ phase: message.phase, done: message.done, total: message.total });
      else if (message.type === 'made') answer = message.result;
      else answer = new SextantError(message.error.code, message.error.message, { hint: message.error.hint, details: { ...message.error.details } });
    });
    child.once('error', (cause) => reject(lost(`its process failed: ${cause.message}`, cause)));
    child.once('exit', (code, killed) => {
      signal.removeEventListener('abort', stop);
      if (signal.aborted) resolve(undefined);
      else if (answer instanceof Error) reject(answer);
      else if (answer) resolve(answer);
      else reject(lost(`its process ended (${killed ?? `exit ${code}`})`));
    });
    child.send(job, (error) => error && !signal.aborted && stop());
  });
}

function lost(why: string, cause?: unknown): SextantError {
  return new SextantError('worker-lost', `the inference worker is gone: ${why}`, { hint: 'Look for a lack of memory, or try --device cpu.', details: { why }, ...(cause === undefined ? {} : { cause }) });
}
