import { chrome, glass, grey, rubber, steel } from '../finishes.js';
import type { Rng } from '../../math/rng.js';
import type { Material } from '../../render/types.js';
import type { Generator } from '../generator.js';
import { ModelBuilder, type Slot } from '../model-builder.js';
import { box, cylinder, rod, torus } from '../primitives.js';

const enamel = (rng: Rng): Material => (rng.chance(0.6) ? grey(rng.range(0.86, 0.95), 0.3) : rng.chance(0.7) ? grey(rng.range(0.55, 0.7), 0.25) : grey(0.15, 0.3));

/** A disc or ring seen from +x. */
function frontRing(m: ModelBuilder, slot: Slot, x: number, z: number, radius: number, tube: number): void {
  m.at({ x, z, pitch: Math.PI / 2 }, () => torus(m, slot, radius, tube, { segments: 20, around: 6 }));
}

function frontDisc(m: ModelBuilder, slot: Slot, x: number, y: number, z: number, radius: number, thick: number, segments = 10): void {
  m.at({ x, y, z, pitch: Math.PI / 2 }, () => cylinder(m, slot, [0, 0, 0], radius, thick, { segments }));
}

/** Refrigerator with freezer compartment. */
export const fridge: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(enamel(rng));
  const bar = m.slot(chrome);
  const w = rng.range(0.55, 0.75), d = rng.range(0.58, 0.7), h = rng.range(1.4, 1.95);
  const split = h * rng.pick([0.32, 0.68]), side = rng.chance(0.5) ? 1 : -1;
  box(m, body, [-0.03, 0, 0.03], [d - 0.06, w, h - 0.03]);
  box(m, m.slot(rubber), [-0.03, 0, 0], [d - 0.1, w - 0.04, 0.03]);
  for (const [z0, z1] of [[0.05, split], [split, h]] as const) {
    box(m, body, [d / 2 - 0.03, 0, z0 + 0.005], [0.055, w, z1 - z0 - 0.01]);
    const low = z0 === 0.05 ? z1 - Math.min(0.45, (z1 - z0) * 0.8) : z0 + 0.06;
    const tall = Math.min(0.38, (z1 - z0) * 0.7);
    rod(m, bar, [d / 2 + 0.025, side * (w / 2 - 0.06), low], [d / 2 + 0.025, side * (w / 2 - 0.06), low + tall], 0.012);
  }
  return m.finish('appliance');
};

/** Cooker: hob on top, oven door with window below. */
export const oven: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(enamel(rng));
  const dark = m.slot(glass);
  const bar = m.slot(chrome);
  const w = rng.range(0.55, 0.62), h = rng.range(0.85, 0.92);
  box(m, body, [0, 0, 0], [0.58, w, h - 0.02]);
  box(m, dark, [0, 0, h - 0.02], [0.58, w, 0.018]);
  for (const x of [-0.13, 0.13]) for (const y of [-0.14, 0.14]) m.at({ x, y, z: h - 0.004 }, () => torus(m, bar, rng.range(0.06, 0.09), 0.005, { segments: 14, around: 3 }));
  box(m, body, [0.295, 0, 0.14], [0.03, w - 0.02, h - 0.3]);
  box(m, dark, [0.3, 0, 0.24], [0.03, w - 0.14, h * 0.36]);
  rod(m, bar, [0.34, -w * 0.38, h - 0.21], [0.34, w * 0.38, h - 0.21], 0.012);
  for (let i = 0; i < 5; i++) frontDisc(m, bar, 0.285, (i - 2) * w * 0.17, h - 0.08, 0.022, 0.03);
  m.surface(h, 0.25, w / 2 - 0.04);
  return m.finish('appliance');
};

/** Front-loading washing machine or dryer. */
export const washer: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(enamel(rng));
  const dark = m.slot(glass);
  const bar = m.slot(chrome);
  box(m, body, [0, 0, 0.02], [0.58, 0.6, 0.83]);
  box(m, m.slot(rubber), [0, 0, 0], [0.5, 0.52, 0.02]);
  frontRing(m, bar, 0.295, 0.42, 0.17, 0.025);
  frontDisc(m, dark, 0.28, 0, 0.42, 0.16, 0.02, 18);
  box(m, dark, [0.292, 0.02, 0.75], [0.006, 0.16, 0.05]);
  frontDisc(m, bar, 0.29, -0.16, 0.775, 0.035, 0.025, 14);
  box(m, body, [0.292, 0.2, 0.73], [0.01, 0.15, 0.09]);
  m.surface(0.85, 0.26, 0.27);
  return m.finish('appliance');
};

/** Microwave oven for the counter. */
export const microwave: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(enamel(rng));
  const dark = m.slot(glass);
  const w = rng.range(0.44, 0.52), h = rng.range(0.26, 0.3);
  box(m, body, [0, 0, 0.01], [0.36, w, h - 0.01]);
  for (const s of [-1, 1]) box(m, dark, [0, s * w * 0.4, 0], [0.3, 0.03, 0.01]);
  box(m, dark, [0.182, 0.05, 0.04], [0.008, w * 0.68, h - 0.07]);
  box(m, m.slot(chrome), [0.2, -w / 2 + 0.13, 0.05], [0.02, 0.015, h - 0.09]);
  frontDisc(m, m.slot(chrome), 0.18, -w / 2 + 0.06, h * 0.35, 0.025, 0.015);
  return m.finish('appliance');
};

/** Electric kettle. */
export const kettle: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(rng.chance(0.6) ? steel(rng) : enamel(rng));
  const dark = m.slot(rubber);
  cylinder(m, dark, [0, 0, 0], 0.085, 0.02, { segments: 14 });
  cylinder(m, body, [0, 0, 0.02], 0.08, 0.17, { top: 0.055, segments: 16 });
  cylinder(m, dark, [0, 0, 0.19], 0.055, 0.015, { top: 0.02, segments: 12 });
  rod(m, body, [0.05, 0, 0.14], [0.1, 0, 0.19], 0.022, { end: 0.012 });
  rod(m, dark, [-0.055, 0, 0.19], [-0.12, 0, 0.17], 0.011);
  rod(m, dark, [-0.12, 0, 0.175], [-0.11, 0, 0.06], 0.011);
  return m.finish('appliance');
};
