import type { ByteCursor } from './byte-cursor.js';
import type { ByteSink } from './byte-sink.js';

/** Median of left, above and left + above - above-left: the predictor of JPEG-LS (ITU-T T.87, 4.3). */
function predict(left: number, above: number, corner: number): number {
  const low = left < above ? left : above;
  const high = left < above ? above : left;
  return corner >= high ? low : corner <= low ? high : left + above - corner;
}

/** The prediction of value `i` at (x, y) from those before it; beyond the edges stands the nearest known value, 0 before the first. */
function predictAt(plane: Uint8Array | Uint16Array, i: number, x: number, y: number, width: number): number {
  const left = x > 0 ? plane[i - 1] : y > 0 ? plane[i - width] : 0;
  const above = y > 0 ? plane[i - width] : left;
  const corner = x > 0 && y > 0 ? plane[i - width - 1] : above;
  return predict(left, above, corner);
}

/**
 * Appends a plane of 16-bit values: differences from the prediction, modulo 65536, folded (0, -1, 1, -2, ... to 0, 1, 2, 3, ...), first
 * all low bytes, then all high bytes. Deflate does the rest.
 */
export function appendPlane16(plane: Uint16Array, width: number, height: number, out: ByteSink): void {
  const size = width * height;
  const start = out.length;
  out.reserve(size * 2);
  out.length += size * 2;
  const bytes = out.bytes;
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 1) {
      const difference = ((plane[i] - predictAt(plane, i, x, y, width)) << 16) >> 16;
      const folded = (difference << 1) ^ (difference >> 31);
      bytes[start + i] = folded & 0xff;
      bytes[start + size + i] = (folded >> 8) & 0xff;
    }
  }
}

/** Reads what `appendPlane16` wrote. @throws SextantError `protocol` where bytes are missing. */
export function readPlane16(cursor: ByteCursor, width: number, height: number, what: string): Uint16Array<ArrayBuffer> {
  const size = width * height;
  const low = cursor.slice(size, what);
  const high = cursor.slice(size, what);
  const plane = new Uint16Array(size);
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 1) {
      const folded = low[i] | (high[i] << 8);
      plane[i] = predictAt(plane, i, x, y, width) + ((folded >>> 1) ^ -(folded & 1));
    }
  }
  return plane;
}

/** Appends a plane of probabilities 0..1 as 8 bits, predicted and folded like `appendPlane16` modulo 256. NaN is 0. */
export function appendProbabilities(plane: Float32Array, width: number, height: number, out: ByteSink): void {
  const codes = Uint8Array.from(plane, (p) => (p > 0 ? Math.min(255, Math.round(p * 255)) : 0));
  out.reserve(codes.length);
  const start = out.length;
  out.length += codes.length;
  const bytes = out.bytes;
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 1) {
      const difference = ((codes[i] - predictAt(codes, i, x, y, width)) << 24) >> 24;
      bytes[start + i] = (difference << 1) ^ (difference >> 31);
    }
  }
}

/** Reads what `appendProbabilities` wrote. @throws SextantError `protocol` where bytes are missing. */
export function readProbabilities(cursor: ByteCursor, width: number, height: number): Float32Array<ArrayBuffer> {
  const folded = cursor.slice(width * height, 'confidence');
  const codes = new Uint8Array(width * height);
  const plane = new Float32Array(width * height);
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 1) {
      codes[i] = predictAt(codes, i, x, y, width) + ((folded[i] >>> 1) ^ -(folded[i] & 1));
      plane[i] = codes[i] / 255;
    }
  }
  return plane;
}
