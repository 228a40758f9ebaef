import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Rng } from '../../math/rng.js';
import type { Texture } from '../../render/types.js';
import { TEXTURE_CATEGORIES } from '../../scene/library.js';
import { pooledTexture, TEXTURE_GENERATORS, type TextureKind } from './pool.js';

/** Mean absolute step between neighbouring columns (or rows), inside the picture and across its seam. */
function steps({ width, height, rgba }: Texture, rows: boolean): { inside: number; seam: number } {
  const lines = rows ? height : width, length = rows ? width : height;
  const step = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < length; i++) for (let k = 0; k < 3; k++) {
      const at = (line: number): number => rgba[(rows ? line * width + i : i * width + line) * 4 + k];
      sum += Math.abs(at(a) - at(b));
    }
    return sum / (length * 3);
  };
  let inside = 0, most = 0;
  for (let i = 0; i + 1 < lines; i++) {
    const s = step(i, i + 1);
    inside += s / (lines - 1);
    most = Math.max(most, s);
  }
  return { inside: Math.max(inside * 2, most), seam: step(lines - 1, 0) };
}

const digest = (t: Texture): string => createHash('sha256').update(t.rgba).digest('hex').slice(0, 16);
const SEAMLESS = TEXTURE_CATEGORIES.filter((category) => category !== 'poster');

describe('procedural textures', () => {
  it('covers every public category', () => {
    for (const category of TEXTURE_CATEGORIES) expect(TEXTURE_GENERATORS[category].variants).toBeGreaterThan(3);
  });

  it.each(SEAMLESS)('%s continues across its edges', (category) => {
    for (let variant = 0; variant < 4; variant++) {
      const texture = pooledTexture(category, variant);
      for (const rows of [false, true]) {
        const { inside, seam } = steps(texture, rows);
        expect(seam).toBeLessThanOrEqual(inside * 1.25 + 1);
      }
    }
  });

  it.each(Object.keys(TEXTURE_GENERATORS) as TextureKind[])('%s is the same for a seed and differs between seeds', (kind) => {
    const { make } = TEXTURE_GENERATORS[kind];
    const one = make(new Rng(11));
    expect(one.rgba.length).toBe(one.width * one.height * 4);
    expect(digest(make(new Rng(11)))).toBe(digest(one));
    expect(new Set([0, 1, 2, 3].map((seed) => digest(make(new Rng(seed))))).size).toBeGreaterThan(1);
  });

  it('keeps its bytes', () => {
    const all = createHash('sha256');
    for (const category of TEXTURE_CATEGORIES) all.update(pooledTexture(category, 0).rgba);
    expect(all.digest('hex').slice(0, 16)).toBe('1e6f35da4a801178');
  });

  it('shares pooled variants', () => {
    const n = TEXTURE_GENERATORS.wood.variants;
    expect(pooledTexture('wood', n + 1)).toBe(pooledTexture('wood', 1));
  });
});
