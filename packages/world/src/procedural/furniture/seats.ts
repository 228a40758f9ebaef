import { carcass, cloth, colored, grey, plain, steel, wood } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, cushion, cylinder, ellipsoid, rod } from '../primitives.js';

/** Four-legged chair with an open, slatted or closed back; the seat at 0.43 to 0.47 m. */
export const chair: Generator = (rng) => {
  const m = new ModelBuilder();
  const frame = m.slot(rng.chance(0.7) ? wood(rng) : steel(rng), 0.6);
  const seat = m.slot(rng.chance(0.5) ? cloth(rng) : carcass(rng), 0.5);
  const w = rng.range(0.4, 0.48), d = rng.range(0.4, 0.46), z = rng.range(0.43, 0.47), top = rng.range(0.82, 0.94);
  const leg = rng.range(0.025, 0.045), lean = rng.range(0.02, 0.08);
  const x = d / 2 - leg / 2, y = w / 2 - leg / 2;
  for (const s of [-1, 1]) {
    box(m, frame, [x, s * y, 0], [leg, leg, z - 0.03]);
    box(m, frame, [-x, s * y, 0], [leg, leg, z]);
    rod(m, frame, [-x, s * y, z], [-x - lean, s * y, top], leg * 0.55);
    if (rng.chance(0.6)) box(m, frame, [0, s * y, z * 0.4], [d - leg, leg * 0.6, leg * 0.7]);
  }
  cushion(m, seat, [0.01, 0, z - 0.05], [d, w, 0.05]);
  const back = rng.pick(['slats', 'rails', 'panel'] as const);
  const bar = (share: number, height: number): void => box(m, back === 'panel' ? seat : frame, [-x - lean * share, 0, z + (top - z) * share - height / 2], [0.022, w - leg, height]);
  if (back === 'panel') bar(0.66, (top - z) * 0.6);
  else {
    bar(0.93, 0.06);
    if (back === 'rails') for (const share of [0.3, 0.6]) bar(share, 0.045);
    else {
      bar(0.2, 0.035);
      for (let i = -2; i <= 2; i++) rod(m, frame, [-x - lean * 0.2, (i * w) / 6, z + (top - z) * 0.2], [-x - lean * 0.93, (i * w) / 6, z + (top - z) * 0.92], 0.011);
    }
  }
  m.surface(z, d / 2 - 0.04, w / 2 - 0.04);
  return m.finish('chair');
};

/** Swivel chair on five castors. */
export const officeChair: Generator = (rng) => {
  const m = new ModelBuilder();
  const metal = m.slot(steel(rng));
  const dark = m.slot(grey(0.1));
  const pad = m.slot(rng.chance(0.5) ? cloth(rng) : grey(rng.range(0.08, 0.3)), 0.4);
  const z = rng.range(0.44, 0.5), w = rng.range(0.46, 0.52), top = rng.range(0.92, 1.1);
  for (let i = 0; i < 5; i++) {
    m.at({ yaw: (Math.PI * 2 * i) / 5 }, () => {
      rod(m, metal, [0.02, 0, 0.11], [0.28, 0, 0.075], 0.024, { end: 0.016 });
      ellipsoid(m, dark, [0.28, 0, 0.03], [0.03, 0.022, 0.03], { segments: 8, rings: 4 });
    });
  }
  cylinder(m, metal, [0, 0, 0.08], 0.03, z - 0.14, { segments: 8 });
  box(m, dark, [0, 0, z - 0.09], [0.24, 0.2, 0.03]);
  cushion(m, pad, [0.02, 0, z - 0.06], [0.47, w, 0.08]);
  rod(m, dark, [-0.16, 0, z - 0.07], [-0.25, 0, z + 0.14], 0.03);
  m.at({ x: -0.25, z: z + 0.08, pitch: -0.12 }, () => m.at({ pitch: -Math.PI / 2 }, () => cushion(m, pad, [(top - z - 0.1) / 2, 0, -0.01], [top - z - 0.1, w * 0.92, 0.06])));
  if (rng.chance(0.7)) {
    for (const s of [-1, 1]) {
      rod(m, dark, [0, s * w * 0.42, z - 0.04], [0, s * (w / 2 + 0.03), z + 0.2], 0.016);
      box(m, dark, [0.02, s * (w / 2 + 0.03), z + 0.2], [0.26, 0.06, 0.03]);
    }
  }
  return m.finish('chair');
};

