import { parentPort } from 'node:worker_threads';
import { compress, isLoaded } from '@foxglove/wasm-zstd';

/** Level 1: depth and pictures shrink little more at the others, which cost several times as much. */
const LEVEL = 1;

// A worker thread of its own (zstd.ts): chunks in, compressed chunks out, in order.
void isLoaded.then(() => {
  parentPort?.on('message', (chunk: Uint8Array) => {
    const packed = Uint8Array.from(compress(chunk, LEVEL)); // out of the library's heap
    parentPort?.postMessage(packed, [packed.buffer]);
  });
});
