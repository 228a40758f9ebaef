import { cos, sin } from '../../math/deterministic.js';
import type { Vec3 } from '../../render/types.js';
import { ceramic, colored, plain } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { cylinder, ellipsoid, lathe, rod } from '../primitives.js';
import { anyTexture } from '../textures/pool.js';
import { blade, direction, leafCards, leafMaterial } from './foliage.js';

/** Round shrub or clipped hedge ball, sometimes in blossom. */
export const bush: Generator = (rng) => {
  const m = new ModelBuilder();
  const leaves = m.slot(leafMaterial(rng)), core = m.slot(plain([0.12, 0.19, 0.08], 1));
  const r = rng.range(0.3, 0.9), h = r * rng.range(0.7, 1.1), clumps = rng.int(2, 4);
  for (let i = 0; i < clumps; i++) {
    const c: Vec3 = [rng.range(-0.5, 0.5) * r, rng.range(-0.5, 0.5) * r, h * rng.range(0.45, 0.6)], s = r * rng.range(0.55, 0.75);
    ellipsoid(m, core, c, [s * 0.85, s * 0.85, Math.min(c[2], h * 0.55)], { segments: 8, rings: 6 });
    leafCards(m, rng, leaves, c, [s, s, h * 0.45], 45, s * 0.6);
  }
  if (rng.chance(0.3)) {
    const petal = m.slot(colored(rng));
    for (let i = 0; i < 14; i++) {
      const d = direction(rng);
      ellipsoid(m, petal, [d[0] * r * 0.9, d[1] * r * 0.9, h * (0.6 + 0.4 * Math.abs(d[2]))], [0.04, 0.04, 0.03], { segments: 5, rings: 3 });
    }
  }
  return m.finish('bush');
};

/** Tuft of grass blades. */
export const grassTuft: Generator = (rng) => {
  const m = new ModelBuilder();
  const green = m.slot(plain(rng.pick([[0.35, 0.5, 0.2], [0.5, 0.55, 0.28], [0.62, 0.56, 0.34], [0.28, 0.44, 0.18]] as const), 1));
  const h = rng.range(0.15, 0.6), n = rng.int(24, 50);
  for (let i = 0; i < n; i++) {
    const d = direction(rng);
    blade(m, green, [d[0] * h * 0.15, d[1] * h * 0.15, 0], [d[0] * 0.5, d[1] * 0.5, 1], h * rng.range(0.6, 1), h * 0.05, rng.range(0.05, 0.3), 3);
  }
  return m.finish('grass');
};

/** Boulder: a dented ellipsoid, flat below. */
export const rock: Generator = (rng) => {
  const m = new ModelBuilder();
  const surface = m.slot({ color: [0.9, 0.89, 0.87], texture: anyTexture(rng, rng.chance(0.5) ? 'stone' : 'concrete'), roughness: 1 }, 1.2);
  const r = rng.range(0.2, 0.9);
  const planes = Array.from({ length: 9 }, () => ({ n: direction(rng), d: rng.range(0.62, 0.95) }));
  const rings = 9, segments = 14;
  const stretch: Vec3 = [r * rng.range(0.8, 1.25), r * rng.range(0.8, 1.25), r * rng.range(0.6, 0.95)];
  const point = (i: number, k: number): Vec3 => {
    const a = (Math.PI * i) / rings, b = (2 * Math.PI * k) / segments;
    const d: Vec3 = [sin(a) * cos(b), sin(a) * sin(b), cos(a)];
    let reach = 1;
    for (const plane of planes) {
      const towards = d[0] * plane.n[0] + d[1] * plane.n[1] + d[2] * plane.n[2];
      if (towards > 0.01) reach = Math.min(reach, plane.d / towards);
    }
    return [d[0] * reach * stretch[0], d[1] * reach * stretch[1], Math.max(-0.35, d[2] * reach) * stretch[2]];
  };
  for (let i = 0; i < rings; i++) {
    for (let k = 0; k < segments; k++) {
      // Flat facets: each has its own corners.
      const a = point(i, k), b = point(i + 1, k), c = point(i + 1, k + 1), d = point(i, k + 1);
      const ux = c[0] - a[0], uy = c[1] - a[1], uz = c[2] - a[2], vx = d[0] - b[0], vy = d[1] - b[1], vz = d[2] - b[2];
      const n: Vec3 = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
      const q = [a, b, c, d].map((p) => m.vertex(p[0], p[1], p[2], n[0], n[1], n[2], (p[0] + p[1]) / surface.span, (p[2] + p[1] * 0.5) / surface.span));
      if (i + 1 < rings) m.triangle(surface, q[0], q[1], q[2]);
      if (i > 0) m.triangle(surface, q[0], q[2], q[3]);
    }
  }
  return m.finish('rock');
};

