import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { SextantError } from '@sextant/core';
import type { SimRenderer, SimReply, SimRequest } from './protocol.js';

/** Where the built worker lies: beside the built index, or, from sources (tests), in the package's `dist`. */
function workerUrl(): URL {
  const places = [new URL('./sim-worker.js', import.meta.url), new URL('../../dist/sim-worker.js', import.meta.url)];
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new SextantError('internal', 'the worker of the simulated camera is not built', {
    hint: 'Run `npm run build` once in the checkout.',
    details: { lookedFor: places.map(String) },
  });
}

/** A renderer in a worker thread of its own: the event loop never waits for a picture. */
export function workerRenderer(): SimRenderer {
  const worker = new Worker(workerUrl());
  const pending: { resolve: (reply: SimReply) => void; reject: (error: unknown) => void }[] = [];
  let gone: SextantError | undefined;

  const lose = (cause: unknown): void => {
    gone ??= new SextantError('worker-lost', `the simulated camera's worker is gone: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'Subscribe again to start another; if it happens again, please report it.',
      cause,
    });
    for (const { reject } of pending.splice(0)) reject(gone);
  };
  worker.on('error', lose);
  worker.on('exit', (code) => lose(`it exited with ${code}`));
  worker.on('message', (reply: SimReply) => {
    const waiting = pending.shift();
    if (reply.kind === 'failed') waiting?.reject(new SextantError(reply.code, reply.message, { hint: reply.hint }));
    else waiting?.resolve(reply);
  });

  const ask = async (request: SimRequest): Promise<SimReply> => {
    if (gone !== undefined) throw gone;
    return new Promise<SimReply>((resolve, reject) => {
      pending.push({ resolve, reject });
      worker.postMessage(request);
    });
  };
  const unexpected = (reply: SimReply): SextantError =>
    new SextantError('internal', `the simulated camera's worker answered '${reply.kind}' out of turn`, { hint: 'Please report this.' });

  return {
    async open(scene) {
      const reply = await ask({ kind: 'open', scene });
      if (reply.kind !== 'opened') throw unexpected(reply);
      return { camera: reply.camera, caption: reply.caption };
    },
    async render(index) {
      const reply = await ask({ kind: 'render', index });
      if (reply.kind !== 'frame') throw unexpected(reply);
      return reply.rgb;
    },
    close() {
      pending.length = 0; // what is under way never answers
      void worker.terminate();
    },
  };
}
