import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SextantError } from '@sextant/core';
import type { Modality } from '@sextant/core';
import { bareLoop } from '@sextant/model';
import type { Size } from '@sextant/model';
import { WebSocket } from 'ws';

/**
 * What a bench runs in processes of its own, started as `sextant bench --part <json>`: the bare loop, which blocks its
 * thread and keeps its session, and the client, whose work must not count as the server's.
 */
export type Part =
  | { readonly part: 'bare'; readonly model: string; readonly modalities: readonly Modality[]; readonly grid: Size; readonly frames: number }
  | { readonly part: 'client'; readonly url: string };

/** What a client has received. */
export interface Received {
  readonly messages: number;
  readonly bytes: number;
}

/** Does a part's work in this process; its results are lines of JSON on stdout. */
export async function runPart(part: Part, signal: AbortSignal): Promise<void> {
  const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);
  if (part.part === 'bare') {
    const { framesPerSecond } = await bareLoop(part.model, part.modalities, part.grid, part.frames);
    say({ framesPerSecond });
    return;
  }
  await client(part.url, signal, say);
}

/** Subscribes to every topic in CBOR, and tells twice a second what came. */
async function client(url: string, signal: AbortSignal, say: (value: Received) => void): Promise<void> {
  const { topics } = (await (await fetch(`${url}/topics`)).json()) as { topics: readonly { name: string; type: string }[] };
  const socket = new WebSocket(url.replace('http', 'ws'), { perMessageDeflate: false });
  let [messages, bytes] = [0, 0];
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => {
      for (const { name, type } of topics) socket.send(JSON.stringify({ op: 'subscribe', topic: name, type, compression: 'cbor' }));
    });
    socket.on('message', (data: Buffer) => {
      messages += 1;
      bytes += data.length;
    });
    const timer = setInterval(() => {
      say({ messages, bytes });
    }, 500);
    signal.addEventListener('abort', () => {
      socket.terminate();
    });
    socket.on('close', () => {
      clearInterval(timer);
      say({ messages, bytes });
      resolve();
    });
    socket.on('error', reject);
  });
}

/** A part at work in a child process. */
export class PartProcess {
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #stderr = '';
  /** The newest of its lines. */
  last: Readonly<Record<string, number>> | undefined;

  constructor(part: Part, private readonly signal: AbortSignal) {
    this.#child = spawn(process.execPath, [process.argv[1], 'bench', '--part', JSON.stringify(part)], { stdio: ['ignore', 'pipe', 'pipe'], signal });
    this.#child.on('error', () => {}); // an abort; anything else shows by the exit code
    createInterface({ input: this.#child.stdout! }).on('line', (line) => (this.last = JSON.parse(line) as Record<string, number>));
    this.#child.stderr!.on('data', (data: Buffer) => (this.#stderr += data.toString()));
    this.#ended = new Promise((resolve) => this.#child.once('close', () => {
      resolve();
    }));
  }

  /** Waits until the part has ended by itself. @throws SextantError `internal` with what it printed, if it failed; the signal's reason. */
  async end(): Promise<void> {
    await this.#ended;
    this.signal.throwIfAborted();
    if (this.#child.exitCode === 0) return;
    throw new SextantError('internal', `a part of the bench failed: ${this.#stderr.trim() || `exit ${this.#child.exitCode}`}`, { hint: 'See the message.' });
  }

  /** Ends the part. */
  async stop(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }
}
