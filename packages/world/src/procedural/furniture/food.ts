import { ceramic, colored, grey, plain, steel, wood } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, cylinder, ellipsoid, lathe, rod } from '../primitives.js';
import { cos, sin } from '../../math/deterministic.js';

/** Fruit, a loaf, a cake, a pizza or a burger. */
export const food: Generator = (rng) => {
  const m = new ModelBuilder();
  const kind = rng.pick(['apple', 'banana', 'orange', 'loaf', 'cake', 'pizza', 'burger'] as const);
  const crust = m.slot(plain([0.72, 0.48, 0.22], 0.9));
  if (kind === 'apple' || kind === 'orange') {
    const r = rng.range(0.034, 0.042);
    const skin = m.slot(plain(kind === 'orange' ? [0.95, 0.55, 0.1] : rng.pick([[0.75, 0.12, 0.1], [0.5, 0.7, 0.2], [0.85, 0.7, 0.25]] as const), 0.35));
    lathe(m, skin, [[0, r * 0.12], [r * 0.5, 0], [r * 0.9, r * 0.5], [r, r], [r * 0.85, r * 1.55], [r * 0.4, r * 1.85], [0, r * (kind === 'apple' ? 1.6 : 1.85)]], 14);
    if (kind === 'apple') rod(m, m.slot(plain([0.3, 0.2, 0.1])), [0, 0, r * 1.6], [0.004, 0, r * 2.15], 0.002);
  } else if (kind === 'banana') {
    const skin = m.slot(plain([0.92, 0.78, 0.2], 0.5)), tip = m.slot(plain([0.3, 0.22, 0.1]));
    const at = (i: number): [number, number, number] => {
      const a = -0.9 + (1.8 * i) / 8;
      return [0.12 * sin(a), 0.12 * (1 - cos(a)), 0.018];
    };
    for (let i = 0; i < 8; i++) {
      const r = (k: number): number => 0.018 * (k === 0 || k === 8 ? 0.4 : k === 1 || k === 7 ? 0.8 : 1);
      rod(m, skin, at(i), at(i + 1), r(i), { end: r(i + 1), segments: 7 });
    }
    rod(m, tip, at(8), [0.105, 0.065, 0.018], 0.006);
  } else if (kind === 'loaf') {
    m.at({ scale: [rng.range(0.13, 0.17), 0.06, 0.055] }, () => lathe(m, crust, [[0, 0], [0.85, 0], [1, 0.5], [0.9, 1.1], [0.55, 1.55], [0, 1.7]], 16));
    const cut = m.slot(plain([0.86, 0.7, 0.44], 1));
    for (let i = -2; i <= 2; i++) m.at({ x: i * 0.04, z: 0.085 - Math.abs(i) * 0.006, yaw: 0.5 }, () => box(m, cut, [0, 0, 0], [0.012, 0.06, 0.008]));
  } else if (kind === 'cake') {
    const cream = m.slot(colored(rng)), berry = m.slot(plain([0.75, 0.08, 0.12], 0.3));
    cylinder(m, m.slot(ceramic(rng)), [0, 0, 0], 0.15, 0.01, { segments: 20 });
    cylinder(m, crust, [0, 0, 0.01], 0.115, 0.05, { segments: 20 });
    cylinder(m, cream, [0, 0, 0.06], 0.12, 0.025, { segments: 20 });
    for (let i = 0; i < 8; i++) ellipsoid(m, berry, [0.09 * cos((Math.PI * i) / 4), 0.09 * sin((Math.PI * i) / 4), 0.092], [0.014, 0.014, 0.014], { segments: 6, rings: 4 });
  } else if (kind === 'pizza') {
    const sauce = m.slot(plain([0.8, 0.55, 0.2], 0.6)), salami = m.slot(plain([0.65, 0.16, 0.12], 0.5));
    cylinder(m, m.slot(ceramic(rng)), [0, 0, 0], 0.16, 0.01, { segments: 20 });
    lathe(m, crust, [[0.13, 0.01], [0.145, 0.018], [0.14, 0.026], [0.125, 0.022]], 20);
    cylinder(m, sauce, [0, 0, 0.01], 0.128, 0.012, { segments: 20 });
    for (let i = 0; i < 9; i++) cylinder(m, salami, [rng.range(-0.085, 0.085), rng.range(-0.085, 0.085), 0.021], 0.02, 0.004, { segments: 8 });
  } else {
    const meat = m.slot(plain([0.3, 0.16, 0.09])), leaf = m.slot(plain([0.35, 0.6, 0.2]));
    lathe(m, crust, [[0, 0], [0.048, 0], [0.052, 0.02], [0, 0.02]], 14);
    cylinder(m, leaf, [0, 0, 0.02], 0.058, 0.008, { segments: 9 });
    cylinder(m, meat, [0, 0, 0.028], 0.053, 0.018, { segments: 14 });
    lathe(m, crust, [[0.054, 0.046], [0.052, 0.06], [0.035, 0.078], [0, 0.084]], 14);
  }
  return m.finish('food');
};

