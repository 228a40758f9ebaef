import { createRgbResampler, type Modality } from '@sextant/core';
import { resizeStreams } from '../codecs/resize-streams.js';
import type { SkeletonDrawing } from '../codecs/streams.js';
import type { InputSpec, TaskSpec } from '../manifest/schema.js';
import { sameSize, type Size } from '../runtime/grid.js';

/** How much another area counts beside another shape, both as logarithms: a body that is a fifth too wide is worse than a picture that is a third smaller. */
const AREA = 0.5;

/**
 * The size at which a frame of `size` is sampled: `size` itself up to the pixels of the task's `base`, else about so many of nearly the same shape. What is larger is
 * painted from it (a cascade, Ho et al. 2022, "Cascaded Diffusion Models"): attention over more tokens than the network was taught with costs their square, and without
 * a condition it makes grey walls.
 */
export function baseSize(size: Size, { base, painted }: Pick<TaskSpec, 'base' | 'painted'>, { multipleOf, min }: Pick<InputSpec, 'multipleOf' | 'min'>): Size {
  if (!base || !painted || size.width * size.height <= base.width * base.height) return size;
  const most = base.width * base.height;
  const sides = (upTo: number): number[] => Array.from({ length: Math.floor(upTo / multipleOf) }, (_, i) => (i + 1) * multipleOf).filter((side) => side >= min);
  const cost = ({ width, height }: Size): number => Math.abs(Math.log((width * size.height) / (height * size.width))) + AREA * Math.abs(Math.log((width * height) / most));
  return sides(size.width).flatMap((width) => sides(size.height).map((height) => ({ width, height }))).reduce((best, other) => (cost(other) < cost(best) ? other : best));
}

/** What a frame's graphs read of pictures, on one grid. */
interface Pictures extends Size {
  /** [15,H,W]. */
  readonly streams?: Float32Array;
  /** rgb8 [H,W,3]. */
  readonly palette?: Uint8Array;
  /** fx in pixels of the grid. */
  readonly focal: number;
}

/** A frame's pictures at another size, of its streams those that are `chosen`; the same object where that is its size. */
export function resized<P extends Pictures>(frame: P, to: Size, chosen: readonly Modality[], drawing: SkeletonDrawing): P {
  if (sameSize(frame, to)) return frame;
  const { streams, palette, focal, width } = frame;
  return {
    ...frame, width: to.width, height: to.height, focal: (focal * to.width) / width,
    ...(streams && { streams: resizeStreams(streams, chosen, frame, to, drawing) }),
    ...(palette && { palette: resizeRgb(palette, frame, to) }),
  };
}

/** rgb8 at another size; itself where that is its own. */
export function resizeRgb(rgb: Uint8Array, from: Size, to: Size): Uint8Array {
  return sameSize(from, to) ? rgb : createRgbResampler(from.width, from.height, to.width, to.height)(rgb);
}
