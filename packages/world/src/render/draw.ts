import { multiply } from '../math/mat4.js';
import { clipNear } from './clip.js';
import type { DepthBuffer } from './depth-buffer.js';
import type { MaterialInfo } from './material-info.js';
import type { SceneLayout } from './scene-layout.js';
import { barycentricPlanes } from './surface-planes.js';
import type { Drawable, Mat4 } from './types.js';
import type { VertexBuffer } from './vertex-buffer.js';
import type { View } from './view.js';

const planes = new Float64Array(13);
const uvPlanes = new Float64Array(9);

/** Draws a whole scene as one camera sees it now, or (`previous`) as it stood one frame before. */
export function drawScene(layout: SceneLayout, view: View, vertices: VertexBuffer, target: DepthBuffer, previous: boolean): void {
  vertices.reserve(layout.vertexCount);
  target.clear(view.width, view.height, 0, true);
  layout.drawables.forEach((drawable, i) => {
    const toCamera = multiply(view.worldToCam, previous ? drawable.previousTransform : drawable.transform);
    const deformed = previous ? (drawable.previousPositions ?? drawable.positions) : drawable.positions;
    const info = layout.infos[i];
    if (!deformed && outside(info.center, info.radius, toCamera, view)) return;
    vertices.project(deformed ?? drawable.geometry.positions, toCamera, view, layout.vertexBase[i]);
    drawOne(drawable, layout.materials[i], layout.vertexBase[i], layout.triangleBase[i], view, vertices, target);
  });
}

/** True if a local sphere, taken through `toCamera`, cannot touch the picture. */
function outside(center: readonly [number, number, number], radius: number, toCamera: Mat4, view: View): boolean {
  const m = toCamera;
  let stretch = 0;
  for (let k = 0; k < 3; k++) stretch = Math.max(stretch, m[k] * m[k] + m[k + 4] * m[k + 4] + m[k + 8] * m[k + 8]);
  // Columns that are not orthogonal can stretch more than the longest of them, at most sqrt(3) times.
  const r = radius * Math.sqrt(stretch) * 1.74;
  const x = m[0] * center[0] + m[1] * center[1] + m[2] * center[2] + m[3];
  const y = m[4] * center[0] + m[5] * center[1] + m[6] * center[2] + m[7];
  const z = m[8] * center[0] + m[9] * center[1] + m[10] * center[2] + m[11];
  if (z + r < 0) return true;
  return beyond(x, z, r, view.fx, view.cx, view.width - view.cx) || beyond(y, z, r, view.fy, view.cy, view.height - view.cy);
}

function beyond(x: number, z: number, r: number, f: number, before: number, after: number): boolean {
  return f * x - after * z > r * Math.sqrt(f * f + after * after) || -f * x - before * z > r * Math.sqrt(f * f + before * before);
}

function drawOne(
  drawable: Drawable, materials: readonly MaterialInfo[], base: number, triangleBase: number, view: View, vertices: VertexBuffer, target: DepthBuffer,
): void {
  const { indices, uvs, oneSided } = drawable.geometry;
  const { screen, camera } = vertices;
  const { width, height } = target;
  for (const group of drawable.geometry.groups) {
    const material = materials[group.material];
    const holes = material.alphaTest > 0 && material.levels !== null;
    for (let i = group.start; i < group.start + group.count; i += 3) {
      const a = base + indices[i], b = base + indices[i + 1], c = base + indices[i + 2];
      const a3 = a * 3, b3 = b * 3, c3 = c * 3;
      const whole = screen[a3 + 2] > 0 && screen[b3 + 2] > 0 && screen[c3 + 2] > 0;
      let corners = 3;
      if (whole) {
        const ax = screen[a3], bx = screen[b3], cx = screen[c3];
        const left = Math.ceil(Math.min(ax, bx, cx)), right = Math.floor(Math.max(ax, bx, cx));
        if (left > right || right < 0 || left >= width) continue;
        const ay = screen[a3 + 1], by = screen[b3 + 1], cy = screen[c3 + 1];
        const top = Math.ceil(Math.min(ay, by, cy)), bottom = Math.floor(Math.max(ay, by, cy));
        if (top > bottom || bottom < 0 || top >= height) continue;
        // y points down: counter-clockwise from outside turns clockwise in numbers.
        if (oneSided && (bx - ax) * (cy - ay) - (by - ay) * (cx - ax) > 0) continue;
      } else {
        corners = clipNear(vertices, view, a, b, c);
        if (corners === 0) continue;
        if (oneSided && (screen[3] - screen[0]) * (screen[7] - screen[1]) - (screen[4] - screen[1]) * (screen[6] - screen[0]) > 0) continue;
      }
      const id = triangleBase + i / 3;
      if (!holes) {
        if (whole) target.triangle(screen, a, b, c, id);
        else for (let k = 2; k < corners; k++) target.triangle(screen, 0, k - 1, k, id);
        continue;
      }
      barycentricPlanes(camera, a, b, c, view, planes);
      textureCoordinatePlanes(uvs, indices[i], indices[i + 1], indices[i + 2]);
      const level = material.levels[whole ? alphaLevel(screen, a3, b3, c3, uvs, indices, i, material) : 0];
      if (whole) target.triangleWithHoles(screen, a, b, c, id, level, material.alphaTest, uvPlanes);
      else for (let k = 2; k < corners; k++) target.triangleWithHoles(screen, 0, k - 1, k, id, level, material.alphaTest, uvPlanes);
    }
  }
}

/** u, v and denominator planes from the barycentric ones. */
function textureCoordinatePlanes(uvs: Float32Array, a: number, b: number, c: number): void {
  for (let k = 0; k < 3; k++) {
    uvPlanes[k] = planes[k] * uvs[a * 2] + planes[k + 3] * uvs[b * 2] + planes[k + 6] * uvs[c * 2];
    uvPlanes[k + 3] = planes[k] * uvs[a * 2 + 1] + planes[k + 3] * uvs[b * 2 + 1] + planes[k + 6] * uvs[c * 2 + 1];
    uvPlanes[k + 6] = planes[k + 9]!;
  }
}

/** The level at which one texel is about one sample, taken over the whole triangle. */
export function alphaLevel(
  screen: Float64Array, a3: number, b3: number, c3: number, uvs: Float32Array, indices: Uint32Array, i: number, material: MaterialInfo,
): number {
  const levels = material.levels!;
  const a = indices[i] * 2, b = indices[i + 1] * 2, c = indices[i + 2] * 2;
  const texels = Math.abs((uvs[b] - uvs[a]) * (uvs[c + 1] - uvs[a + 1]) - (uvs[b + 1] - uvs[a + 1]) * (uvs[c] - uvs[a]))
    * levels[0].width * levels[0].height;
  const samples = Math.abs((screen[b3] - screen[a3]) * (screen[c3 + 1] - screen[a3 + 1]) - (screen[b3 + 1] - screen[a3 + 1]) * (screen[c3] - screen[a3]));
  let level = 0;
  for (let ratio = texels / samples; ratio > 2 && level < levels.length - 1; ratio /= 4) level++;
  return level;
}
