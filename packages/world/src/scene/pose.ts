import { atan2, cos, sin } from '../math/deterministic.js';
import type { Mat4, Vec3 } from '../render/types.js';

/** local -> world of a thing that stands at (x, y, z) and faces `yaw` radians from +x towards +y; uniform `scale`. */
export function standing(x: number, y: number, z: number, yaw: number, scale = 1): Mat4 {
  const c = cos(yaw) * scale, s = sin(yaw) * scale;
  return Float64Array.of(c, -s, 0, x, s, c, 0, y, 0, 0, scale, z, 0, 0, 0, 1);
}

/** As `standing`, tipped by `pitch` about its own y axis first (positive: the front goes down) and then by `roll` about x. */
export function tipped(x: number, y: number, z: number, yaw: number, pitch: number, roll: number): Mat4 {
  const cy = cos(yaw), sy = sin(yaw), cp = cos(pitch), sp = sin(pitch), cr = cos(roll), sr = sin(roll);
  return Float64Array.of(
    cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr, x,
    sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr, y,
    -sp, cp * sr, cp * cr, z,
    0, 0, 0, 1,
  );
}

/**
 * optical frame (x right, y down, z forward) -> world for an eye at `position` that looks along `yaw` and is raised by
 * `pitch` (both radians; positive pitch looks up), rolled clockwise by `roll`.
 */
export function opticalPose(position: Vec3, yaw: number, pitch: number, roll: number): Mat4 {
  const cy = cos(yaw), sy = sin(yaw), cp = cos(pitch), sp = sin(pitch), cr = cos(roll), sr = sin(roll);
  const forward = [cy * cp, sy * cp, sp] as const;
  const right = [sy, -cy, 0] as const;
  const down = [cy * sp, sy * sp, -cp] as const;
  const x = [0, 1, 2].map((i) => right[i] * cr + down[i] * sr);
  const y = [0, 1, 2].map((i) => down[i] * cr - right[i] * sr);
  return Float64Array.of(
    x[0], y[0], forward[0], position[0],
    x[1], y[1], forward[1], position[1],
    x[2], y[2], forward[2], position[2],
    0, 0, 0, 1,
  );
}

/** Yaw and pitch (radians) of the direction from one point to another. */
export function direction(from: Vec3, to: Vec3): { yaw: number; pitch: number } {
  const dx = to[0] - from[0], dy = to[1] - from[1], dz = to[2] - from[2];
  return { yaw: atan2(dy, dx), pitch: atan2(dz, Math.hypot(dx, dy)) };
}
