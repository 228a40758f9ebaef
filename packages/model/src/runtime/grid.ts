import { GUESSED_FOCAL, SextantError, intrinsicsOf, type Frame } from '@sextant/core';
import type { InputSpec } from '../manifest/schema.js';

/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

/**
 * The grid a frame is resampled to: the frame's aspect at about the area of `size` (so that every aspect costs the same),
 * sides rounded to multiples of `multipleOf` and kept within `min`..`max`.
 */
export function chooseGrid(frame: Size, input: InputSpec, size: Size = input): Size {
  const aspect = frame.width / frame.height;
  const area = size.width * size.height;
  const side = (pixels: number): number => {
    const rounded = Math.round(pixels / input.multipleOf) * input.multipleOf;
    return Math.max(input.min, Math.min(input.max, rounded));
  };
  return { width: side(Math.sqrt(area * aspect)), height: side(Math.sqrt(area / aspect)) };
}

/**
 * fx in pixels of a frame, whose camera may be that of another size of the picture; undefined where it has no camera.
 * @throws SextantError `bad-argument` for a focal length that is none, as in a camera_info of K = 0.
 */
export function focalOf(frame: Frame): number | undefined {
  if (!frame.camera) return undefined;
  const { fx } = intrinsicsOf(frame, frame);
  if (fx > 0 && fx < Infinity) return fx;
  throw new SextantError('bad-argument', `the camera of a frame has a focal length of ${fx} pixels`, {
    hint: 'Leave `camera` out where the intrinsics are not known; depth is relative then.', details: { fx, k: frame.camera.k, width: frame.camera.width },
  });
}

/** fx in pixels of the grid, and whether it is known. */
export function gridFocal(
  frame: { readonly width: number; readonly focal?: number; readonly focalKnown: boolean },
  grid: Size,
): { focal: number; focalKnown: boolean } {
  if (frame.focal === undefined) return { focal: GUESSED_FOCAL * grid.width, focalKnown: false };
  return { focal: (frame.focal * grid.width) / frame.width, focalKnown: frame.focalKnown };
}
