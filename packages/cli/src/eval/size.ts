import type { Size } from '@sextant/model';
import { InvalidArgumentError, Option } from 'commander';

/** A flag's picture size, `256x192`. */
export function size(text: string): Size {
  const found = /^(\d{2,4})x(\d{2,4})$/.exec(text.trim());
  if (!found) throw new InvalidArgumentError('Give width and height in pixels, for example 256x192.');
  return { width: Number(found[1]), height: Number(found[2]) };
}

/** A flag `--<name> <WxH>` with a default, which its help shows as the flag takes it. */
export function sizeOption(name: string, description: string, usual: Size): Option {
  return new Option(`--${name} <WxH>`, description).argParser(size).default(usual, `${usual.width}x${usual.height}`);
}
