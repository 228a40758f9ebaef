import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import { scratch, start } from './command.js';

jest.setTimeout(90_000);
const root = scratch();

/** A picture of a chessboard of 9x6 inner corners. */
async function boardPicture(path: string, left: number, top: number, side: number): Promise<void> {
  const [width, height] = [320, 240];
  const grey = Buffer.alloc(width * height, 230);
  for (let y = top; y < top + 7 * side; y += 1) {
    for (let x = left; x < left + 10 * side; x += 1) if ((Math.floor((x - left) / side) + Math.floor((y - top) / side)) % 2 === 0) grey[y * width + x] = 20;
  }
  await sharp(grey, { raw: { width, height, channels: 1 } }).blur(0.7).png().toFile(path);
}

describe('sextant calibrate', () => {
  it('keeps of each of several folders only views that differ, and tells them by their own names; a picture by name counts', async () => {
    const [a, b] = [join(root, 'a'), join(root, 'b')];
    for (const [folder, side] of [[a, 16], [b, 20]] as const) {
      await mkdir(folder);
      for (const name of ['0.png', '1.png']) await boardPicture(join(folder, name), 40, 40, side);
    }
    const { lines } = await start('calibrate', a, b, join(a, '1.png'), '--board', '9x6', '--square', '0.03', '--out', join(root, 'camera.yaml'), '--json').end();
    expect(lines.filter(({ event }) => event === 'view').map(({ name, outcome }) => [name, outcome])).toEqual([
      [`${a}, picture 0`, 'kept'], [`${a}, picture 1`, 'similar'], [`${b}, picture 0`, 'kept'], [`${b}, picture 1`, 'similar'], [join(a, '1.png'), 'kept'],
    ]);
  });

  it('says after Ctrl-C that there are too few views: that ends the collecting, not the command', async () => {
    const live = start('calibrate', 'sim:7', '--board', '9x6', '--square', '0.03', '--out', join(root, 'camera.yaml'), '--json'); // no board there
    await live.line(({ event }) => event === 'view');
    live.kill('SIGINT');
    const { code, lines } = await live.end();
    expect(lines.at(-1)).toMatchObject({ event: 'error', code: 'bad-argument', message: expect.stringContaining('0 usable views') });
    expect(code).toBe(2);
  });

  it.each([['a folder that is not there', 'nowhere/camera.yaml', /ENOENT/], ['a folder', '', /it is a folder/]])('refuses to write to %s before it looks at anything', async (_, out, reason) => {
    const picture = join(root, 'picture.png');
    await sharp({ create: { width: 64, height: 48, channels: 3, background: 'white' } }).png().toFile(picture);
    const { code, lines } = await start('calibrate', picture, '--board', '9x6', '--square', '0.03', '--out', join(root, out), '--json').end();
    expect(lines).toEqual([expect.objectContaining({ event: 'error', code: 'io', message: expect.stringMatching(reason) })]);
    expect(code).toBe(1);
  });
});
