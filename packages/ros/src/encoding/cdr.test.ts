import { describe, expect, it } from '@jest/globals';
import type { Image } from '../messages/types.js';
import { decodeCdr, encodeCdr, encodeCdrGeneric } from './cdr.js';
import { encodeImageCdr } from './image-cdr.js';

function image(frameId: string, encoding: Image['encoding'], width: number, height: number, data: Uint8Array): Image {
  const header = { stamp: { sec: 1, nanosec: 2 }, frame_id: frameId };
  return { header, height, width, encoding, is_bigendian: 0, step: data.length / height, data };
}

describe('encodeCdr', () => {
  it('writes std_msgs/String to the byte', () => {
    expect([...encodeCdr('std_msgs/msg/String', { data: 'hi' })]).toEqual([0, 1, 0, 0, 3, 0, 0, 0, 0x68, 0x69, 0]);
  });

  it('writes sensor_msgs/Image to the byte', () => {
    const bytes = encodeCdr('sensor_msgs/Image', image('cam', 'mono8', 2, 1, Uint8Array.of(9, 8)));
    expect([...bytes]).toEqual([
      0, 1, 0, 0, // CDR_LE
      1, 0, 0, 0, 2, 0, 0, 0, // stamp
      4, 0, 0, 0, 0x63, 0x61, 0x6d, 0, // frame_id
      1, 0, 0, 0, 2, 0, 0, 0, // height, width
      6, 0, 0, 0, 0x6d, 0x6f, 0x6e, 0x6f, 0x38, 0, // encoding
      0, // is_bigendian
      0, // padding
      2, 0, 0, 0, // step
      2, 0, 0, 0, 9, 8, // data
    ]);
  });

  it('gives the library\'s bytes on the fast path, for every alignment of the strings', () => {
    for (const frameId of ['', 'a', 'ab', 'abc', 'abcd', 'camera_optical_frame', 'kamera_ä', '相机']) {
      for (const encoding of ['rgb8', 'mono8', '32FC1', '16UC1', '8UC3'] as const) {
        for (const size of [0, 1, 3, 64]) {
          const message = image(frameId, encoding, size, 1, Uint8Array.from({ length: size }, (_, i) => i * 7));
          expect(Buffer.from(encodeImageCdr(message)).equals(encodeCdrGeneric('sensor_msgs/msg/Image', message))).toBe(true);
        }
      }
    }
  });

  it('patches the stamp into the shared header and copies the pixels', () => {
    const first = image('cam', 'mono8', 1, 1, Uint8Array.of(1));
    const a = encodeImageCdr(first);
    const b = encodeImageCdr({ ...first, header: { ...first.header, stamp: { sec: -1, nanosec: 999_999_999 } } });
    expect([...a.subarray(4, 12)]).toEqual([1, 0, 0, 0, 2, 0, 0, 0]);
    expect([...b.subarray(4, 12)]).toEqual([255, 255, 255, 255, 255, 201, 154, 59]);
    first.data[0] = 77;
    expect(a[a.length - 1]).toBe(1);
  });

  it('keeps strings beyond ASCII, wherever they are', () => {
    const message = { header: { stamp: { sec: 0, nanosec: 0 }, frame_id: 'Straße' }, class_map: [{ class_id: 1, class_name: '人' }, { class_id: 2, class_name: 'a' }], threshold: 0 };
    expect(decodeCdr('vision_msgs/msg/LabelInfo', encodeCdr('vision_msgs/msg/LabelInfo', message))).toEqual(message);
    expect([...encodeCdr('std_msgs/msg/String', { data: 'é!' })]).toEqual([0, 1, 0, 0, 4, 0, 0, 0, 0xc3, 0xa9, 0x21, 0]);
  });

  it('names a type it does not know', () => {
    expect(() => encodeCdr('nav2_msgs/msg/Nothing', {})).toThrow(/nav2_msgs\/Nothing/);
  });
});
