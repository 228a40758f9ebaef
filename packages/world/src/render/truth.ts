import { classId } from '../classes.js';
import { multiply } from '../math/mat4.js';
import type { DepthBuffer } from './depth-buffer.js';
import type { SceneLayout } from './scene-layout.js';
import { barycentricPlanes } from './surface-planes.js';
import type { Drawable, GBuffer, Mat4 } from './types.js';
import type { VertexBuffer } from './vertex-buffer.js';
import { NEAR, type View } from './view.js';

/** What was drawn from the previous camera: one sample per pixel. */
export interface PreviousFrame {
  readonly view: View;
  readonly vertices: VertexBuffer;
  readonly buffer: DepthBuffer;
}

const SKY = classId('sky');
const planes = new Float64Array(13);
/** Corners of one triangle in the previous camera frame. */
const before = new Float64Array(9);

/**
 * Writes depth, labels, instances, parts, flow and occlusion at every pixel centre. Flow carries the surface point seen
 * there back to the previous pose of its object and projects it with the previous camera; NaN where that lies behind it.
 */
export function writeTruth(layout: SceneLayout, view: View, vertices: VertexBuffer, buffer: DepthBuffer, previous: PreviousFrame | null, out: GBuffer): void {
  const step = view.supersampling, border = step - 1;
  const toPrevious: Mat4[] = previous
    ? layout.drawables.map((d) => multiply(previous.view.worldToCam, d.previousTransform))
    : [];
  const skyTurn = previous ? multiply(previous.view.worldToCam, view.camToWorld) : null;
  let last = -1;
  let drawable: Drawable | null = null;
  let part = 0, local = 0;
  for (let py = 0, o = 0; py < out.height; py++) {
    const y = py * step + border;
    for (let px = 0; px < out.width; px++, o++) {
      const x = px * step + border;
      const id = buffer.ids[y * buffer.width + x];
      if (id < 0) {
        out.depth[o] = NaN;
        out.labels[o] = SKY;
        if (skyTurn) skyFlow(skyTurn, view, previous!, x, y, px, py, o, out);
        continue;
      }
      if (id !== last) {
        last = id;
        const d = layout.drawableOf[id];
        drawable = layout.drawables[d]!;
        local = id - layout.triangleBase[d];
        const { indices, parts } = drawable.geometry;
        const a = indices[local * 3], b = indices[local * 3 + 1], c = indices[local * 3 + 2];
        const base = layout.vertexBase[d];
        barycentricPlanes(vertices.camera, base + a, base + b, base + c, view, planes);
        part = parts ? parts[local] : 0;
        if (previous) {
          const source = drawable.previousPositions ?? drawable.positions ?? drawable.geometry.positions;
          corner(source, a, toPrevious[d], 0);
          corner(source, b, toPrevious[d], 3);
          corner(source, c, toPrevious[d], 6);
        }
      }
      const inverse = 1 / (planes[9] * x + planes[10] * y + planes[11]);
      const wa = (planes[0] * x + planes[1] * y + planes[2]) * inverse;
      const wb = (planes[3] * x + planes[4] * y + planes[5]) * inverse;
      const wc = 1 - wa - wb;
      out.depth[o] = planes[12] * inverse;
      out.labels[o] = drawable!.classId;
      out.instances[o] = drawable!.instanceId;
      if (part > 0) {
        const uv = drawable!.geometry.partUvs, k = local * 6;
        out.part[o] = part;
        if (uv) {
          out.partU[o] = toByte(wa * uv[k] + wb * uv[k + 2] + wc * uv[k + 4]);
          out.partV[o] = toByte(wa * uv[k + 1] + wb * uv[k + 3] + wc * uv[k + 5]);
        }
      }
      if (!previous) continue;
      const z = wa * before[2] + wb * before[5] + wc * before[8];
      if (z < NEAR) continue;
      const { fx, fy, cx, cy } = previous.view;
      const u = (fx * (wa * before[0] + wb * before[3] + wc * before[6])) / z + cx;
      const v = (fy * (wa * before[1] + wb * before[4] + wc * before[7])) / z + cy;
      out.flow[o * 2] = px - u;
      out.flow[o * 2 + 1] = py - v;
      out.occlusion[o] = seen(layout, previous, u, v, z, id) ? 0 : 1;
    }
  }
}

