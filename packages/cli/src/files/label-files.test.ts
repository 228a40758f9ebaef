import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { writeDensepose } from './densepose.js';
import { writeRgb } from './rgb.js';
import { writeClasses, writeSegmentation } from './segmentation.js';

const folder = mkdtempSync(join(tmpdir(), 'sextant-labels-'));
afterAll(() => rm(folder, { recursive: true }));
const read = async (name: string) => {
  const { width, height, depth, channels, data } = decode(await readFile(join(folder, name)));
  return { width, height, depth, channels, data: [...data] };
};

describe('files of labels', () => {
  it('keeps class ids in 8 and instance ids in 16 bits', async () => {
    const classes = [{ id: 0, name: 'background', color: [0, 0, 0] as const, thing: false }];
    await writeSegmentation(folder, 0, { width: 2, height: 1, labels: Uint8Array.of(1, 255), instances: Uint16Array.of(0, 40_000), classes });
    await writeClasses(folder, classes);
    expect(await read('segmentation/000000.png')).toEqual({ width: 2, height: 1, depth: 8, channels: 1, data: [1, 255] });
    expect(await read('instances/000000.png')).toEqual({ width: 2, height: 1, depth: 16, channels: 1, data: [0, 40_000] });
    expect(JSON.parse(await readFile(join(folder, 'classes.json'), 'utf8'))).toEqual(classes);
  });

  it('keeps part, u and v in the channels of one picture', async () => {
    await writeDensepose(folder, 12, { width: 1, height: 2, part: Uint8Array.of(0, 24), u: Uint8Array.of(0, 200), v: Uint8Array.of(0, 3) });
    expect(await read('densepose/000012.png')).toEqual({ width: 1, height: 2, depth: 8, channels: 3, data: [0, 0, 0, 24, 200, 3] });
  });

  it('keeps colours exactly', async () => {
    await writeRgb(folder, 3, { width: 2, height: 1, rgb: Uint8Array.of(1, 2, 3, 254, 0, 128) });
    expect(await read('rgb/000003.png')).toEqual({ width: 2, height: 1, depth: 8, channels: 3, data: [1, 2, 3, 254, 0, 128] });
  });
});
