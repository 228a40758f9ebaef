import type { Transport } from './transport.js';

/** The transports of one bridge, which are closed together and once. */
export class Transports {
  readonly #all: Transport[] = [];
  #closing: Promise<void> | undefined;

  add(transport: Transport): void {
    this.#all.push(transport);
  }

  /** Closes them all; a second call waits for the first. @throws the first error of a transport, when all are closed. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // One that fails, be it at once, must not keep the others from closing their files and sockets.
    const closed = await Promise.allSettled(this.#all.map(async (transport) => transport.close()));
    const failed = closed.find((result) => result.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }
}
