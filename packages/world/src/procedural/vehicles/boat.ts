import type { Vec3 } from '../../render/types.js';
import { cloth, colored, glass, grey, wood } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, loft, quad, rod } from '../primitives.js';

/** Rowing boat, motor boat with a cabin, or sailing dinghy; bow to +x. */
export const boat: Generator = (rng) => {
  const m = new ModelBuilder();
  const kind = rng.pick(['row', 'motor', 'sail'] as const);
  const hull = m.slot(rng.chance(0.4) ? wood(rng) : rng.chance(0.5) ? grey(0.93, 0.3) : colored(rng, 0.3), 1);
  const inner = m.slot(wood(rng), 0.8);
  const trim = m.slot(colored(rng));
  const length = kind === 'row' ? rng.range(3, 4.2) : rng.range(4.2, 6.5), half = length * rng.range(0.17, 0.2), h = length * rng.range(0.14, 0.17);
  const stations: readonly (readonly [number, number, number])[] = [[-0.5, 0.72, 0.08], [-0.3, 0.95, 0.02], [0, 1, 0], [0.25, 0.8, 0.03], [0.4, 0.45, 0.16], [0.5, 0.03, 0.55]];
  const ring = (inset: number, lift: number) => stations.map(([x, w, keel]): Vec3[] => {
    const y = Math.max(0.004, half * w - inset), z0 = h * keel + lift, z1 = h * (1 + (x > 0 ? x * x * 0.9 : 0));
    const px = x * length - (x > 0 ? inset : -inset);
    return [[px, -y, z1], [px, -y * 0.86, z0 + (z1 - z0) * 0.45], [px, -y * 0.4, z0 + (z1 - z0) * 0.1], [px, 0, z0], [px, y * 0.4, z0 + (z1 - z0) * 0.1], [px, y * 0.86, z0 + (z1 - z0) * 0.45], [px, y, z1], [px, 0, kind === 'row' ? z0 + 0.02 : z1 - 0.06]];
  });
  loft(m, hull, ring(0, 0), { caps: true });
  if (kind === 'row') loft(m, inner, ring(0.04, 0.06), { caps: false });
  for (const s of [-1, 1]) for (let i = 0; i + 1 < stations.length; i++) {
    const p = ring(0, 0)[i][s < 0 ? 0 : 6], q = ring(0, 0)[i + 1][s < 0 ? 0 : 6];
    rod(m, trim, p, q, 0.03, { segments: 5 });
  }
  if (kind === 'row') {
    for (const x of [-0.28, 0.02, 0.26]) box(m, inner, [x * length, 0, h * 0.62], [0.24, half * 1.7 * (x > 0.2 ? 0.75 : 0.95), 0.03]);
    for (const s of [-1, 1]) rod(m, inner, [-0.2 * length, s * half * 0.9, h * 1.05], [0.25 * length, s * half * 1.25, h * 1.1], 0.022);
  } else if (kind === 'motor') {
    box(m, hull, [length * 0.06, 0, h * 0.95], [length * 0.34, half * 1.2, h * 0.75], [0.8, 0.85]);
    const x = length * 0.234;
    quad(m, m.slot(glass), [x, -half * 0.56, h * 1.1], [x, half * 0.56, h * 1.1], [x - length * 0.03, half * 0.5, h * 1.66], [x - length * 0.03, -half * 0.5, h * 1.66]);
    const side = m.slot(glass);
    for (const s of [-1, 1]) quad(m, side, [-length * 0.06, s * half * 0.6, h * 1.15], [length * 0.17, s * half * 0.6, h * 1.15], [length * 0.15, s * half * 0.545, h * 1.55], [-length * 0.05, s * half * 0.545, h * 1.55]);
    box(m, m.slot(grey(0.1)), [-length * 0.5, 0, h * 0.5], [0.35, 0.3, h], 0.8);
  } else {
    const mast = m.slot(grey(0.7, 0.3)), sail = m.slot(rng.chance(0.6) ? grey(0.94, 1) : cloth(rng), 1);
    const top = length * rng.range(1.1, 1.35), x = length * 0.1;
    rod(m, mast, [x, 0, h * 0.7], [x, 0, top], 0.04);
    rod(m, mast, [x, 0, h * 1.9], [-length * 0.42, 0, h * 1.9], 0.03);
    quad(m, sail, [x - 0.05, 0, h * 2], [-length * 0.4, 0.12, h * 2], [x - 0.06, 0.06, top - 0.1], [x - 0.05, 0, top - 0.1]);
    quad(m, sail, [length * 0.46, 0, h * 1.4], [x + 0.05, 0.08, h * 1.5], [x + 0.05, 0.02, top * 0.8], [x + 0.05, 0, top * 0.8]);
  }
  return m.finish('boat');
};
