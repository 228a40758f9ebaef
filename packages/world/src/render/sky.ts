import { acos, atan2, PI, TAU } from '../math/deterministic.js';
import { Rng } from '../math/rng.js';
import { srgbToLinear, LINEAR_OF_BYTE } from './color.js';
import type { DepthBuffer } from './depth-buffer.js';
import { mipmaps } from './mipmaps.js';
import type { RenderScene, Sky } from './types.js';
import type { View } from './view.js';

const NOISE_SIZE = 128;

/** Tileable value noise of five octaves, 0..1; the same for every scene. */
const NOISE: Float32Array = (() => {
  const out = new Float32Array(NOISE_SIZE * NOISE_SIZE);
  const rng = new Rng(20);
  let amplitude = 0.5;
  for (let cells = 8; cells <= 128; cells *= 2, amplitude /= 2) {
    const lattice = Float32Array.from({ length: cells * cells }, () => rng.unit());
    for (let y = 0; y < NOISE_SIZE; y++) {
      for (let x = 0; x < NOISE_SIZE; x++) {
        const u = (x * cells) / NOISE_SIZE, v = (y * cells) / NOISE_SIZE;
        const i = Math.floor(u), j = Math.floor(v);
        const fu = (u - i) * (u - i) * (3 - 2 * (u - i)), fv = (v - j) * (v - j) * (3 - 2 * (v - j));
        const i1 = (i + 1) % cells, j1 = (j + 1) % cells;
        const top = lattice[j * cells + i] * (1 - fu) + lattice[j * cells + i1] * fu;
        const bottom = lattice[j1 * cells + i] * (1 - fu) + lattice[j1 * cells + i1] * fu;
        out[y * NOISE_SIZE + x] += amplitude * (top * (1 - fv) + bottom * fv);
      }
    }
  }
  return out;
})();

/** Writes the sky's linear colour (3 floats) to every sample that shows no triangle. */
export function shadeSky(scene: RenderScene, view: View, buffer: DepthBuffer, out: Float32Array): void {
  if (scene.sky.kind === 'gradient') gradient(scene.sky, scene, view, buffer, out);
  else panorama(scene.sky, view, buffer, out);
}

type Gradient = Extract<Sky, { kind: 'gradient' }>;
type Panorama = Extract<Sky, { kind: 'panorama' }>;

function gradient(sky: Gradient, scene: RenderScene, view: View, buffer: DepthBuffer, out: Float32Array): void {
  const m = view.camToWorld;
  const [zenith, horizon, ground] = [sky.zenith, sky.horizon, sky.ground].map((c) => c.map(srgbToLinear)) as [number[], number[], number[]];
  const clouds = sky.clouds ?? 0;
  const sun = scene.sun;
  for (let y = 0, o = 0; y < view.height; y++) {
    for (let x = 0; x < view.width; x++, o++) {
      if (buffer.ids[o] >= 0) continue;
      const rx = (x - view.cx) / view.fx, ry = (y - view.cy) / view.fy;
      let dx = m[0] * rx + m[1] * ry + m[2], dy = m[4] * rx + m[5] * ry + m[6], dz = m[8] * rx + m[9] * ry + m[10];
      const scale = 1 / Math.sqrt(dx * dx + dy * dy + dz * dz);
      dx *= scale; dy *= scale; dz *= scale;
      // Near the horizon the sky brightens quickly, towards the zenith slowly; below it the ground's haze takes over.
      const up = dz > 0 ? Math.sqrt(dz) : Math.min(1, -dz * 6);
      const far = dz > 0 ? zenith : ground;
      let r = horizon[0] + (far[0] - horizon[0]) * up, g = horizon[1] + (far[1] - horizon[1]) * up, b = horizon[2] + (far[2] - horizon[2]) * up;
      if (clouds > 0 && dz > 0.01) {
        const u = dx / (dz + 0.12), v = dy / (dz + 0.12);
        const density = 0.7 * noise(u * 9, v * 9) + 0.3 * noise(u * 31 + 40, v * 31 + 7);
        const amount = Math.min(1, Math.max(0, (density - 0.72 + 0.4 * clouds) * 5)) * Math.min(1, dz * 6);
        const shade = 0.85 + 0.35 * (density - 0.5);
        r += (shade - r) * amount;
        g += (shade - g) * amount;
        b += (shade * 1.02 - b) * amount;
      }
      if (sun) {
        const cosine = dx * sun.towards[0] + dy * sun.towards[1] + dz * sun.towards[2];
        if (cosine > 0.9) {
          const glow = (cosine - 0.9) * 10, disc = cosine > 0.99996 ? 12 : 0;
          const add = 0.35 * glow * glow * glow * glow + disc;
          r += add * sun.radiance[0] * 0.4;
          g += add * sun.radiance[1] * 0.4;
          b += add * sun.radiance[2] * 0.4;
        }
      }
      out[o * 3] = r;
      out[o * 3 + 1] = g;
      out[o * 3 + 2] = b;
    }
  }
}

