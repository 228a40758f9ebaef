import type { Size } from '@sextant/model';
import { InvalidArgumentError, Option } from 'commander';
import { list, whole } from '../cli/parse.js';

/** Sides that a picture may have, in pixels. */
const [LEAST, MOST] = [8, 8192];

/** A flag's side of a picture: `--width`, `--height`. */
export const side = whole(LEAST, MOST);

/** A flag's picture size, `256x192`. */
export function size(text: string): Size {
  const found = /^(\d+)x(\d+)$/.exec(text.trim());
  if (!found) throw new InvalidArgumentError('Give width and height in pixels, for example 256x192.');
  const [width, height] = [Number(found[1]), Number(found[2])];
  if (Math.min(width, height) < LEAST || Math.max(width, height) > MOST) throw new InvalidArgumentError(`Give a width and a height from ${LEAST} to ${MOST}, for example 256x192.`);
  return { width, height };
}

/** A flag's list of picture sizes, `128x96,256x192`, at least one. */
export function sizes(text: string): readonly Size[] {
  const words = list(text);
  if (words.length === 0) throw new InvalidArgumentError('Give at least one size, for example 128x96,256x192.');
  return words.map(size);
}

/** A flag `--<name> <WxH>` with a default, which its help shows as the flag takes it. */
export function sizeOption(name: string, description: string, usual: Size): Option {
  return new Option(`--${name} <WxH>`, description).argParser(size).default(usual, `${usual.width}x${usual.height}`);
}