function toByte(value: number): number {
  return Math.floor(Math.min(1, Math.max(0, value)) * 255 + 0.5);
}

function corner(positions: Float32Array, index: number, m: Mat4, at: number): void {
  const x = positions[index * 3], y = positions[index * 3 + 1], z = positions[index * 3 + 2];
  before[at] = m[0] * x + m[1] * y + m[2] * z + m[3];
  before[at + 1] = m[4] * x + m[5] * y + m[6] * z + m[7];
  before[at + 2] = m[8] * x + m[9] * y + m[10] * z + m[11];
}

/** The sky is infinitely far: only the camera's rotation moves it. */
function skyFlow(turn: Mat4, view: View, previous: PreviousFrame, x: number, y: number, px: number, py: number, o: number, out: GBuffer): void {
  const rx = (x - view.cx) / view.fx, ry = (y - view.cy) / view.fy;
  const z = turn[8] * rx + turn[9] * ry + turn[10];
  if (z < 1e-6) return;
  const u = (previous.view.fx * (turn[0] * rx + turn[1] * ry + turn[2])) / z + previous.view.cx;
  const v = (previous.view.fy * (turn[4] * rx + turn[5] * ry + turn[6])) / z + previous.view.cy;
  out.flow[o * 2] = px - u;
  out.flow[o * 2 + 1] = py - v;
  const column = Math.floor(u + 0.5), row = Math.floor(v + 0.5);
  const { width, height, ids } = previous.buffer;
  out.occlusion[o] = column >= 0 && row >= 0 && column < width && row < height && ids[row * width + column] < 0 ? 0 : 1;
}

/**
 * Was the point at (u, v), depth z, seen in the previous frame? It was if the nearest pixel showed the same triangle, or if
 * the plane of the triangle shown there, continued to (u, v), is not clearly in front of it.
 */
function seen(layout: SceneLayout, previous: PreviousFrame, u: number, v: number, z: number, id: number): boolean {
  const { view, buffer, vertices } = previous;
  const column = Math.floor(u + 0.5), row = Math.floor(v + 0.5);
  if (column < 0 || row < 0 || column >= buffer.width || row >= buffer.height) return false;
  const at = row * buffer.width + column;
  const other = buffer.ids[at];
  if (other === id || other < 0) return true;
  const slack = 0.01 + 0.005 * z;
  if (z <= 1 / buffer.depth[at] + slack) return true;
  const d = layout.drawableOf[other];
  const { indices } = layout.drawables[d].geometry;
  const local = (other - layout.triangleBase[d]) * 3;
  const base = layout.vertexBase[d];
  const camera = vertices.camera;
  const a = (base + indices[local]) * 3, b = (base + indices[local + 1]) * 3, c = (base + indices[local + 2]) * 3;
  const ux = camera[b] - camera[a], uy = camera[b + 1] - camera[a + 1], uz = camera[b + 2] - camera[a + 2];
  const vx = camera[c] - camera[a], vy = camera[c + 1] - camera[a + 1], vz = camera[c + 2] - camera[a + 2];
  const nx = uy * vz - uz * vy, ny = uz * vx - ux * vz, nz = ux * vy - uy * vx;
  const along = nx * ((u - view.cx) / view.fx) + ny * ((v - view.cy) / view.fy) + nz;
  const planeZ = (nx * camera[a] + ny * camera[a + 1] + nz * camera[a + 2]) / along;
  // Beyond the horizon of a plane seen edge-on its continuation says nothing.
  return planeZ > 0 && z <= planeZ + slack;
}
