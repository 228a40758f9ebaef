import type { Rng } from '../../math/rng.js';
import type { Texture } from '../../render/types.js';
import { dye } from './cloth.js';
import { valueNoise } from './noise.js';
import { jitter, mix, Raster, shade, type Rgb } from './raster.js';
import { poster } from './sheet.js';

/*
 * Pictures for particular objects (screens, dials, book spines, facades). They are shown once over a whole surface;
 * facades repeat.
 */

/** What a screen shows: a picture, a desktop with windows, text, or nothing. */
export function screen(rng: Rng): Texture {
  const kind = rng.pick(['off', 'picture', 'desktop', 'text'] as const);
  if (kind === 'picture') return poster(rng);
  const raster = new Raster(128);
  const back: Rgb = kind === 'off' ? [14, 15, 18] : kind === 'text' ? [24, 28, 38] : jitter(rng, [60, 96, 150], 0.4);
  raster.rect(0, 0, 128, 128, back);
  if (kind === 'off') {
    // A faint reflection of a window.
    for (let y = 0; y < 128; y++) for (let x = 0; x < 128; x++) if (x - y > 20 && x - y < 50) raster.set(y * 128 + x, [24, 26, 30]);
  } else if (kind === 'desktop') {
    raster.rect(0, 118, 128, 128, [230, 230, 234]);
    for (let n = rng.int(1, 3); n > 0; n--) {
      const x = rng.range(4, 60);
      const y = rng.range(4, 50);
      const w = rng.range(40, 70);
      const h = rng.range(30, 60);
      raster.rect(x, y, x + w, y + h, [244, 244, 246]);
      raster.rect(x, y, x + w, y + 6, dye(rng));
      for (let line = y + 10; line < y + h - 4; line += 5) raster.rect(x + 4, line, x + 4 + rng.range(10, w - 8), line + 2, [120, 124, 130]);
    }
  } else {
    for (let y = 6; y < 122; y += 6) raster.rect(6, y, 6 + rng.range(10, 110), y + 2, rng.chance(0.3) ? [130, 190, 110] : [190, 200, 210]);
  }
  return raster.texture();
}

/** The dial of a clock, hands at a random time; to be shown on a disc. */
export function dial(rng: Rng): Texture {
  const raster = new Raster(64);
  const dark = rng.chance(0.2);
  const face: Rgb = dark ? [30, 32, 36] : [244, 242, 234];
  const ink: Rgb = dark ? [230, 230, 226] : [28, 28, 30];
  raster.rect(0, 0, 64, 64, face);
  // Unit vectors of the twelve hours: only 1, 1/2 and sqrt(3)/2 occur.
  const h = Math.sqrt(3) / 2;
  const ring: readonly (readonly [number, number])[] = [
    [0, -1], [0.5, -h], [h, -0.5], [1, 0], [h, 0.5], [0.5, h], [0, 1], [-0.5, h], [-h, 0.5], [-1, 0], [-h, -0.5], [-0.5, -h],
  ];
  for (const [i, [x, y]] of ring.entries()) raster.stroke(32 + x * 25, 32 + y * 25, 32 + x * 28, 32 + y * 28, i % 3 === 0 ? 3 : 1, ink);
  const hour = rng.pick(ring);
  const minute = rng.pick(ring);
  raster.stroke(32, 32, 32 + hour[0] * 14, 32 + hour[1] * 14, 3, ink);
  raster.stroke(32, 32, 32 + minute[0] * 21, 32 + minute[1] * 21, 2, ink);
  return raster.texture();
}

/** A label for packages, bottles, signs of shops: a field of colour, a mark and lines of "text". */
export function label(rng: Rng): Texture {
  const raster = new Raster(64);
  const ground = dye(rng);
  const ink = mix(ground, ground[0] + ground[1] + ground[2] > 380 ? [20, 20, 24] : [250, 250, 246], 0.9);
  raster.rect(0, 0, 64, 64, ground);
  const band = dye(rng);
  if (rng.chance(0.6)) raster.rect(0, rng.range(4, 20), 64, rng.range(24, 40), band);
  raster.ellipse(rng.range(20, 44), rng.range(18, 34), rng.range(6, 14), rng.range(6, 14), ink);
  for (let y = 44; y < 60; y += 5) raster.rect(rng.range(4, 16), y, rng.range(40, 60), y + 2, ink);
  return raster.texture();
}

/** Windows in rows on a wall of plaster or brick tone: one storey (3 m) by three bays (9 m) per repetition. */
export function facade(rng: Rng): Texture {
  const width = 192;
  const height = 64;
  const raster = new Raster(width, height);
  const wall = jitter(rng, rng.pick<Rgb>([[196, 184, 162], [158, 96, 74], [210, 206, 198], [150, 148, 146], [184, 150, 116], [120, 84, 70], [222, 206, 170]]));
  const grit = valueNoise(rng, 64, 64);
  for (let i = 0; i < width * height; i++) raster.set(i, wall, 0.9 + 0.2 * grit[(i * 7) % grit.length]);
  const glassy = rng.chance(0.3);
  const frame: Rgb = rng.chance(0.6) ? [236, 234, 228] : [60, 58, 58];
  const bays = rng.pick([3, 3, 6]);
  const pitch = width / bays;
  const w = pitch * (glassy ? 0.86 : rng.range(0.35, 0.6));
  const top = glassy ? 4 : rng.range(10, 16);
  const bottom = glassy ? 60 : rng.range(46, 54);
  for (let bay = 0; bay < bays; bay++) {
    const x = bay * pitch + (pitch - w) / 2;
    raster.rect(x - 2, top - 2, x + w + 2, bottom + 2, frame);
    const pane: Rgb = rng.chance(0.12) ? [236, 214, 150] : jitter(rng, [72, 92, 110], 0.35);
    raster.rect(x, top, x + w, bottom, pane);
    raster.rect(x, top, x + w, top + (bottom - top) * rng.range(0.1, 0.4), mix(pane, [170, 190, 206], 0.4));
    raster.rect(x + w / 2 - 1, top, x + w / 2 + 1, bottom, frame);
    if (rng.chance(0.5)) raster.rect(x, top + (bottom - top) * 0.4, x + w, top + (bottom - top) * 0.4 + 2, frame);
    raster.rect(x - 3, bottom + 2, x + w + 3, bottom + 4, shade(wall, 0.7));
  }
  if (rng.chance(0.5)) raster.rect(0, 62, width, 64, shade(wall, 0.75));
  return raster.texture();
}
