import type { Rng } from '../../math/rng.js';
import { cos, sin } from '../../math/deterministic.js';
import type { Vec3 } from '../../render/types.js';
import { plain } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder, type Slot } from '../model-builder.js';
import { ellipsoid, lathe, rod } from '../primitives.js';
import { anyTexture } from '../textures/pool.js';
import { blade, leafCards, leafMaterial } from './foliage.js';

const barkSlot = (m: ModelBuilder, rng: Rng): Slot => m.slot({ color: [1, 1, 1], texture: anyTexture(rng, 'bark'), roughness: 1 }, 0.8);

/** Trunk that forks into branches, each carrying a cloud of leaf cards round a dark core. */
export const broadleaf: Generator = (rng) => {
  const m = new ModelBuilder();
  const h = rng.range(4, 11), bark = barkSlot(m, rng), leaves = m.slot(leafMaterial(rng));
  const core = m.slot(plain([0.13, 0.2, 0.08], 1));
  const r = h * rng.range(0.022, 0.034), fork = h * rng.range(0.25, 0.4), bend = rng.range(-0.05, 0.05) * h, spread = h * rng.range(0.16, 0.26);
  const top: Vec3 = [bend, rng.range(-0.03, 0.03) * h, fork];
  rod(m, bark, [0, 0, 0], [bend * 0.4, 0, fork * 0.5], r * 1.35, { end: r, segments: 8 });
  rod(m, bark, [bend * 0.4, 0, fork * 0.5], top, r, { end: r * 0.8, segments: 8 });
  const limbs = rng.int(3, 5), turn = rng.range(0, 6);
  for (let i = 0; i <= limbs; i++) {
    const middle = i === limbs, a = turn + (2 * Math.PI * i) / limbs, reach = middle ? 0 : spread * rng.range(0.7, 1);
    const end: Vec3 = [top[0] + reach * cos(a), top[1] + reach * sin(a), h * (middle ? 0.78 : rng.range(0.55, 0.7))];
    rod(m, bark, top, end, r * 0.6, { end: r * 0.22, segments: 6 });
    const size = h * rng.range(0.14, 0.18);
    ellipsoid(m, core, end, [size * 0.55, size * 0.55, size * 0.45], { segments: 7, rings: 5 });
    leafCards(m, rng, leaves, end, [size, size, size * 0.85], 56, size * 0.66);
  }
  return m.finish('tree');
};

/** Spruce or fir: skirts of twigs, narrower upwards. */
export const conifer: Generator = (rng) => {
  const m = new ModelBuilder();
  const h = rng.range(4, 12), bark = barkSlot(m, rng);
  const green = rng.range(0.8, 1.2);
  const inner = m.slot(plain([0.1 * green, 0.19 * green, 0.11 * green], 1));
  const twigs = m.slot({ color: [0.55 * green, 0.75 * green, 0.6 * green].map((v) => Math.min(1, v)) as unknown as Vec3, texture: anyTexture(rng, 'leaves'), alphaTest: 128, roughness: 1 }, 1);
  const skirt = h * rng.range(0.16, 0.24), start = h * rng.range(0.06, 0.18), tiers = rng.int(6, 9);
  rod(m, bark, [0, 0, 0], [0, 0, h * 0.9], h * 0.022, { end: h * 0.005, segments: 7 });
  for (let i = 0; i < tiers; i++) {
    const f = i / tiers, z = start + (h - start) * f, rise = ((h - start) / tiers) * 1.6, r = skirt * (1 - f * 0.9);
    lathe(m, inner, [[r * 0.75, z + rise * 0.12], [0, Math.min(h, z + rise)]], 9);
    const n = 11;
    for (let k = 0; k < n; k++) {
      const a = (2 * Math.PI * (k + (i % 2) / 2)) / n + rng.range(-0.1, 0.1);
      blade(m, twigs, [0, 0, z + rise * 0.55], [cos(a), sin(a), -0.1], r * rng.range(0.9, 1.12), r * 0.62, 0.35 + rise * 0.1, 3);
    }
  }
  return m.finish('tree');
};

/** Palm with a curved trunk and drooping fronds. */
export const palm: Generator = (rng) => {
  const m = new ModelBuilder();
  const h = rng.range(3.5, 8), bark = barkSlot(m, rng);
  const frond = m.slot({ color: [0.75, 0.95, 0.6], texture: anyTexture(rng, 'leaves'), alphaTest: 128, roughness: 0.9 });
  const rib = m.slot(plain([0.28, 0.4, 0.16], 0.9));
  const lean = rng.range(-0.12, 0.12) * h, r = rng.range(0.1, 0.17), steps = 6;
  const at = (i: number): Vec3 => [(lean * i * i) / (steps * steps), 0, (h * 0.82 * i) / steps];
  for (let i = 0; i < steps; i++) rod(m, bark, at(i), at(i + 1), r * (1.25 - 0.1 * i), { end: r * (1.05 - 0.1 * i), segments: 8 });
  const crown = at(steps), n = rng.int(12, 16), length = h * rng.range(0.28, 0.36);
  for (let i = 0; i < n; i++) {
    const a = (2 * Math.PI * i) / n + rng.range(-0.15, 0.15), up = i % 2 === 0 ? 0.65 : 0.25;
    const along: Vec3 = [cos(a), sin(a), up];
    blade(m, frond, crown, along, length, length * 0.3, 0.75, 6);
    blade(m, rib, [crown[0], crown[1], crown[2] + 0.01], along, length * 0.97, length * 0.05, 0.75, 6);
  }
  ellipsoid(m, bark, crown, [r * 1.1, r * 1.1, r * 1.4], { segments: 8, rings: 5 });
  return m.finish('tree');
};
