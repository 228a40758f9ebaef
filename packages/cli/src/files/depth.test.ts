import { describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decode } from 'fast-png';
import { depthScale, encodeDepth, writeDepth, writeDepthMeta } from './depth.js';

const map = (provenance: 'metric' | 'relative', ...metres: number[]) => ({ width: metres.length, height: 1, provenance, metres: Float32Array.from(metres) });

describe('depth files', () => {
  it('rounds to millimetres; none, negative and what 16 bits cannot hold are 0', () => {
    expect([...encodeDepth(Float32Array.of(1.2344, 1.2346, NaN, 0, -1, 65.535, 65.536, Infinity), 1000)]).toEqual([1234, 1235, 0, 0, 0, 65_535, 0, 0]);
  });

  it('reads back as 16-bit grey with its meaning beside it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-depth-'));
    const depth = map('metric', 0.5, NaN, 12.345);
    await writeDepth(folder, 7, depth, depthScale(depth));
    await writeDepthMeta(folder, depthScale(depth));
    const png = decode(await readFile(join(folder, 'depth', '000007.png')));
    expect([png.width, png.height, png.depth, png.channels]).toEqual([3, 1, 16, 1]);
    expect([...png.data]).toEqual([500, 0, 12_345]);
    expect(JSON.parse(await readFile(join(folder, 'depth', 'meta.json'), 'utf8'))).toMatchObject({ provenance: 'metric', unit: 'millimetre', scale: 1000 });
    await rm(folder, { recursive: true });
  });

  it.each([[0.01, 1000], [30, 1000], [40, 100], [9000, 1], [1e6, 0.01]])('relative depth up to %d is stored times %d', (far, scale) => {
    expect(depthScale(map('relative', far, far, far, NaN))).toEqual({ provenance: 'relative', scale });
  });
});
