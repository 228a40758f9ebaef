import type { Vec3 } from '../../render/types.js';
import { colored, glass, grey, plain } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder, type Slot } from '../model-builder.js';
import { box, loft, quad } from '../primitives.js';
import { anyTexture } from '../textures/pool.js';
import { wheel, wheelSlots } from './wheel.js';

/** A cab or body shell from a side outline (x, z), extruded to width 2 * half with slightly narrower roof. */
function shell(m: ModelBuilder, slot: Slot, half: number, outline: readonly (readonly [number, number])[], top: number): void {
  const side = (s: number): Vec3[] => outline.map(([x, z]): Vec3 => [x, s * half * (z > top * 0.75 ? 0.93 : 1), z]);
  loft(m, slot, [side(-1), side(1)], { caps: true });
}

function lights(m: ModelBuilder, front: number, back: number, half: number, z: number): void {
  const lamp = m.slot({ color: [0.95, 0.95, 0.9], emissive: 0.3 }), red = m.slot(plain([0.7, 0.05, 0.06], 0.2));
  for (const s of [-1, 1]) {
    box(m, lamp, [front, s * half * 0.75, z], [0.03, 0.3, 0.17]);
    box(m, red, [back, s * half * 0.85, z], [0.03, 0.2, 0.2]);
  }
}

/** Delivery van or box truck. */
export const truck: Generator = (rng) => {
  const m = new ModelBuilder();
  const paint = m.slot(rng.chance(0.5) ? grey(rng.range(0.75, 0.94), 0.25) : colored(rng, 0.25));
  const pane = m.slot(glass), dark = m.slot(grey(0.08));
  const wheels = wheelSlots(m);
  if (rng.chance(0.45)) {
    const length = rng.range(4.9, 6), half = rng.range(0.95, 1.02), h = rng.range(2, 2.6), f = length / 2;
    shell(m, paint, half, [[-f, 0.35], [-f, h], [f - 1.65, h], [f - 1.35, h - 0.1], [f - 0.75, 1.28], [f - 0.1, 1.02], [f, 0.8], [f, 0.35]], h);
    const x0 = f - 1.32, z0 = h - 0.2, x1 = f - 0.76, z1 = 1.34;
    quad(m, pane, [x1 + 0.015, -half * 0.85, z1], [x1 + 0.015, half * 0.85, z1], [x0 + 0.02, half * 0.8, z0], [x0 + 0.02, -half * 0.8, z0]);
    for (const s of [-1, 1]) {
      const y = s * (half + 0.008);
      quad(m, pane, [x1 - 0.12, y, 1.32], [x1 - 1, y, 1.32], [x1 - 1, y * 0.96, z0 - 0.05], [x0 - 0.05, y * 0.96, z0 - 0.05]);
      box(m, dark, [-0.1, s * half, 0.5], [0.015, 0.02, h - 0.75]);
      box(m, dark, [x1 - 0.12, s * (half + 0.13), 1.35], [0.08, 0.2, 0.26]);
    }
    box(m, dark, [f, 0, 0.36], [0.08, half * 1.9, 0.3]);
    lights(m, f + 0.005, -f - 0.005, half, 0.82);
    for (const x of [f - 0.95, -f + 1.1]) for (const s of [-1, 1]) wheel(m, wheels, x, s * (half - 0.1), 0.35, 0.24);
  } else {
    const length = rng.range(6.2, 8.6), half = rng.range(1.15, 1.25), h = rng.range(2.9, 3.5), f = length / 2, cab = rng.range(1.7, 2), cabTop = rng.range(2.3, 2.7);
    const cargo = m.slot(rng.chance(0.4) ? { color: [1, 1, 1], texture: anyTexture(rng, 'label') } : grey(rng.range(0.7, 0.94), 0.4), 2.6);
    shell(m, paint, half * 0.95, [[f - cab, 0.5], [f - cab, cabTop], [f - 0.5, cabTop], [f - 0.12, 1.4], [f, 1.15], [f, 0.5]], cabTop);
    const y = half * 0.95;
    quad(m, pane, [f - 0.1, -y * 0.9, 1.42], [f - 0.1, y * 0.9, 1.42], [f - 0.42, y * 0.84, cabTop - 0.15], [f - 0.42, -y * 0.84, cabTop - 0.15]);
    for (const s of [-1, 1]) {
      const w = s * (y + 0.008);
      quad(m, pane, [f - 0.3, w, 1.4], [f - 1.2, w, 1.4], [f - 1.2, w * 0.97, cabTop - 0.25], [f - 0.55, w * 0.97, cabTop - 0.25]);
      box(m, dark, [f - 0.15, s * (y + 0.18), 1.5], [0.08, 0.22, 0.45]);
    }
    box(m, cargo, [-cab / 2 - 0.03, 0, 0.95], [length - cab - 0.06, half * 2, h - 0.95]);
    box(m, dark, [0, 0, 0.62], [length - 0.3, half * 1.2, 0.33]);
    box(m, dark, [f - 0.02, 0, 0.45], [0.12, half * 1.9, 0.35]);
    lights(m, f + 0.045, -f + 0.01, half, 0.66);
    for (const x of length > 7.4 ? [f - 1, -f + 1.2, -f + 2.2] : [f - 1, -f + 1.5]) for (const s of [-1, 1]) wheel(m, wheels, x, s * (half - 0.16), 0.48, 0.3);
  }
  return m.finish('truck');
};

