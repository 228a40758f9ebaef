import { describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { plain } from '../../test/media.js';
import { decodeRosCompressedImage } from './ros-picture.js';

describe('decodeRosCompressedImage', () => {
  it('leaves the picture as it is stored, whatever its EXIF note says: camera_info speaks of that one', async () => {
    const rgb = plain(16, 8, [20, 20, 20]);
    rgb.fill(200, 0, rgb.length / 2); // the upper half is bright
    const data = await sharp(rgb, { raw: { width: 16, height: 8, channels: 3 } }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const picture = await decodeRosCompressedImage({ format: 'rgb8; jpeg compressed bgr8', data }, '/image_raw/compressed', 1e6);
    expect(picture).toMatchObject({ width: 16, height: 8 });
    expect([picture.rgb[3 * 8], picture.rgb[3 * (7 * 16 + 8)]].map((value) => value > 100)).toEqual([true, false]);
  });
});
