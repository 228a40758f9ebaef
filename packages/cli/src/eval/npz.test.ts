import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { readNpz } from './npz.js';

/** A `.npy` of version 1 as numpy writes it. */
function npy(descr: string, shape: string, bytes: Uint8Array, fortran = false): Buffer {
  const header = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': (${shape}), }`.padEnd(117) + '\n';
  return Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]), Buffer.from(header), bytes]);
}

/** A zip archive of one entry (APPNOTE.TXT 4.3). */
function zip(name: string, content: Buffer, deflate: boolean): Buffer {
  const packed = deflate ? deflateRawSync(content) : content;
  const entry = (signature: number, central: boolean): Buffer => {
    const head = Buffer.alloc(central ? 46 : 30);
    head.writeUInt32LE(signature, 0);
    const at = central ? 10 : 8;
    head.writeUInt16LE(deflate ? 8 : 0, at);
    head.writeUInt32LE(packed.length, at + 10);
    head.writeUInt32LE(content.length, at + 14);
    head.writeUInt16LE(name.length, at + 18);
    return Buffer.concat([head, Buffer.from(name)]);
  };
  const local = Buffer.concat([entry(0x04034b50, false), packed]);
  const directory = entry(0x02014b50, true);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, directory, end]);
}

const floats = new Uint8Array(Float32Array.of(1, 2, 3, 4, 5, 6).buffer);

describe('readNpz', () => {
  it.each([true, false])('reads float32, deflated: %s', (deflate) => {
    const { shape, data } = readNpz(zip('flow.npy', npy('<f4', '1, 3, 2', floats), deflate)).get('flow')!;
    expect(shape).toEqual([1, 3, 2]);
    expect(data).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
  });

  it('brings Fortran order to C order', () => {
    // Columns first: [[1, 3, 5], [2, 4, 6]].
    expect(readNpz(zip('a.npy', npy('<f4', '2, 3', floats, true), true)).get('a')!.data).toEqual(Float32Array.of(1, 3, 5, 2, 4, 6));
  });

  it('reads bool and one axis', () => {
    expect(readNpz(zip('valid.npy', npy('|b1', '3,', Uint8Array.of(1, 0, 1)), false)).get('valid')).toEqual({ shape: [3], data: Uint8Array.of(1, 0, 1) });
  });

  it('refuses what is none', () => {
    expect(() => readNpz(Buffer.from('nothing of the kind, long enough'))).toThrow(/central directory/);
    expect(() => readNpz(zip('a.npy', npy('<i8', '1', new Uint8Array(8)), false))).toThrow(/a.npy holds <i8/);
    expect(() => readNpz(zip('a.npy', npy('<f4', '9', floats), false))).toThrow(/24 bytes of 9 <f4/);
    expect(() => readNpz(zip('a.npy', Buffer.from('text, not an array'), false))).toThrow(/no .npy/);
  });
});
