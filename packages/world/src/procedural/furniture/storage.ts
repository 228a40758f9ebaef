import type { Rng } from '../../math/rng.js';
import { carcass, colored, steel, white } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder, type Slot } from '../model-builder.js';
import { box, cylinder } from '../primitives.js';

/** Doors and drawers over the front (+x) of a body of width `w` between z0 and z1. */
function front(m: ModelBuilder, rng: Rng, panel: Slot, knob: Slot, x: number, w: number, z0: number, z1: number): void {
  const columns = Math.max(1, Math.round(w / rng.range(0.4, 0.65)));
  const each = w / columns;
  const bar = rng.chance(0.5);
  for (let c = 0; c < columns; c++) {
    const y = (c - (columns - 1) / 2) * each;
    const drawers = rng.chance(0.5) && z1 - z0 < 1.2 ? rng.int(2, 4) : 0;
    const rows = Math.max(1, drawers);
    for (let r = 0; r < rows; r++) {
      const z = z0 + ((z1 - z0) * r) / rows, h = (z1 - z0) / rows;
      box(m, panel, [x + 0.009, y, z + 0.005], [0.018, each - 0.01, h - 0.01]);
      const [ky, kz] = drawers ? [y, z + h * 0.62] : [y + (c % 2 === 0 ? 1 : -1) * (each / 2 - 0.05), z + h * (z1 > 1.4 ? 0.5 : 0.75)];
      if (bar) box(m, knob, [x + 0.028, ky, kz - (drawers ? 0.006 : 0.07)], drawers ? [0.02, 0.14, 0.012] : [0.02, 0.012, 0.14]);
      else box(m, knob, [x + 0.028, ky, kz - 0.015], [0.02, 0.03, 0.03]);
    }
  }
}

/** Side board, chest of drawers, kitchen base or wardrobe. */
export const cabinet: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(carcass(rng), 0.8);
  const panel = rng.chance(0.4) ? m.slot(carcass(rng), 0.8) : body;
  const knob = m.slot(steel(rng));
  const kind = rng.pick(['sideboard', 'chest', 'wardrobe', 'night stand'] as const);
  const [d, w, h] = {
    sideboard: [rng.range(0.38, 0.5), rng.range(1.1, 1.9), rng.range(0.6, 0.95)],
    chest: [rng.range(0.4, 0.52), rng.range(0.6, 1.1), rng.range(0.7, 1.2)],
    wardrobe: [rng.range(0.55, 0.65), rng.range(0.8, 1.8), rng.range(1.8, 2.2)],
    'night stand': [rng.range(0.35, 0.42), rng.range(0.4, 0.5), rng.range(0.45, 0.6)],
  }[kind] as [number, number, number];
  const legs = rng.chance(0.4) && kind !== 'wardrobe' ? rng.range(0.08, 0.18) : 0.05;
  if (legs > 0.06) for (const sx of [-1, 1]) for (const sy of [-1, 1]) cylinder(m, knob, [sx * (d / 2 - 0.05), sy * (w / 2 - 0.06), 0], 0.014, legs, { top: 0.02, segments: 6 });
  else box(m, body, [-0.02, 0, 0], [d - 0.06, w - 0.02, legs]);
  box(m, body, [0, 0, legs], [d - 0.02, w, h - legs - 0.02]);
  box(m, body, [0.005, 0, h - 0.022], [d + 0.01, w + 0.015, 0.022]);
  front(m, rng, panel, knob, d / 2 - 0.01, w - 0.02, legs + 0.01, h - 0.03);
  m.surface(h, d / 2 - 0.02, w / 2 - 0.02);
  return m.finish('cabinet');
};

/** A row of standing books on one board; stops where they would not fit. */
function bookRow(m: ModelBuilder, rng: Rng, covers: readonly Slot[], z: number, clear: number, w: number, depth: number): void {
  let y = -w / 2;
  const end = -w / 2 + w * rng.range(0.3, 1);
  while (y < end - 0.05) {
    const thick = rng.range(0.02, 0.055), tall = Math.min(clear - 0.02, rng.range(0.18, 0.3)), deep = Math.min(depth, rng.range(0.13, 0.2));
    box(m, rng.pick(covers), [depth / 2 - deep / 2 - 0.02, y + thick / 2, z], [deep, thick - 0.002, tall]);
    y += thick;
    if (rng.chance(0.06)) y += 0.08;
  }
}

/** Open shelf or book case; its front is +x. Some boards hold books, the others are free surfaces. */
export const shelf: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(carcass(rng), 0.8);
  const post = rng.chance(0.25) ? m.slot(steel(rng)) : undefined;
  const covers = [colored(rng), colored(rng), colored(rng), white].map((material) => m.slot(material));
  const d = rng.range(0.26, 0.36), w = rng.range(0.6, 1.2), h = rng.chance(0.3) ? rng.range(0.75, 1.1) : rng.range(1.5, 2.1), boards = Math.max(2, Math.round(h / rng.range(0.32, 0.42)));
  const t = 0.022;
  const step = (h - t - 0.06) / boards;
  if (post) for (const sx of [-1, 1]) for (const sy of [-1, 1]) box(m, post, [sx * (d / 2 - 0.015), sy * (w / 2 - 0.015), 0], [0.03, 0.03, h]);
  else {
    for (const s of [-1, 1]) box(m, body, [0, s * (w / 2 - t / 2), 0], [d, t, h]);
    if (rng.chance(0.7)) box(m, body, [-d / 2 + 0.004, 0, 0.06], [0.008, w - 2 * t, h - 0.08]);
  }
  const share = rng.range(0.2, 0.9);
  for (let i = boards; i >= 0; i--) {
    const z = 0.06 + i * step;
    box(m, body, [0, 0, z], [d - 0.005, w - 2 * t, t]);
    if (i < boards && rng.chance(share)) bookRow(m, rng, covers, z + t, step - t, w - 2 * t - 0.02, d - 0.02);
    else m.surface(z + t, d / 2 - 0.02, w / 2 - t - 0.02);
  }
  return m.finish('shelf');
};
