import { describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import { plain } from '../../test/media.js';
import { decodeRosCompressedImage } from './ros-picture.js';

jest.setTimeout(60_000); // OpenCV is loaded

describe('decodeRosCompressedImage', () => {
  it('leaves the picture as it is stored, whatever its EXIF note says: camera_info speaks of that one', async () => {
    const rgb = plain(16, 8, [20, 20, 20]);
    rgb.fill(200, 0, rgb.length / 2); // the upper half is bright
    const data = await sharp(rgb, { raw: { width: 16, height: 8, channels: 3 } }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const picture = await decodeRosCompressedImage({ format: 'rgb8; jpeg compressed bgr8', data }, '/image_raw/compressed', 1e6);
    expect(picture).toMatchObject({ width: 16, height: 8 });
    expect([picture.rgb[3 * 8], picture.rgb[3 * (7 * 16 + 8)]].map((value) => value > 100)).toEqual([true, false]);
  });

  it('makes colours of a mosaic that was compressed as it came from the sensor; what is in colour stays', async () => {
    const mosaic = Uint8Array.from({ length: 16 * 8 }, (_, i) => [[200, 120], [120, 40]][Math.floor(i / 16) % 2][i % 2]); // of one colour, as RGGB
    const data = await sharp(mosaic, { raw: { width: 16, height: 8, channels: 1 } }).png().toBuffer();
    const picture = await decodeRosCompressedImage({ format: 'bayer_rggb8; png compressed ', data }, '/image_raw/compressed', 1e6);
    expect([picture.width, picture.height, ...picture.rgb.subarray(3 * (4 * 16 + 8), 3 * (4 * 16 + 9))]).toEqual([16, 8, 200, 120, 40]);
    const colour = await sharp(plain(16, 8, [200, 120, 40]), { raw: { width: 16, height: 8, channels: 3 } }).png().toBuffer();
    const kept = await decodeRosCompressedImage({ format: 'bayer_rggb8; png compressed bgr8', data: colour }, '/image_raw/compressed', 1e6);
    expect([...kept.rgb.subarray(0, 3)]).toEqual([200, 120, 40]);
  });
});
