import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readNpz } from './npz.js';

/** A zip of one entry, as numpy.savez writes it (without checksums, which the reader does not look at). */
function zip(name: string, content: Uint8Array, deflate: boolean): Uint8Array {
  const packed = deflate ? deflateRawSync(content) : Buffer.from(content);
  const file = Buffer.from(name);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(file.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(deflate ? 8 : 0, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(content.length, 24);
  entry.writeUInt16LE(file.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(30 + file.length + packed.length, 16);
  return Buffer.concat([local, file, packed, entry, file, end]);
}

function npy(type: string, shape: string, body: ArrayBuffer): Uint8Array {
  const header = Buffer.from(`{'descr': '${type}', 'fortran_order': False, 'shape': (${shape}), }\n`);
  return Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]), header, Buffer.from(body)]);
}

describe('readNpz', () => {
  it.each([true, false])('reads integers (deflated: %s)', (deflate) => {
    const array = readNpz(zip('delta.npy', npy('<i2', '2, 3', Int16Array.of(1, -2, 3, -4, 5, -32768).buffer), deflate)).get('delta')!;
    expect(array.shape).toEqual([2, 3]);
    expect([...array.data]).toEqual([1, -2, 3, -4, 5, -32768]);
  });

  it('widens half floats', () => {
    // 1, -2, 0.5, the smallest subnormal, infinity
    const bits = Uint16Array.of(0x3c00, 0xc000, 0x3800, 0x0001, 0x7c00);
    expect([...readNpz(zip('h.npy', npy('<f2', '5,', bits.buffer), true)).get('h')!.data]).toEqual([1, -2, 0.5, 2 ** -24, Infinity]);
  });

  it('reads strings', () => {
    const codes = Uint32Array.from('ab\0xyz', (c) => c.charCodeAt(0));
    expect(readNpz(zip('n.npy', npy('<U3', '2,', codes.buffer), true)).get('n')!.text).toEqual(['ab', 'xyz']);
  });

  it('says what is wrong with other files', () => {
    expect(() => readNpz(Buffer.from('not a zip, but long enough to search'))).toThrow(/central-directory/);
    expect(() => readNpz(zip('c.npy', npy('<c8', '1,', new ArrayBuffer(8)), false))).toThrow(/"<c8"/);
  });
});
