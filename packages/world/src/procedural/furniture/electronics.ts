import type { Rng } from '../../math/rng.js';
import { grey, rubber, steel } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, cylinder, quad } from '../primitives.js';
import { anyTexture } from '../textures/pool.js';
import type { Material } from '../../render/types.js';

function screenMaterial(rng: Rng): Material {
  return { color: [1, 1, 1], texture: anyTexture(rng, 'screen'), roughness: 0.15, emissive: rng.range(0.3, 0.9) };
}

/** Flat panel facing +x, `w` x `h`, lower edge at z. */
function panel(m: ModelBuilder, rng: Rng, w: number, h: number, z: number): void {
  const body = m.slot(rng.chance(0.75) ? rubber : grey(rng.range(0.6, 0.85), 0.4));
  const screen = m.slot(screenMaterial(rng));
  box(m, body, [0, 0, z], [0.035, w, h]);
  const e = 0.012, x = 0.019;
  quad(m, screen, [x, -w / 2 + e, z + e], [x, w / 2 - e, z + e], [x, w / 2 - e, z + h - e], [x, -w / 2 + e, z + h - e], true);
}

/** Television on its foot, 32 to 65 inch. */
export const television: Generator = (rng) => {
  const m = new ModelBuilder();
  const w = rng.range(0.72, 1.45), h = w * 0.57;
  panel(m, rng, w, h, 0.07);
  const foot = m.slot(grey(0.12));
  if (rng.chance(0.5)) for (const s of [-1, 1]) box(m, foot, [0, s * w * 0.32, 0], [0.22, 0.03, 0.075], [0.3, 1]);
  else {
    box(m, foot, [0, 0, 0], [0.22, w * 0.4, 0.015]);
    box(m, foot, [-0.01, 0, 0.015], [0.03, 0.12, 0.06]);
  }
  return m.finish('tv');
};

/** Computer monitor. */
export const monitor: Generator = (rng) => {
  const m = new ModelBuilder();
  const w = rng.range(0.48, 0.7), h = w * rng.pick([0.57, 0.6, 0.62]);
  panel(m, rng, w, h, rng.range(0.1, 0.14));
  const foot = m.slot(steel(rng));
  if (rng.chance(0.5)) cylinder(m, foot, [-0.03, 0, 0], 0.11, 0.014, { segments: 16 });
  else box(m, foot, [-0.03, 0, 0], [0.18, 0.24, 0.014]);
  box(m, foot, [-0.04, 0, 0.01], [0.03, 0.05, 0.1 + h * 0.5]);
  return m.finish('tv');
};

/** Open note book; the user sits at +x. */
export const laptop: Generator = (rng) => {
  const m = new ModelBuilder();
  const shell = m.slot(rng.chance(0.6) ? grey(rng.range(0.6, 0.8), 0.3) : grey(rng.range(0.08, 0.2), 0.4));
  const keys = m.slot(grey(0.08));
  const screen = m.slot(screenMaterial(rng));
  const w = rng.range(0.3, 0.37), d = w * 0.69;
  box(m, shell, [0, 0, 0], [d, w, 0.016]);
  for (let r = 0; r < 5; r++) for (let c = 0; c < 10; c++) {
    const x = -d * 0.36 + r * d * 0.1, y = (c - 4.5) * w * 0.088, k = d * 0.042, l = w * 0.038, z = 0.0165;
    quad(m, keys, [x - k, y - l, z], [x + k, y - l, z], [x + k, y + l, z], [x - k, y + l, z]);
  }
  const p = w * 0.14;
  quad(m, keys, [d * 0.2, -p, 0.0165], [d * 0.45, -p, 0.0165], [d * 0.45, p, 0.0165], [d * 0.2, p, 0.0165]);
  m.at({ x: -d / 2 + 0.004, z: 0.014, pitch: -rng.range(0.15, 0.5) }, () => {
    box(m, shell, [0, 0, 0], [0.008, w, d]);
    const e = 0.01, x = 0.0045;
    quad(m, screen, [x, -w / 2 + e, e], [x, w / 2 - e, e], [x, w / 2 - e, d - e], [x, -w / 2 + e, d - e], true);
  });
  return m.finish('laptop');
};