/** House plant: rosette of blades, leafy ball on a stem, or a cactus, in a pot. */
export const pottedPlant: Generator = (rng) => {
  const m = new ModelBuilder();
  const pot = m.slot(rng.chance(0.4) ? plain([0.68, 0.36, 0.24], 0.9) : rng.chance(0.5) ? ceramic(rng) : colored(rng));
  const soil = m.slot(plain([0.16, 0.11, 0.08], 1));
  const kind = rng.pick(['rosette', 'ball', 'cactus', 'ball'] as const);
  const scale = rng.chance(0.5) ? rng.range(0.35, 0.6) : rng.range(0.8, 1.7);
  const r = 0.1 * (0.6 + scale * 0.6), h = r * rng.range(1.5, 2);
  lathe(m, pot, [[0, 0], [r * 0.72, 0], [r, h], [r * 0.9, h], [r * 0.88, h * 0.9]], 16);
  cylinder(m, soil, [0, 0, h * 0.86], r * 0.9, 0.01, { segments: 12 });
  const green = m.slot(plain(rng.pick([[0.2, 0.42, 0.16], [0.3, 0.5, 0.2], [0.24, 0.4, 0.24]] as const), 0.7));
  if (kind === 'rosette') {
    const n = rng.int(10, 18), length = 0.45 * scale;
    for (let i = 0; i < n; i++) {
      const a = 2.4 * i, up = 0.6 + 1.2 * (i / n);
      blade(m, green, [0, 0, h * 0.88], [cos(a), sin(a), up], length, length * 0.22, 0.4, 5);
    }
  } else if (kind === 'ball') {
    const stem = m.slot(plain([0.36, 0.27, 0.18], 1)), leaves = m.slot(leafMaterial(rng));
    const tall = scale > 0.7 ? 0.45 * scale : 0.08, c: Vec3 = [0, 0, h + tall + r * 0.8], s = Math.max(r * 1.1, 0.22 * scale);
    rod(m, stem, [0, 0, h * 0.85], c, r * 0.12, { segments: 6 });
    ellipsoid(m, green, c, [s * 0.55, s * 0.55, s * 0.55], { segments: 8, rings: 6 });
    leafCards(m, rng, leaves, c, [s, s, s], 60, s * 0.65);
  } else {
    const ribs = (x: number, y: number, z: number, rr: number, tall: number): void => m.at({ x, y, z }, () => lathe(m, green, [[rr * 0.8, 0], [rr, tall * 0.3], [rr, tall * 0.75], [rr * 0.6, tall * 0.95], [0, tall]], 10));
    ribs(0, 0, h * 0.85, r * 0.5, 0.35 * scale);
    if (scale > 0.5) for (const s of [-1, 1]) {
      const z = h + 0.1 * scale * (s > 0 ? 1 : 1.4);
      rod(m, green, [0, 0, z], [0, s * r * 0.9, z + 0.02], r * 0.22, { segments: 7 });
      ribs(0, s * r * 0.95, z - 0.02, r * 0.25, 0.14 * scale);
    }
  }
  return m.finish('potted plant');
};
