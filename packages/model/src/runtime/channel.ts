import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker } from './messages.js';

/**
 * Where inference runs: a worker thread shares this process (and dies with it), a process of its own survives a crash
 * of native code as a counted gap. Measured for 640x480 pictures in docs/runtime.md.
 */
export type Isolation = 'process' | 'thread';

/** What a channel tells its owner. */
export interface ChannelEvents {
  onMessage(message: FromWorker): void;
  /** Once, when the worker is gone for whatever reason; `why` in words. */
  onGone(why: string): void;
}

/** The caller's end of a connection to one worker. */
export interface Channel {
  /** Process id of a worker process, absent for a thread. */
  readonly pid?: number;
  /** Sends a copy of the message. */
  post(message: ToWorker): void;
  /** Whether the worker keeps this process alive. */
  hold(busy: boolean): void;
  /** Ends the worker at once; resolves when it is gone. */
  stop(): Promise<void>;
}

/** Starts a worker. `quiet`: what native code writes to stderr is dropped (a process only), for devices that are merely tried. */
export function openChannel(isolation: Isolation, quiet: boolean, events: ChannelEvents): Channel {
  return isolation === 'process' ? processChannel(quiet, events) : threadChannel(events);
}

/** The built worker: beside the built index, or in dist when this runs from sources (tests). */
function workerFile(): string {
  const places = ['./worker.js', '../../dist/worker.js'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  return places.find((path) => existsSync(path)) ?? (places[0]);
}

function threadChannel(events: ChannelEvents): Channel {
  const worker = new Worker(workerFile(), { execArgv: [], stdout: false });
  let why = 'its thread ended';
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', (code) => {
      resolve();
      events.onGone(`${why} (exit ${code})`);
    });
  });
  worker.on('error', (error) => (why = `its thread failed: ${error.message}`));
  worker.on('message', (message: FromWorker) => events.onMessage(message));
  return {
    post: (message) => worker.postMessage(message.type === 'run' ? { ...message, frame: { ...message.frame, rgb: tight(message.frame.rgb) } } : message),
    hold: (busy) => (busy ? worker.ref() : worker.unref()),
    stop: async () => {
      worker.ref(); // somebody waits for the end
      await worker.terminate();
      await gone;
    },
  };
}

/** A view's whole buffer would be cloned with it: cuts out what is seen. Shared memory is read in place. */
function tight(bytes: Uint8Array): Uint8Array {
  return bytes.byteLength === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes);
}

function processChannel(quiet: boolean, events: ChannelEvents): Channel {
  // The worker's stdout is our stderr: standard output belongs to the caller's own lines.
  const child = fork(workerFile(), [], { serialization: 'advanced', execArgv: [], env: process.env, stdio: quiet ? ['ignore', 'ignore', 'ignore', 'ipc'] : ['ignore', 2, 2, 'ipc'] });
  let failure: string | undefined;
  let left = false;
  const gone = new Promise<void>((resolve) => {
    const leave = (why: string): void => {
      if (left) return;
      left = true;
      resolve();
      events.onGone(why);
    };
    child.once('exit', (code, signal) => leave(failure ?? `its process ended (${signal ?? `exit ${code}`})`));
    child.on('error', (error) => {
      failure = `its process failed: ${error.message}`;
      if (child.pid === undefined) leave(failure); // could not be started, so it will not exit either
    });
  });
  child.on('message', (message) => events.onMessage(message as FromWorker));
  const pid = child.pid;
  return {
    ...(pid === undefined ? {} : { pid }),
    // A worker that has just died is reported by its exit; what was sent to it is lost either way.
    post: (message) => void (child.connected && child.send(message, () => {})),
    hold: (busy) => {
      if (busy) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
    stop: async () => {
      child.ref(); // somebody waits for the end
      child.kill('SIGKILL');
      await gone;
    },
  };
}
