import type { ByteCursor } from './byte-cursor.js';
import { ByteSink } from './byte-sink.js';
import { RunLengthEncoder, decodeRunLength } from './run-length.js';
import type { IdPlane } from './run-length.js';

const encoder = new RunLengthEncoder();
const code = new ByteSink();

/** Appends a plane of ids: u32 bytes of its run-length code, then the code. */
export function appendIds(plane: IdPlane, width: number, height: number, reference: IdPlane | undefined, out: ByteSink): void {
  code.length = 0;
  encoder.encode(plane, width, height, reference, code);
  out.u32(code.length);
  out.append(code.bytes);
}

/** Reads class ids or body parts. @throws SextantError `protocol`. */
export function readIds8(cursor: ByteCursor, width: number, height: number, what: string, reference?: IdPlane): Uint8Array<ArrayBuffer> {
  const bytes = cursor.slice(cursor.u32(what), what);
  const plane = new Uint8Array(width * height);
  decodeRunLength(bytes, width, height, plane, reference);
  return plane;
}

/** Reads instance ids. @throws SextantError `protocol`. */
export function readIds16(cursor: ByteCursor, width: number, height: number, what: string, reference?: IdPlane): Uint16Array<ArrayBuffer> {
  const bytes = cursor.slice(cursor.u32(what), what);
  const plane = new Uint16Array(width * height);
  decodeRunLength(bytes, width, height, plane, reference);
  return plane;
}
