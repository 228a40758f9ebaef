import type { Rng } from '../../math/rng.js';
import type { Texture } from '../../render/types.js';
import { fractalNoise, valueNoise } from './noise.js';
import { hue, jitter, mix, Raster, shade, type Rgb } from './raster.js';

/** A dye: greys and earth tones half the time, else any hue. */
export function dye(rng: Rng): Rgb {
  if (rng.chance(0.45)) {
    return jitter(rng, rng.pick<Rgb>([
      [60, 62, 68], [110, 108, 104], [170, 160, 146], [214, 204, 186], [52, 58, 84], [96, 70, 54], [120, 44, 44], [58, 78, 62], [232, 228, 220],
    ]));
  }
  return hue(rng.range(0, 360), rng.range(0.3, 0.85), rng.range(0.35, 0.95));
}

/** Woven cloth: plain, striped, plaid or dotted. */
export function fabric(rng: Rng): Texture {
  const size = 128;
  const ground = dye(rng);
  const other = rng.chance(0.5) ? dye(rng) : mix(ground, [255, 255, 255], 0.6);
  const kind = rng.pick(['plain', 'plain', 'stripes', 'bars', 'plaid', 'dots'] as const);
  const period = rng.pick([16, 32, 32, 64]);
  const share = rng.range(0.2, 0.6);
  const fold = fractalNoise(rng, size, 2, 3);
  const thread = valueNoise(rng, size, size / 2, size / 4);
  const inBand = (k: number): number => (k % period < period * share ? 1 : 0);
  const raster = new Raster(size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      let t = 0;
      if (kind === 'stripes') t = inBand(x);
      else if (kind === 'bars') t = inBand(y);
      else if (kind === 'plaid') t = (inBand(x) + inBand(y)) / 2;
      else if (kind === 'dots') {
        const dx = (x % period) - period / 2;
        const dy = (y % period) - period / 2;
        t = dx * dx + dy * dy < period * period * share * share * 0.25 ? 1 : 0;
      }
      const weave = ((x >> 1) + (y >> 1)) & 1 ? 1.05 : 0.93;
      raster.set(i, t === 0 ? ground : mix(ground, other, t), weave * (0.82 + 0.16 * thread[i] + 0.14 * fold[i]));
    }
  }
  return raster.texture();
}

/** Carpet: pile noise, with a border-less oriental pattern or plain. */
export function carpet(rng: Rng): Texture {
  const size = 128;
  const ground = shade(dye(rng), 0.85);
  const motif = rng.chance(0.45) ? dye(rng) : undefined;
  const line = dye(rng);
  const pile = valueNoise(rng, size, size);
  const cloud = fractalNoise(rng, size, 4, 4);
  const period = rng.pick([32, 64]);
  const raster = new Raster(size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const i = y * size + x;
      let color = ground;
      if (motif) {
        const d = Math.abs((x % period) - period / 2) + Math.abs((y % period) - period / 2);
        if (d < period * 0.22 || (d > period * 0.36 && d < period * 0.44)) color = motif;
        else if (d > period * 0.8) color = line;
      }
      raster.set(i, color, 0.7 + 0.4 * pile[i] + 0.2 * cloud[i]);
    }
  }
  return raster.texture();
}
