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
    const ax = screen[a], ay = screen[a + 1], bx = screen[b], by = screen[b + 1], cx = screen[c], cy = screen[c + 1];
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
    const ad = screen[a + 2], bd = screen[b + 2], cd = screen[c + 2];
    const dx = (x0 * ad + x1 * bd + x2 * cd) * scale;
    const dy = (y0 * ad + y1 * bd + y2 * cd) * scale;
    const d0 = ad - dx * ax - dy * ay;
    // Where each edge crosses a row is -r / x; both triangles of a shared edge compute the same number, so every sample
    // between them goes to at least one.
    const n0 = -1 / x0, n1 = -1 / x1, n2 = -1 / x2;
    const { depth, ids, keepIds, width } = this;
    for (let y = top; y <= bottom; y++) {
      const r0 = y0 * y + c0, r1 = y1 * y + c1, r2 = y2 * y + c2, rd = dy * y + d0;
      let from = left, to = right;
      if (x0 > 0) from = Math.max(from, r0 * n0);
      else if (x0 < 0) to = Math.min(to, r0 * n0);
      else if (r0 < 0) continue;
      if (x1 > 0) from = Math.max(from, r1 * n1);
      else if (x1 < 0) to = Math.min(to, r1 * n1);
      else if (r1 < 0) continue;
      if (x2 > 0) from = Math.max(from, r2 * n2);
      else if (x2 < 0) to = Math.min(to, r2 * n2);
      else if (r2 < 0) continue;
      if (from > to) continue;
      const row = y * width;
      const end = row + Math.floor(to);
      for (let o = row + Math.ceil(from); o <= end; o++) {
        const d = dx * (o - row) + rd;
        if (d > depth[o]) {
          if (uv !== null && alphaAt(level!, uv, o - row, y) < threshold) continue;
          depth[o] = d;
          if (keepIds) ids[o] = id;
        }
      }
    }
  }
}

/** Alpha of the texel nearest to the texture coordinates that `uv` has at sample (x, y). */
function alphaAt(level: MipLevel, uv: Float64Array, x: number, y: number): number {
  const inverse = 1 / (uv[6] * x + uv[7] * y + uv[8]);
  const u = (uv[0] * x + uv[1] * y + uv[2]) * inverse;
  const v = (uv[3] * x + uv[4] * y + uv[5]) * inverse;
  const column = Math.min(level.width - 1, Math.floor((u - Math.floor(u)) * level.width));
  const row = Math.min(level.height - 1, Math.floor((v - Math.floor(v)) * level.height));
  return level.texels[row * level.width + column] >>> 24;
}
