import { SextantError } from '@sextant/core';
import type { ConnectOptions } from '../requests.js';
import { InlineDecoder } from './decode.js';
import type { Decoded, DecoderReply, DecoderRequest } from './messages.js';
import { openWorker } from './open-worker.js';

interface Waiting {
  readonly resolve: (result: Decoded) => void;
  readonly reject: (error: SextantError) => void;
}

/** A worker that says nothing for so long is taken for one that the page does not allow. */
const READY_MS = 3000;

/**
 * Decodes data messages in a worker where there can be one, else on this thread. Messages are decoded in the order they came.
 * Until the worker says that it is ready, messages wait for it.
 */
export class Decoder {
  readonly #maxPixels: number | undefined;
  readonly #waiting = new Map<number, Waiting>();
  #worker: Worker | undefined;
  #ready: Promise<void> = Promise.resolve();
  #inline: InlineDecoder | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #next = 0;
  #closed = false;

  constructor(choice: NonNullable<ConnectOptions['decoder']>, maxPixels: number | undefined, onProblem: (error: SextantError) => void) {
    this.#maxPixels = maxPixels;
    if (choice === 'inline') return;
    try {
      const worker = typeof choice === 'function' ? choice() : openWorker();
      if (worker !== undefined) this.#ready = this.#start(worker, onProblem);
    } catch (error) {
      onProblem(SextantError.from(error, 'unsupported', 'Messages are decoded on the page instead.'));
    }
  }

  /** Where messages are decoded now. */
  get place(): 'worker' | 'inline' {
    return this.#worker === undefined ? 'inline' : 'worker';
  }

  /** Messages handed over and not decoded yet. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Decodes a message, which is given away. @throws SextantError as of `MaskDecoder.decode`. */
  async decode(message: Uint8Array<ArrayBuffer>): Promise<Decoded> {
    const id = ++this.#next;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#queue = this.#queue.then(async () => {
        await this.#ready;
        if (this.#closed) return;
        if (this.#worker !== undefined) {
          this.#post({ type: 'decode', id, message }, [message.buffer]);
          return;
        }
        this.#inline ??= new InlineDecoder(this.#maxPixels);
        try {
          this.#settle({ type: 'decoded', id, result: await this.#inline.decode(message) });
        } catch (error) {
          const { code, message: text, hint } = SextantError.from(error);
          this.#settle({ type: 'failed', id, code, message: text, hint });
        }
      });
    });
  }

  /** Forgets a stream's key. */
  forget(stream: number): void {
    this.#queue = this.#queue.then(() => {
      if (this.#worker !== undefined) this.#post({ type: 'forget', stream });
      this.#inline?.forget(stream);
    });
  }

  close(): void {
    this.#closed = true;
    this.#worker?.terminate();
    this.#worker = undefined;
    for (const { reject } of this.#waiting.values()) reject(new SextantError('source-ended', 'the client was closed', { hint: 'Connect again.' }));
    this.#waiting.clear();
  }

  #post(request: DecoderRequest, transfer: Transferable[] = []): void {
    this.#worker?.postMessage(request, transfer);
  }

  /** Resolves when the worker speaks, or when it is clear that it will not. */
  #start(worker: Worker, onProblem: (error: SextantError) => void): Promise<void> {
    this.#worker = worker;
    return new Promise((resolve) => {
      const giveUp = (reason: string): void => {
        clearTimeout(timer);
        if (this.#worker !== worker) return;
        worker.terminate();
        this.#worker = undefined;
        const error = new SextantError('worker-lost', `the decoding worker ${reason}`, { hint: 'Messages are decoded on the page instead.' });
        // What the worker took with it is lost: the next key makes streams whole again.
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
        if (!this.#closed) onProblem(error);
        resolve();
      };
      const timer = setTimeout(() => {
        giveUp('did not start');
      }, READY_MS);
      worker.onmessage = ({ data }: MessageEvent<DecoderReply>) => {
        if (data.type === 'ready') {
          clearTimeout(timer);
          this.#post({ type: 'options', maxPixels: this.#maxPixels });
          resolve();
        } else this.#settle(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        giveUp(`failed: ${event.message ?? 'it could not be loaded'}`);
      };
    });
  }

  #settle(reply: Exclude<DecoderReply, { readonly type: 'ready' }>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.type === 'decoded') waiting?.resolve(reply.result);
    else waiting?.reject(new SextantError(reply.code, reply.message, { hint: reply.hint }));
  }
}
