import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import sharp from 'sharp';
import { scratch, start } from './command.js';

jest.setTimeout(90_000);
const root = scratch();

describe('sextant calibrate', () => {
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
