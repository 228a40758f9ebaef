import { SextantError } from '@sextant/core';
import type { GBuffer, Pinhole } from '../render/types.js';
import { distort, holdsAt, undistort, type PlumbBob } from './plumb-bob.js';
import { truthAlongRays } from './ray-truth.js';

/**
 * A lens with distortion for one camera: render an ideal pinhole picture with `pinhole(pose)`, slightly larger than wanted,
 * then `apply` moves colour and all truth to where the lens shows them.
 */
export class Lens {
  /** The ideal camera to render with, but for its pose. */
  readonly ideal: Omit<Pinhole, 'camToWorld'>;
  /** Where each pixel of the distorted picture lies in the ideal one, pixels: x, y per pixel. */
  readonly table: Float32Array;

  /**
   * `camera` is what the distorted picture shall have: size and intrinsics. Throws `bad-argument` where the coefficients
   * fold the picture over itself.
   */
  constructor(readonly camera: Omit<Pinhole, 'camToWorld'>, readonly coefficients: PlumbBob) {
    const { width, height, fx, fy, cx, cy } = camera;
    const rays = new Float64Array(width * height * 2);
    const point = new Float64Array(2);
    let left = Infinity, right = -Infinity, top = Infinity, bottom = -Infinity;
    for (let y = 0, o = 0; y < height; y++) {
      for (let x = 0; x < width; x++, o += 2) {
        if (!undistort(coefficients, (x - cx) / fx, (y - cy) / fy, point)) {
          throw new SextantError('bad-argument', `lens coefficients [${coefficients.join(', ')}] fold the picture at pixel ${x}, ${y}`, {
            hint: 'Use a weaker distortion or a narrower field of view.', details: { coefficients, x, y },
          });
        }
        rays[o] = point[0]!;
        rays[o + 1] = point[1]!;
        left = Math.min(left, point[0]);
        right = Math.max(right, point[0]);
        top = Math.min(top, point[1]);
        bottom = Math.max(bottom, point[1]);
      }
    }
    // One pixel around for the bilinear filter.
    const x0 = Math.ceil(-left * fx) + 1, y0 = Math.ceil(-top * fy) + 1;
    this.ideal = { width: x0 + Math.ceil(right * fx) + 2, height: y0 + Math.ceil(bottom * fy) + 2, fx, fy, cx: x0, cy: y0 };
    this.table = new Float32Array(rays.length);
    for (let o = 0; o < rays.length; o += 2) {
      this.table[o] = rays[o] * fx + x0;
      this.table[o + 1] = rays[o + 1] * fy + y0;
    }
  }

  /** The camera to render with from `camToWorld`. */
  pinhole(camToWorld: Pinhole['camToWorld']): Pinhole {
    return { ...this.ideal, camToWorld };
  }

  /**
   * The distorted picture with its truth; fresh arrays. Colour is bilinear; depth and flow are of the pixel's own ray, interpolated within
   * the surface, flow NaN where it comes from so far outside that the lens' model does not hold; what has nothing between its values (classes, instances, occlusion, parts with u and v) is the nearest ideal pixel's, half a pixel away at most.
   */
  apply(frame: GBuffer): GBuffer {
    if (frame.width !== this.ideal.width || frame.height !== this.ideal.height) {
      throw new SextantError('bad-argument', `frame is ${frame.width}x${frame.height}, the lens needs ${this.ideal.width}x${this.ideal.height}`, {
        hint: 'Render with the camera of lens.pinhole(pose).',
      });
    }
    const { width, height } = this.camera;
    const nearest = this.nearest();
    const truth = truthAlongRays(frame, this.table, nearest);
    const flow = this.flow(truth.flow);
    return {
      width, height,
      rgb: this.color(frame.rgb),
      depth: truth.depth,
      flow,
      occlusion: this.occlusion(frame, nearest, flow),
      labels: gather(frame.labels, nearest, new Uint8Array(nearest.length)),
      instances: gather(frame.instances, nearest, new Uint16Array(nearest.length)),
      part: gather(frame.part, nearest, new Uint8Array(nearest.length)),
      partU: gather(frame.partU, nearest, new Uint8Array(nearest.length)),
      partV: gather(frame.partV, nearest, new Uint8Array(nearest.length)),
    };
  }

  /** A point of the ideal picture in the distorted one, pixels, into `out[0..1]`; NaN where the lens' model does not hold so far out. */
  toDistorted(x: number, y: number, out: Float64Array): void {
    const { fx, fy, cx, cy } = this.camera;
    const u = (x - this.ideal.cx) / fx, v = (y - this.ideal.cy) / fy;
    if (!holdsAt(this.coefficients, u, v)) {
      out.fill(NaN);
      return;
    }
    distort(this.coefficients, u, v, out);
    out[0] = out[0] * fx + cx;
    out[1] = out[1] * fy + cy;
  }

  /** The nearest ideal pixel of each distorted one. */
  private nearest(): Int32Array {
    return Int32Array.from({ length: this.table.length / 2 }, (_, o) => (
      Math.floor(this.table[o * 2 + 1] + 0.5) * this.ideal.width + Math.floor(this.table[o * 2] + 0.5)
    ));
  }

  private color(rgb: Uint8Array): Uint8Array {
    const out = new Uint8Array((this.table.length / 2) * 3);
    const row = this.ideal.width * 3;
    for (let o = 0; o < out.length; o += 3) {
      const x = this.table[(o / 3) * 2], y = this.table[(o / 3) * 2 + 1];
      const i = Math.floor(x), j = Math.floor(y), u = x - i, v = y - j;
      for (let k = 0, at = j * row + i * 3; k < 3; k++, at++) {
        const top = rgb[at] * (1 - u) + rgb[at + 3] * u, bottom = rgb[at + row] * (1 - u) + rgb[at + row + 3] * u;
        out[o + k] = Math.floor(top * (1 - v) + bottom * v + 0.5);
      }
    }
    return out;
  }

  /** Motion between distorted positions, of that of each ray: both ends go through the lens. */
  private flow(ideal: Float32Array): Float32Array {
    const out = new Float32Array(ideal.length);
    const before = new Float64Array(2);
    for (let o = 0; o < out.length; o += 2) {
      this.toDistorted(this.table[o] - ideal[o], this.table[o + 1] - ideal[o + 1], before);
      out[o] = ((o / 2) % this.camera.width) - before[0];
      out[o + 1] = Math.floor(o / 2 / this.camera.width) - before[1];
    }
    return out;
  }

  /** The ideal picture is larger: what came from its margin was outside the distorted one. */
  private occlusion(frame: GBuffer, nearest: Int32Array, flow: Float32Array): Uint8Array {
    const out = gather(frame.occlusion, nearest, new Uint8Array(nearest.length));
    const { width, height } = this.camera;
    for (let o = 0; o < out.length; o++) {
      const x = (o % width) - flow[o * 2], y = Math.floor(o / width) - flow[o * 2 + 1];
      const inside = x >= -0.5 && y >= -0.5 && x < width - 0.5 && y < height - 0.5;
      if (!inside) out[o] = 1;
    }
    return out;
  }
}

function gather<T extends Float32Array | Uint8Array | Uint16Array>(source: T, from: Int32Array, out: T): T {
  for (let o = 0; o < from.length; o++) out[o] = source[from[o]]!;
  return out;
}
