import { grey, plain, steel } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, cylinder, ellipsoid, lathe, rod } from '../primitives.js';

/** Street light: curved arm over the road (+x), or a park lantern. */
export const streetLight: Generator = (rng) => {
  const m = new ModelBuilder();
  const metal = m.slot(steel(rng)), lamp = m.slot({ color: [1, 0.95, 0.8], emissive: rng.range(0.2, 1) });
  if (rng.chance(0.6)) {
    const h = rng.range(5, 8.5), arm = rng.range(0.8, 1.8);
    cylinder(m, metal, [0, 0, 0], 0.13, 0.5, { top: 0.11, segments: 8 });
    cylinder(m, metal, [0, 0, 0.4], 0.085, h - 0.9, { top: 0.055, segments: 8 });
    rod(m, metal, [0, 0, h - 0.55], [arm * 0.4, 0, h - 0.1], 0.05, { end: 0.045 });
    rod(m, metal, [arm * 0.4, 0, h - 0.1], [arm, 0, h - 0.06], 0.045, { end: 0.035 });
    box(m, metal, [arm + 0.2, 0, h - 0.1], [0.6, 0.24, 0.1], [0.8, 0.6]);
    box(m, lamp, [arm + 0.22, 0, h - 0.125], [0.46, 0.18, 0.03]);
  } else {
    const h = rng.range(3, 4.2);
    lathe(m, metal, [[0, 0], [0.14, 0], [0.12, 0.3], [0.06, 0.5], [0.045, h - 0.5], [0.09, h - 0.45]], 10);
    cylinder(m, lamp, [0, 0, h - 0.45], 0.11, 0.3, { top: 0.17, segments: 8 });
    lathe(m, metal, [[0.2, h - 0.15], [0.12, h - 0.05], [0.02, h], [0, h]], 8);
  }
  return m.finish('street light');
};

/** Traffic light on its pole, lamps to +x, sometimes with an arm. */
export const trafficLight: Generator = (rng) => {
  const m = new ModelBuilder();
  const pole = m.slot(steel(rng)), dark = m.slot(grey(0.07));
  const lit = rng.int(0, 2);
  const bulbs = ([[0.9, 0.1, 0.08], [0.95, 0.7, 0.1], [0.1, 0.8, 0.3]] as const).map((c, i) => m.slot(i === lit ? { color: c, emissive: 1.5 } : plain([c[0] * 0.3, c[1] * 0.3, c[2] * 0.3], 0.3)));
  const h = rng.range(2.9, 3.8), arm = rng.chance(0.4) ? rng.range(1.5, 3.5) : 0;
  cylinder(m, pole, [0, 0, 0], 0.075, arm ? 5 : h, { top: 0.06, segments: 8 });
  const head = (y: number, z: number): void => {
    box(m, dark, [0.14, y, z], [0.16, 0.3, 0.9]);
    bulbs.forEach((bulb, i) => m.at({ x: 0.22, y, z: z + 0.74 - i * 0.29, pitch: Math.PI / 2 }, () => {
      lathe(m, bulb, [[0.1, 0], [0.08, 0.025], [0, 0.04]], 12);
      m.at({ x: -0.012 }, () => lathe(m, dark, [[0.115, 0], [0.115, 0.1]], 10));
    }));
  };
  head(0, h - 1);
  if (arm) {
    rod(m, pole, [0, 0, 4.9], [0, -arm, 5.1], 0.05);
    head(-arm + 0.2, 4.3);
  }
  return m.finish('traffic light');
};

/** Fire hydrant. */
export const hydrant: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(plain(rng.pick([[0.75, 0.12, 0.1], [0.85, 0.7, 0.12], [0.2, 0.3, 0.6]] as const), 0.5)), cap = m.slot(grey(rng.range(0.5, 0.85), 0.4));
  lathe(m, body, [[0, 0], [0.17, 0], [0.17, 0.04], [0.11, 0.05], [0.105, 0.5], [0.14, 0.51], [0.14, 0.55], [0.12, 0.62], [0.06, 0.7], [0, 0.71]], 16);
  cylinder(m, cap, [0, 0, 0.7], 0.03, 0.06, { segments: 5 });
  for (const s of [-1, 1]) m.at({ y: s * 0.1, z: 0.4, roll: s * -Math.PI / 2 }, () => lathe(m, cap, [[0.055, 0], [0.055, 0.06], [0.07, 0.06], [0.07, 0.09], [0, 0.09]], 10));
  m.at({ x: 0.1, z: 0.36, pitch: Math.PI / 2 }, () => lathe(m, cap, [[0.075, 0], [0.075, 0.06], [0.09, 0.06], [0.09, 0.09], [0, 0.09]], 12));
  return m.finish('hydrant');
};

/** Traffic cone with reflective bands. */
export const cone: Generator = (rng) => {
  const m = new ModelBuilder();
  const orange = m.slot(plain([0.95, 0.36, 0.08], 0.7)), band = m.slot(grey(0.92, 0.4));
  const h = rng.range(0.45, 0.75), r = h * 0.19;
  const at = (f: number): number => r * (1 - f) + 0.025 * f;
  box(m, orange, [0, 0, 0], [r * 3, r * 3, 0.03]);
  const parts: readonly (readonly [number, number, boolean])[] = [[0, 0.35, false], [0.35, 0.52, true], [0.52, 0.68, false], [0.68, 0.82, true], [0.82, 1, false]];
  for (const [f, g, white] of parts) m.at({ z: 0.03 }, () => lathe(m, white ? band : orange, g === 1 ? [[at(f), (h - 0.03) * f], [at(g), h - 0.03], [0, h - 0.03]] : [[at(f), (h - 0.03) * f], [at(g), (h - 0.03) * g]], 14));
  return m.finish('cone');
};

/** Bollard, utility or flag pole. */
export const pole: Generator = (rng) => {
  const m = new ModelBuilder();
  const kind = rng.pick(['bollard', 'utility', 'post'] as const);
  const body = m.slot(kind === 'utility' ? plain([0.4, 0.31, 0.23], 1) : steel(rng));
  if (kind === 'bollard') {
    const h = rng.range(0.75, 1.1);
    lathe(m, body, [[0, 0], [0.08, 0], [0.075, h * 0.9], [0.05, h], [0, h]], 12);
    lathe(m, m.slot(grey(0.92, 0.4)), [[0.082, h * 0.7], [0.082, h * 0.8]], 12);
  } else if (kind === 'utility') {
    const h = rng.range(6, 9), glazed = m.slot(grey(0.85, 0.2));
    cylinder(m, body, [0, 0, 0], 0.15, h, { top: 0.1, segments: 8 });
    for (const z of [h - 0.4, h - 1.2]) {
      box(m, body, [0, 0, z], [0.1, 1.9, 0.12]);
      for (const y of [-0.85, -0.4, 0.4, 0.85]) cylinder(m, glazed, [0, y, z + 0.12], 0.035, 0.12, { top: 0.05, segments: 6 });
    }
  } else {
    const h = rng.range(3, 6);
    cylinder(m, body, [0, 0, 0], 0.05, h, { top: 0.035, segments: 8 });
    ellipsoid(m, body, [0, 0, h], [0.07, 0.07, 0.07], { segments: 8, rings: 5 });
  }
  return m.finish('pole');
};
