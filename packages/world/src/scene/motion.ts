import { cos, sin } from '../math/deterministic.js';
import type { Mat4 } from '../render/types.js';
import { standing } from './pose.js';
import type { Path } from './scene.js';

/** Never moves. */
export function still(pose: Mat4): Path {
  return { at: () => pose, before: () => pose };
}

/** Walks round a circle for ever; `phase` radians at t = 0; positive `speed` (m/s) is anticlockwise. */
export function circling(x: number, y: number, z: number, radius: number, phase: number, speed: number): Path {
  const at = (t: number): Mat4 => {
    const angle = phase + (speed * t) / radius;
    return standing(x + radius * cos(angle), y + radius * sin(angle), z, angle + (speed >= 0 ? Math.PI / 2 : -Math.PI / 2));
  };
  return { at, before: (_t, previous) => at(previous) };
}

/**
 * Goes straight along `yaw` from (x, y) and starts over `length` metres later, half of them before (x, y). At the
 * moment of starting over, `before` still tells where it would have come from, so flow stays smooth.
 */
export function passing(x: number, y: number, z: number, yaw: number, speed: number, length: number): Path {
  const c = cos(yaw), s = sin(yaw);
  const wrapped = (t: number): number => {
    const d = speed * t + length / 2;
    return d - Math.floor(d / length) * length - length / 2;
  };
  const pose = (d: number): Mat4 => standing(x + c * d, y + s * d, z, yaw);
  return {
    at: (t) => pose(wrapped(t)),
    before: (t, previous) => pose(wrapped(t) - speed * (t - previous)),
  };
}
