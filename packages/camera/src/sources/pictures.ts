import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SextantError } from '@sextant/core';
import type { Frame, RgbImage } from '@sextant/core';
import type { Observable } from 'rxjs';
import { fileError } from '../formats/byte-reader.js';
import { naturalOrder } from '../formats/natural-order.js';
import { decodePicture, mixedSizesError, pictureSize } from '../formats/picture-decoder.js';
import type { MixedSizes } from '../formats/picture-decoder.js';
import { requireRate } from '../source-options.js';
import type { PlaybackOptions } from '../source-options.js';
import { Damage } from '../stream/damage.js';
import { frameStream } from '../stream/frame-stream.js';
import type { Picture, ReadContext } from '../stream/picture.js';

/** Options of `pictures`. */
export interface PicturesOptions extends PlaybackOptions {
  /** Pictures per second; a folder does not know. Default 30. */
  readonly rate?: number;
  /** `error` (default) ends at the first picture of another size, `resize` stretches it to the first one's size. */
  readonly mixedSizes?: MixedSizes;
}

/** Pictures decoded ahead while the consumer works. */
const AHEAD = 2;

/** True for the names `pictures` reads. */
export const isPictureName = (name: string): boolean => /\.(png|jpe?g)$/i.test(name) && !basename(name).startsWith('.');

/**
 * The PNG and JPEG files of a folder, or the one file `path` is, in natural order.
 * @throws SextantError `source-missing` when there is none.
 */
export async function listPictures(path: string): Promise<string[]> {
  let names: string[];
  try {
    if ((await stat(path)).isFile()) return [path];
    names = (await readdir(path)).filter(isPictureName).sort(naturalOrder);
  } catch (cause) {
    throw fileError(path, cause);
  }
  if (names.length > 0) return names.map((name) => join(path, name));
  throw new SextantError('source-missing', `there is no PNG or JPEG file in ${path}`, { hint: 'Give a folder of .png, .jpg or .jpeg files.', details: { path } });
}

/** The size every picture is held to: that of the folder's first readable one, also when an earlier run read it. */
async function sizeBefore(paths: readonly string[], start: number): Promise<{ width: number; height: number } | undefined> {
  for (const path of paths.slice(0, start)) {
    const size = await pictureSize(path).catch(() => undefined);
    if (size !== undefined) return size;
  }
  return undefined;
}

async function* readPictures(path: string, fps: number, mixedSizes: MixedSizes, context: ReadContext): AsyncGenerator<Picture> {
  const paths = await listPictures(path);
  const folder = paths[0] === path ? dirname(path) : path;
  const damage = new Damage(folder, context);
  const stampOf = (index: number): bigint => BigInt(Math.round((index * 1e9) / fps));
  let begin = context.start;
  for (; begin < paths.length && stampOf(begin) < context.skip; begin += 1) context.leftOut(stampOf(begin));
  let first = await sizeBefore(paths, begin);

  type Result = { readonly image: RgbImage } | { readonly error: unknown };
  const decode = (index: number): Promise<Result> =>
    decodePicture(paths[index], { name: paths[index], maxPixels: context.maxPixels, ...(mixedSizes === 'resize' && first && { size: first }) }).then(
      (image) => ({ image }),
      (error: unknown) => ({ error }),
    );
  const ahead: Promise<Result>[] = [];
  for (let index = begin; index < paths.length; index += 1) {
    // Nothing is decoded ahead until the size is known that the others are stretched to.
    while (ahead.length < (first === undefined ? 1 : AHEAD) && index + ahead.length < paths.length) ahead.push(decode(index + ahead.length));
    const result = await ahead.shift()!;
    if (context.signal.aborted) return;
    if ('error' in result) {
      if (SextantError.isInstance(result.error)) throw result.error;
      damage.corrupt(index, paths[index], result.error);
      continue;
    }
    const { image } = result;
    first ??= { width: image.width, height: image.height };
    if (image.width !== first.width || image.height !== first.height) throw mixedSizesError(paths[index], image, first);
    damage.decoded();
    yield { ...image, index, stamp: stampOf(index) };
  }
  damage.concludeUnlessAny();
}

/**
 * Plays a folder of PNG and JPEG files (or one such file) in natural order. Transparency lies over black, grey becomes
 * rgb, 16 bits become 8, EXIF orientation is applied. A file that cannot be decoded is told to `onIssue` and left out,
 * its number stays unused. Stamps count from the first file, `rate` apart.
 *
 * Errors: `source-missing` (no folder, nothing in it), `source-corrupt` (no file decodes, or sizes differ),
 * `too-large`, `bad-argument` (`startSeconds` beyond the end).
 */
export function pictures(path: string, options: PicturesOptions = {}): Observable<Frame> {
  const { rate = 30, mixedSizes = 'error', ...playback } = options;
  requireRate('rate', rate);
  return frameStream((context) => readPictures(path, rate, mixedSizes, context), { ...playback, fps: rate });
}
