import type { Picture, ReadContext } from '../stream/picture.js';
import { Damage } from '../stream/damage.js';
import { ByteReader, openFile } from './byte-reader.js';
import { JpegSequence } from './jpeg-sequence.js';
import { nextJpeg } from './jpeg-stream.js';

/** Reads a file of JPEGs one after another. It has no clock: `fps` says how fast it was taken. */
export async function* readMjpeg(path: string, fps: number, context: ReadContext): AsyncGenerator<Picture> {
  const file = await openFile(path);
  try {
    const reader = new ByteReader(file, path, Math.max(1 << 24, context.maxPixels * 4));
    const damage = new Damage(path, context);
    const sequence = new JpegSequence(path, fps, damage, context);
    for (let index = 0; !context.signal.aborted; index += 1) {
      const slice = await nextJpeg(reader);
      if (slice === undefined) {
        if (index === 0) damage.truncated(0);
        break;
      }
      if (slice.last) damage.truncated(index);
      else if (!slice.whole) damage.corrupt(index, `picture ${index}`, new Error('it breaks off'));
      else yield* sequence.decode(index, slice.bytes);
    }
    if (!context.signal.aborted) damage.conclude();
  } finally {
    await file.close();
  }
}
