import type { Vec3 } from '../../render/types.js';
import { carcass, cloth, glass, grey, plain, steel, wood } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder, type Slot } from '../model-builder.js';
import { box, loft, quad } from '../primitives.js';
import { cos, sin } from '../../math/deterministic.js';
import { anyTexture } from '../textures/pool.js';

/*
 * Things of a wall: thin along x, their face to +x, standing on z = 0 (the scene hangs them where they belong).
 */

function frame(m: ModelBuilder, slot: Slot, w: number, z0: number, z1: number, bar: number, depth: number): void {
  for (const s of [-1, 1]) box(m, slot, [0, s * (w / 2 - bar / 2), z0], [depth, bar, z1 - z0]);
  for (const z of [z0, z1 - bar]) box(m, slot, [0, 0, z], [depth, w - 2 * bar, bar]);
}

function pane(m: ModelBuilder, slot: Slot, x: number, w: number, z0: number, z1: number, picture: boolean): void {
  const h = w / 2;
  quad(m, slot, [x, -h, z0], [x, h, z0], [x, h, z1], [x, -h, z1], picture);
}

export const picture: Generator = (rng) => {
  const m = new ModelBuilder();
  const rim = m.slot(rng.chance(0.5) ? wood(rng) : grey(rng.pick([0.08, 0.9]), 0.4));
  const image = m.slot({ color: [1, 1, 1], texture: anyTexture(rng, 'poster'), roughness: 0.6 });
  const w = rng.range(0.25, 0.9), h = w * rng.range(0.7, 1.4), bar = rng.range(0.015, 0.045), mat = rng.chance(0.4) ? w * 0.1 : 0;
  frame(m, rim, w, 0, h, bar, 0.025);
  pane(m, m.slot(grey(0.93, 1)), 0.002, w - 2 * bar, bar, h - bar, false);
  pane(m, image, 0.004, w - 2 * (bar + mat), bar + mat, h - bar - mat, true);
  return m.finish('picture');
};

/** A door leaf in its frame: panelled or flush, with a handle. */
export const door: Generator = (rng) => {
  const m = new ModelBuilder();
  const leaf = m.slot(carcass(rng), 0.9);
  const jamb = rng.chance(0.5) ? leaf : m.slot(grey(0.9, 0.4));
  const metal = m.slot(steel(rng));
  const w = rng.range(0.86, 1.02), h = rng.range(2.02, 2.15);
  for (const s of [-1, 1]) box(m, jamb, [0, s * (w / 2 - 0.035), 0], [0.1, 0.07, h]);
  box(m, jamb, [0, 0, h - 0.07], [0.1, w - 0.14, 0.07]);
  box(m, leaf, [0, 0, 0.005], [0.045, w - 0.144, h - 0.08]);
  const panels = rng.int(0, 3);
  const inner = w - 0.4, lit = panels > 0 && rng.chance(0.25);
  const field = lit ? m.slot(glass) : leaf;
  for (let i = 0; i < panels; i++) {
    const z0 = 0.22 + ((h - 0.45) * i) / panels, z1 = 0.22 + ((h - 0.45) * (i + 1)) / panels - 0.14;
    m.at({ z: z0 }, () => frame(m, leaf, inner, 0, z1 - z0, 0.03, 0.062));
    pane(m, field, 0.024, inner - 0.06, z0 + 0.03, z1 - 0.03, false);
  }
  for (const s of [-1, 1]) {
    box(m, metal, [s * 0.03, w / 2 - 0.13, 0.96], [0.015, 0.03, 0.14]);
    box(m, metal, [s * 0.055, w / 2 - 0.18, 1.03], [0.015, 0.12, 0.018]);
  }
  return m.finish('door');
};

/** A window with its frame, sill and muntins. */
export const windowModel: Generator = (rng) => {
  const m = new ModelBuilder();
  const bars = m.slot(rng.chance(0.6) ? grey(0.92, 0.4) : wood(rng));
  const sheet = m.slot(plain([0.5 + 0.2 * rng.unit(), 0.66, 0.78], 0.06));
  const w = rng.range(0.7, 1.7), h = rng.range(0.9, 1.5), z = 0.03, sill = rng.chance(0.7);
  if (sill) box(m, bars, [0.06, 0, 0], [0.2, w + 0.06, 0.03]);
  frame(m, bars, w, z, z + h, 0.06, 0.08);
  const columns = w > 1.1 ? rng.int(2, 3) : rng.int(1, 2), rows = rng.int(1, 2);
  for (let c = 1; c < columns; c++) box(m, bars, [0, (c / columns - 0.5) * w, z + 0.06], [0.06, 0.04, h - 0.12]);
  for (let r = 1; r < rows; r++) box(m, bars, [0, 0, z + h * 0.62], [0.06, w - 0.12, 0.035]);
  pane(m, sheet, 0, w - 0.12, z + 0.06, z + h - 0.06, false);
  return m.finish('window');
};

/** A pair of curtains on a rod. */
export const curtain: Generator = (rng) => {
  const m = new ModelBuilder();
  const stuff = m.slot(cloth(rng), 0.6);
  const pole = m.slot(steel(rng));
  const w = rng.range(1.2, 2.4), h = rng.range(1.6, 2.4), share = rng.range(0.2, 0.48);
  const waves = Math.round((w * share) / 0.11), steps = waves * 6;
  for (const side of [-1, 1]) {
    const strip = (depth: number, z: number, squeeze: number): Vec3[] => Array.from({ length: steps + 1 }, (_, i): Vec3 => {
      const s = i / steps;
      return [depth * sin(2 * Math.PI * waves * s) + 0.006 * cos(5 * s), side * (w / 2 - w * share * s * squeeze), z];
    });
    const rings = [strip(0.045, 0, 1), strip(0.03, h * 0.6, 0.96), strip(0.02, h, 1)];
    // One sheet: the band of the ring that would close it is left out.
    for (let r = 0; r + 1 < rings.length; r++) {
      for (let i = 0; i < steps; i++) quad(m, stuff, rings[r][i], rings[r][i + 1], rings[r + 1][i + 1], rings[r + 1][i]);
    }
  }
  const circle = (y: number): Vec3[] => Array.from({ length: 8 }, (_, i): Vec3 => [0.014 * cos((Math.PI * i) / 4), y, h + 0.015 + 0.014 * sin((Math.PI * i) / 4)]);
  loft(m, pole, [circle(-w / 2 - 0.1), circle(w / 2 + 0.1)], { smooth: true });
  return m.finish('curtain');
};
