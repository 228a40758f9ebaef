import type { Rng } from '../../math/rng.js';
import type { Texture } from '../../render/types.js';
import { dye } from './cloth.js';
import { fractalNoise, valueNoise } from './noise.js';
import { hue, jitter, mix, Raster, shade, type Rgb } from './raster.js';

/** Brushed, painted or rusty metal. */
export function metal(rng: Rng): Texture {
  const size = 128;
  const base = jitter(rng, rng.pick<Rgb>([[186, 188, 192], [150, 152, 156], [110, 112, 116], [196, 176, 120], [90, 104, 92]]), 0.1);
  const brushed = fractalNoise(rng, size, 2, 3, { cellsY: 32, gain: 0.8 });
  const cloud = fractalNoise(rng, size, 4, 5);
  const rust = rng.chance(0.3) ? rng.range(0.5, 0.62) : 2;
  const raster = new Raster(size);
  for (let i = 0; i < cloud.length; i++) {
    if (cloud[i] > rust) raster.set(i, [134, 78, 48], 0.5 + cloud[i] * brushed[i] * 1.6);
    else raster.set(i, base, 0.85 + 0.3 * (brushed[i] - 0.5) + 0.2 * (cloud[i] - 0.5));
  }
  return raster.texture();
}

/** Paper or card board: fibres, sometimes lines of print. */
export function paper(rng: Rng): Texture {
  const size = 128;
  const base = jitter(rng, rng.pick<Rgb>([[240, 238, 230], [228, 214, 186], [186, 148, 104], [200, 164, 118], [214, 220, 226]]), 0.05);
  const fibre = fractalNoise(rng, size, 32, 3, { gain: 0.7 });
  const raster = new Raster(size);
  for (let i = 0; i < fibre.length; i++) raster.set(i, base, 0.92 + 0.14 * fibre[i]);
  if (rng.chance(0.4)) {
    const ink = shade(base, rng.range(0.25, 0.5));
    for (let y = 8; y < size - 8; y += 6) {
      for (let x = 8; x < size - 16;) {
        const word = rng.int(4, 14);
        raster.rect(x, y, Math.min(size - 8, x + word), y + 3, ink);
        x += word + 3;
      }
    }
  }
  return raster.texture();
}

/** A card of foliage for alpha-tested leaves: alpha is 0 between the leaves. Wraps around both ways. */
export function leaves(rng: Rng): Texture {
  const size = 128;
  const base = rng.chance(0.8)
    ? jitter(rng, rng.pick<Rgb>([[74, 112, 44], [96, 132, 56], [58, 92, 48], [110, 142, 66]]), 0.15)
    : jitter(rng, rng.pick<Rgb>([[190, 120, 40], [170, 70, 36], [204, 170, 60], [200, 130, 150]]), 0.15);
  const raster = new Raster(size);
  const data = raster.data;
  // Colour under the holes too, so that filtering at leaf edges does not turn black.
  for (let i = 0; i < size * size; i++) raster.set(i, base, 0.6);
  for (let o = 3; o < data.length; o += 4) data[o] = 0;
  const count = 150;
  for (let leaf = 0; leaf < count; leaf++) {
    const cx = rng.unit() * size;
    const cy = rng.unit() * size;
    const length = rng.range(6, 12);
    const width = length * rng.range(0.35, 0.55);
    // A direction without trigonometry: a point of the square, normalised.
    let ax = rng.range(-1, 1);
    let ay = rng.range(-1, 1);
    const norm = Math.sqrt(ax * ax + ay * ay) || 1;
    ax /= norm;
    ay /= norm;
    // Leaves drawn later lie on top and in more light.
    const color = jitter(rng, shade(base, 0.6 + (0.6 * leaf) / count), 0.18);
    const reach = Math.ceil(length);
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const along = (dx * ax + dy * ay) / length;
        const across = (dy * ax - dx * ay) / width;
        if (Math.abs(across) > 1 - along * along) continue;
        const x = ((Math.floor(cx) + dx) % size + size) % size;
        const y = ((Math.floor(cy) + dy) % size + size) % size;
        raster.set(y * size + x, color, Math.abs(across) < 0.12 ? 1.2 : across > 0 ? 1.05 : 0.9);
      }
    }
  }
  return raster.texture();
}

