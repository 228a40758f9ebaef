import type { Rng } from '../../math/rng.js';
import type { Texture } from '../../render/types.js';
import { cellular, fractalNoise, valueNoise } from './noise.js';
import { jitter, mix, Raster, shade, type Rgb } from './raster.js';

/** Road surface: dark binder with pale grit, patches and the odd crack. */
export function asphalt(rng: Rng): Texture {
  const size = 128;
  const base = jitter(rng, rng.pick<Rgb>([[78, 78, 80], [96, 95, 94], [64, 64, 68], [116, 114, 110]]), 0.1);
  const patch = fractalNoise(rng, size, 3, 4);
  const grit = valueNoise(rng, size, size);
  const cracks = rng.chance(0.4) ? cellular(rng, size, 3) : undefined;
  const raster = new Raster(size);
  for (let i = 0; i < patch.length; i++) {
    const g = grit[i];
    let tone = 0.75 + 0.4 * patch[i] + (g > 0.9 ? 0.35 : 0.25 * (g - 0.5));
    if (cracks && cracks.second[i] - cracks.first[i] < 0.018) tone *= 0.5;
    raster.set(i, base, tone);
  }
  return raster.texture();
}

const GRASSES: readonly Rgb[] = [[86, 124, 48], [104, 132, 58], [70, 110, 44], [132, 138, 74], [112, 146, 62], [148, 138, 84]];

/** Lawn or meadow: short strokes of several greens over shade, with dry spots. */
export function grass(rng: Rng): Texture {
  const size = 256;
  const base = jitter(rng, rng.pick(GRASSES));
  const raster = new Raster(size);
  const cloud = fractalNoise(rng, size, 4, 4);
  const dry = mix(base, [170, 150, 90], rng.range(0.2, 0.6));
  for (let i = 0; i < cloud.length; i++) raster.set(i, shade(mix(base, dry, Math.max(0, cloud[i] * 3 - 1.4)), 0.55));
  const palette = Array.from({ length: 8 }, () => jitter(rng, rng.chance(0.2) ? dry : base, 0.3));
  const flowers = rng.chance(0.25) ? jitter(rng, rng.pick<Rgb>([[240, 240, 230], [240, 210, 60], [190, 120, 200]])) : undefined;
  const data = raster.data;
  for (let blade = 0; blade < 5200; blade++) {
    let x = rng.int(0, size - 1);
    let y = rng.int(0, size - 1);
    const color = palette[blade & 7];
    const lean = rng.int(-1, 1);
    const length = rng.int(4, 9);
    const spot = cloud[y * size + x] * 0.7 + 0.65;
    for (let step = 0; step < length; step++) {
      const o = (y * size + x) * 4;
      const tone = spot * (0.7 + (0.5 * step) / length);
      data[o] = color[0] * tone;
      data[o + 1] = color[1] * tone;
      data[o + 2] = color[2] * tone;
      y = (y - 1 + size) % size;
      if (step % 3 === 2) x = (x + lean + size) % size;
    }
  }
  if (flowers) for (let n = 0; n < 40; n++) raster.ellipse(rng.range(2, size - 3), rng.range(2, size - 3), 1.5, 1.5, flowers);
  return raster.texture();
}

const SOILS: readonly Rgb[] = [[120, 92, 66], [96, 74, 56], [146, 120, 88], [186, 164, 124], [110, 100, 88], [206, 190, 154]];

/** Earth, sand or gravel with pebbles. */
export function soil(rng: Rng): Texture {
  const size = 128;
  const base = jitter(rng, rng.pick(SOILS));
  const rough = fractalNoise(rng, size, 6, 5, { gain: 0.7 });
  const cells = rng.pick([12, 20, 28]);
  const pebbles = cellular(rng, size, cells, 0.95);
  const radius = rng.range(0.1, 0.42);
  const share = rng.range(0.1, 0.9);
  const kinds = Array.from({ length: cells * cells }, () => (rng.chance(share) ? jitter(rng, mix(base, [170, 166, 160], 0.4), 0.25) : undefined));
  const raster = new Raster(size);
  for (let i = 0; i < rough.length; i++) {
    const pebble = kinds[pebbles.id[i]];
    const d = pebbles.first[i];
    if (pebble && d < radius) raster.set(i, pebble, 1.1 - d);
    else raster.set(i, base, 0.45 + 1.1 * rough[i] - (pebble && d < radius + 0.12 ? 0.2 : 0));
  }
  return raster.texture();
}

/** Rippled water seen from above. */
export function water(rng: Rng): Texture {
  const size = 128;
  const deep = jitter(rng, rng.pick<Rgb>([[30, 66, 84], [44, 84, 92], [40, 70, 60], [36, 90, 120]]));
  const bright = mix(deep, [200, 222, 232], rng.range(0.35, 0.6));
  const a = fractalNoise(rng, size, 4, 4, { cellsY: 10 });
  const b = fractalNoise(rng, size, 6, 3, { cellsY: 12 });
  const raster = new Raster(size);
  for (let i = 0; i < a.length; i++) {
    const crest = 1 - Math.min(1, Math.abs(a[i] - b[i]) * 7);
    raster.blend(i, deep, bright, 0.15 + 0.75 * crest * crest);
  }
  return raster.texture();
}
