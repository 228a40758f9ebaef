import type { Rng } from '../../math/rng.js';
import type { Texture } from '../../render/types.js';
import { fractalNoise, valueNoise } from './noise.js';
import { jitter, mix, Raster, shade, type Rgb } from './raster.js';

const WOODS: readonly Rgb[] = [
  [206, 170, 120], [182, 138, 88], [150, 104, 62], [120, 76, 44], [92, 58, 38], [70, 48, 36], [214, 190, 150], [160, 92, 56], [196, 184, 168],
];

/** Lines along x, stretched and bent like the grain of a sawn board. */
function grainField(rng: Rng, size: number): Float32Array {
  const fine = fractalNoise(rng, size, 2, 4, { cellsY: 32, gain: 0.6 });
  const coarse = fractalNoise(rng, size, 1, 2, { cellsY: 8 });
  for (let i = 0; i < fine.length; i++) {
    const rings = coarse[i] * 6;
    const f = rings - Math.floor(rings);
    fine[i] = 0.55 * fine[i] + 0.45 * (f < 0.8 ? f / 0.8 : (1 - f) * 5);
  }
  return fine;
}

/** A single board: furniture, doors, boxes. Grain runs along u. */
export function grain(rng: Rng): Texture {
  const size = 128;
  const light = jitter(rng, rng.pick(WOODS), 0.12);
  const dark = shade(light, rng.range(0.55, 0.75));
  const field = grainField(rng, size);
  const raster = new Raster(size);
  for (let i = 0; i < field.length; i++) raster.blend(i, light, dark, field[i]);
  return raster.texture();
}

/** Floor boards: rows of planks with staggered ends, each plank of its own tone. */
export function planks(rng: Rng): Texture {
  const size = 256;
  const light = jitter(rng, rng.pick(WOODS), 0.12);
  const dark = shade(light, rng.range(0.6, 0.78));
  const field = grainField(rng, size);
  const rows = rng.pick([4, 8, 8, 16]);
  const height = size / rows;
  const perRow = rng.pick([1, 2, 2, 4]);
  const length = size / perRow;
  const gap = rng.chance(0.8) ? 1 : 2;
  const herringTone = rng.range(0.1, 0.3);
  const raster = new Raster(size);
  for (let row = 0; row < rows; row++) {
    const start = rng.int(0, size - 1);
    const tones = Array.from({ length: perRow }, () => 1 - herringTone * rng.unit());
    const shifts = Array.from({ length: perRow }, () => rng.int(0, size - 1));
    for (let dy = 0; dy < height; dy++) {
      const y = row * height + dy;
      for (let x = 0; x < size; x++) {
        const along = (x - start + size) % size;
        const plank = Math.floor(along / length);
        const seam = dy < gap || along - plank * length < gap;
        const g = field[((y + shifts[plank]) % size) * size + x];
        const tone = tones[plank] * (seam ? 0.5 : 1);
        const o = (y * size + x) * 4;
        raster.data[o] = (light[0] + (dark[0] - light[0]) * g) * tone;
        raster.data[o + 1] = (light[1] + (dark[1] - light[1]) * g) * tone;
        raster.data[o + 2] = (light[2] + (dark[2] - light[2]) * g) * tone;
        raster.data[o + 3] = 255;
      }
    }
  }
  return raster.texture();
}

const BARKS: readonly Rgb[] = [[104, 84, 66], [84, 70, 58], [122, 104, 84], [96, 74, 52], [138, 130, 118], [190, 186, 176]];

/** Furrowed bark; furrows run along v. */
export function bark(rng: Rng): Texture {
  const size = 128;
  const light = jitter(rng, rng.pick(BARKS));
  const dark = shade(light, 0.4);
  const ridges = fractalNoise(rng, size, 12, 3, { cellsY: 3, gain: 0.6 });
  const fine = valueNoise(rng, size, 64);
  const moss = rng.chance(0.3) ? fractalNoise(rng, size, 4, 3) : undefined;
  const raster = new Raster(size);
  for (let i = 0; i < ridges.length; i++) {
    const crack = Math.abs(ridges[i] - 0.5) * 5;
    let t = 1 - Math.min(1, crack + 0.15) + (fine[i] - 0.5) * 0.3;
    let top = light;
    if (moss && moss[i] > 0.58) top = mix(light, [84, 104, 50], 0.6);
    if (t < 0) t = 0;
    raster.blend(i, top, dark, t);
  }
  return raster.texture();
}
