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

/** A line that tells of the source, and is no frame. */
interface IssueLine {
  readonly issue: string;
}

/**
 * The list of frames (or clips) that are done, one JSON line each, appended when all files of the frame are written; between them what
 * was wrong with the source. A line cut off by the end of the process is a frame that is not done.
 */
export class Journal<T extends object = JournalFrame> {
  /** The line being appended. */
  #appending = Promise.resolve();

  private constructor(
    readonly path: string,
    private readonly file: FileHandle,
    /** What the folder was begun with. */
    readonly head: Head,
    /** Frames done, ascending. */
    readonly frames: T[],
    /** What was wrong with the source, in the order it was found; each once. */
    readonly issues: string[],
  ) {}

  /** Opens the journal at `path`, or begins it with `head` where there is none. @throws SextantError `io`. */
  static async open<T extends object = JournalFrame>(path: string, head: Head): Promise<Journal<T>> {
    await makeFolder(dirname(path));
    try {
      const lines = wholeLines(await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      }));
      const begun = lines.length > 0;
      const file = await open(path, begun ? 'r+' : 'w');
      const noted = lines.slice(1).map((line) => JSON.parse(line) as T | IssueLine);
      const [frames, issues] = [noted.filter((line): line is T => !isIssue(line)), noted.filter(isIssue).map(({ issue }) => issue)];
      const journal = new Journal<T>(path, file, begun ? (JSON.parse(lines[0]) as Head) : head, frames, issues);
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

  /** Notes what is wrong with the source. Once: a call that goes on looks at some frames again. */
  async addIssue(issue: string): Promise<void> {
    if (this.issues.includes(issue)) return;
    this.issues.push(issue);
    await this.#append({ issue } satisfies IssueLine);
  }

  async close(): Promise<void> {
    await this.#appending;
    await this.file.close();
  }

  /** One line after the other: issues come while frames are written. */
  #append(value: unknown): Promise<void> {
    const appended = this.#appending.then(() => this.#write(value));
    this.#appending = appended.catch(() => {}); // told to whoever appended it
    return appended;
  }

  async #write(value: unknown): Promise<void> {
    try {
      const { size } = await this.file.stat();
      await this.file.write(`${JSON.stringify(value)}\n`, size);
    } catch (cause) {
      throw writeError(this.path, cause);
    }
  }
}

const isIssue = (line: object): line is IssueLine => 'issue' in line;

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
