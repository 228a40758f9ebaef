import { describe, expect, it } from '@jest/globals';
import { decode } from 'cbor-x';
import { encodeCbor } from './cbor.js';
import { decodeCdr, encodeCdrGeneric } from './cdr.js';
import { cborPieces, cborRawPieces, cdrPieces, joinPieces } from './pieces.js';

const header = { stamp: { sec: 7, nanosec: 8 }, frame_id: 'Kamera_ä' };
const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => (i * 31) >> 3);
const image = (length: number) => ({ header, height: 1, width: length, encoding: 'mono8', is_bigendian: 0, step: length, data: bytes(length) });
const compressed = (length: number) => ({ header, format: 'rgb8; jpeg compressed bgr8', data: bytes(length) });
const cloud = (length: number) => ({
  header, height: 1, width: length / 16, fields: [{ name: 'x', offset: 0, datatype: 7, count: 1 }], is_bigendian: false, point_step: 16, row_step: length, data: bytes(length), is_dense: true,
});
const CASES = [
  ['sensor_msgs/msg/Image', image], ['sensor_msgs/msg/CompressedImage', compressed], ['sensor_msgs/msg/PointCloud2', cloud],
] as const;
// Below and above what is worth a piece, and where CBOR's length grows from two to four bytes.
const LENGTHS = [16, 16_368, 16_384, 65_520, 65_536, 300_000 - (300_000 % 16)];

describe.each(CASES)('pieces of %s', (type, make) => {
  it.each(LENGTHS)('make up the library\'s bytes, with %i bytes of data', (length) => {
    const message = make(length);
    const cdr = cdrPieces(type, message);
    expect(Buffer.compare(joinPieces(cdr), encodeCdrGeneric(type, message))).toBe(0);
    expect(cdr.includes(message.data)).toBe(length >= 16_384); // a view, not a copy
    const cbor = cborPieces('/t', type, message);
    expect(cbor.includes(message.data)).toBe(length >= 16_384);
    const decoded = decode(joinPieces(cbor)) as { op: string; topic: string; msg: { data: Uint8Array } };
    expect({ ...decoded, msg: { ...decoded.msg, data: 0 } }).toEqual({ op: 'publish', topic: '/t', msg: { ...message, data: 0 } });
    expect(Buffer.compare(decoded.msg.data, message.data)).toBe(0);
    const raw = decode(joinPieces(cborRawPieces('/t', { secs: 1, nsecs: 2 }, cdr))) as { msg: { secs: number; bytes: Uint8Array } };
    expect(raw.msg.secs).toBe(1);
    expect(decodeCdr<{ header: unknown }>(type, Uint8Array.from(raw.msg.bytes)).header).toEqual(header);
  });
});

describe('joinPieces', () => {
  it('gives what cbor-x writes, of a picture', () => {
    const message = image(100_000);
    expect(Buffer.compare(joinPieces(cborPieces('/sextant/depth/image', 'sensor_msgs/Image', message)), encodeCbor({ op: 'publish', topic: '/sextant/depth/image', msg: message }))).toBe(0);
  });
});
