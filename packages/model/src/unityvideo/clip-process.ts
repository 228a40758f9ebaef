import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SextantError } from '@sextant/core';
import type { DeviceName } from '../runtime/device.js';
import type { WireError } from '../runtime/messages.js';
import type { ClipJob, ClipProgress, ClipResult } from './make-clip.js';

/** All that the process is told: one of these, once. */
export type ToClipWorker = { readonly type: 'make'; readonly job: ClipJob } | { readonly type: 'probe'; readonly device: DeviceName };

/** All that the process says. */
export type FromClipWorker =
  | { readonly type: 'works' }
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
 * `signal` was aborted: it resolves when the process is gone. What `onProgress` throws ends the process and is the error.
 * @throws SextantError `model-damaged`, `inference-failed`, `worker-lost`.
 */
export async function runClip(job: ClipJob, onProgress: (progress: ClipProgress) => void, signal: AbortSignal): Promise<ClipResult | undefined> {
  const answer = await ask({ type: 'make', job }, onProgress, signal);
  return answer?.type === 'made' ? answer.result : undefined;
}

/** Starts a device's driver in a process of its own. @throws SextantError `device-unavailable`, `worker-lost` where the driver takes the process along. */
export async function probeInProcess(device: DeviceName): Promise<void> {
  await ask({ type: 'probe', device }, () => {}, new AbortController().signal);
}

type Answer = Extract<FromClipWorker, { type: 'made' | 'works' }>;

function ask(message: ToClipWorker, onProgress: (progress: ClipProgress) => void, signal: AbortSignal): Promise<Answer | undefined> {
  if (signal.aborted) return Promise.resolve(undefined);
  // What native code says of a device that is only tried is nobody's business.
  const err = message.type === 'probe' ? 'ignore' : 2;
  const child = fork(workerFile(), [], { serialization: 'advanced', execArgv: [], env: process.env, stdio: ['ignore', err, err, 'ipc'] });
  const stop = (): void => void child.kill('SIGKILL');
  signal.addEventListener('abort', stop, { once: true });
  return new Promise((resolve, reject) => {
    let answer: Answer | SextantError | undefined;
    let thrown: { readonly error: Error } | undefined;
    const tell = (progress: ClipProgress): void => {
      try {
        if (!thrown) onProgress(progress);
      } catch (error) {
        thrown = { error: error as Error }; // left to the channel's event it would end this process
        stop();
      }
    };
    child.on('message', (raw) => {
      const said = raw as FromClipWorker;
      if (said.type === 'progress') tell({ phase: said.phase, done: said.done, total: said.total });
      else if (said.type === 'failed') answer = new SextantError(said.error.code, said.error.message, { hint: said.error.hint, details: { ...said.error.details } });
      else answer = said;
    });
    child.once('error', (cause) => reject(lost(`its process failed: ${cause.message}`, cause)));
    child.once('exit', (code, killed) => {
      signal.removeEventListener('abort', stop);
      if (thrown) reject(thrown.error);
      else if (signal.aborted) resolve(undefined);
      else if (answer instanceof Error) reject(answer);
      else if (answer) resolve(answer);
      else reject(lost(`its process ended (${killed ?? `exit ${code}`})`));
    });
    child.send(message, (error) => error && !signal.aborted && stop());
  });
}

function lost(why: string, cause?: unknown): SextantError {
  return new SextantError('worker-lost', `the inference worker is gone: ${why}`, { hint: 'Look for a lack of memory, or try --device cpu.', details: { why }, ...(cause === undefined ? {} : { cause }) });
}
