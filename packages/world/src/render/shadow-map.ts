import { multiply } from '../math/mat4.js';
import { DepthBuffer } from './depth-buffer.js';
import { alphaLevel } from './draw.js';
import type { SceneLayout } from './scene-layout.js';
import type { Mat4, RenderScene, Vec3 } from './types.js';
import { VertexBuffer } from './vertex-buffer.js';
import type { View } from './view.js';

const SIZE = 512;
/** Beyond this nothing is in shadow, metres. */
const REACH = 70;

/** The sun's orthographic depth map, fitted to what the camera sees. */
export class ShadowMap {
  readonly size = SIZE;
  readonly buffer = new DepthBuffer();
  /** world -> map: x, y in texels, z metres towards the sun. */
  toMap: Mat4 = new Float64Array(16);
  /** Metres per texel. */
  texel = 1;
  private readonly vertices = new VertexBuffer();
  private readonly uv = new Float64Array(9);

  /** Draws the map for the surfaces whose z is in `depth` (one per pixel of `view`). False if the sun lights none of them. */
  draw(scene: RenderScene, layout: SceneLayout, view: View, depth: Float32Array): boolean {
    if (!scene.sun || !this.fit(scene.sun.towards, view, depth, scene.camera.width, scene.camera.height)) return false;
    const { buffer, vertices } = this;
    buffer.clear(SIZE, SIZE, -1e30, false);
    vertices.reserve(layout.vertexCount);
    layout.drawables.forEach((drawable, i) => {
      if (drawable.castsShadow === false) return;
      const toLight = multiply(this.toMap, drawable.transform);
      const info = layout.infos[i];
      if (!drawable.positions && this.misses(toLight, info.center, info.radius)) return;
      const base = layout.vertexBase[i];
      vertices.projectParallel(drawable.positions ?? drawable.geometry.positions, toLight, base);
      this.drawTriangles(layout, i, base);
    });
    return true;
  }

  private drawTriangles(layout: SceneLayout, drawableIndex: number, base: number): void {
    const { indices, uvs, groups } = layout.drawables[drawableIndex].geometry;
    const materials = layout.materials[drawableIndex];
    const screen = this.vertices.screen;
    for (const group of groups) {
      const material = materials[group.material];
      const holes = material.alphaTest > 0 && material.levels !== null;
      for (let i = group.start; i < group.start + group.count; i += 3) {
        const a = base + indices[i], b = base + indices[i + 1], c = base + indices[i + 2];
        const ax = screen[a * 3], bx = screen[b * 3], cx = screen[c * 3];
        const left = Math.ceil(Math.min(ax, bx, cx)), right = Math.floor(Math.max(ax, bx, cx));
        if (left > right || right < 0 || left >= SIZE) continue;
        const ay = screen[a * 3 + 1], by = screen[b * 3 + 1], cy = screen[c * 3 + 1];
        const top = Math.ceil(Math.min(ay, by, cy)), bottom = Math.floor(Math.max(ay, by, cy));
        if (top > bottom || bottom < 0 || top >= SIZE) continue;
        if (!holes) {
          this.buffer.triangle(screen, a, b, c, 0);
          continue;
        }
        const area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
        if (area === 0) continue;
        for (let k = 0; k < 2; k++) {
          const ua = uvs[indices[i] * 2 + k], ub = uvs[indices[i + 1] * 2 + k], uc = uvs[indices[i + 2] * 2 + k];
          const dx = ((by - cy) * ua + (cy - ay) * ub + (ay - by) * uc) / area;
          const dy = ((cx - bx) * ua + (ax - cx) * ub + (bx - ax) * uc) / area;
          this.uv[k * 3] = dx;
          this.uv[k * 3 + 1] = dy;
          this.uv[k * 3 + 2] = ua - dx * ax - dy * ay;
        }
        this.uv[8] = 1;
        const level = material.levels[alphaLevel(screen, a * 3, b * 3, c * 3, uvs, indices, i, material)];
        this.buffer.triangleWithHoles(screen, a, b, c, 0, level, material.alphaTest, this.uv);
      }
    }
  }

  /** Lays the map over the visible surfaces. Sizes go in steps and the map keeps to whole texels, so shadow edges do not crawl. */
  private fit(towards: Vec3, view: View, depth: Float32Array, width: number, height: number): boolean {
    const t = towards;
    const flat = Math.sqrt(t[0] * t[0] + t[1] * t[1]);
    const s: Vec3 = flat > 1e-6 ? [-t[1] / flat, t[0] / flat, 0] : [1, 0, 0];
    const r: Vec3 = [t[1] * s[2] - t[2] * s[1], t[2] * s[0] - t[0] * s[2], t[0] * s[1] - t[1] * s[0]];
    const m = view.camToWorld;
    const step = view.supersampling, border = step - 1;
    const reach = shadowReach(depth, width * height);
    let lowX = Infinity, highX = -Infinity, lowY = Infinity, highY = -Infinity;
    for (let y = 0; y < height; y += 2) {
      for (let x = 0; x < width; x += 2) {
        const z = depth[y * width + x];
        if (!(z < reach)) continue;
        const cx = ((x * step + border - view.cx) / view.fx) * z, cy = ((y * step + border - view.cy) / view.fy) * z;
        const wx = m[0] * cx + m[1] * cy + m[2] * z + m[3];
        const wy = m[4] * cx + m[5] * cy + m[6] * z + m[7];
        const wz = m[8] * cx + m[9] * cy + m[10] * z + m[11];
        const a = s[0] * wx + s[1] * wy + s[2] * wz, b = r[0] * wx + r[1] * wy + r[2] * wz;
        if (a < lowX) lowX = a;
        if (a > highX) highX = a;
        if (b < lowY) lowY = b;
        if (b > highY) highY = b;
      }
    }
    if (lowX > highX) return false;
    const need = Math.max(highX - lowX, highY - lowY) * 1.05 + 0.2;
    let side = 1;
    while (side < need) side *= 1.25;
    const texel = side / (SIZE - 4);
    this.texel = texel;
    const ox = (Math.floor((lowX + highX) / 2 / texel) - SIZE / 2) * texel;
    const oy = (Math.floor((lowY + highY) / 2 / texel) - SIZE / 2) * texel;
    this.toMap = Float64Array.of(
      s[0] / texel, s[1] / texel, s[2] / texel, -ox / texel,
      r[0] / texel, r[1] / texel, r[2] / texel, -oy / texel,
      t[0], t[1], t[2], 0,
      0, 0, 0, 1,
    );
    return true;
  }

  private misses(m: Mat4, center: readonly [number, number, number], radius: number): boolean {
    let stretch = 0;
    for (let k = 0; k < 3; k++) stretch = Math.max(stretch, m[k] * m[k] + m[k + 4] * m[k + 4]);
    const r = radius * Math.sqrt(stretch) * 1.74 + 1;
    const x = m[0] * center[0] + m[1] * center[1] + m[2] * center[2] + m[3];
    const y = m[4] * center[0] + m[5] * center[1] + m[6] * center[2] + m[7];
    return x + r < 0 || x - r > SIZE || y + r < 0 || y - r > SIZE;
  }
}

/** How far shadows matter: some times the harmonic mean depth, so that a view through a window does not coarsen a room's. */
function shadowReach(depth: Float32Array, count: number): number {
  let sum = 0, seen = 0;
  for (let i = 0; i < count; i += 3) {
    const z = depth[i];
    if (!(z > 0)) continue;
    sum += 1 / z;
    seen++;
  }
  return Math.min(REACH, 2 + (5 * seen) / sum);
}
