import type { Rng } from '../math/rng.js';
import type { Material, Vec3 } from '../render/types.js';
import type { ObjectModel } from './library.js';

const PAINTS: readonly Vec3[] = [
  [0.92, 0.92, 0.93], [0.08, 0.08, 0.09], [0.55, 0.57, 0.6], [0.32, 0.33, 0.36], [0.6, 0.08, 0.08], [0.1, 0.2, 0.5],
  [0.12, 0.32, 0.2], [0.75, 0.7, 0.6], [0.85, 0.6, 0.1], [0.35, 0.5, 0.65], [0.4, 0.15, 0.12],
];
/** Classes whose body takes a coat of paint. */
const PAINTED = new Set(['car', 'truck', 'bus', 'motorcycle', 'bicycle', 'boat']);
/** Classes whose hues are known to everybody. */
const NATURAL = new Set(['tree', 'bush', 'potted plant', 'rock', 'food', 'dog', 'cat', 'horse', 'cow', 'sheep', 'bird', 'animal', 'hydrant', 'sign', 'traffic light', 'cone']);

/**
 * Materials of one copy of a model: another paint for vehicles, a shifted tint for other things. Returns undefined
 * (keep the originals) about half the time.
 */
export function recoloured(rng: Rng, model: ObjectModel, className: string): readonly Material[] | undefined {
  const { materials, groups } = model.geometry;
  if (PAINTED.has(className)) {
    if (rng.chance(0.35)) return undefined;
    let body = -1, most = 0;
    for (const group of groups) {
      const material = materials[group.material];
      const grey = Math.max(...material.color) < 0.25;
      if (!material.texture && !grey && group.count > most) [body, most] = [group.material, group.count];
    }
    if (body < 0) return undefined;
    const paint = rng.pick(PAINTS);
    const old = materials[body].color;
    const same = (m: Material): boolean => !m.texture && m.color.every((c, i) => Math.abs(c - old[i]) < 0.02);
    return materials.map((m) => (same(m) ? { ...m, color: paint } : m));
  }
  if (NATURAL.has(className)) {
    const gain = rng.range(0.7, 1.1);
    return materials.map((m) => ({ ...m, color: m.color.map((c) => Math.min(1, c * gain * rng.range(0.92, 1.08))) as unknown as Vec3 }));
  }
  if (rng.chance(0.45)) return undefined;
  const gain = rng.range(0.65, 1.1);
  const tint = [0, 1, 2].map(() => gain * rng.range(0.8, 1.15));
  const swap = rng.chance(0.3);
  return materials.map((m) => {
    const [r, g, b] = swap && !m.texture ? [m.color[2], m.color[0], m.color[1]] : m.color;
    return { ...m, color: [Math.min(1, r * tint[0]), Math.min(1, g * tint[1]), Math.min(1, b * tint[2])] as Vec3 };
  });
}
