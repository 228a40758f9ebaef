import { SextantError } from '../errors.js';

/** A plain rgb8 picture, row-major, `width * height * 3` bytes; a `Frame` is one. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/**
 * Checks that a buffer holds `width * height * channels` values.
 *
 * @throws SextantError `bad-argument` for sizes that are not positive integers or a buffer of another length.
 */
export function checkSize(what: string, length: number, width: number, height: number, channels = 1): void {
  const whole = Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0;
  if (whole && length === width * height * channels) return;
  throw new SextantError('bad-argument', `${what} of ${width}x${height} with ${channels} channel(s) cannot have ${length} values`, {
    hint: 'Give width and height as positive integers and a buffer of width * height * channels values.',
    details: { what, width, height, channels, length },
  });
}
