import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** A file that takes bytes at its end. */
export interface Writable {
  /** Writes all of `bytes` or throws; short writes are continued. */
  write(bytes: Uint8Array): Promise<void>;
  /** Bytes written so far. */
  readonly position: bigint;
  close(): Promise<void>;
}

/** Creates (or empties) a file for writing. @throws the operating system's error. */
export async function createFile(path: string): Promise<Writable> {
  return new FileWritable(await open(path, 'w'));
}

class FileWritable implements Writable {
  readonly #handle: FileHandle;
  #position = 0;

  constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  get position(): bigint {
    return BigInt(this.#position);
  }

  async write(bytes: Uint8Array): Promise<void> {
    let done = 0;
    while (done < bytes.length) {
      const { bytesWritten } = await this.#handle.write(bytes, done, bytes.length - done, this.#position);
      done += bytesWritten;
      this.#position += bytesWritten;
    }
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
