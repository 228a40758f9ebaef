import { inflateRawSync } from 'node:zlib';
import { SextantError } from '@sextant/core';

/** One array of a NumPy archive. Strings come as `text`, numbers as `data` (half floats widened to Float32Array). */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Int16Array | Uint16Array | Uint8Array | Float32Array;
  readonly text: readonly string[];
}

const broken = (what: string): SextantError =>
  new SextantError('source-corrupt', `NumPy archive: ${what}`, { hint: 'The asset file is damaged; fetch the assets again.' });

/** Reads all arrays of an .npz file (a zip of .npy, stored or deflated; no zip64). Numbers are copies. */
export function readNpz(bytes: Uint8Array): Map<string, NpyArray> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== 0x06054b50) end--;
  if (end < 0) throw broken('has no end-of-central-directory record');
  const arrays = new Map<string, NpyArray>();
  let at = view.getUint32(end + 16, true);
  for (let i = view.getUint16(end + 10, true); i > 0; i--) {
    if (view.getUint32(at, true) !== 0x02014b50) throw broken(`no directory entry at byte ${at}`);
    const method = view.getUint16(at + 10, true);
    const size = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const local = view.getUint32(at + 42, true);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const packed = bytes.subarray(start, start + size);
    if (method !== 0 && method !== 8) throw broken(`${name} uses compression method ${method}, only 0 and 8 are known`);
    arrays.set(name.replace(/\.npy$/, ''), readNpy(method === 8 ? inflateRawSync(packed) : packed));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return arrays;
}

/** Reads one .npy array (version 1, C order, little endian; types i2 u2 u1 f2 f4 and U). */
function readNpy(bytes: Uint8Array): NpyArray {
  if (bytes[0] !== 0x93 || bytes[6] !== 1) throw broken('not a version 1 .npy array');
  const headerLength = bytes[8] + 256 * bytes[9];
  const header = new TextDecoder('latin1').decode(bytes.subarray(10, 10 + headerLength));
  const type = /'descr': '([^']+)'/.exec(header)?.[1] ?? '';
  const shape = [...(/'shape': \(([^)]*)\)/.exec(header)?.[1] ?? '').matchAll(/\d+/g)].map(Number);
  const body = Uint8Array.from(bytes.subarray(10 + headerLength)); // a copy: aligned, and with a buffer of its own
  const text = /^<U(\d+)$/.exec(type);
  if (text) {
    const codes = new Uint32Array(body.buffer);
    const width = Number(text[1]);
    const strings = Array.from({ length: codes.length / width }, (_, i) =>
      String.fromCodePoint(...codes.subarray(i * width, (i + 1) * width)).replace(/\0+$/, ''));
    return { shape, data: new Uint8Array(0), text: strings };
  }
  switch (type) {
    case '<i2': return { shape, data: new Int16Array(body.buffer), text: [] };
    case '<u2': return { shape, data: new Uint16Array(body.buffer), text: [] };
    case '|u1': return { shape, data: body, text: [] };
    case '<f4': return { shape, data: new Float32Array(body.buffer), text: [] };
    case '<f2': return { shape, data: Float32Array.from(new Uint16Array(body.buffer), halfToFloat), text: [] };
    default: throw broken(`element type ${JSON.stringify(type)} is not known`);
  }
}

/** IEEE 754 binary16 to a number. */
function halfToFloat(bits: number): number {
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 0) return (sign * fraction) / 16777216;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
