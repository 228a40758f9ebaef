import { SextantError } from '@sextant/core';
import { InlineDecoder } from './decoder/decode.js';
import type { DecoderReply, DecoderRequest } from './decoder/messages.js';
import { transferables } from './decoder/transfer.js';

/** The part of a worker's global scope that is used here. */
interface Scope {
  onmessage: ((event: MessageEvent<DecoderRequest>) => void) | null;
  postMessage(message: DecoderReply, transfer?: Transferable[]): void;
}

const scope = globalThis as unknown as Scope;
let decoder = new InlineDecoder(undefined);
/** One after the other: a delta needs its key. */
let queue: Promise<void> = Promise.resolve();

async function decode(id: number, message: Uint8Array): Promise<void> {
  try {
    const result = await decoder.decode(message);
    scope.postMessage({ type: 'decoded', id, result }, transferables(result));
  } catch (error) {
    const { code, message: text, hint } = SextantError.from(error);
    scope.postMessage({ type: 'failed', id, code, message: text, hint });
  }
}

scope.onmessage = ({ data }) => {
  switch (data.type) {
    case 'options':
      decoder = new InlineDecoder(data.maxPixels);
      break;
    case 'decode':
      queue = queue.then(() => decode(data.id, data.message));
      break;
    case 'forget':
      queue = queue.then(() => {
        decoder.forget(data.stream);
      });
      break;
  }
};
scope.postMessage({ type: 'ready' });
