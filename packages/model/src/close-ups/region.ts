import type { Person } from '@sextant/core';
import type { Size } from '../runtime/grid.js';

/** A part of a frame, whole pixels, within its edges. */
export interface Region extends Size {
  readonly x: number;
  readonly y: number;
}

/** x, y, width, height. */
export type Box = Person['box'];

/** Side of what is looked at over that of the person's box. */
const AROUND = 1.4;

/** A region of more than this share of the frame shows hardly more than the frame does. */
const MOST = 0.7;

/**
 * What to look at again for a person whose box (in the frame's pixels) is known: upright or lying as the box is. Undefined where the person fills the frame.
 * @param upright width over height of what is looked at of somebody upright, at most 1
 */
export function regionAround([x, y, width, height]: Box, frame: Size, upright = 3 / 4): Region | undefined {
  const aspect = width > height ? 1 / upright : upright;
  const tall = AROUND * Math.max(height, width / aspect);
  const size = { width: side(tall * aspect, frame.width), height: side(tall, frame.height) };
  if (size.width * size.height > MOST * frame.width * frame.height) return undefined;
  return { x: start(x + width / 2, size.width, frame.width), y: start(y + height / 2, size.height, frame.height), ...size };
}

/** The pixels of a region of an rgb8 picture. Returns a new array. */
export function cut(rgb: Uint8Array, width: number, { x, y, ...size }: Region): Uint8Array {
  const out = new Uint8Array(size.width * size.height * 3);
  for (let row = 0; row < size.height; row++) {
    const from = ((y + row) * width + x) * 3;
    out.set(rgb.subarray(from, from + size.width * 3), row * size.width * 3);
  }
  return out;
}

function side(pixels: number, most: number): number {
  return Math.max(1, Math.min(most, Math.round(pixels)));
}

function start(centre: number, length: number, most: number): number {
  return Math.max(0, Math.min(most - length, Math.round(centre - length / 2)));
}
