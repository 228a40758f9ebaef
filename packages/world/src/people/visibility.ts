import { COCO_KEYPOINTS } from '@sextant/core';
import type { GBuffer, Pinhole, Vec3 } from '../render/types.js';
import type { WorldKeypoint, WorldPerson } from '../types.js';

/**
 * How far below the visible surface a joint lies at most when its body part is what one sees, metres: eyes and nose are on the
 * surface, hips and shoulders deep inside. In COCO's order.
 */
const DEPTH_BELOW_SURFACE: readonly number[] = COCO_KEYPOINTS.map((name) =>
  /nose|eye/.test(name) ? 0.05 : /ear/.test(name) ? 0.07 : /hip/.test(name) ? 0.2 : /shoulder/.test(name) ? 0.15 : /knee/.test(name) ? 0.12 : 0.1);

/**
 * Projects joints into a rendered picture and tells, as COCO does, which of them one sees: 0 outside the picture or behind the
 * camera; 2 where the pixel or one next to it shows this person at a depth that fits the joint; 1 where something, or another
 * part of the own body, is in front.
 *
 * @param points 17 joints in world metres, COCO's order (an empty list gives an empty list).
 */
export function keypointVisibility(points: readonly Vec3[], camera: Pinhole, gbuffer: GBuffer, instanceId: number): WorldKeypoint[] {
  return points.map((point, i): WorldKeypoint => {
    const [px, py, depth] = projected(point, camera);
    if (Number.isNaN(px)) return { x: 0, y: 0, visibility: 0 };
    const column = Math.round(px), row = Math.round(py);
    if (column < 0 || row < 0 || column >= gbuffer.width || row >= gbuffer.height) return { x: px, y: py, visibility: 0 };
    return { x: px, y: py, visibility: seen(gbuffer, column, row, depth - DEPTH_BELOW_SURFACE[i], instanceId) ? 2 : 1 };
  });
}

/** Where a camera sees a point of the world, pixels, and how far before it, metres; NaN behind it. */
export function projected([x, y, z]: Vec3, { camToWorld: m, cx, cy, fx, fy }: Pinhole): [x: number, y: number, depth: number] {
  const dx = x - m[3], dy = y - m[7], dz = z - m[11];
  const depth = m[2] * dx + m[6] * dy + m[10] * dz;
  if (depth < 1e-3) return [Number.NaN, Number.NaN, Number.NaN];
  return [cx + (fx * (m[0] * dx + m[4] * dy + m[8] * dz)) / depth, cy + (fy * (m[1] * dx + m[5] * dy + m[9] * dz)) / depth, depth];
}

/** Whether the person shows within a pixel of (column, row), no nearer than `nearest`. */
function seen(gbuffer: GBuffer, column: number, row: number, nearest: number, instanceId: number): boolean {
  const { width, height, instances, depth } = gbuffer;
  for (let y = Math.max(0, row - 1); y <= Math.min(height - 1, row + 1); y++) {
    for (let x = Math.max(0, column - 1); x <= Math.min(width - 1, column + 1); x++) {
      const at = y * width + x;
      if (instances[at] === instanceId && depth[at] >= nearest) return true;
    }
  }
  return false;
}

/** Smallest boxes around the visible pixels of instances, by id: x, y, width, height; all 0 for those that show nowhere. */
export function tightBoxes({ width, height, instances }: GBuffer, ids: readonly number[]): ReadonlyMap<number, WorldPerson['box']> {
  // Left, top, right, bottom; one search for all, since a crowd has dozens.
  const edges = new Map(ids.map((id) => [id, [width, height, -1, -1] as [number, number, number, number]]));
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      const box = edges.get(instances[at]);
      if (!box) continue;
      if (x < box[0]) box[0] = x;
      if (y < box[1]) box[1] = y;
      if (x > box[2]) box[2] = x;
      if (y > box[3]) box[3] = y;
    }
  }
  return new Map([...edges].map(([id, [left, top, right, bottom]]) => [id, right < 0 ? [0, 0, 0, 0] : [left, top, right - left + 1, bottom - top + 1]]));
}
