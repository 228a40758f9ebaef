import { cos, sin } from '../../math/deterministic.js';
import type { Vec3 } from '../../render/types.js';
import { colored, grey, plain, steel, wood } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, cylinder, fan, quad, rod } from '../primitives.js';
import { anyTexture } from '../textures/pool.js';

/** Traffic sign (round, triangular, octagonal), direction board or advertising board; face to +x. */
export const sign: Generator = (rng) => {
  const m = new ModelBuilder();
  const metal = m.slot(grey(rng.range(0.55, 0.7), 0.4));
  const kind = rng.pick(['disc', 'triangle', 'octagon', 'square', 'board'] as const);
  const h = rng.range(2.2, 2.9), r = rng.range(0.28, 0.4), z = h - r;
  if (kind === 'board') {
    const w = rng.range(0.9, 2.6), tall = rng.range(0.6, 1.3), top = rng.range(1.8, 3.4);
    const face = m.slot({ color: [1, 1, 1], texture: anyTexture(rng, rng.chance(0.5) ? 'label' : 'poster') });
    for (const s of [-1, 1]) cylinder(m, metal, [0, s * w * 0.35, 0], 0.04, top, { segments: 8 });
    box(m, metal, [0.05, 0, top - tall], [0.03, w, tall]);
    quad(m, face, [0.067, -w / 2 + 0.03, top - tall + 0.03], [0.067, w / 2 - 0.03, top - tall + 0.03], [0.067, w / 2 - 0.03, top - 0.03], [0.067, -w / 2 + 0.03, top - 0.03], true);
    return m.finish('sign');
  }
  const red = m.slot(plain([0.78, 0.08, 0.1], 0.4)), white = m.slot(grey(0.94, 0.4)), blue = m.slot(plain([0.1, 0.25, 0.65], 0.4)), ink = m.slot(grey(0.06));
  cylinder(m, metal, [0, 0, 0], 0.032, h - 0.05, { segments: 8 });
  const n = { disc: 24, triangle: 3, octagon: 8, square: 4 }[kind];
  const start = kind === 'triangle' ? Math.PI / 2 : kind === 'disc' ? 0 : Math.PI / n;
  const turn = kind === 'square' && rng.chance(0.5) ? Math.PI / 4 : 0;
  const shape = (x: number, radius: number): Vec3[] => Array.from({ length: n }, (_, i): Vec3 => {
    const a = start + turn + (2 * Math.PI * i) / n;
    return [x, radius * cos(a), z + radius * sin(a)];
  });
  const outer = kind === 'octagon' ? red : kind === 'square' ? (rng.chance(0.5) ? blue : m.slot(plain([0.95, 0.75, 0.1], 0.4))) : rng.chance(0.7) ? red : blue;
  fan(m, metal, shape(0.036, r), [-1, 0, 0]);
  fan(m, outer, shape(0.04, r), [1, 0, 0]);
  if (outer === red && kind !== 'octagon') fan(m, white, shape(0.044, r * (kind === 'triangle' ? 0.68 : 0.76)), [1, 0, 0]);
  const mark = outer === red && kind !== 'octagon' ? ink : white;
  for (let i = rng.int(1, 3); i > 0; i--) box(m, mark, [0.046, rng.range(-0.05, 0.05), z - r * 0.25 + (i - 1) * r * 0.2], [0.008, r * rng.range(0.3, 0.9), r * 0.12]);
  return m.finish('sign');
};

/** One panel of a fence along y: pickets, boards, railings or chain link; panels join end to end. */
export const fence: Generator = (rng) => {
  const m = new ModelBuilder();
  const kind = rng.pick(['pickets', 'boards', 'railing', 'ranch'] as const);
  const body = m.slot(kind === 'railing' ? steel(rng) : rng.chance(0.5) ? wood(rng) : rng.chance(0.6) ? grey(0.92) : colored(rng), 0.8);
  const w = rng.range(1.8, 2.5), h = kind === 'boards' ? rng.range(1.4, 1.9) : rng.range(0.8, 1.25), half = w / 2;
  for (const s of [-1, 1]) box(m, body, [0, s * (half - 0.045), 0], [0.09, 0.09, h]);
  const rails = kind === 'ranch' ? 3 : 2;
  for (let i = 0; i < rails; i++) box(m, body, [0, 0, kind === 'ranch' ? h * (0.25 + 0.3 * i) : h * (0.15 + 0.62 * i)], [0.035, w - 0.1, kind === 'ranch' ? 0.11 : 0.06]);
  if (kind !== 'ranch') {
    const pitch = kind === 'boards' ? 0.13 : kind === 'railing' ? 0.12 : 0.14, n = Math.floor((w - 0.18) / pitch);
    for (let i = 0; i < n; i++) {
      const y = (i - (n - 1) / 2) * pitch;
      if (kind === 'railing') rod(m, body, [0, y, 0.08], [0, y, h], 0.011, { segments: 5 });
      else {
        const wide = kind === 'boards' ? pitch * 0.97 : 0.085;
        box(m, body, [0.028, y, 0.04], [0.02, wide, h * 0.9]);
        if (kind === 'pickets') box(m, body, [0.028, y, 0.04 + h * 0.9], [0.02, wide, 0.06], [1, 0.05]);
      }
    }
  }
  return m.finish('fence');
};
