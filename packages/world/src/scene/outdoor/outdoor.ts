import type { SceneBuilder } from '../builder.js';
import { gather } from '../gathering.js';
import { outdoorLight } from '../light.js';
import { finish } from '../materials.js';
import type { Place, Rig } from '../place.js';
import { panels } from '../shapes.js';
import type { TextureCategory } from '../library.js';

/** A ground plane out to 300 m. */
export function ground(b: SceneBuilder, category: TextureCategory, className: 'grass' | 'ground' | 'road' | 'sidewalk' | 'water', z = 0): void {
  const far = 300;
  const { material, tile } = finish(b.rng, b.library, category, 0.2);
  b.stuff(panels([{ corner: [-far, -far, z], u: [2 * far, 0, 0], v: [0, 2 * far, 0] }], [material], tile), className, { castsShadow: false });
}

/** A flat strip along x, slightly above the ground. */
export function strip(b: SceneBuilder, category: TextureCategory, className: string, y0: number, y1: number, z: number, length = 300): void {
  const { material, tile } = finish(b.rng, b.library, category, 0.2);
  b.stuff(panels([{ corner: [-length / 2, y0, z], u: [length, 0, 0], v: [0, y1 - y0, 0] }], [material], tile), className, { castsShadow: false });
}

export function outdoorPlace(b: SceneBuilder, words: string, bounds: { x: number; y: number }, rigs: readonly Rig[], lane?: Place['lane']): Place {
  const light = outdoorLight(b.rng, b.library);
  if (light.night) for (const [x, y] of [[-8, 5], [4, -6], [14, 6], [0, 0]] as const) b.light([x, y, 5.5], [22, 17, 10]);
  return {
    kind: 'outdoor', words, lighting: light, rigs, bounds: { minX: -bounds.x, maxX: bounds.x, minY: -bounds.y, maxY: bounds.y, minZ: 0.15, maxZ: 12 },
    ...(lane ? { lane } : {}),
  };
}

/** Puts a thing somewhere in a rectangle; tries a few times. */
export function scatter(b: SceneBuilder, className: string, count: number, area: { x0: number; x1: number; y0: number; y1: number }, filter: Parameters<SceneBuilder['pick']>[1] = {}, scale: readonly [number, number] = [1, 1]): void {
  const { rng } = b;
  for (let i = 0; i < count; i++) {
    const model = b.pick(className, filter);
    if (!model) return;
    for (let attempt = 0; attempt < 5; attempt++) {
      const x = rng.range(area.x0, area.x1), y = rng.range(area.y0, area.y1);
      const placed = b.put(model, className, x, y, 0, rng.range(-Math.PI, Math.PI), { gap: 0.15, scale: rng.range(...scale) });
      if (!placed) continue;
      if (i < 6) b.focuses.push({ position: [x, y, model.size[2] / 2], size: Math.max(...model.size), kind: 'thing', yaw: placed.yaw });
      break;
    }
  }
}

/** People over an open area: standing, walking round, passing. */
export function peopleOutdoors(b: SceneBuilder, wanted: number, area: { x0: number; x1: number; y0: number; y1: number }): void {
  const { rng } = b;
  const count = wanted - (wanted > 1 && rng.chance(0.55) ? gather(b, wanted, { ...area, z: 0 }) : 0);
  for (let i = 0; i < count; i++) {
    for (let attempt = 0; attempt < 6; attempt++) {
      const x = rng.range(area.x0, area.x1), y = rng.range(area.y0, area.y1);
      const way = rng.unit();
      if (way < 0.35 ? b.personCircling(rng.pick(['walk', 'walk', 'run', 'run', 'carry'] as const), x, y, 0, rng.range(0.8, 3)) : b.personAt(rng.pick(['stand', 'gesture', 'carry'] as const), x, y, 0, rng.range(-Math.PI, Math.PI))) break;
    }
  }
}

/** An animal that walks round if it can, else stands. */
export function animals(b: SceneBuilder, classes: readonly string[], count: number, area: { x0: number; x1: number; y0: number; y1: number }): void {
  const { rng } = b;
  for (let i = 0; i < count; i++) {
    const className = rng.pick(classes);
    const model = b.pick(className);
    if (!model) continue;
    const x = rng.range(area.x0, area.x1), y = rng.range(area.y0, area.y1), radius = rng.range(1.5, 4);
    b.animal(model, className, x, y, radius);
  }
}
