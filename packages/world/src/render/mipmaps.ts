import { byteOfLinear, LINEAR_OF_BYTE } from './color.js';
import type { Texture } from './types.js';

/** One level of a texture; texels are packed little-endian r | g << 8 | b << 16 | a << 24. */
export interface MipLevel {
  readonly width: number;
  readonly height: number;
  readonly texels: Uint32Array;
}

const CACHE = new WeakMap<Texture, readonly MipLevel[]>();

/** All levels of `texture` down to 1x1, finest first; made once per texture object. Level 0 is a view where alignment allows. */
export function mipmaps(texture: Texture): readonly MipLevel[] {
  let levels = CACHE.get(texture);
  if (!levels) {
    levels = build(texture);
    CACHE.set(texture, levels);
  }
  return levels;
}

function build(texture: Texture): MipLevel[] {
  const { width, height } = texture;
  const aligned = texture.rgba.byteOffset % 4 === 0 ? texture.rgba : texture.rgba.slice();
  const levels: MipLevel[] = [{ width, height, texels: new Uint32Array(aligned.buffer, aligned.byteOffset, width * height) }];
  const transparent = levels[0].texels.some((texel) => texel >>> 24 < 255);
  const coverage = transparent ? coverageAt(levels[0], 128) : 1;
  for (let last = levels[0]; last.width > 1 || last.height > 1; last = levels[levels.length - 1]!) {
    const level = halve(last);
    if (transparent) keepCoverage(level, coverage);
    levels.push(level);
  }
  return levels;
}

/** Box filter in linear light; transparent texels hardly lend their colour. */
function halve({ width, height, texels }: MipLevel): MipLevel {
  const w = Math.max(1, width >> 1), h = Math.max(1, height >> 1);
  const out = new Uint32Array(w * h);
  for (let y = 0; y < h; y++) {
    const top = y * 2 * width, bottom = Math.min(height - 1, y * 2 + 1) * width;
    for (let x = 0; x < w; x++) {
      const left = x * 2, right = Math.min(width - 1, left + 1);
      let r = 0, g = 0, b = 0, a = 0, weight = 0;
      for (let k = 0; k < 4; k++) {
        const texel = texels[(k < 2 ? top : bottom) + (k & 1 ? right : left)];
        const alpha = texel >>> 24, part = alpha + 1;
        r += part * LINEAR_OF_BYTE[texel & 255];
        g += part * LINEAR_OF_BYTE[(texel >> 8) & 255];
        b += part * LINEAR_OF_BYTE[(texel >> 16) & 255];
        a += alpha;
        weight += part;
      }
      out[y * w + x] = byteOfLinear(r / weight) | (byteOfLinear(g / weight) << 8) | (byteOfLinear(b / weight) << 16) | (((a + 2) >> 2) << 24);
    }
  }
  return { width: w, height: h, texels: out };
}

/** Share of texels whose alpha reaches `threshold`. */
function coverageAt(level: MipLevel, threshold: number): number {
  let count = 0;
  for (const texel of level.texels) if (texel >>> 24 >= threshold) count++;
  return count / level.texels.length;
}

/** Scales alpha so that as much of the level passes an alpha test as of the original: distant leaves and hair stay. */
function keepCoverage(level: MipLevel, coverage: number): void {
  const histogram = new Uint32Array(256);
  for (const texel of level.texels) histogram[texel >>> 24]++;
  let threshold = 255, count = histogram[255];
  while (threshold > 1 && count < coverage * level.texels.length) count += histogram[--threshold];
  const { texels } = level;
  for (let i = 0; i < texels.length; i++) {
    const alpha = Math.min(255, Math.floor(((texels[i] >>> 24) * 128) / threshold + 0.5));
    texels[i] = (texels[i] & 0xffffff) | (alpha << 24);
  }
}