/** City bus or coach. */
export const bus: Generator = (rng) => {
  const m = new ModelBuilder();
  const paint = m.slot(colored(rng, 0.25));
  const trim = m.slot(rng.chance(0.5) ? grey(0.9, 0.3) : colored(rng, 0.3));
  const pane = m.slot(glass), dark = m.slot(grey(0.08));
  const board = m.slot({ color: [0.95, 0.7, 0.15], emissive: 0.6 });
  const wheels = wheelSlots(m);
  const length = rng.range(9.5, 12.4), half = 1.26, h = rng.range(2.9, 3.3), f = length / 2, low = 0.32;
  shell(m, paint, half, [[-f, low], [-f - 0.02, h - 0.25], [-f + 0.2, h], [f - 0.3, h], [f - 0.05, h - 0.3], [f, 1.2], [f, low]], h * 1.34);
  const windows = Math.round(length / 1.45), z0 = 1.3, z1 = h - 0.5;
  for (const s of [-1, 1]) {
    const y = s * (half + 0.006);
    box(m, trim, [0, s * half, 0.75], [length - 0.1, 0.014, 0.3]);
    for (let i = 0; i < windows; i++) {
      const x = f - 0.7 - ((length - 1) * i) / windows, w = (length - 1) / windows - 0.1;
      const isDoor = s < 0 && (i === 0 || i === Math.floor(windows / 2));
      const bottom = isDoor ? low + 0.08 : z0;
      quad(m, pane, [x, y, bottom], [x - w, y, bottom], [x - w, y, z1], [x, y, z1]);
      if (isDoor) box(m, dark, [x - w / 2, y, bottom], [0.05, 0.02, z1 - bottom]);
    }
    box(m, dark, [f + 0.12, s * (half + 0.05), 1.9], [0.12, 0.22, 0.4]);
  }
  quad(m, pane, [f + 0.008, -1.15, 1.15], [f + 0.008, 1.15, 1.15], [f - 0.028, 1.12, h - 0.45], [f - 0.028, -1.12, h - 0.45]);
  quad(m, pane, [-f - 0.03, 1.05, 1.5], [-f - 0.03, -1.05, 1.5], [-f - 0.03, -1.02, h - 0.5], [-f - 0.03, 1.02, h - 0.5]);
  box(m, board, [f - 0.05, 0, h - 0.4], [0.08, 1.5, 0.2]);
  lights(m, f + 0.01, -f - 0.02, half, 0.62);
  for (const x of [f - 2.6, -f + 2.9]) for (const s of [-1, 1]) wheel(m, wheels, x, s * (half - 0.14), 0.48, 0.3);
  return m.finish('bus');
};
