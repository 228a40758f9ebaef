import type { Rng } from '../../math/rng.js';
import type { Vec3 } from '../../render/types.js';
import { colored, glass, grey, plain, wood } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder, type Slot } from '../model-builder.js';
import { box, fan, quad } from '../primitives.js';
import { anyTexture } from '../textures/pool.js';

/** A wall of `storeys` x `bays` (3 m each) of the facade texture, from a to b at the foot (seen from outside: a on the left). */
function wall(m: ModelBuilder, slot: Slot, a: readonly [number, number], b: readonly [number, number], z: number, storeys: number): void {
  const dx = b[0] - a[0], dy = b[1] - a[1];
  const bays = Math.max(1, Math.round(Math.sqrt(dx * dx + dy * dy) / 3)) / 3;
  const at = (p: readonly [number, number], top: boolean, u: number): number => m.vertex(p[0], p[1], top ? z + storeys * 3 : z, dy, -dx, 0, u, top ? 0 : storeys);
  const p = at(a, false, 0), q = at(b, false, bays), r = at(b, true, bays), s = at(a, true, 0);
  m.triangle(slot, p, q, r);
  m.triangle(slot, p, r, s);
}

/** Four walls round a block; its front is +x. */
function block(m: ModelBuilder, slot: Slot, d: number, w: number, z: number, storeys: number): void {
  const x = d / 2, y = w / 2;
  const corners: readonly (readonly [number, number])[] = [[x, -y], [x, y], [-x, y], [-x, -y]];
  for (let i = 0; i < 4; i++) wall(m, slot, corners[i], corners[(i + 1) % 4], z, storeys);
}

function entrance(m: ModelBuilder, rng: Rng, x: number, y: number): void {
  const leaf = m.slot(rng.chance(0.5) ? wood(rng) : colored(rng)), frame = m.slot(grey(0.85));
  box(m, frame, [x, y, 0], [0.2, 1.5, 2.5]);
  box(m, leaf, [x + 0.06, y, 0.02], [0.12, 1.25, 2.3]);
  box(m, frame, [x + 0.35, y, 0], [0.7, 1.9, 0.15]);
}

/** Town block, tower or detached house; the street is at +x. */
export const building: Generator = (rng) => {
  const m = new ModelBuilder();
  const facade = m.slot({ color: [1, 1, 1], texture: anyTexture(rng, 'facade'), roughness: 0.9 });
  const trim = m.slot(grey(rng.range(0.5, 0.8)));
  const kind = rng.pick(['block', 'block', 'tower', 'house'] as const);
  const bays = kind === 'house' ? rng.int(2, 4) : rng.int(3, 8), deep = kind === 'house' ? rng.int(2, 3) : rng.int(3, 5);
  const w = bays * 3, d = deep * 3, storeys = kind === 'house' ? rng.int(1, 2) : kind === 'tower' ? rng.int(7, 12) : rng.int(2, 6), top = storeys * 3;
  block(m, facade, d, w, 0, storeys);
  if (kind === 'house') {
    const tiles = m.slot({ color: rng.pick<Vec3>([[0.65, 0.33, 0.26], [0.4, 0.38, 0.38], [0.5, 0.36, 0.28]]), texture: anyTexture(rng, 'tile'), roughness: 1 }, 1.2);
    const rise = d * rng.range(0.28, 0.42), over = 0.4, x = d / 2 + over, y = w / 2 + over, low = top - (over * 2 * rise) / d;
    quad(m, tiles, [x, -y, low], [x, y, low], [0, y, top + rise], [0, -y, top + rise]);
    quad(m, tiles, [-x, y, low], [-x, -y, low], [0, -y, top + rise], [0, y, top + rise]);
    const gable = m.slot(plain([0.8, 0.76, 0.7], 1));
    for (const s of [-1, 1]) fan(m, gable, [[d / 2, (s * w) / 2, top], [0, (s * w) / 2, top + rise], [-d / 2, (s * w) / 2, top]], [0, s, 0]);
    box(m, trim, [-d * 0.2, w * 0.25, top + rise * 0.2], [0.6, 0.6, rise]);
  } else {
    box(m, trim, [0, 0, top], [d + 0.3, w + 0.3, 0.35]);
    box(m, trim, [-d * 0.1, w * 0.2, top + 0.35], [3, 4, 2]);
    for (let i = rng.int(0, 4); i > 0; i--) box(m, trim, [rng.range(-0.35, 0.35) * d, rng.range(-0.4, 0.4) * w, top + 0.35], [1, 1.4, 0.9]);
    if (rng.chance(0.5)) {
      // Shops on the ground floor.
      const pane = m.slot(glass), awning = m.slot(colored(rng));
      box(m, trim, [d / 2 + 0.06, 0, 2.7], [0.16, w, 0.4]);
      for (let i = 0; i < bays; i++) {
        const y = (i - (bays - 1) / 2) * 3;
        box(m, pane, [d / 2 + 0.05, y, 0.4], [0.1, 2.5, 2.2]);
        if (rng.chance(0.4)) quad(m, awning, [d / 2 + 1.2, y - 1.3, 2.3], [d / 2 + 1.2, y + 1.3, 2.3], [d / 2 + 0.05, y + 1.3, 2.8], [d / 2 + 0.05, y - 1.3, 2.8]);
      }
    }
  }
  if (rng.chance(0.25) && kind !== 'house') {
    const balcony = m.slot(grey(0.75)), column = rng.int(0, bays - 1);
    for (let s = 1; s < Math.min(storeys, 6); s++) box(m, balcony, [d / 2 + 0.5, (column - (bays - 1) / 2) * 3, s * 3], [1, 2.4, 0.9]);
  }
  entrance(m, rng, d / 2 + 0.08, (rng.int(0, bays - 1) - (bays - 1) / 2) * 3);
  return m.finish('building');
};
