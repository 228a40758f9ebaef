import type { Rng } from '../../math/rng.js';
import type { Material, Vec3 } from '../../render/types.js';
import type { ModelBuilder, Slot } from '../model-builder.js';
import { anyTexture } from '../textures/pool.js';

/** Leaves cut out by alpha. */
export function leafMaterial(rng: Rng): Material {
  const tone = rng.range(0.75, 1);
  return { color: [tone * rng.range(0.85, 1), tone, tone * rng.range(0.8, 1)], texture: anyTexture(rng, 'leaves'), alphaTest: 128, roughness: 1 };
}

/** A point of the unit ball's shell by rejection; no trigonometry. */
export function direction(rng: Rng): Vec3 {
  for (;;) {
    const x = rng.range(-1, 1), y = rng.range(-1, 1), z = rng.range(-1, 1);
    const d = x * x + y * y + z * z;
    if (d > 0.01 && d <= 1) {
      const k = 1 / Math.sqrt(d);
      return [x * k, y * k, z * k];
    }
  }
}

/** Leaf cards spread over an ellipsoidal crown; normals point away from its middle, so the crown is shaded as a whole. */
export function leafCards(m: ModelBuilder, rng: Rng, slot: Slot, center: Vec3, radii: Vec3, count: number, size: number): void {
  for (let i = 0; i < count; i++) {
    const out = direction(rng), depth = rng.range(0.55, 1);
    const c: Vec3 = [center[0] + out[0] * radii[0] * depth, center[1] + out[1] * radii[1] * depth, center[2] + out[2] * radii[2] * depth];
    const a = direction(rng), b0 = direction(rng);
    const k = a[0] * b0[0] + a[1] * b0[1] + a[2] * b0[2];
    const b: Vec3 = [b0[0] - k * a[0], b0[1] - k * a[1], b0[2] - k * a[2]];
    const n = Math.sqrt(b[0] * b[0] + b[1] * b[1] + b[2] * b[2]) || 1;
    const s = (size * rng.range(0.7, 1.3)) / 2;
    const corner = (u: number, v: number): number => m.vertex(
      c[0] + (a[0] * u + (b[0] / n) * v) * s, c[1] + (a[1] * u + (b[1] / n) * v) * s, c[2] + (a[2] * u + (b[2] / n) * v) * s,
      out[0], out[1], out[2] + 0.3, ((u + 1) / 2) * 0.5 + (i % 2) * 0.5, ((v + 1) / 2) * 0.5 + (i % 3 === 0 ? 0.5 : 0),
    );
    const p = corner(-1, -1), q = corner(1, -1), r = corner(1, 1), t = corner(-1, 1);
    m.triangle(slot, p, q, r);
    m.triangle(slot, p, r, t);
  }
}

/** A bent strip of leaf (palm frond, grass blade) from `root` outwards: `width` in the middle, pointed at the end. */
export function blade(m: ModelBuilder, slot: Slot, root: Vec3, along: Vec3, length: number, width: number, droop: number, steps = 4): void {
  const flat = Math.sqrt(along[0] * along[0] + along[1] * along[1]) || 1;
  const side: Vec3 = [-along[1] / flat, along[0] / flat, 0];
  let before: readonly [number, number] | undefined;
  for (let i = 0; i <= steps; i++) {
    const f = i / steps, w = width * (f < 0.4 ? 0.4 + 1.5 * f : (1 - f) * 1.65) * 0.5 + width * 0.01;
    const x = root[0] + along[0] * length * f, y = root[1] + along[1] * length * f, z = root[2] + along[2] * length * f - droop * length * f * f;
    const at = (s: number): number => m.vertex(x + side[0] * w * s, y + side[1] * w * s, z, along[0] * -along[2], along[1] * -along[2], flat * flat + 0.1, 0.5 + 0.5 * s, f * 2);
    const pair = [at(-1), at(1)] as const;
    if (before) {
      m.triangle(slot, before[0], before[1], pair[1]);
      m.triangle(slot, before[0], pair[1], pair[0]);
    }
    before = pair;
  }
}
