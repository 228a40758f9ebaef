import { MaskDecoder, SextantError } from '@sextant/core';
import { platform } from '../platform.js';
import type { Decoded } from './messages.js';

/** Decodes data messages on this thread; pictures become bitmaps where there are bitmaps. */
export class InlineDecoder {
  readonly #decoder: MaskDecoder;

  constructor(maxPixels: number | undefined) {
    this.#decoder = new MaskDecoder({ inflate: platform().inflate, ...(maxPixels !== undefined && { maxPixels }) });
  }

  /** @throws SextantError as of `MaskDecoder.decode`; `source-corrupt` for a picture that is none. */
  async decode(message: Uint8Array): Promise<Decoded> {
    const started = performance.now();
    const { header, payload } = await this.#decoder.decode(message);
    const bitmap = payload.kind === 'rgb' ? await decodePicture(payload.data as Uint8Array<ArrayBuffer>) : undefined;
    return { header, payload, ...(bitmap && { bitmap }), decodeMs: performance.now() - started };
  }

  forget(stream: number): void {
    this.#decoder.forget(stream);
  }
}

async function decodePicture(data: Uint8Array<ArrayBuffer>): Promise<ImageBitmap | undefined> {
  if (typeof createImageBitmap !== 'function') return undefined;
  try {
    return await createImageBitmap(new Blob([data], { type: 'image/jpeg' }));
  } catch (cause) {
    throw new SextantError('source-corrupt', `${data.length} bytes of JPEG cannot be decoded`, { hint: 'The message was damaged on the way.', cause });
  }
}
