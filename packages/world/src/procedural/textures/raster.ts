import type { Rng } from '../../math/rng.js';
import type { Texture } from '../../render/types.js';

/** sRGB, 0..255 per channel. */
export type Rgb = readonly [number, number, number];

/** `a` + (`b` - `a`) * `t`, channel by channel. */
export function mix(a: Rgb, b: Rgb, t: number): Rgb {
  return [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t];
}

/** The colour `factor` times as bright. */
export function shade(color: Rgb, factor: number): Rgb {
  return [color[0] * factor, color[1] * factor, color[2] * factor];
}

/** A neighbour of `color`: brightness varied by `amount` (relative), each channel by a sixth of that. */
export function jitter(rng: Rng, color: Rgb, amount = 0.15): Rgb {
  const all = 1 + rng.range(-amount, amount);
  const one = (): number => all * (1 + rng.range(-amount, amount) / 6);
  return [color[0] * one(), color[1] * one(), color[2] * one()];
}

/** A colour of any hue; `saturation` and `value` 0..1 as in HSV. */
export function hue(degrees: number, saturation: number, value: number): Rgb {
  const channel = (offset: number): number => {
    const k = (offset + degrees / 60) % 6;
    return 255 * value * (1 - saturation * Math.max(0, Math.min(k, 4 - k, 1)));
  };
  return [channel(5), channel(3), channel(1)];
}

/** A square rgba8 picture being painted; writes are rounded and clamped to 0..255. */
export class Raster {
  readonly data: Uint8ClampedArray;

  constructor(readonly width: number, readonly height = width) {
    this.data = new Uint8ClampedArray(width * height * 4);
  }

  /** Opaque colour at pixel index `i` (row-major), times `brightness`. */
  set(i: number, color: Rgb, brightness = 1): void {
    const o = i * 4;
    this.data[o] = color[0] * brightness;
    this.data[o + 1] = color[1] * brightness;
    this.data[o + 2] = color[2] * brightness;
    this.data[o + 3] = 255;
  }

  /** Opaque mix of two colours at pixel index `i`: `a` at t = 0, `b` at t = 1 (t is not clamped). */
  blend(i: number, a: Rgb, b: Rgb, t: number): void {
    const o = i * 4;
    this.data[o] = a[0] + (b[0] - a[0]) * t;
    this.data[o + 1] = a[1] + (b[1] - a[1]) * t;
    this.data[o + 2] = a[2] + (b[2] - a[2]) * t;
    this.data[o + 3] = 255;
  }

  /** Fills the rectangle [x0, x1) x [y0, y1), clipped to the picture. */
  rect(x0: number, y0: number, x1: number, y1: number, color: Rgb): void {
    const left = Math.max(0, Math.floor(x0));
    const right = Math.min(this.width, Math.floor(x1));
    const bottom = Math.min(this.height, Math.floor(y1));
    for (let y = Math.max(0, Math.floor(y0)); y < bottom; y++) for (let x = left; x < right; x++) this.set(y * this.width + x, color);
  }

  /** Fills an axis-aligned ellipse, clipped to the picture. */
  ellipse(cx: number, cy: number, rx: number, ry: number, color: Rgb): void {
    for (let y = Math.max(0, Math.floor(cy - ry)); y <= Math.min(this.height - 1, cy + ry); y++) {
      for (let x = Math.max(0, Math.floor(cx - rx)); x <= Math.min(this.width - 1, cx + rx); x++) {
        const dx = (x - cx) / rx;
        const dy = (y - cy) / ry;
        if (dx * dx + dy * dy <= 1) this.set(y * this.width + x, color);
      }
    }
  }

  /** A thick straight stroke from (x0, y0) to (x1, y1), clipped to the picture. */
  stroke(x0: number, y0: number, x1: number, y1: number, width: number, color: Rgb): void {
    const steps = Math.ceil(Math.max(Math.abs(x1 - x0), Math.abs(y1 - y0), 1));
    const half = width / 2;
    for (let s = 0; s <= steps; s++) {
      const x = x0 + ((x1 - x0) * s) / steps;
      const y = y0 + ((y1 - y0) * s) / steps;
      this.rect(x - half, y - half, x + half + 1, y + half + 1, color);
    }
  }

  /** The finished picture; a view of the same memory, so paint no more afterwards. */
  texture(): Texture {
    return { width: this.width, height: this.height, rgba: new Uint8Array(this.data.buffer) };
  }
}
