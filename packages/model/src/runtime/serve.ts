import { SextantError } from '@sextant/core';
import { Engine } from './engine.js';
import type { FromWorker, ToWorker } from './messages.js';

/** The worker's end of a connection. */
export interface Port {
  listen(onMessage: (message: ToWorker) => void): void;
  /** `transfer`: buffers that the receiver may take over; a transport that cannot do so copies them. */
  send(message: FromWorker, transfer: readonly ArrayBuffer[]): void;
}

/** Answers messages one after another with one engine. */
export function serve(port: Port): void {
  let engine: Engine | undefined;
  let last: Promise<void> = Promise.resolve();

  const answer = async (message: ToWorker): Promise<FromWorker | undefined> => {
    switch (message.type) {
      case 'open': {
        engine = new Engine(message.options);
        const check = await engine.open();
        return check ? { type: 'opened', id: message.id, check } : { type: 'opened', id: message.id };
      }
      case 'run': {
        if (!engine) throw new SextantError('internal', 'run before open', { hint: 'Please report this.' });
        return { type: 'result', id: message.id, ...(await engine.run(message.frame, message)) };
      }
      case 'forget':
        engine?.forget(message.stream);
        return undefined;
    }
  };

  port.listen((message) => {
    last = last
      .then(() => answer(message))
      .catch((thrown: unknown): FromWorker | undefined => {
        if (!('id' in message)) return undefined;
        const { code, message: text, hint, details } = SextantError.from(thrown, 'inference-failed', 'Try --device cpu.');
        return { type: 'failed', id: message.id, error: { code, message: text, hint, details } };
      })
      .then((reply) => {
        if (reply) port.send(reply, reply.type === 'result' ? buffersOf(reply.maps) : []);
      });
  });
}

/** Every buffer of the decoded maps, each once. The codecs made them fresh, so they may all be given away. */
function buffersOf(maps: object): ArrayBuffer[] {
  const buffers = new Set<ArrayBuffer>();
  for (const map of Object.values(maps)) {
    for (const value of Object.values(map as object)) {
      if (ArrayBuffer.isView(value) && !(value.buffer instanceof SharedArrayBuffer)) buffers.add(value.buffer);
    }
  }
  return [...buffers];
}
