import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, jest } from '@jest/globals';
import { readCameraInfo } from '@sextant/camera';
import sharp from 'sharp';
import { scratch, sextant } from '../../packages/cli/test/command.js';
import { CHESS, boards, expectCamera } from '../support/boards.js';
import type { Boards, Found } from '../support/boards.js';

// Boards are rendered and searched, on a machine that may be busy. With lenses, live cameras and topics: test/slow.
jest.setTimeout(400_000);
const root = scratch();

describe('sextant calibrate, on boards that the world renders', () => {
  let plain: Boards;
  beforeAll(async () => {
    plain = await boards(join(root, 'plain'), '--views', '10');
  });

  it('finds a camera without a lens from pictures named one by one', async () => {
    const { code, lines } = await sextant('calibrate', ...plain.pictures, ...CHESS, '--out', join(root, 'plain.yaml'), '--json');
    expect(code).toBe(0);
    const found = lines.find(({ event }) => event === 'calibration') as unknown as Found;
    expectCamera(found, plain.truth);
    expect(found.rms).toBeLessThan(0.2);
    expect(Math.max(...found.d.slice(0, 4).map(Math.abs))).toBeLessThan(0.05);
    expect(found.views.length + found.dropped.length).toBe(lines.filter((line) => line.event === 'view' && line.outcome === 'kept').length);
  });

  it('says what is missing for a topic of ROS 2 where that is not sourced', async () => {
    const { code, stderr } = await sextant('calibrate', 'ros:/camera/image_raw', ...CHESS, '--out', join(root, 'no.yaml'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/AMENT_PREFIX_PATH/);
  });

  it('says what is wrong with pictures of two sizes, with another board and with too few views', async () => {
    const small = join(root, 'small.png');
    await sharp(plain.pictures[0]).resize(320, 240).toFile(small);
    const sizes = await sextant('calibrate', plain.pictures[0], small, ...CHESS, '--out', join(root, 'no.yaml'));
    expect(sizes.code).toBe(2);
    expect(sizes.stderr).toMatch(/small\.png is 320x240, the pictures before it are 640x480/);
    const two = join(root, 'two');
    await cp(plain.pictures[0], join(two, '0.png'));
    const other = await sextant('calibrate', two, '--board', '7x5', '--square', '0.03', '--out', join(root, 'no.yaml'));
    expect(other.code).toBe(2);
    expect(other.stderr).toMatch(/0 usable views of the board are too few/);
    await expect(readCameraInfo(join(root, 'no.yaml'))).rejects.toMatchObject({ code: 'source-missing' });
  });
});
