import { cos, sin } from '../math/deterministic.js';
import type { SceneBuilder } from './builder.js';
import { clutterArea } from './clutter.js';
import { alongWall, seat } from './furnish.js';
import type { Room } from './room.js';

/**
 * A desk at a wall, a screen on it, and somebody sitting before it with the room behind: what a webcam on the screen sees.
 * False if there is no room for it or nobody can sit there.
 */
export function webcamDesk(b: SceneBuilder, room: Room): boolean {
  const { rng } = b;
  const desk = alongWall(b, room, 'table', { minHeight: 0.65, maxHeight: 0.85, minLength: 0.9, maxLength: 2, accept: (m) => (m.surfaces?.length ?? 0) > 0 && m.size[0] < 0.95 });
  if (!desk) return false;
  const chairModel = b.pick('chair', { maxHeight: 1.25, maxLength: 0.8, minHeight: 0.6 });
  if (!chairModel) return false;
  const c = cos(desk.yaw), s = sin(desk.yaw);
  const surface = desk.model.surfaces![0];
  const z = desk.z + surface.z;
  const along = rng.range(-0.5, 0.5) * Math.max(0, surface.halfY - 0.35);
  const place = (out: number, left: number): [number, number] => [desk.x + c * out - s * left, desk.y + s * out + c * left];

  const [chairX, chairY] = place(desk.model.size[0] / 2 + chairModel.size[0] * rng.range(0.2, 0.5), along);
  const chair = b.put(chairModel, 'chair', chairX, chairY, 0, desk.yaw + Math.PI + rng.normal() * 0.2, { free: true });
  if (!chair) return false;
  b.taken.push(b.footprintOf(chairModel, chairX, chairY, 0, chair.yaw));
  if (!seat(b, chair)) return false;
  const head = b.focuses[b.focuses.length - 1];

  // On a laptop, on a monitor, or on a stand of its own.
  const screen = rng.chance(0.75) ? b.pick(rng.chance(0.5) ? 'laptop' : 'tv', { maxHeight: 0.6, maxLength: 0.75 }) : undefined;
  const back = -surface.halfX + (screen ? screen.size[0] / 2 : 0.05) + 0.02;
  const [x, y] = place(back, along);
  if (screen) b.put(screen, screen.size[2] < 0.3 ? 'laptop' : 'tv', x, y, z, desk.yaw, { free: true });
  const lift = screen ? Math.max(0.2, screen.size[2] + 0.03) : rng.range(0.2, 0.55);
  // The rim of an opened laptop is behind its middle.
  const [lensX, lensY] = place(screen ? back - screen.size[0] * 0.3 : back, along + rng.range(-0.1, 0.1));
  b.focuses.push({ ...head, kind: 'webcam', from: [lensX, lensY, z + lift] });
  const front = place(surface.halfX * 0.4, 0);
  clutterArea(b, { x: front[0], y: front[1], z, yaw: desk.yaw, halfX: surface.halfX * 0.5, halfY: surface.halfY }, 'desk', rng.int(1, 6), 0.16);
  return true;
}
