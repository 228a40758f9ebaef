import { parentPort } from 'node:worker_threads';
import { serve } from './runtime/serve.js';
import type { FromWorker, ToWorker } from './runtime/messages.js';

/**
 * Entry of the inference worker, as a thread (worker_threads) or as a process of its own (child_process.fork with
 * advanced serialization). The rest of the package never runs ONNX on the caller's thread.
 */
const port = parentPort;
if (port) {
  serve({
    listen: (onMessage) => port.on('message', (message: ToWorker) => onMessage(message)),
    send: (message: FromWorker, transfer: readonly ArrayBuffer[]) => port.postMessage(message, [...transfer]),
  });
} else {
  // Ctrl-C goes to the whole terminal's group: the parent decides when its worker ends, by closing the channel.
  process.on('SIGINT', () => {});
  process.on('disconnect', () => process.exit(0));
  serve({
    listen: (onMessage) => process.on('message', (message) => onMessage(message as ToWorker)),
    send: (message) => process.send?.(message),
  });
}
