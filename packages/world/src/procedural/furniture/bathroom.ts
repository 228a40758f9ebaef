import type { Vec3 } from '../../render/types.js';
import { carcass, chrome, ceramic, white } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder, type Slot } from '../model-builder.js';
import { box, cylinder, lathe, loft, rod } from '../primitives.js';
import { cos, sin } from '../../math/deterministic.js';

/** An oval ring (a superellipse-like outline squared by `square` 0..1) about (x, 0, z). */
function oval(x: number, z: number, rx: number, ry: number, square = 0, n = 16): Vec3[] {
  return Array.from({ length: n }, (_, i): Vec3 => {
    const a = (2 * Math.PI * i) / n;
    const c = cos(a), s = sin(a);
    const k = 1 + square * (1 / Math.max(Math.abs(c), Math.abs(s)) - 1);
    return [x + rx * c * k, ry * s * k, z];
  });
}

/** A tub or basin: outside up, over the rim, down inside. */
function hollow(m: ModelBuilder, slot: Slot, x: number, rx: number, ry: number, z0: number, z1: number, { wall, square, foot }: { wall: number; square: number; foot: number }): void {
  const deep = z0 + Math.min(0.12, (z1 - z0) * 0.3);
  loft(m, slot, [
    oval(x, z0, rx * foot, ry * foot, square), oval(x, z0 + (z1 - z0) * 0.5, rx * (0.4 + 0.6 * foot), ry * (0.4 + 0.6 * foot), square), oval(x, z1 - 0.02, rx, ry, square), oval(x, z1, rx, ry, square),
    oval(x, z1, rx - wall, ry - wall, square), oval(x, deep + 0.04, (rx - wall) * 0.85, (ry - wall) * 0.85, square), oval(x, deep, (rx - wall) * 0.6, (ry - wall) * 0.6, square),
  ], { caps: true });
}

/** A tap with a curved spout towards +x. */
function tap(m: ModelBuilder, slot: Slot, x: number, y: number, z: number, reach: number): void {
  rod(m, slot, [x, y, z], [x, y, z + 0.14], 0.014);
  rod(m, slot, [x, y, z + 0.135], [x + reach, y, z + 0.12], 0.011);
  rod(m, slot, [x + reach, y, z + 0.125], [x + reach, y, z + 0.09], 0.011);
  rod(m, slot, [x, y - 0.04, z + 0.05], [x, y + 0.04, z + 0.05], 0.01);
}

/** Floor-standing toilet with cistern at -x. */
export const toilet: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(rng.chance(0.85) ? white : ceramic(rng));
  const button = m.slot(chrome);
  const z = rng.range(0.39, 0.43);
  loft(m, body, [oval(0, 0, 0.2, 0.12, 0.3), oval(0, z * 0.4, 0.16, 0.1, 0.2), oval(0.06, z * 0.8, 0.25, 0.17), oval(0.07, z - 0.03, 0.27, 0.185), oval(0.07, z - 0.02, 0.275, 0.19), oval(0.07, z, 0.275, 0.19),
    oval(0.08, z, 0.19, 0.115), oval(0.08, z - 0.14, 0.12, 0.08)], { caps: true });
  if (rng.chance(0.5)) loft(m, body, [oval(0.07, z, 0.275, 0.19), oval(0.07, z + 0.025, 0.27, 0.185)], { caps: true });
  else m.at({ x: -0.17, z, pitch: -1.45 }, () => loft(m, body, [oval(0.24, 0, 0.24, 0.19), oval(0.24, 0.025, 0.235, 0.185)], { caps: true }));
  const top = rng.range(0.74, 0.82);
  box(m, body, [-0.28, 0, z - 0.06], [0.17, 0.38, top - z + 0.03], 1.04);
  box(m, body, [-0.28, 0, top - 0.03], [0.19, 0.41, 0.03]);
  cylinder(m, button, [-0.28, 0, top], 0.025, 0.008);
  box(m, body, [-0.22, 0, 0], [0.16, 0.2, z]);
  return m.finish('toilet');
};

/** Wash basin on a pedestal or set into a cabinet; tap at -x. */
export const sink: Generator = (rng) => {
  const m = new ModelBuilder();
  const bowl = m.slot(white);
  const metal = m.slot(chrome);
  const z = rng.range(0.82, 0.9), ry = rng.range(0.24, 0.32), rx = 0.21;
  if (rng.chance(0.45)) {
    lathe(m, bowl, [[0, 0], [0.13, 0], [0.08, 0.15], [0.075, z - 0.25], [0.13, z - 0.14]], 12);
    hollow(m, bowl, 0, rx, ry, z - 0.17, z, { wall: 0.03, square: 0.3, foot: 0.5 });
    box(m, bowl, [-rx - 0.01, 0, z - 0.09], [0.1, ry * 1.5, 0.09]);
  } else {
    const body = m.slot(carcass(rng), 0.8), w = rng.range(0.6, 1.2);
    box(m, body, [0, 0, 0.08], [0.46, w, z - 0.2]);
    box(m, body, [-0.03, 0, 0], [0.36, w - 0.04, 0.08]);
    for (const s of [-1, 1]) {
      box(m, body, [0.235, (s * w) / 4, 0.1], [0.018, w / 2 - 0.012, z - 0.25]);
      box(m, metal, [0.25, s * 0.05, z * 0.6], [0.02, 0.012, 0.12]);
    }
    box(m, bowl, [0, 0, z - 0.12], [0.5, w + 0.02, 0.03]);
    hollow(m, bowl, 0.01, rx, ry * 0.85, z - 0.1, z, { wall: 0.025, square: 0.4, foot: 0.7 });
  }
  tap(m, metal, -rx - 0.015, 0, z - 0.01, 0.12);
  return m.finish('sink');
};

/** Bath tub along y: built-in with a panel, or free-standing on its oval foot. */
export const bathtub: Generator = (rng) => {
  const m = new ModelBuilder();
  const tub = m.slot(white);
  const metal = m.slot(chrome);
  const w = rng.range(1.5, 1.75), d = rng.range(0.7, 0.8), h = rng.range(0.52, 0.6);
  const free = rng.chance(0.35);
  hollow(m, tub, 0, d / 2, w / 2, 0.02, h, { wall: 0.06, square: free ? 0.35 : 0.9, foot: free ? 0.72 : 0.96 });
  box(m, tub, [0, 0, 0], [d * 0.6, w * 0.7, 0.03]);
  tap(m, metal, -d / 2 + 0.03, 0, h - 0.01, 0.12);
  return m.finish('bathtub');
};
