import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { RgbImage } from '@sextant/core';
import { checkPixels } from '../formats/picture-decoder.js';
import { ShowinfoParser } from './showinfo.js';
import type { Decoded, FrameNote } from './showinfo.js';
import { toolMissing } from './tool.js';
import type { FfmpegTool } from './tool.js';

/** The filter that ends every chain: rgb8, and a note per frame on stderr. */
export const RGB_FILTER = 'format=rgb24,showinfo=checksum=0';

/** One frame off ffmpeg's pipe; `rgb` is the receiver's own. */
export interface DecodedFrame extends RgbImage {
  /** Nanoseconds on the input's clock. */
  readonly stamp: bigint;
  /** 0-based place among all decoded frames; of chains that begin with a showinfo. */
  readonly index?: number;
}

/** How a run of ffmpeg ended. */
export interface FfmpegOutcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Lines at level error or fatal seen. */
  readonly errors: number;
  /** The last lines of the log, without the notes about frames. */
  readonly tail: readonly string[];
}

/** Lines of the log kept as evidence. */
const TAIL = 20;

/**
 * One ffmpeg that writes rgb8 to a pipe. Memory is constant: while a frame is not taken the pipe fills and ffmpeg
 * waits. Aborting the signal, or returning the iterator early, kills the process.
 */
export class FfmpegReader {
  private readonly child: ChildProcessByStdio<null, Readable, Readable>;
  private readonly parser = new ShowinfoParser();
  private readonly notes: FrameNote[] = [];
  private readonly tail: string[] = [];
  private errors = 0;
  private wake: (() => void) | undefined;
  private logEnded = false;
  /** Settles when the process is gone; rejects with `tool-missing` when it never ran. */
  readonly outcome: Promise<FfmpegOutcome>;

  /**
   * @param input the flags up to and with `-i`, then what selects and filters; output flags are added here
   * @param options `onData` is called for every piece of a picture that is read
   */
  constructor(
    private readonly tool: FfmpegTool,
    input: readonly string[],
    private readonly options: { readonly name: string; readonly maxPixels: number; readonly signal: AbortSignal; readonly onData?: () => void },
  ) {
    const args = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+info', ...input, ...tool.passthrough, ...tool.ownSize, '-f', 'rawvideo', '-pix_fmt', 'rgb24', 'pipe:1'];
    this.child = spawn(tool.path, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = (): void => this.kill();
    options.signal.addEventListener('abort', kill, { once: true });
    if (options.signal.aborted) this.kill();
    const log = createInterface({ input: this.child.stderr });
    log.on('line', (line) => this.readLine(line));
    log.on('close', () => {
      this.logEnded = true;
      this.wake?.();
    });
    this.outcome = new Promise<FfmpegOutcome>((resolve, reject) => {
      this.child.once('error', (cause) => reject(toolMissing(tool.path, cause)));
      this.child.once('close', (code, signal) => {
        options.signal.removeEventListener('abort', kill);
        resolve({ code, signal, errors: this.errors, tail: this.tail });
      });
    });
    this.outcome.catch(() => {}); // whoever iterates also awaits it; an abort may leave nobody
  }

  /** What was decoded so far, also what the chain left out; undefined where it does not begin with a showinfo. */
  get decoded(): Decoded | undefined {
    return this.parser.decoded;
  }

  /** Ends the process at once; nothing it writes is kept, so nothing can be half written. */
  kill(): void {
    this.child.kill('SIGKILL');
    this.child.stdout.destroy();
  }

  private readLine(line: string): void {
    const note = this.parser.parse(line);
    if (note !== undefined) {
      this.notes.push(note);
      this.wake?.();
    } else if (!line.includes('_showinfo_')) {
      if (/\[(error|fatal|panic)\]/.test(line)) this.errors += 1;
      this.tail.push(line.trim());
      if (this.tail.length > TAIL) this.tail.shift();
    }
  }

  private async nextNote(): Promise<FrameNote | undefined> {
    while (this.notes.length === 0 && !this.logEnded) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.notes.shift();
  }

  /** The frames, in order and each in its own size, until the process ends; a frame cut off at the end is left out. To be called once. */
  async *frames(): AsyncGenerator<DecodedFrame> {
    let [note, rgb, filled]: [FrameNote | undefined, Uint8Array, number] = [undefined, new Uint8Array(0), 0];
    let first: FrameNote | undefined;
    try {
      for await (const chunk of this.child.stdout as AsyncIterable<Buffer>) {
        this.options.onData?.();
        for (let at = 0; at < chunk.length; ) {
          if (note === undefined) {
            note = await this.nextNote(); // always written before its pixels
            if (note === undefined) return;
            first ??= note;
            if (this.tool.ownSize.length === 0) note = { ...note, width: first.width, height: first.height }; // what the pipe has, whatever the note says
            checkPixels(this.options.name, note.width, note.height, this.options.maxPixels);
            [rgb, filled] = [new Uint8Array(note.width * note.height * 3), 0];
          }
          const part = chunk.subarray(at, at + rgb.length - filled);
          rgb.set(part, filled);
          filled += part.length;
          at += part.length;
          if (filled === rgb.length) {
            const about = note;
            note = undefined;
            yield { ...about, rgb };
          }
        }
      }
    } catch (error) {
      // Killing the process closes the pipe under the iteration; that is an end, not a failure.
      if (!this.options.signal.aborted && (error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
    } finally {
      if (this.child.exitCode === null && this.child.signalCode === null && !this.child.stdout.readableEnded) this.kill();
    }
  }
}
