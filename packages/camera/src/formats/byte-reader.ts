import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { SextantError } from '@sextant/core';

const CHUNK = 1 << 18;

/** Opens a file for reading. @throws SextantError `source-missing` or `io`. */
export async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (cause) {
    throw fileError(path, cause);
  }
}

/** Says what the operating system refused about a source's file or folder. */
export function fileError(path: string, cause: unknown): SextantError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new SextantError('source-missing', `there is no ${path}`, { hint: 'Check the path; it is taken from the working directory.', details: { path }, cause });
  }
  return new SextantError('io', `${path} cannot be read: ${message}`, { hint: 'Check who may read it.', details: { path, code }, cause });
}

/** A cursor over a file with a window in memory: parsers look ahead, then take. The file is read once, front to back. */
export class ByteReader {
  private window: Buffer = Buffer.alloc(0);
  private ended = false;

  /** @param limit most bytes the window may hold @param name the file, for errors */
  constructor(
    private readonly file: FileHandle,
    private readonly name: string,
    private readonly limit: number,
  ) {}

  /** Bytes in the window, not yet taken: a view, valid until the next call. */
  get bytes(): Buffer {
    return this.window;
  }

  /** Grows the window to at least `count` bytes; false where the file ends before. */
  async ensure(count: number): Promise<boolean> {
    if (count > this.limit) {
      throw new SextantError('too-large', `${this.name}: one picture would need ${count} bytes, the limit is ${this.limit}`, {
        hint: 'Raise maxPixels if the file is right; a damaged file can claim any size.',
        details: { file: this.name, bytes: count, limit: this.limit },
      });
    }
    while (this.window.length < count && !this.ended) {
      const room = Buffer.allocUnsafe(Math.max(CHUNK, count - this.window.length));
      const { bytesRead } = await this.file.read(room, 0, room.length);
      if (bytesRead === 0) this.ended = true;
      else this.window = this.window.length === 0 ? room.subarray(0, bytesRead) : Buffer.concat([this.window, room.subarray(0, bytesRead)]);
    }
    return this.window.length >= count;
  }

  /** Takes `count` bytes that `ensure` promised; a view nobody else holds or writes. */
  take(count: number): Buffer {
    const taken = this.window.subarray(0, count);
    this.window = this.window.subarray(count);
    return taken;
  }

  /** Passes over `count` bytes without holding them; false where the file ends before. */
  async skip(count: number): Promise<boolean> {
    let left = count;
    while (left > 0) {
      if (this.window.length === 0 && !(await this.ensure(1))) return false;
      left -= this.take(Math.min(left, this.window.length)).length;
    }
    return true;
  }
}
