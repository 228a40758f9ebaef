import { inflateRawSync } from 'node:zlib';
import { SextantError } from '@sextant/core';

/** One array of a NumPy archive, its last axis the fastest (C order) whatever the file's. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array | Uint8Array;
}

const CENTRAL = 0x02014b50;
const END = 0x06054b50;

const corrupt = (why: string): SextantError =>
  new SextantError('source-corrupt', `not a NumPy archive: ${why}`, { hint: 'Write it with numpy.savez or numpy.savez_compressed.' });

/**
 * The arrays of a `.npz` file (zip of `.npy`, stored or deflated, below 4 GiB) by name. float32, float64, bool and uint8.
 * @throws SextantError `source-corrupt`.
 */
export function readNpz(bytes: Uint8Array): ReadonlyMap<string, NpyArray> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // The end record is 22 bytes and a comment of at most 64 KiB from the end.
  let end = bytes.length - 22;
  while (end >= 0 && end > bytes.length - 65_558 && view.getUint32(end, true) !== END) end -= 1;
  if (end < 0 || view.getUint32(end, true) !== END) throw corrupt('it has no central directory');
  const arrays = new Map<string, NpyArray>();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left -= 1) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) throw corrupt(`no directory entry at byte ${at}`);
    const [method, packed] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [nameLength, extra, comment] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true), view.getUint16(at + 32, true)];
    const name = Buffer.from(bytes.subarray(at + 46, at + 46 + nameLength)).toString();
    const local = view.getUint32(at + 42, true);
    if (local + 30 > bytes.length) throw corrupt(`${name} starts at byte ${local} of ${bytes.length}`);
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const content = bytes.subarray(start, start + packed);
    if (content.length !== packed) throw corrupt(`${name} ends after ${content.length} of ${packed} bytes`);
    if (method !== 0 && method !== 8) throw corrupt(`${name} is packed by method ${method}`);
    arrays.set(name.replace(/\.npy$/, ''), readNpy(method === 8 ? inflateRawSync(content) : content, name));
    at += 46 + nameLength + extra + comment;
  }
  return arrays;
}

/** One `.npy` array (NEP 1, versions 1 to 3), copied. */
function readNpy(bytes: Uint8Array, name: string): NpyArray {
  if (bytes.length < 12 || bytes[0] !== 0x93 || Buffer.from(bytes.subarray(1, 6)).toString() !== 'NUMPY') throw corrupt(`${name} is no .npy`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = bytes[6] === 1 ? 10 : 12;
  const length = bytes[6] === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const header = Buffer.from(bytes.subarray(start, start + length)).toString('latin1');
  const kind = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1].split(',').filter((word) => word.trim() !== '').map(Number);
  if (kind === undefined || shape === undefined) throw corrupt(`${name} has the header ${header.trim()}`);
  const sizes: Readonly<Record<string, number>> = { '<f4': 4, '<f8': 8, '|b1': 1, '|u1': 1 };
  if (!(kind in sizes)) throw corrupt(`${name} holds ${kind}`);
  const count = shape.reduce((product, side) => product * side, 1);
  // Not bytes.slice: a Buffer's is a view.
  const body = Uint8Array.prototype.slice.call(bytes, start + length, start + length + count * sizes[kind]);
  if (body.length !== count * sizes[kind]) throw corrupt(`${name} holds ${body.length} bytes of ${shape.join('x')} ${kind}`);
  const data = kind === '<f4' ? new Float32Array(body.buffer) : kind === '<f8' ? new Float64Array(body.buffer) : body;
  return { shape, data: /'fortran_order':\s*True/.test(header) ? toCOrder(data, shape) : data };
}

/** The values of an array whose first axis is the fastest with the last one fastest. A copy. */
function toCOrder<A extends NpyArray['data']>(data: A, shape: readonly number[]): A {
  const out = data.slice() as A;
  const index = shape.map(() => 0);
  for (let o = 0; o < out.length; o += 1) {
    out[o] = data[index.reduceRight((at, i, axis) => at * shape[axis] + i, 0)];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis -= 1) index[axis] = 0;
  }
  return out;
}
