import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Compressor } from './chunk-writer.js';

/** The built worker: beside the built index, or in dist when this runs from sources (tests). */
function workerFile(): string {
  const places = ['./zstd-worker.js', '../../dist/zstd-worker.js'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return places.find((path) => existsSync(path)) ?? places[0];
}

/** Zstandard (RFC 8878) on a thread of its own, so that a recording does not hold up publishing. Calls must not overlap. */
export class ZstdCompressor implements Compressor {
  readonly compression = 'zstd';
  readonly #worker: Worker;
  #waiting: { resolve: (chunk: Uint8Array) => void; reject: (error: Error) => void } | undefined;
  #gone: Error | undefined;

  constructor() {
    this.#worker = new Worker(workerFile(), { execArgv: [] });
    this.#worker.unref();
    this.#worker.on('message', (chunk: Uint8Array) => {
      this.#settle()?.resolve(chunk);
    });
    const fail = (error: Error): void => {
      this.#gone ??= error;
      this.#settle()?.reject(this.#gone);
    };
    this.#worker.on('error', fail);
    this.#worker.on('exit', (code) => {
      fail(new Error(`the compressing thread ended (exit ${code})`));
    });
  }

  /** @throws Error where the thread has ended. */
  compress(chunk: Uint8Array): Promise<Uint8Array> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#worker.ref(); // somebody waits
      this.#worker.postMessage(chunk);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #settle(): { resolve: (chunk: Uint8Array) => void; reject: (error: Error) => void } | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#worker.unref();
    return waiting;
  }
}
