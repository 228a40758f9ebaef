import { labelColor } from '@sextant/core';
import type { MaskResult, ReferredResult } from '../results.js';

/** How a mask becomes a picture. */
export interface MaskStyle {
  /** Names or ids of the classes shown; other pixels are transparent. @default all but background (0) */
  readonly classes?: readonly (string | number)[];
  /** Colour by class (that of the class table) or a colour for each thing. @default 'classes' */
  readonly by?: 'classes' | 'instances';
  /** One colour for everything shown, sRGB 0..255; e.g. white for an alpha mask. */
  readonly color?: readonly [number, number, number];
  /** 0 transparent .. 1 opaque. @default 1 */
  readonly opacity?: number;
}

const LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

function rgba([r, g, b]: readonly [number, number, number], alpha: number): number {
  return (LITTLE_ENDIAN ? r | (g << 8) | (b << 16) | (alpha << 24) : (r << 24) | (g << 16) | (b << 8) | alpha) >>> 0;
}

/** A mask as RGBA pixels at its own size, not premultiplied; a new buffer. Names that no class has show nothing. */
export function maskPixels(mask: MaskResult | ReferredResult, style: MaskStyle = {}): Uint8ClampedArray<ArrayBuffer> {
  const { labels, instances, classes } = mask;
  const { by = 'classes', color, opacity = 1 } = style;
  const alpha = Math.round(Math.min(1, Math.max(0, opacity)) * 255);
  const shown = new Uint8Array(256).fill(style.classes === undefined ? 1 : 0);
  for (const word of style.classes ?? []) {
    const id = typeof word === 'number' ? word : classes.find(({ name }) => name === word)?.id;
    if (id !== undefined) shown[id] = 1;
  }
  if (style.classes === undefined) shown[0] = 0;
  const table = new Uint32Array(256);
  for (let id = 0; id < 256; id += 1) table[id] = rgba(color ?? labelColor(id), alpha);
  if (color === undefined && by === 'classes') for (const { id, color: own } of classes) table[id] = rgba(own, alpha);
  const pixels = new Uint32Array(labels.length);
  if (by === 'instances' && color === undefined && instances !== undefined) {
    // Instances beyond 255 reuse the colours 1..255: only 0 is "none".
    for (let i = 0; i < labels.length; i += 1) if (shown[labels[i]] === 1 && instances[i] !== 0) pixels[i] = table[1 + ((instances[i] - 1) % 255)];
  } else {
    for (let id = 0; id < 256; id += 1) if (shown[id] === 0) table[id] = 0;
    for (let i = 0; i < labels.length; i += 1) pixels[i] = table[labels[i]];
  }
  return new Uint8ClampedArray(pixels.buffer);
}

/** A mask as a bitmap, ready for `drawImage` or `texImage2D`. You own it: `close()` it. Browsers and workers only. */
export function maskBitmap(mask: MaskResult | ReferredResult, style?: MaskStyle): Promise<ImageBitmap> {
  return createImageBitmap(new ImageData(maskPixels(mask, style), mask.width, mask.height), { premultiplyAlpha: 'none' });
}
