import { carcass, grey, glass, steel, wood } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, cylinder, rod } from '../primitives.js';

/** Rectangular dining or work table. */
export const table: Generator = (rng) => {
  const m = new ModelBuilder();
  const top = m.slot(rng.chance(0.75) ? wood(rng) : grey(rng.range(0.7, 0.95), 0.4), 0.8);
  const frame = m.slot(rng.chance(0.6) ? wood(rng) : steel(rng), 0.6);
  const d = rng.range(0.7, 0.95), w = rng.range(0.8, 2), h = rng.range(0.71, 0.77), leg = rng.range(0.04, 0.09), thick = rng.range(0.02, 0.05);
  box(m, top, [0, 0, h - thick], [d, w, thick]);
  const inset = rng.range(0, 0.06) + leg / 2;
  if (rng.chance(0.2) && w > 1.3) {
    for (const s of [-1, 1]) {
      box(m, frame, [0, s * (w / 2 - 0.25), 0], [d * 0.75, leg, 0.05]);
      box(m, frame, [0, s * (w / 2 - 0.25), 0.05], [leg * 1.6, leg, h - thick - 0.05]);
    }
    box(m, frame, [0, 0, h * 0.35], [leg * 0.6, w - 0.5, leg]);
  } else {
    const taper = rng.range(0.6, 1);
    for (const sx of [-1, 1]) {
      for (const sy of [-1, 1]) {
        m.at({ x: sx * (d / 2 - inset), y: sy * (w / 2 - inset), scale: [leg, leg, h - thick] }, () => box(m, frame, [0, 0, 0], [taper, taper, 1], 1 / taper));
      }
    }
    if (rng.chance(0.7)) {
      const apron = rng.range(0.05, 0.1);
      for (const s of [-1, 1]) {
        box(m, frame, [s * (d / 2 - inset), 0, h - thick - apron], [0.02, w - 2 * inset, apron]);
        box(m, frame, [0, s * (w / 2 - inset), h - thick - apron], [d - 2 * inset, 0.02, apron]);
      }
    }
  }
  m.surface(h, d / 2 - 0.03, w / 2 - 0.03);
  return m.finish('table');
};

/** Round table on a column or on four legs; bistro to dining size. */
export const roundTable: Generator = (rng) => {
  const m = new ModelBuilder();
  const top = m.slot(rng.chance(0.7) ? wood(rng) : grey(rng.range(0.3, 0.95), 0.3), 0.8);
  const frame = m.slot(rng.chance(0.5) ? wood(rng) : steel(rng), 0.6);
  const r = rng.range(0.36, 0.62), h = rng.range(0.71, 0.76);
  cylinder(m, top, [0, 0, h - 0.03], r, 0.03, { segments: 24 });
  if (rng.chance(0.6)) {
    cylinder(m, frame, [0, 0, 0], r * 0.55, 0.03, { top: r * 0.5, segments: 16 });
    cylinder(m, frame, [0, 0, 0.03], 0.05, h - 0.06, { top: 0.04 });
  } else for (let i = 0; i < 4; i++) m.at({ yaw: (Math.PI * (2 * i + 1)) / 4 }, () => rod(m, frame, [r * 0.85, 0, 0], [r * 0.6, 0, h - 0.03], 0.022));
  m.surface(h, r * 0.66, r * 0.66);
  return m.finish('table');
};

/** Coffee or side table. */
export const lowTable: Generator = (rng) => {
  const m = new ModelBuilder();
  const top = m.slot(rng.chance(0.2) ? glass : wood(rng), 0.6);
  const frame = m.slot(rng.chance(0.5) ? wood(rng) : steel(rng), 0.6);
  const h = rng.range(0.35, 0.52), d = rng.range(0.42, 0.65), w = rng.chance(0.3) ? d : rng.range(0.8, 1.25), thick = rng.range(0.02, 0.05);
  box(m, top, [0, 0, h - thick], [d, w, thick]);
  m.surface(h, d / 2 - 0.02, w / 2 - 0.02);
  for (const sx of [-1, 1]) for (const sy of [-1, 1]) box(m, frame, [sx * (d / 2 - 0.04), sy * (w / 2 - 0.04), 0], [0.045, 0.045, h - thick]);
  if (rng.chance(0.5)) {
    box(m, frame, [0, 0, 0.12], [d - 0.08, w - 0.08, 0.018]);
    m.surface(0.138, d / 2 - 0.08, w / 2 - 0.08);
  }
  return m.finish('table');
};

/** Writing desk; its back is -x, the knees go in from +x. */
export const desk: Generator = (rng) => {
  const m = new ModelBuilder();
  const top = m.slot(carcass(rng), 0.8);
  const frame = m.slot(rng.chance(0.5) ? carcass(rng) : steel(rng), 0.6);
  const knob = m.slot(steel(rng));
  const d = rng.range(0.58, 0.8), w = rng.range(1.05, 1.8), h = rng.range(0.71, 0.76);
  box(m, top, [0, 0, h - 0.03], [d, w, 0.03]);
  const side = rng.chance(0.5) ? 1 : -1;
  if (rng.chance(0.7)) {
    const pedestal = rng.range(0.36, 0.44), y = side * (w / 2 - pedestal / 2 - 0.02);
    box(m, frame, [-0.02, y, 0.03], [d - 0.08, pedestal, h - 0.06]);
    const drawers = rng.int(2, 4);
    for (let i = 0; i < drawers; i++) {
      const z = 0.06 + ((h - 0.1) * i) / drawers, tall = (h - 0.1) / drawers - 0.015;
      box(m, top, [d / 2 - 0.055, y, z], [0.02, pedestal - 0.03, tall]);
      box(m, knob, [d / 2 - 0.037, y, z + tall * 0.7], [0.018, 0.12, 0.012]);
    }
    box(m, frame, [0, -side * (w / 2 - 0.025), 0], [d - 0.04, 0.03, h - 0.03]);
  } else {
    for (const s of [-1, 1]) {
      box(m, frame, [0, s * (w / 2 - 0.06), 0], [d - 0.06, 0.06, 0.03]);
      box(m, frame, [-d * 0.15, s * (w / 2 - 0.06), 0.03], [0.08, 0.05, h - 0.06]);
    }
  }
  box(m, frame, [-d / 2 + 0.03, 0, h * 0.45], [0.018, w - 0.1, h * 0.45]);
  m.surface(h, d / 2 - 0.02, w / 2 - 0.02);
  return m.finish('table');
};
