import { SextantError } from '@sextant/core';
import { Engine } from './engine.js';
import type { FromWorker, ToWorker } from './messages.js';
import type { StepListener } from './painter.js';

/** The worker's end of a connection. */
export interface Port {
  listen(onMessage: (message: ToWorker) => void): void;
  /** `transfer`: buffers that the receiver may take over; a transport that cannot do so copies them. */
  send(message: FromWorker, transfer: readonly ArrayBuffer[]): void;
}

/** Somebody wants no more of this. */
class Cancelled extends Error {}

/** Answers messages one after another with one engine. */
export function serve(port: Port): void {
  let engine: Engine | undefined;
  let last: Promise<void> = Promise.resolve();

  /** Paintings asked for and not answered yet, and those of them that nobody wants any more. */
  const waiting = new Set<number>();
  const cancelled = new Set<number>();

  /** Lets messages in between two steps and ends a painting that was cancelled. */
  const stepper = (id: number, previews: boolean): StepListener => async (step, clean) => {
    port.send({ type: 'progress', id, step, ...(previews && { preview: clean() }) }, []);
    await new Promise(setImmediate);
    if (cancelled.has(id)) throw new Cancelled();
  };

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
      case 'paint': {
        if (!engine) throw new SextantError('internal', 'paint before open', { hint: 'Please report this.' });
        const { id, request } = message;
        try {
          if (cancelled.has(id)) return { type: 'cancelled', id };
          return { type: 'painted', id, painted: await engine.paint(request, stepper(id, request.previews)) };
        } catch (error) {
          if (error instanceof Cancelled) return { type: 'cancelled', id };
          throw error;
        } finally {
          waiting.delete(id);
          cancelled.delete(id);
        }
      }
      case 'cancel':
        return undefined;
      case 'forget':
        engine?.forget(message.stream);
        return undefined;
    }
  };

  port.listen((message) => {
    if (message.type === 'paint') waiting.add(message.id);
    // Not in turn: it is meant for what is under way.
    if (message.type === 'cancel') return void (waiting.has(message.target) && cancelled.add(message.target));
    last = last
      .then(() => answer(message))
      .catch((thrown: unknown): FromWorker | undefined => {
        if (!('id' in message)) return undefined;
        const { code, message: text, hint, details } = SextantError.from(thrown, 'inference-failed', 'Try --device cpu.');
        return { type: 'failed', id: message.id, error: { code, message: text, hint, details } };
      })
      .then((reply) => {
        if (reply) port.send(reply, reply.type === 'result' ? buffersOf({ ...reply.maps, ...(reply.found && { found: reply.found }) }) : reply.type === 'painted' ? buffersOf({ painted: reply.painted }) : []);
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
