import type { Rng } from '../math/rng.js';
import type { Material } from '../render/types.js';
import type { ModelLibrary, TextureCategory } from './library.js';

/** Metres that one repetition of a texture of each category covers, low and high. */
const TILE_METRES: Readonly<Record<TextureCategory, readonly [number, number]>> = {
  wood: [0.8, 1.8], brick: [1.2, 2.2], asphalt: [2.5, 5], grass: [1.5, 3.5], carpet: [0.8, 2], plaster: [1.5, 3], tile: [0.8, 2.2],
  fabric: [0.5, 1.2], concrete: [2, 4], stone: [1.5, 3], soil: [2, 4], metal: [1, 2], bark: [0.8, 1.5], leaves: [0.8, 1.6],
  poster: [1, 1], paper: [0.6, 1], water: [3, 6],
};

/** A texture with a tint and the size at which it repeats. */
export interface Finish {
  readonly material: Material;
  readonly tile: number;
}

/** A random finish of a category; `tint` how far its colour may be shifted (0..1). */
export function finish(rng: Rng, library: ModelLibrary, category: TextureCategory, tint = 0.12): Finish {
  const [low, high] = TILE_METRES[category];
  const gain = 1 - rng.range(0, tint);
  const channel = (): number => Math.min(1, gain * (1 - rng.range(0, tint)));
  return {
    material: { color: [channel(), channel(), channel()], texture: library.texture(rng, category) },
    tile: rng.range(low, high),
  };
}

/** Plain paint in a random wall colour: mostly near white, sometimes strong. */
export function paint(rng: Rng): Material {
  const base = rng.chance(0.65) ? rng.range(0.75, 0.96) : rng.range(0.4, 0.8);
  const spread = rng.chance(0.7) ? 0.08 : 0.3;
  const channel = (): number => Math.min(1, Math.max(0.1, base + rng.range(-spread, spread)));
  return { color: [channel(), channel(), channel()] };
}