function noise(x: number, y: number): number {
  const i = Math.floor(x), j = Math.floor(y), fx = x - i, fy = y - j;
  const i0 = i & (NOISE_SIZE - 1), i1 = (i + 1) & (NOISE_SIZE - 1), j0 = (j & (NOISE_SIZE - 1)) * NOISE_SIZE, j1 = ((j + 1) & (NOISE_SIZE - 1)) * NOISE_SIZE;
  const top = NOISE[j0 + i0] * (1 - fx) + NOISE[j0 + i1] * fx;
  return top * (1 - fy) + (NOISE[j1 + i0] * (1 - fx) + NOISE[j1 + i1] * fx) * fy;
}

function panorama(sky: Panorama, view: View, buffer: DepthBuffer, out: Float32Array): void {
  const m = view.camToWorld;
  const levels = mipmaps(sky.texture);
  // Samples per radian against texels per radian.
  let level = 0;
  while (level < levels.length - 1 && levels[level].width / TAU > view.fx * 1.5) level++;
  const { width, height, texels } = levels[level];
  for (let y = 0, o = 0; y < view.height; y++) {
    for (let x = 0; x < view.width; x++, o++) {
      if (buffer.ids[o] >= 0) continue;
      const rx = (x - view.cx) / view.fx, ry = (y - view.cy) / view.fy;
      const dx = m[0] * rx + m[1] * ry + m[2], dy = m[4] * rx + m[5] * ry + m[6], dz = m[8] * rx + m[9] * ry + m[10];
      const turn = (sky.yaw - atan2(dy, dx)) / TAU + 0.5;
      const u = (turn - Math.floor(turn)) * width - 0.5;
      const v = Math.min(height - 1, Math.max(0, (acos(dz / Math.sqrt(dx * dx + dy * dy + dz * dz)) / PI) * height - 0.5));
      const i = Math.floor(u), j = Math.floor(v), fu = u - i, fv = v - j;
      const i0 = i < 0 ? width - 1 : i, i1 = i0 + 1 === width ? 0 : i0 + 1;
      const j0 = j * width, j1 = Math.min(height - 1, j + 1) * width;
      const a = texels[j0 + i0], b = texels[j0 + i1], c = texels[j1 + i0], d = texels[j1 + i1];
      const wa = (1 - fu) * (1 - fv) * sky.exposure, wb = fu * (1 - fv) * sky.exposure, wc = (1 - fu) * fv * sky.exposure, wd = fu * fv * sky.exposure;
      for (let k = 0; k < 3; k++) {
        const s = k * 8;
        out[o * 3 + k] = wa * LINEAR_OF_BYTE[(a >>> s) & 255] + wb * LINEAR_OF_BYTE[(b >>> s) & 255]
          + wc * LINEAR_OF_BYTE[(c >>> s) & 255] + wd * LINEAR_OF_BYTE[(d >>> s) & 255];
      }
    }
  }
}
