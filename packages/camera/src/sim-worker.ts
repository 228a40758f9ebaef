/** Entry of the worker thread that draws for the simulated camera; see sim/protocol.ts for what is said. */
import { parentPort } from 'node:worker_threads';
import { SextantError } from '@sextant/core';
import type { SimReply, SimRequest } from './sim/protocol.js';
import { worldRenderer } from './sim/world-renderer.js';

const port = parentPort;
if (port === null) throw new Error('sim-worker is the entry of a worker thread and cannot run by itself');

const renderer = worldRenderer();

async function answer(request: SimRequest): Promise<SimReply> {
  switch (request.kind) {
    case 'open':
      return { kind: 'opened', ...(await renderer.open(request.scene)) };
    case 'render': {
      const rgb = await renderer.render(request.index);
      // A view of something larger would transfer all of it.
      const own = rgb.byteLength === rgb.buffer.byteLength && rgb.buffer instanceof ArrayBuffer ? (rgb as Uint8Array<ArrayBuffer>) : new Uint8Array(rgb);
      return { kind: 'frame', index: request.index, rgb: own };
    }
  }
}

let queue = Promise.resolve(); // one at a time: opening is asynchronous
port.on('message', (request: SimRequest) => {
  queue = queue
    .then(() => answer(request))
    .catch((thrown: unknown): SimReply => {
      const { code, message, hint } = SextantError.from(thrown);
      return { kind: 'failed', code, message, hint };
    })
    .then((reply) => port.postMessage(reply, reply.kind === 'frame' ? [reply.rgb.buffer] : []));
});
