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
  /** Whether `hueX`, `hueY`, `hueZ` turn the texture's colours; see `Material.hue`. */
  readonly turned: boolean;
  readonly hueX: number;
  readonly hueY: number;
  readonly hueZ: number;
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
      turned: material.texture !== undefined && material.hue !== undefined,
      hueX: material.hue?.[0] ?? 1, hueY: material.hue?.[1] ?? 0, hueZ: material.hue?.[2] ?? 0,
      alphaTest: material.texture ? (material.alphaTest ?? 0) : 0,
      emissive: material.emissive ?? 0,
      gloss: smooth < 0.05 ? 0 : 0.5 * smooth * smooth,
      shininess: 2 + Math.floor(smooth * 5),
    };
    CACHE.set(material, info);
  }
  return info;
}
