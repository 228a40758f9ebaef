import { SextantError } from '@sextant/core';
import type { Damage } from '../stream/damage.js';
import type { Picture, ReadContext } from '../stream/picture.js';
import { decodePicture, mixedSizesError, pictureSize } from './picture-decoder.js';

/** Decodes the JPEGs of one video file: those before `start` and `skip` are not decoded, damaged ones counted, sizes held equal. */
export class JpegSequence {
  private first: { readonly width: number; readonly height: number } | undefined;

  constructor(
    private readonly path: string,
    private readonly fps: number,
    private readonly damage: Damage,
    private readonly context: ReadContext,
  ) {}

  /** Yields the picture, or nothing where it is not wanted or damaged. */
  async *decode(index: number, bytes: Uint8Array): AsyncGenerator<Picture> {
    const name = `picture ${index} of ${this.path}`;
    const { start, skip } = this.context;
    const stamp = BigInt(Math.round((index * 1e9) / this.fps));
    if (index < start || stamp < skip) {
      this.first ??= await pictureSize(bytes).catch(() => undefined);
      if (index < start) return;
      this.damage.decoded(); // for all that is known
      this.context.leftOut(stamp);
      return;
    }
    let image;
    try {
      image = await decodePicture(bytes, { name, maxPixels: this.context.maxPixels });
    } catch (error) {
      if (SextantError.isInstance(error)) throw error;
      this.damage.corrupt(index, name, error);
      return;
    }
    this.first ??= image;
    if (image.width !== this.first.width || image.height !== this.first.height) throw mixedSizesError(name, image, this.first);
    this.damage.decoded();
    yield { ...image, index, stamp };
  }
}
