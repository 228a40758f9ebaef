import type { Rng } from '../../math/rng.js';
import type { Texture } from '../../render/types.js';
import { cellular, fractalNoise, valueNoise } from './noise.js';
import { hue, jitter, mix, Raster, shade, type Rgb } from './raster.js';

const BRICKS: readonly Rgb[] = [[158, 78, 58], [140, 66, 52], [176, 102, 74], [196, 160, 120], [120, 104, 96], [206, 200, 190], [100, 62, 52]];
const MORTARS: readonly Rgb[] = [[190, 184, 172], [150, 146, 138], [214, 208, 198], [110, 106, 100]];

/** Brickwork in stretcher bond; one repetition is 4 bricks long and 8 to 12 courses high (about 1 m). */
export function brick(rng: Rng): Texture {
  const size = 256;
  const rows = rng.pick([8, 8, 16]);
  const columns = 4;
  const base = jitter(rng, rng.pick(BRICKS));
  const mortar = jitter(rng, rng.pick(MORTARS), 0.08);
  const spread = rng.range(0.06, 0.25);
  const rough = fractalNoise(rng, size, 16, 4, { gain: 0.7 });
  const height = size / rows;
  const width = size / columns;
  const joint = rows === 8 ? 3 : 2;
  const raster = new Raster(size);
  for (let row = 0; row < rows; row++) {
    const colors = Array.from({ length: columns }, () => jitter(rng, base, spread));
    const shift = (row % 2) * (width / 2);
    for (let dy = 0; dy < height; dy++) {
      const y = row * height + dy;
      for (let x = 0; x < size; x++) {
        const along = (x + shift) % size;
        const column = Math.floor(along / width);
        const dx = along - column * width;
        const i = y * size + x;
        const n = rough[i];
        if (dy < joint || dx < joint) raster.set(i, mortar, 0.8 + 0.4 * n);
        // The lower edge of a brick is in its own shade.
        else raster.set(i, colors[column], (0.72 + 0.56 * n) * (dy > height - 3 ? 0.85 : 1));
      }
    }
  }
  return raster.texture();
}

/** Wall or floor tiles: plain, checkered, or with tone per tile; n x n per repetition. */
export function tile(rng: Rng): Texture {
  const size = 128;
  const n = rng.pick([2, 4, 4, 8]);
  const first = rng.chance(0.6)
    ? jitter(rng, rng.pick<Rgb>([[232, 230, 224], [210, 204, 192], [186, 178, 166], [160, 158, 154], [90, 90, 94]]), 0.08)
    : hue(rng.range(0, 360), rng.range(0.1, 0.5), rng.range(0.5, 0.9));
  const checkered = rng.chance(0.3);
  const second = checkered ? (rng.chance(0.5) ? shade(first, 0.35) : jitter(rng, [60, 60, 64])) : first;
  const grout = rng.chance(0.6) ? shade(first, 0.7) : mix(first, [250, 250, 250], 0.5);
  const marble = fractalNoise(rng, size, 3, 5, { gain: 0.6 });
  const veins = rng.chance(0.4) ? rng.range(0.2, 0.5) : rng.range(0, 0.12);
  const spread = rng.range(0, 0.12);
  const pitch = size / n;
  const raster = new Raster(size);
  const tones = Array.from({ length: n * n }, () => 1 - spread * rng.unit());
  for (let y = 0; y < size; y++) {
    const ty = Math.floor(y / pitch);
    for (let x = 0; x < size; x++) {
      const tx = Math.floor(x / pitch);
      const i = y * size + x;
      if (x % pitch < 1 || y % pitch < 1) raster.set(i, grout);
      else {
        const vein = Math.max(0, 1 - Math.abs(marble[i] - 0.5) * 12) * veins;
        raster.set(i, (tx + ty) % 2 === 1 ? second : first, tones[ty * n + tx] * (1 - vein));
      }
    }
  }
  return raster.texture();
}

const STONES: readonly Rgb[] = [[136, 132, 126], [160, 150, 134], [112, 110, 112], [176, 164, 144], [126, 112, 98], [92, 96, 100]];

/** Rubble wall or cobbles, or plain weathered rock (a third of the variants). */
export function stone(rng: Rng): Texture {
  const size = 128;
  const base = jitter(rng, rng.pick(STONES));
  const rough = fractalNoise(rng, size, 8, 5, { gain: 0.65 });
  const raster = new Raster(size);
  if (rng.chance(1 / 3)) {
    for (let i = 0; i < rough.length; i++) raster.set(i, base, 0.3 + 1.4 * rough[i]);
    return raster.texture();
  }
  const cells = rng.pick([4, 6, 8]);
  const field = cellular(rng, size, cells);
  const tones = Array.from({ length: cells * cells }, () => jitter(rng, base, 0.2));
  const joint = jitter(rng, rng.pick(MORTARS), 0.2);
  const fill = rng.range(0.35, 0.8);
  for (let i = 0; i < rough.length; i++) {
    const edge = field.second[i] - field.first[i];
    if (edge < 0.07) raster.set(i, joint, fill * (0.7 + 0.6 * rough[i]));
    else raster.set(i, tones[field.id[i]], (0.6 + 0.8 * rough[i]) * Math.min(1, 0.75 + edge));
  }
  return raster.texture();
}

/** Cast concrete: cloudy grey with pores, sometimes with panel joints. */
export function concrete(rng: Rng): Texture {
  const size = 128;
  const base = jitter(rng, rng.pick<Rgb>([[168, 166, 160], [146, 146, 144], [186, 182, 172], [126, 126, 126]]), 0.1);
  const cloud = fractalNoise(rng, size, 3, 5, { gain: 0.55 });
  const grit = valueNoise(rng, size, size);
  const joints = rng.chance(0.4);
  const raster = new Raster(size);
  for (let i = 0; i < cloud.length; i++) {
    const pore = grit[i] > 0.985 ? 0.7 : 1;
    const joint = joints && (i % size === 0 || i < size) ? 0.6 : 1;
    raster.set(i, base, (0.75 + 0.42 * cloud[i] + 0.1 * (grit[i] - 0.5)) * pore * joint);
  }
  return raster.texture();
}

/** Painted wall: plaster or wall paper (stripes or small motifs), any pale or rich colour. */
export function plaster(rng: Rng): Texture {
  const size = 128;
  const base = rng.chance(0.55)
    ? jitter(rng, rng.pick<Rgb>([[236, 232, 224], [226, 216, 196], [240, 240, 238], [214, 208, 200]]), 0.05)
    : hue(rng.range(0, 360), rng.range(0.06, 0.45), rng.range(0.55, 0.95));
  const bumps = fractalNoise(rng, size, 4, 6, { gain: 0.7 });
  const relief = rng.range(0.03, 0.16);
  const raster = new Raster(size);
  const pattern = rng.unit();
  const accent = mix(base, rng.chance(0.5) ? [255, 255, 255] : hue(rng.range(0, 360), 0.5, 0.6), rng.range(0.15, 0.4));
  const period = rng.pick([8, 16, 32]);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      let color = base;
      if (pattern < 0.15 && x % period < period / 2) color = accent;
      else if (pattern > 0.88) {
        const dx = (x % 32) - 16;
        const dy = ((y + (Math.floor(x / 32) % 2) * 16) % 32) - 16;
        if (Math.abs(dx) + Math.abs(dy) < 9) color = accent;
      }
      raster.set(i, color, 1 + relief * (bumps[i] - 0.6));
    }
  }
  return raster.texture();
}
