import { chrome, colored, grey, plain } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, cushion, ellipsoid, rod } from '../primitives.js';
import { spokedWheel, wheelSlots } from './wheel.js';

/** Bicycle: diamond or step-through frame. */
export const bicycle: Generator = (rng) => {
  const m = new ModelBuilder();
  const tube = m.slot(colored(rng, 0.3));
  const dark = m.slot(grey(0.08)), metal = m.slot(chrome);
  const wheels = wheelSlots(m, 0.7);
  const r = rng.range(0.31, 0.35), base = rng.range(0.98, 1.1), rear = -base * 0.43, front = base * 0.57, through = rng.chance(0.35);
  for (const x of [rear, front]) spokedWheel(m, wheels, x, r, rng.range(0.016, 0.022), 9);
  const bottom: [number, number, number] = [-0.02, 0, r * 0.85], seat: [number, number, number] = [-0.18, 0, 0.72], head: [number, number, number] = [front - 0.18, 0, 0.74], lower: [number, number, number] = [front - 0.14, 0, 0.6];
  rod(m, tube, bottom, [-0.2, 0, 0.8], 0.018);
  rod(m, tube, bottom, lower, 0.02);
  if (through) rod(m, tube, [-0.1, 0, 0.52], [lower[0], 0, 0.66], 0.018);
  else rod(m, tube, seat, head, 0.018);
  for (const s of [-0.06, 0.06]) {
    rod(m, tube, [bottom[0], s * 0.5, bottom[2]], [rear, s, r], 0.01);
    rod(m, tube, [seat[0], s * 0.3, seat[2]], [rear, s, r], 0.009);
    rod(m, tube, [lower[0] + 0.005, s * 0.6, 0.58], [front, s, r], 0.012);
  }
  rod(m, tube, lower, [front - 0.22, 0, 0.92], 0.017);
  rod(m, metal, [front - 0.22, 0, 0.92], [front - 0.2, 0, 0.98], 0.013);
  rod(m, metal, [front - 0.18, -0.2, 0.98], [front - 0.18, 0.2, 0.98], 0.012);
  for (const s of [-1, 1]) {
    rod(m, dark, [front - 0.18, s * 0.2, 0.98], [front - 0.32, s * 0.27, 0.99], 0.016);
    const side = s * 0.09;
    rod(m, metal, [bottom[0], side, bottom[2]], [bottom[0] + s * 0.14, side, bottom[2] - s * 0.09], 0.01);
    box(m, dark, [bottom[0] + s * 0.14, side + s * 0.05, bottom[2] - s * 0.09 - 0.01], [0.09, 0.08, 0.02]);
  }
  rod(m, metal, [-0.2, 0, 0.8], [-0.22, 0, 0.9], 0.014);
  m.at({ x: -0.23, z: 0.9 }, () => {
    cushion(m, dark, [-0.05, 0, 0], [0.14, 0.15, 0.05]);
    cushion(m, dark, [0.07, 0, 0.005], [0.14, 0.06, 0.04]);
  });
  m.at({ x: bottom[0], y: -0.045, z: bottom[2], roll: Math.PI / 2 }, () => rod(m, metal, [0, 0, -0.003], [0, 0, 0.003], 0.09, { segments: 14 }));
  if (rng.chance(0.4)) {
    rod(m, metal, [rear - 0.1, 0, 2 * r + 0.05], [-0.19, 0, 2 * r + 0.06], 0.012);
    box(m, metal, [rear, 0, 2 * r + 0.05], [0.34, 0.12, 0.015]);
  }
  return m.finish('bicycle');
};

/** Motor cycle or scooter-like naked bike. */
export const motorcycle: Generator = (rng) => {
  const m = new ModelBuilder();
  const paint = m.slot(colored(rng, 0.2));
  const dark = m.slot(grey(0.08)), metal = m.slot(chrome), engine = m.slot(grey(0.35, 0.4)), lamp = m.slot({ color: [0.95, 0.95, 0.85], emissive: 0.4 }), red = m.slot(plain([0.7, 0.05, 0.05]));
  const wheels = wheelSlots(m, 0.5);
  const r = rng.range(0.3, 0.34), rear = -0.68, front = 0.74;
  for (const x of [rear, front]) spokedWheel(m, wheels, x, r, 0.055, 5);
  ellipsoid(m, paint, [0.17, 0, 0.82], [0.3, 0.16, 0.14], { segments: 14, rings: 8 });
  m.at({ pitch: 0.06 }, () => cushion(m, dark, [-0.36, 0, 0.74], [0.72, 0.26, 0.1]));
  cushion(m, paint, [-0.72, 0, 0.68], [0.34, 0.2, 0.14]);
  box(m, red, [-0.9, 0, 0.72], [0.03, 0.12, 0.06]);
  box(m, engine, [0.1, 0, 0.3], [0.5, 0.3, 0.34]);
  m.at({ x: 0.2, z: 0.52, pitch: 0.5 }, () => { for (let i = 0; i < 4; i++) box(m, engine, [0, 0, i * 0.05], [0.2, 0.26, 0.025]); });
  for (const s of [-0.09, 0.09]) {
    rod(m, metal, [front, s, r], [0.44, s, 0.98], 0.026);
    rod(m, dark, [rear, s, r], [0, s, 0.42], 0.026);
    rod(m, metal, [rear + 0.1, s * 1.3, 0.42], [-0.4, s * 1.3, 0.72], 0.025);
  }
  rod(m, dark, [0.42, 0, 0.95], [-0.1, 0, 0.6], 0.04);
  rod(m, metal, [0.42, -0.16, 1.03], [0.42, 0.16, 1.03], 0.014);
  for (const s of [-1, 1]) {
    rod(m, dark, [0.42, s * 0.16, 1.03], [0.3, s * 0.37, 1.05], 0.018);
    rod(m, metal, [0.36, s * 0.28, 1.05], [0.4, s * 0.3, 1.2], 0.006);
    box(m, dark, [0.4, s * 0.31, 1.19], [0.02, 0.11, 0.07]);
  }
  m.at({ x: 0.56, z: 0.9, pitch: Math.PI / 2 }, () => {
    ellipsoid(m, dark, [0, 0, 0], [0.1, 0.1, 0.08], { segments: 12, rings: 6 });
    rod(m, lamp, [0, 0, 0.02], [0, 0, 0.085], 0.08, { segments: 12 });
  });
  rod(m, metal, [0.2, -0.16, 0.34], [-0.3, -0.17, 0.28], 0.03, { segments: 8 });
  rod(m, metal, [-0.3, -0.17, 0.28], [-0.85, -0.18, 0.4], 0.045, { segments: 8 });
  for (const x of [front, rear]) m.at({ x, z: r }, () => { for (let i = -2; i <= 2; i++) m.at({ pitch: i * 0.32 + (x > 0 ? -0.15 : -0.2) }, () => box(m, paint, [0, 0, r + 0.015], [0.12, 0.13, 0.015])); });
  return m.finish('motorcycle');
};
