import { ceramic, colored, plain, steel } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { lathe, torus } from '../primitives.js';
import { anyTexture } from '../textures/pool.js';

/** Wine, soda or detergent bottle with a label. */
export const bottle: Generator = (rng) => {
  const m = new ModelBuilder();
  const h = rng.range(0.19, 0.33), r = h * rng.range(0.11, 0.17), neck = Math.max(0.011, r * rng.range(0.3, 0.45)), shoulder = rng.range(0.55, 0.72);
  const body = m.slot(rng.chance(0.6) ? plain(rng.pick([[0.1, 0.25, 0.12], [0.3, 0.16, 0.06], [0.55, 0.68, 0.7], [0.7, 0.78, 0.8]] as const), 0.1) : colored(rng, 0.3));
  const tag = m.slot({ color: [1, 1, 1], texture: anyTexture(rng, 'label') });
  const cap = m.slot(colored(rng));
  lathe(m, body, [[0, 0], [r * 0.95, 0], [r, h * 0.02], [r, h * 0.15]], 14);
  lathe(m, tag, [[r * 1.01, h * 0.15], [r * 1.01, h * (shoulder - 0.08)]], 14, true);
  lathe(m, body, [[r, h * (shoulder - 0.08)], [r * 0.97, h * shoulder], [neck * 1.3, h * (shoulder + 0.16)], [neck, h * (shoulder + 0.2)], [neck, h * 0.92]], 14);
  lathe(m, cap, [[neck * 1.2, h * 0.91], [neck * 1.2, h], [0, h]], 10);
  return m.finish('bottle');
};

/** Mug with a handle, glass, or paper cup. */
export const cup: Generator = (rng) => {
  const m = new ModelBuilder();
  const kind = rng.pick(['mug', 'mug', 'glass', 'paper'] as const);
  const h = kind === 'mug' ? rng.range(0.075, 0.105) : rng.range(0.09, 0.14), r = rng.range(0.034, 0.044), low = kind === 'paper' ? 0.7 : kind === 'glass' ? 0.8 : rng.range(0.75, 1);
  const body = m.slot(kind === 'glass' ? plain([0.72, 0.8, 0.82], 0.08) : kind === 'paper' ? { color: [1, 1, 1], texture: anyTexture(rng, 'label') } : rng.chance(0.5) ? ceramic(rng) : colored(rng, 0.25), 0.1);
  const drink = m.slot(rng.chance(0.5) ? plain([0.2, 0.1, 0.05], 0.2) : plain([0.85, 0.85, 0.8], 0.2));
  lathe(m, body, [[0, 0], [r * low, 0], [r, h]], 16, kind === 'paper');
  lathe(m, body, [[r, h], [r * 0.9, h], [r * low * 0.9, 0.008]], 16);
  lathe(m, drink, [[r * 0.95 * (low + (1 - low) * 0.6), h * 0.7], [0, h * 0.7]], 12);
  if (kind === 'mug') m.at({ x: 0, y: r * 0.9, z: h * 0.52, yaw: Math.PI / 2, roll: Math.PI / 2 }, () => torus(m, body, h * 0.28, 0.006, { segments: 12, around: 5 }));
  return m.finish('cup');
};

/** Soup to salad bowl, or a plate. */
export const bowl: Generator = (rng) => {
  const m = new ModelBuilder();
  const r = rng.range(0.065, 0.15), h = rng.chance(0.3) ? 0.025 : r * rng.range(0.4, 0.65);
  const body = m.slot(rng.chance(0.5) ? ceramic(rng) : colored(rng, 0.3));
  lathe(m, body, [[0, 0], [r * 0.45, 0], [r * 0.5, h * 0.08], [r * 0.85, h * 0.5], [r, h], [r * 0.96, h], [r * 0.8, h * 0.55], [r * 0.4, h * 0.16], [0, h * 0.14]], 20);
  return m.finish('bowl');
};

/** Vase: a random smooth profile, sometimes with dry stems. */
export const vase: Generator = (rng) => {
  const m = new ModelBuilder();
  const h = rng.range(0.16, 0.4), r = h * rng.range(0.2, 0.34), belly = rng.range(0.3, 0.65), mouth = rng.range(0.3, 0.75);
  const body = m.slot(rng.pick([ceramic, colored, steel])(rng));
  const foot = r * rng.range(0.5, 0.8);
  const profile: [number, number][] = [[0, 0], [foot, 0]];
  for (let i = 1; i <= 8; i++) {
    const t = i / 8;
    const side = t < belly ? t / belly : (1 - t) / (1 - belly);
    const s = side * side * (3 - 2 * side);
    profile.push([(t < belly ? foot : r * mouth) * (1 - s) + r * s, h * t]);
  }
  profile.push([r * mouth * 0.85, h], [r * mouth * 0.8, h * 0.8]);
  lathe(m, body, profile, 18);
  return m.finish('vase');
};
