import { Rng } from '../../math/rng.js';
import type { Texture } from '../../render/types.js';
import type { TextureCategory } from '../../scene/library.js';
import { carpet, fabric } from './cloth.js';
import { asphalt, grass, soil, water } from './ground.js';
import { brick, concrete, plaster, stone, tile } from './masonry.js';
import { dial, facade, label, screen } from './prints.js';
import { leaves, metal, paper, poster } from './sheet.js';
import { bark, grain, planks } from './wood.js';

/** What the procedural objects wear besides the public categories. */
export type TextureKind = TextureCategory | 'grain' | 'screen' | 'dial' | 'label' | 'facade';

/** Generator of every kind, and how many variants of it exist (which bounds the pool: about 20 MiB when full). */
export const TEXTURE_GENERATORS: Readonly<Record<TextureKind, { readonly make: (rng: Rng) => Texture; readonly variants: number }>> = {
  wood: { make: planks, variants: 12 },
  brick: { make: brick, variants: 10 },
  asphalt: { make: asphalt, variants: 8 },
  grass: { make: grass, variants: 8 },
  carpet: { make: carpet, variants: 16 },
  plaster: { make: plaster, variants: 24 },
  tile: { make: tile, variants: 16 },
  fabric: { make: fabric, variants: 24 },
  concrete: { make: concrete, variants: 8 },
  stone: { make: stone, variants: 12 },
  soil: { make: soil, variants: 12 },
  metal: { make: metal, variants: 8 },
  bark: { make: bark, variants: 8 },
  leaves: { make: leaves, variants: 12 },
  poster: { make: poster, variants: 32 },
  paper: { make: paper, variants: 8 },
  water: { make: water, variants: 8 },
  grain: { make: grain, variants: 16 },
  screen: { make: screen, variants: 16 },
  dial: { make: dial, variants: 8 },
  label: { make: label, variants: 24 },
  facade: { make: facade, variants: 16 },
};

const pool = new Map<string, Texture>();

/** A texture made once under a key of the caller's (of which there must be few); `make` gets an rng of that key alone. */
export function sharedTexture(key: string, make: (rng: Rng) => Texture): Texture {
  let texture = pool.get(key);
  if (!texture) pool.set(key, (texture = make(new Rng(0x7e47).fork(key))));
  return texture;
}

/**
 * Variant `variant` (taken modulo the number of variants) of a kind of texture; made once and shared from then on, so
 * never write to it. The bytes depend on (kind, variant) alone.
 */
export function pooledTexture(kind: TextureKind, variant: number): Texture {
  const { make, variants } = TEXTURE_GENERATORS[kind];
  return sharedTexture(`${kind}/${variant % variants}`, make);
}

/** A random variant of a kind of texture from the shared pool. */
export function anyTexture(rng: Rng, kind: TextureKind): Texture {
  return pooledTexture(kind, rng.int(0, TEXTURE_GENERATORS[kind].variants - 1));
}