/** A framed-picture motif: landscape, abstract shapes, bands or a portrait-like figure. Made to be shown once, but repeats. */
export function poster(rng: Rng): Texture {
  const size = 128;
  const raster = new Raster(size);
  const ground = dye(rng);
  const kind = rng.pick(['landscape', 'shapes', 'bands', 'figure'] as const);
  const cloud = fractalNoise(rng, size, 4, 4);
  if (kind === 'landscape') {
    const sky = hue(rng.range(180, 230), rng.range(0.15, 0.5), 0.9);
    const dusk = hue(rng.range(10, 50), 0.4, 0.95);
    const far = hue(rng.range(160, 260), 0.3, 0.5);
    const near = hue(rng.range(60, 140), 0.5, 0.4);
    const ridge = rng.range(0.35, 0.6);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const v = y / size;
        const i = y * size + x;
        const hill = ridge + 0.35 * (cloud[x] - 0.5);
        const meadow = ridge + 0.2 + 0.25 * (cloud[40 * size + x] - 0.5);
        if (v > meadow) raster.set(i, near, 0.7 + 0.6 * cloud[i]);
        else if (v > hill) raster.set(i, far, 0.8 + 0.4 * cloud[i]);
        else raster.blend(i, sky, dusk, v / ridge);
      }
    }
    raster.ellipse(rng.range(20, 108), rng.range(10, 30), 7, 7, [250, 236, 190]);
  } else {
    for (let i = 0; i < cloud.length; i++) raster.set(i, ground, 0.85 + 0.3 * cloud[i]);
    if (kind === 'shapes') {
      for (let n = rng.int(5, 14); n > 0; n--) {
        const x = rng.range(0, size);
        const y = rng.range(0, size);
        const w = rng.range(6, 40);
        const h = rng.range(6, 40);
        const color = dye(rng);
        const shape = rng.int(0, 2);
        if (shape === 0) raster.rect(x - w, y - h, x + w, y + h, color);
        else if (shape === 1) raster.ellipse(x, y, w, h, color);
        else raster.stroke(x, y, rng.range(0, size), rng.range(0, size), rng.range(1, 8), color);
      }
    } else if (kind === 'bands') {
      for (let y = 0; y < size;) {
        const h = rng.int(4, 30);
        raster.rect(0, y, size, y + h, dye(rng));
        y += h;
      }
    } else {
      const skin = mix([90, 60, 44], [236, 200, 172], rng.unit());
      raster.ellipse(64, 128, 46, 44, dye(rng));
      raster.ellipse(64, 50, 27, 32, shade(dye(rng), 0.5));
      raster.rect(54, 70, 75, 92, shade(skin, 0.85));
      raster.ellipse(64, 56, 21, 26, skin);
      raster.ellipse(56, 53, 3, 2, [40, 36, 36]);
      raster.ellipse(72, 53, 3, 2, [40, 36, 36]);
      raster.rect(57, 68, 72, 70, [150, 70, 66]);
    }
  }
  return raster.texture();
}

/** Fur or feathers: short streaks along v in one or two coat colours, `patches` giving spots like a cow's. */
export function fur(rng: Rng, coat: Rgb, second: Rgb, patches: number): Texture {
  const size = 128;
  const streaks = fractalNoise(rng, size, 64, 2, { cellsY: 12, gain: 0.7 });
  const cloud = fractalNoise(rng, size, 3, 3);
  const fine = valueNoise(rng, size, size);
  const raster = new Raster(size);
  for (let i = 0; i < cloud.length; i++) {
    const spot = cloud[i] > 1 - patches;
    raster.set(i, spot ? second : coat, 0.72 + 0.4 * streaks[i] + 0.12 * (fine[i] - 0.5));
  }
  return raster.texture();
}
