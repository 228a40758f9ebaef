import type { MipLevel } from './mipmaps.js';

/**
 * A visibility buffer: which triangle is seen at each sample, and its depth (greater is nearer: 1/z for cameras, distance
 * towards the sun for shadows). A sample belongs to a triangle if it lies inside or on its edge.
 */
export class DepthBuffer {
  width = 0;
  height = 0;
  depth = new Float32Array(0);
  /** Triangle number, -1 where nothing is; not kept by shadow maps. */
  ids = new Int32Array(0);
  private keepIds = true;

  /** Sizes and empties the buffer. */
  clear(width: number, height: number, empty: number, keepIds: boolean): void {
    this.width = width;
    this.height = height;
    this.keepIds = keepIds;
    if (this.depth.length < width * height) this.depth = new Float32Array(width * height);
    this.depth.fill(empty, 0, width * height);
    if (!keepIds) return;
    if (this.ids.length < width * height) this.ids = new Int32Array(width * height);
    this.ids.fill(-1, 0, width * height);
  }

  /** Draws the triangle of three projected vertices. Arguments are numbers of vertices, not coordinates, so that V8 boxes none. */
  triangle(screen: Float64Array, a: number, b: number, c: number, id: number): void {
    this.scan(screen, a * 3, b * 3, c * 3, id, null, 0, null);
  }

  /**
   * The same with holes where the texture's alpha is below `threshold`. `uv` holds u, v and their common denominator as
   * planes over sample coordinates (x, y, constant each).
   */
  triangleWithHoles(screen: Float64Array, a: number, b: number, c: number, id: number, level: MipLevel, threshold: number, uv: Float64Array): void {
    this.scan(screen, a * 3, b * 3, c * 3, id, level, threshold, uv);
  }

  private scan(screen: Float64Array, a: number, b: number, c: number, id: number, level: MipLevel | null, threshold: number, uv: Float64Array | null): void {
    const ax = screen[a]!, ay = screen[a + 1]!, bx = screen[b]!, by = screen[b + 1]!, cx = screen[c]!, cy = screen[c + 1]!;
    const left = Math.max(0, Math.ceil(Math.min(ax, bx, cx)));
    const right = Math.min(this.width - 1, Math.floor(Math.max(ax, bx, cx)));
    if (left > right) return;
    const top = Math.max(0, Math.ceil(Math.min(ay, by, cy)));
    const bottom = Math.min(this.height - 1, Math.floor(Math.max(ay, by, cy)));
    if (top > bottom) return;
    const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
    if (area === 0 || area !== area) return;
    const sign = area < 0 ? -1 : 1;
    // Edge functions x * X + y * Y + C; antisymmetric in their two ends, so neighbours leave no crack.
    const x0 = sign * (by - cy), y0 = sign * (cx - bx), c0 = sign * (bx * cy - by * cx);
    const x1 = sign * (cy - ay), y1 = sign * (ax - cx), c1 = sign * (cx * ay - cy * ax);
    const x2 = sign * (ay - by), y2 = sign * (bx - ax), c2 = sign * (ax * by - ay * bx);
    const scale = 1 / (area * sign);
    const ad = screen[a + 2]!, bd = screen[b + 2]!, cd = screen[c + 2]!;
    const dx = (x0 * ad + x1 * bd + x2 * cd) * scale;
    const dy = (y0 * ad + y1 * bd + y2 * cd) * scale;
    const d0 = ad - dx * ax - dy * ay;
    const { depth, ids, keepIds, width } = this;
    for (let y = top; y <= bottom; y++) {
      const r0 = y0 * y + c0, r1 = y1 * y + c1, r2 = y2 * y + c2, rd = dy * y + d0;
      let x = left;
      while (x <= right && (x0 * x + r0 < 0 || x1 * x + r1 < 0 || x2 * x + r2 < 0)) x++;
      const row = y * width;
      for (; x <= right; x++) {
        if (x0 * x + r0 < 0 || x1 * x + r1 < 0 || x2 * x + r2 < 0) break;
        const d = dx * x + rd;
        if (d > depth[row + x]!) {
          if (uv !== null && alphaAt(level!, uv, x, y) < threshold) continue;
          depth[row + x] = d;
          if (keepIds) ids[row + x] = id;
        }
      }
    }
  }
}

/** Alpha of the texel nearest to the texture coordinates that `uv` has at sample (x, y). */
function alphaAt(level: MipLevel, uv: Float64Array, x: number, y: number): number {
  const inverse = 1 / (uv[6]! * x + uv[7]! * y + uv[8]!);
  const u = (uv[0]! * x + uv[1]! * y + uv[2]!) * inverse;
  const v = (uv[3]! * x + uv[4]! * y + uv[5]!) * inverse;
  const column = Math.min(level.width - 1, Math.floor((u - Math.floor(u)) * level.width));
  const row = Math.min(level.height - 1, Math.floor((v - Math.floor(v)) * level.height));
  return level.texels[row * level.width + column]! >>> 24;
}
