import sharp from 'sharp';
import type { Texture } from '../render/types.js';

// Assets are decoded many at a time from JavaScript; one thread per picture keeps libvips from oversubscribing the cores.
sharp.concurrency(1);

/** Decodes a JPEG, PNG or WebP to rgba8, no side longer than `cap` pixels. */
export async function decodePicture(bytes: Uint8Array | string, cap: number): Promise<Texture> {
  const { data, info } = await sharp(bytes)
    .resize({ width: cap, height: cap, fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}

/**
 * The open sky of an equirectangular panorama, stretched down to the horizon: rows from the zenith to `lowestDegrees`
 * above the horizon fill the upper half, so that no tree or house in the photograph is taken for sky. The lower half
 * repeats the horizon's colour (the ground of a scene covers it).
 */
export function openSky(panorama: Texture, lowestDegrees: number): Texture {
  const { width, height, rgba } = panorama;
  const out = new Uint8Array(rgba.length);
  const half = height / 2;
  const usable = half * (1 - lowestDegrees / 90);
  for (let y = 0; y < height; y++) {
    const at = Math.min(usable - 1, (Math.min(y, half - 1) * usable) / half);
    const y0 = Math.max(0, Math.floor(at));
    const y1 = Math.min(height - 1, y0 + 1);
    const t = at - y0;
    for (let i = 0; i < width * 4; i++) {
      out[y * width * 4 + i] = Math.round(rgba[y0 * width * 4 + i] * (1 - t) + rgba[y1 * width * 4 + i] * t);
    }
  }
  return { width, height, rgba: out };
}
