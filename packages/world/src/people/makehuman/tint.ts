import type { Texture, Vec3 } from '../../render/types.js';
import { cos, sin } from '../../math/deterministic.js';

/** `Material.hue` that turns hues by `turn` (0..1 of the circle) and scales saturation and brightness. */
export function hueOf(turn: number, saturation: number, brightness: number): Vec3 {
  // Rotation about the grey axis, as in the SVG hueRotate matrix but with equal channel weights.
  const c = cos(2 * Math.PI * turn) * saturation;
  const s = (sin(2 * Math.PI * turn) * saturation) / Math.sqrt(3);
  return [(brightness * (1 + 2 * c)) / 3, brightness * ((1 - c) / 3 - s), brightness * ((1 - c) / 3 + s)];
}

/** What `hue` makes of a colour (0..1). */
export function turned([r, g, b]: Vec3, [x, y, z]: Vec3): Vec3 {
  const limit = (value: number): number => Math.max(0, Math.min(1, value));
  return [limit(x * r + y * g + z * b), limit(z * r + x * g + y * b), limit(y * r + z * g + x * b)];
}

const clamp = (value: number): number => (value < 0 ? 0 : value > 255 ? 255 : Math.floor(value + 0.5));

/** A grey copy whose mean level (where opaque) is 150, to be coloured by a material; alpha kept. */
export function greyLevels(texture: Texture): Texture {
  const source = texture.rgba;
  let sum = 0, weight = 0;
  const level = (i: number): number => 0.3 * source[i] + 0.59 * source[i + 1] + 0.11 * source[i + 2];
  for (let i = 0; i < source.length; i += 4) {
    sum += level(i) * source[i + 3];
    weight += source[i + 3];
  }
  const gain = sum > 0 ? (150 * weight) / sum : 1;
  const rgba = new Uint8Array(source.length);
  for (let i = 0; i < source.length; i += 4) {
    rgba[i] = rgba[i + 1] = rgba[i + 2] = clamp(level(i) * gain);
    rgba[i + 3] = source[i + 3]!;
  }
  return { width: texture.width, height: texture.height, rgba };
}

/** Mean colour (0..1) at texture coordinates of the listed vertices. */
export function meanColor(texture: Texture, uvs: Float32Array, vertices: Iterable<number>): Vec3 {
  let r = 0, g = 0, b = 0, n = 0;
  for (const v of vertices) {
    const x = Math.min(texture.width - 1, Math.max(0, Math.floor(uvs[2 * v] * texture.width)));
    const y = Math.min(texture.height - 1, Math.max(0, Math.floor(uvs[2 * v + 1] * texture.height)));
    const o = 4 * (y * texture.width + x);
    r += texture.rgba[o];
    g += texture.rgba[o + 1];
    b += texture.rgba[o + 2];
    n++;
  }
  return n === 0 ? [0.5, 0.5, 0.5] : [r / n / 255, g / n / 255, b / n / 255];
}
