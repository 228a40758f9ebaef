import { srgbToLinear } from './color.js';
import { mipmaps, type MipLevel } from './mipmaps.js';
import type { Material } from './types.js';

/** A material as the shader wants it. */
export interface MaterialInfo {
  /** Linear colour factor. */
  readonly red: number;
  readonly green: number;
  readonly blue: number;
  readonly levels: readonly MipLevel[] | null;
  /** Alpha below this is a hole; 0 = opaque. */
  readonly alphaTest: number;
  readonly emissive: number;
  /** Strength of the highlight; 0 = none. */
  readonly gloss: number;
  /** How many times N.H is squared: the lobe's exponent is 2^shininess. */
  readonly shininess: number;
}

const CACHE = new WeakMap<Material, MaterialInfo>();

export function materialInfo(material: Material): MaterialInfo {
  let info = CACHE.get(material);
  if (!info) {
    const smooth = 1 - Math.min(1, Math.max(0, material.roughness ?? 1));
    info = {
      red: srgbToLinear(material.color[0]),
      green: srgbToLinear(material.color[1]),
      blue: srgbToLinear(material.color[2]),
      levels: material.texture ? mipmaps(material.texture) : null,
      alphaTest: material.texture ? (material.alphaTest ?? 0) : 0,
      emissive: material.emissive ?? 0,
      gloss: smooth < 0.05 ? 0 : 0.5 * smooth * smooth,
      shininess: 2 + Math.floor(smooth * 5),
    };
    CACHE.set(material, info);
  }
  return info;
}
