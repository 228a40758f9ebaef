import type { FlowField } from '../types/perception.js';
import type { ByteCursor} from './byte-cursor.js';
import { malformed } from './byte-cursor.js';
import type { ByteSink } from './byte-sink.js';
import { fromHalf, toHalf } from './half-float.js';
import { appendPlane16, appendProbabilities, readPlane16, readProbabilities } from './planes.js';

/** Code on the wire is the index. */
export const FLOW_ENCODINGS = ['q16', 'half'] as const;
/** One of `FLOW_ENCODINGS`. */
export type FlowEncoding = (typeof FLOW_ENCODINGS)[number];

const FINEST = 1 / 32;
const LARGEST = 0x7fff;
/** Code of an unknown motion, as an unsigned 16-bit number: the smallest signed one. */
const UNKNOWN = 0x8000;

/** Appends: u8 encoding, three zeros, f32 pixels per step (`q16`; 1 for `half`), plane of u, plane of v, confidence if there is one. */
export function appendFlow(field: FlowField, encoding: FlowEncoding, confidence: boolean, out: ByteSink): void {
  const { pixels, width, height } = field;
  const size = width * height;
  let step = FINEST;
  if (encoding === 'q16') {
    let largest = 0;
    for (const value of pixels) if (Math.abs(value) > largest && Math.abs(value) < Infinity) largest = Math.abs(value);
    while (step * LARGEST < largest) step *= 2;
  }
  const code = encoding === 'half' ? toHalf : (value: number): number => Math.round(value / step) & 0xffff;
  const planes = [new Uint16Array(size), new Uint16Array(size)];
  for (let i = 0; i < size; i += 1) {
    const [u, v] = [pixels[2 * i], pixels[2 * i + 1]];
    const known = Number.isFinite(u) && Number.isFinite(v);
    planes[0][i] = known ? code(u) : encoding === 'half' ? 0x7e00 : UNKNOWN;
    planes[1][i] = known ? code(v) : encoding === 'half' ? 0x7e00 : UNKNOWN;
  }
  out.u8(FLOW_ENCODINGS.indexOf(encoding));
  out.u8(0);
  out.u16(0);
  out.f32(encoding === 'q16' ? step : 1);
  for (const plane of planes) appendPlane16(plane, width, height, out);
  if (confidence && field.confidence !== undefined) appendProbabilities(field.confidence, width, height, out);
}

/** Reads what `appendFlow` wrote. @throws SextantError `protocol`. */
export function readFlow(cursor: ByteCursor, width: number, height: number, confidence: boolean): FlowField {
  const encoding = FLOW_ENCODINGS[cursor.u8('flow encoding')];
  if (encoding === undefined) throw malformed('flow has an unknown encoding');
  cursor.slice(3, 'flow padding');
  const step = cursor.f32('flow step');
  if (!(step > 0 && step < Infinity)) throw malformed(`flow step ${step} cannot be`, { step });
  const u = readPlane16(cursor, width, height, 'flow u');
  const v = readPlane16(cursor, width, height, 'flow v');
  const value = encoding === 'half' ? fromHalf : (code: number): number => (code === UNKNOWN ? NaN : ((code << 16) >> 16) * step);
  const pixels = new Float32Array(2 * width * height);
  for (let i = 0; i < u.length; i += 1) {
    pixels[2 * i] = value(u[i]);
    pixels[2 * i + 1] = value(v[i]);
  }
  return { width, height, pixels, ...(confidence && { confidence: readProbabilities(cursor, width, height) }) };
}