/** Hammer, screw driver, spanner, knife, spoon, brush or a tool box. */
export const tool: Generator = (rng) => {
  const m = new ModelBuilder();
  const kind = rng.pick(['hammer', 'driver', 'spanner', 'knife', 'spoon', 'brush', 'tool box'] as const);
  const metal = m.slot(grey(rng.range(0.5, 0.75), 0.25));
  const grip = m.slot(rng.chance(0.5) ? wood(rng) : colored(rng), 0.2);
  if (kind === 'hammer') {
    rod(m, grip, [-0.15, 0, 0.015], [0.13, 0, 0.015], 0.013, { end: 0.01 });
    rod(m, metal, [0.13, -0.055, 0.017], [0.13, 0.03, 0.017], 0.016, { segments: 8 });
    rod(m, metal, [0.13, 0.03, 0.017], [0.13, 0.075, 0.012], 0.014, { end: 0.005 });
  } else if (kind === 'driver') {
    rod(m, grip, [-0.11, 0, 0.016], [0, 0, 0.016], 0.016, { end: 0.012, segments: 8 });
    rod(m, metal, [0, 0, 0.016], [0.12, 0, 0.016], 0.004);
  } else if (kind === 'spanner') {
    box(m, metal, [0, 0, 0], [0.16, 0.016, 0.007]);
    for (const s of [-1, 1]) {
      box(m, metal, [s * 0.085, 0, 0], [0.02, 0.035, 0.009]);
      for (const t of [-1, 1]) box(m, metal, [s * 0.105, t * 0.013, 0], [0.025, 0.01, 0.009]);
    }
  } else if (kind === 'knife') {
    box(m, grip, [-0.07, 0, 0], [0.11, 0.022, 0.016]);
    box(m, metal, [0.075, 0.003, 0.007], [0.18, 0.026, 0.002], [0.9, 0.5]);
  } else if (kind === 'spoon') {
    rod(m, metal, [-0.12, 0, 0.012], [0.04, 0, 0.006], 0.004);
    ellipsoid(m, metal, [0.065, 0, 0.007], [0.03, 0.02, 0.007], { segments: 12, rings: 6 });
  } else if (kind === 'brush') {
    rod(m, grip, [-0.13, 0, 0.012], [0.03, 0, 0.012], 0.008, { end: 0.012 });
    box(m, metal, [0.05, 0, 0], [0.04, 0.05, 0.02]);
    box(m, m.slot(plain([0.2, 0.16, 0.12], 1)), [0.1, 0, 0.002], [0.06, 0.048, 0.016]);
  } else {
    box(m, grip, [0, 0, 0], [0.18, 0.4, 0.16]);
    box(m, m.slot(steel(rng)), [0, 0, 0.16], [0.185, 0.41, 0.03], [0.8, 0.9]);
    for (const s of [-1, 1]) rod(m, metal, [0, s * 0.1, 0.18], [0, s * 0.08, 0.24], 0.008);
    rod(m, metal, [0, -0.085, 0.24], [0, 0.085, 0.24], 0.011);
  }
  return m.finish('tool');
};