/** Three- or four-legged stool without a back. */
export const stool: Generator = (rng) => {
  const m = new ModelBuilder();
  const frame = m.slot(rng.chance(0.6) ? wood(rng) : steel(rng), 0.5);
  const top = m.slot(carcass(rng), 0.5);
  const z = rng.chance(0.6) ? rng.range(0.43, 0.48) : rng.range(0.62, 0.74), r = rng.range(0.15, 0.19);
  const legs = rng.int(3, 4);
  for (let i = 0; i < legs; i++) {
    m.at({ yaw: (2 * Math.PI * (i + 0.5)) / legs }, () => rod(m, frame, [r * 1.15, 0, 0], [r * 0.7, 0, z - 0.02], 0.017));
  }
  cylinder(m, top, [0, 0, z - 0.04], r, 0.04, { segments: 14 });
  m.surface(z, r * 0.7, r * 0.7);
  return m.finish('chair');
};

/** Upholstered seat for one to four, with arms; `seats` wide. */
function upholstered(seats: number): Generator {
  return (rng) => {
    const m = new ModelBuilder();
    const cover = m.slot(rng.chance(0.75) ? cloth(rng) : plain([rng.range(0.1, 0.5), rng.range(0.08, 0.3), rng.range(0.06, 0.2)], 0.4), 0.5);
    const loose = m.slot(cloth(rng), 0.3);
    const foot = m.slot(rng.chance(0.5) ? wood(rng) : grey(0.12));
    const each = rng.range(0.56, 0.68), arm = rng.range(0.09, 0.2), d = rng.range(0.82, 0.96), z = rng.range(0.41, 0.46), top = rng.range(0.78, 0.94);
    const w = seats * each + 2 * arm, back = rng.range(0.16, 0.22), legs = rng.range(0.06, 0.15);
    for (const sx of [-1, 1]) for (const sy of [-1, 1]) cylinder(m, foot, [sx * (d / 2 - 0.08), sy * (w / 2 - 0.08), 0], 0.02, legs, { top: 0.028, segments: 6 });
    box(m, cover, [0, 0, legs], [d, w, z - 0.16 - legs]);
    cushion(m, cover, [-d / 2 + back / 2, 0, z - 0.16], [back, w, top - z + 0.16]);
    const armTop = z + rng.range(0.12, 0.22);
    for (const s of [-1, 1]) cushion(m, cover, [0.01, s * (w / 2 - arm / 2), z - 0.18], [d - 0.02, arm, armTop - z + 0.18]);
    for (let i = 0; i < seats; i++) {
      const y = (i - (seats - 1) / 2) * each;
      cushion(m, cover, [back / 2, y, z - 0.16], [d - back, each * 0.985, 0.16]);
      m.at({ x: -d / 2 + back, y, z: z - 0.02, pitch: -0.2 }, () => cushion(m, cover, [0.06, 0, 0], [0.13, each * 0.93, (top - z) * 0.92]));
    }
    for (const s of [-1, 1]) {
      if (rng.chance(0.45)) {
        m.at({ x: -d / 2 + back + 0.17, y: s * (w / 2 - arm - 0.2), z: z - 0.01, pitch: -0.35, yaw: s * -0.2 }, () => cushion(m, loose, [0, 0, 0], [0.11, 0.36, 0.36]));
      }
    }
    m.surface(z, (d - back) / 2 - 0.05, (seats * each) / 2 - 0.05);
    return m.finish(seats === 1 ? 'chair' : 'couch');
  };
}

export const armchair: Generator = (rng) => upholstered(1)(rng);
export const couch: Generator = (rng) => upholstered(rng.pick([2, 2, 3, 3, 4]))(rng);

/** Park or hall bench, with or without a back. */
export const bench: Generator = (rng) => {
  const m = new ModelBuilder();
  const slat = m.slot(rng.chance(0.75) ? wood(rng) : colored(rng), 0.6);
  const iron = m.slot(rng.chance(0.6) ? grey(rng.range(0.08, 0.25)) : wood(rng));
  const w = rng.range(1.2, 2), z = rng.range(0.42, 0.47), d = rng.range(0.38, 0.48), back = rng.chance(0.65);
  for (const s of [-1, 1]) {
    const y = s * (w / 2 - 0.15);
    box(m, iron, [d / 2 - 0.05, y, 0], [0.05, 0.06, z - 0.03]);
    box(m, iron, [-d / 2 + 0.05, y, 0], [0.05, 0.06, z - 0.03]);
    box(m, iron, [0, y, z - 0.07], [d, 0.05, 0.04]);
    if (back) rod(m, iron, [-d / 2 + 0.03, y, z - 0.05], [-d / 2 - 0.1, y, z + 0.42], 0.022);
  }
  const slats = 4;
  for (let i = 0; i < slats; i++) box(m, slat, [(i - (slats - 1) / 2) * (d / slats), 0, z - 0.03], [(d / slats) * 0.82, w, 0.03]);
  if (back) for (let i = 0; i < 3; i++) m.at({ x: -d / 2 + 0.035 - i * 0.04, z: z + 0.1 + i * 0.14, pitch: -0.26 }, () => box(m, slat, [0, 0, 0], [0.03, w, 0.1]));
  m.surface(z, d / 2 - 0.03, w / 2 - 0.05);
  return m.finish('bench');
};
