import { sin } from '../../math/deterministic.js';
import { plain } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { ellipsoid, rod } from '../primitives.js';
import { rig } from './rig.js';

/** A standing bird (sparrow to goose); it walks with a nodding head. */
export const bird: Generator = (rng) => {
  const m = new ModelBuilder();
  const k = rng.range(0.16, 0.5);
  const neck = k > 0.35 ? rng.range(0.35, 0.6) : rng.range(0, 0.1);
  const body = m.slot(plain(rng.pick([[0.45, 0.36, 0.28], [0.16, 0.16, 0.18], [0.9, 0.9, 0.88], [0.5, 0.53, 0.58], [0.3, 0.42, 0.6], [0.6, 0.25, 0.15]] as const), 1));
  const wing = m.slot(plain(rng.pick([[0.3, 0.24, 0.2], [0.1, 0.1, 0.12], [0.6, 0.6, 0.6], [0.35, 0.38, 0.42]] as const), 1));
  const beak = m.slot(plain([0.9, 0.6, 0.15], 0.5)), dark = m.slot(plain([0.04, 0.04, 0.05], 0.2));
  const z = k * 0.5;
  m.at({ z, pitch: -0.25 }, () => {
    ellipsoid(m, body, [0, 0, 0], [k * 0.36, k * 0.19, k * 0.2], { segments: 12, rings: 8 });
    for (const s of [-1, 1]) ellipsoid(m, wing, [-k * 0.08, s * k * 0.16, k * 0.03], [k * 0.34, k * 0.05, k * 0.13], { segments: 10, rings: 6 });
    ellipsoid(m, wing, [-k * 0.46, 0, -k * 0.02], [k * 0.24, k * 0.09, k * 0.03], { segments: 8, rings: 4 });
  });
  m.bone = 1;
  const hz = z + k * (0.24 + neck), hx = k * 0.32;
  if (neck > 0.1) rod(m, body, [k * 0.22, 0, z + k * 0.06], [hx, 0, hz], k * 0.09, { end: k * 0.06, segments: 8 });
  ellipsoid(m, body, [hx, 0, hz], [k * 0.13, k * 0.115, k * 0.115], { segments: 10, rings: 6 });
  rod(m, beak, [hx + k * 0.09, 0, hz], [hx + k * 0.26, 0, hz - k * 0.02], k * 0.045, { end: k * 0.008, segments: 6 });
  for (const s of [-1, 1]) ellipsoid(m, dark, [hx + k * 0.06, s * k * 0.1, hz + k * 0.03], [k * 0.02, k * 0.02, k * 0.02], { segments: 6, rings: 4 });
  for (const [i, s] of [-1, 1].entries()) {
    m.bone = 2 + i;
    rod(m, beak, [0, s * k * 0.09, z - k * 0.12], [0, s * k * 0.09, k * 0.02], k * 0.02, { segments: 5 });
    for (const a of [-0.5, 0, 0.5]) rod(m, beak, [0, s * k * 0.09, k * 0.015], [k * 0.13, s * k * 0.09 + k * 0.1 * a, k * 0.01], k * 0.012, { end: k * 0.006, segments: 4 });
  }
  const swing = 0.5, cadence = 1.8;
  return m.finish('bird', rig([
    { parent: 0, x: 0, z, angle: () => 0 },
    { parent: 0, x: 0, z, angle: (p) => 0.1 * sin(4 * Math.PI * p) },
    { parent: 0, x: 0, z: z - k * 0.12, angle: (p) => swing * sin(2 * Math.PI * p) },
    { parent: 0, x: 0, z: z - k * 0.12, angle: (p) => -swing * sin(2 * Math.PI * p) },
  ], cadence, 4 * (z - k * 0.12) * sin(swing) * cadence));
};
