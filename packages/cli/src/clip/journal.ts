import { open, readFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CocoPerson } from '../files/skeleton.js';
import { makeFolder, writeError } from '../files/write-whole.js';

/** What is noted of a frame whose files are written. */
export interface JournalFrame {
  readonly index: number;
  /** Nanoseconds. */
  readonly stamp: number;
  readonly width: number;
  readonly height: number;
  readonly people?: readonly CocoPerson[];
  /** The largest id given so far, `estimate` only. */
  readonly lastId?: number;
  /** Regions that show what the phrase names, `estimate --prompt` only. */
  readonly found?: number;
  /** Their threshold: `ReferredMap.threshold`. */
  readonly foundFrom?: number;
  /** `generate` and `joint`: of the picture's rgb8 bytes, and of the condition's files. */
  readonly sha256?: string;
  readonly conditionSha256?: string;
  /** 4x4 rows, `world` only. */
  readonly cam2world?: readonly (readonly number[])[];
}

/** The first line: what the folder is being filled with. */
type Head = Readonly<Record<string, unknown>>;

/**
 * The list of frames (or clips) that are done, one JSON line each, appended when all files of the frame are written. A line cut off by
 * the end of the process is a frame that is not done.
 */
export class Journal<T = JournalFrame> {
  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    /** What the folder was begun with. */
    readonly head: Head,
    /** Frames done, ascending. */
    readonly frames: T[],
  ) {}

  /** Opens the journal at `path`, or begins it with `head` where there is none. @throws SextantError `io`. */
  static async open<T = JournalFrame>(path: string, head: Head): Promise<Journal<T>> {
    await makeFolder(dirname(path));
    try {
      const lines = wholeLines(await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      }));
      const begun = lines.length > 0;
      const file = await open(path, begun ? 'r+' : 'w');
      const journal = new Journal<T>(path, file, begun ? (JSON.parse(lines[0]) as Head) : head, lines.slice(1).map((line) => JSON.parse(line) as T));
      if (begun) await file.truncate(Buffer.byteLength(lines.map((line) => `${line}\n`).join('')));
      else await journal.#append(head);
      return journal;
    } catch (cause) {
      throw writeError(path, cause);
    }
  }

  /** Notes a frame as done. */
  async add(frame: T): Promise<void> {
    this.frames.push(frame);
    await this.#append(frame);
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  async #append(value: unknown): Promise<void> {
    try {
      const { size } = await this.file.stat();
      await this.file.write(`${JSON.stringify(value)}\n`, size);
    } catch (cause) {
      throw writeError(this.path, cause);
    }
  }
}

/** Lines that end with a line feed and are JSON; what follows the first other one does not count. */
function wholeLines(text: string): string[] {
  const lines = text.split('\n').slice(0, -1);
  const broken = lines.findIndex((line) => {
    try {
      JSON.parse(line);
      return false;
    } catch {
      return true;
    }
  });
  return broken < 0 ? lines : lines.slice(0, broken);
}
