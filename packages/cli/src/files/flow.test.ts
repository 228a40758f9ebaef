import { describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { encodeFlow, writeFlow } from './flow.js';

describe('flow files', () => {
  it('encodes u, v * 64 + 32768 and a valid bit, as KITTI does', () => {
    expect([...encodeFlow(Float32Array.of(0, 0, 1, -1, 0.5, -300.25, NaN, 1, 512, 0, -512, 511.98))]).toEqual([
      32_768, 32_768, 1, 32_832, 32_704, 1, 32_800, 13_552, 1, 0, 0, 0, 0, 0, 0, 0, 65_535, 1,
    ]);
  });

  it('reads back as 16-bit rgb', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-flow-'));
    await writeFlow(folder, 1, { width: 1, height: 2, pixels: Float32Array.of(2, -3, NaN, NaN) });
    const png = decode(await readFile(join(folder, 'flow', '000001.png')));
    expect([png.width, png.height, png.depth, png.channels, ...png.data]).toEqual([1, 2, 16, 3, 32_896, 32_576, 1, 0, 0, 0]);
    await rm(folder, { recursive: true });
  });
});
