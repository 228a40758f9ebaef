import { cos, sin } from '../math/deterministic.js';

/** The floor area of a thing: an oriented rectangle, and the heights between which it is there. */
export interface Footprint {
  readonly x: number;
  readonly y: number;
  readonly halfX: number;
  readonly halfY: number;
  readonly yaw: number;
  readonly bottom: number;
  readonly top: number;
}

/** Whether two footprints come nearer than `gap` metres (separating axes of the two rectangles) at a common height. */
export function overlaps(a: Footprint, b: Footprint, gap = 0): boolean {
  if (a.top <= b.bottom || b.top <= a.bottom) return false;
  const dx = b.x - a.x, dy = b.y - a.y;
  const reach = Math.hypot(a.halfX, a.halfY) + Math.hypot(b.halfX, b.halfY) + gap;
  if (dx * dx + dy * dy > reach * reach) return false;
  for (const yaw of [a.yaw, a.yaw + Math.PI / 2, b.yaw, b.yaw + Math.PI / 2]) {
    const c = cos(yaw), s = sin(yaw);
    if (Math.abs(dx * c + dy * s) > extentAlong(a, c, s) + extentAlong(b, c, s) + gap) return false;
  }
  return true;
}

function extentAlong(f: Footprint, c: number, s: number): number {
  const fc = cos(f.yaw), fs = sin(f.yaw);
  return f.halfX * Math.abs(fc * c + fs * s) + f.halfY * Math.abs(-fs * c + fc * s);
}

/** A disc, as a square footprint, for people and cameras. */
export function disc(x: number, y: number, radius: number, bottom = 0, top = 2): Footprint {
  return { x, y, halfX: radius, halfY: radius, yaw: 0, bottom, top };
}
