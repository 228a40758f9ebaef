import type { Rng } from '../math/rng.js';
import type { Material, Vec3 } from '../render/types.js';
import { dye } from './textures/cloth.js';
import { anyTexture } from './textures/pool.js';

/*
 * Materials that objects are made of. Textures come from the shared pool; the tint makes copies differ.
 */

/** A plain colour, sRGB 0..1. */
export function plain(color: Vec3, roughness = 0.8): Material {
  return { color, roughness };
}

export function grey(value: number, roughness = 0.6): Material {
  return plain([value, value, value], roughness);
}

function tint(rng: Rng, low = 0.75): Vec3 {
  const all = rng.range(low, 1);
  return [all, all * rng.range(0.93, 1), all * rng.range(0.88, 1)];
}

export function wood(rng: Rng): Material {
  return { color: tint(rng), texture: anyTexture(rng, 'grain'), roughness: 0.6 };
}

export function cloth(rng: Rng): Material {
  return { color: tint(rng), texture: anyTexture(rng, 'fabric'), roughness: 1 };
}

/** Any dye as a plain colour: plastic, lacquer, paint. */
export function colored(rng: Rng, roughness = 0.5): Material {
  const [r, g, b] = dye(rng);
  return plain([Math.min(1, r / 255), Math.min(1, g / 255), Math.min(1, b / 255)], roughness);
}

/** Bare or lacquered metal of legs, poles and fittings. */
export function steel(rng: Rng): Material {
  return rng.chance(0.5) ? grey(rng.range(0.62, 0.8), 0.25) : rng.chance(0.6) ? grey(rng.range(0.06, 0.2), 0.45) : colored(rng, 0.4);
}

/** Furniture body: wood mostly, else lacquer. */
export function carcass(rng: Rng): Material {
  return rng.chance(0.65) ? wood(rng) : rng.chance(0.6) ? grey(rng.range(0.75, 0.95), 0.5) : colored(rng);
}

export const ceramic = (rng: Rng): Material => (rng.chance(0.6) ? plain([0.94, 0.93, 0.9], 0.2) : colored(rng, 0.2));
export const rubber: Material = grey(0.08, 0.9);
export const glass: Material = plain([0.12, 0.16, 0.19], 0.08);
export const chrome: Material = grey(0.78, 0.15);
export const white: Material = grey(0.94, 0.3);
