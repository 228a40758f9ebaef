import { encodeCbor } from './cbor.js';
import { encodeCdr } from './cdr.js';
import { imageCdrPrefix } from './image-cdr.js';
import type { Image } from '../messages/types.js';
import { normaliseType } from '../messages/definitions.js';

/** Data from so many bytes on is not copied; below, one small buffer is cheaper than two. */
const WORTHWHILE = 16 * 1024;
const NOTHING = new Uint8Array(0);

/** Messages that end in their `uint8[] data`, and the bytes of CDR that come after it (PointCloud2's `is_dense`). */
const BYTES_AFTER_DATA: Readonly<Record<string, number>> = { 'sensor_msgs/msg/Image': 0, 'sensor_msgs/msg/CompressedImage': 0, 'sensor_msgs/msg/PointCloud2': 1 };

function largeData(type: string, message: object): Uint8Array | undefined {
  const { data } = message as { readonly data?: unknown };
  return type in BYTES_AFTER_DATA && data instanceof Uint8Array && data.length >= WORTHWHILE ? data : undefined;
}

/**
 * A message as CDR in pieces that make up `encodeCdr`'s bytes in order. Large data is a view of the message's own, which nobody may
 * write until the pieces are sent; the other pieces are new.
 */
export function cdrPieces(type: string, message: object): readonly Uint8Array[] {
  const name = normaliseType(type);
  const data = largeData(name, message);
  if (data === undefined) return [encodeCdr(name, message)];
  if (name === 'sensor_msgs/msg/Image') return [imageCdrPrefix(message as Image), data];
  const bytes = encodeCdr(name, { ...message, data: NOTHING });
  const end = bytes.length - BYTES_AFTER_DATA[name];
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(end - 4, data.length, true);
  return [bytes.subarray(0, end), data, ...(end < bytes.length ? [bytes.subarray(end)] : [])];
}

/** rosbridge's `publish` in CBOR, in pieces: see `cdrPieces`. Of a message with large data, `data` comes last. */
export function cborPieces(topic: string, type: string, message: object): readonly Uint8Array[] {
  const data = largeData(normaliseType(type), message);
  if (data === undefined) return [encodeCbor({ op: 'publish', topic, msg: message })];
  const { data: _, ...others } = message as Record<string, unknown>;
  return bytesLast({ op: 'publish', topic, msg: { ...others, data: NOTHING } }, [data]);
}

/** rosbridge's `publish` in `cbor-raw`, in pieces: see `cdrPieces`. */
export function cborRawPieces(topic: string, time: { readonly secs: number; readonly nsecs: number }, cdr: readonly Uint8Array[]): readonly Uint8Array[] {
  return bytesLast({ op: 'publish', topic, msg: { ...time, bytes: NOTHING } }, cdr);
}

/** One buffer of the pieces, new unless there is but one. */
export function joinPieces(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0];
  // Not zero-filled: every byte is written below.
  const slab = Buffer.allocUnsafeSlow(pieces.reduce((sum, { length }) => sum + length, 0));
  const out = new Uint8Array(slab.buffer, slab.byteOffset, slab.length);
  let at = 0;
  for (const piece of pieces) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}

/** The CBOR of a map whose very last value is an empty byte string, with a byte string of `pieces` in its place (RFC 8949, 3.1: major type 2). */
function bytesLast(operation: object, pieces: readonly Uint8Array[]): readonly Uint8Array[] {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const start = encodeCbor(operation);
  const head = new Uint8Array(start.length - 1 + (length < 65_536 ? 3 : 5));
  head.set(start.subarray(0, -1));
  const view = new DataView(head.buffer);
  const at = start.length - 1;
  view.setUint8(at, length < 65_536 ? 0x59 : 0x5a);
  if (length < 65_536) view.setUint16(at + 1, length);
  else view.setUint32(at + 1, length);
  return [head, ...pieces];
}
