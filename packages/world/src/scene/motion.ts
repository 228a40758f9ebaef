import { cos, sin } from '../math/deterministic.js';
import type { Mat4 } from '../render/types.js';
import { standing } from './pose.js';
import type { Path } from './scene.js';

/** Never moves. */
export function still(pose: Mat4): Path {
  return { at: () => pose };
}

/** Walks round a circle for ever; `phase` radians at t = 0; positive `speed` (m/s) is anticlockwise. */
export function circling(x: number, y: number, z: number, radius: number, phase: number, speed: number): Path {
  return {
    at(t) {
      const angle = phase + (speed * t) / radius;
      return standing(x + radius * cos(angle), y + radius * sin(angle), z, angle + (speed >= 0 ? Math.PI / 2 : -Math.PI / 2));
    },
  };
}

/** Length of the road that traffic is on, metres: at either end a bus is less than two pixels of a picture 640 wide, and it is back after some minutes. */
const ROAD = 2_000;
/** Seconds in which somebody turns round on the spot. */
const TURN = 1;

/** Drives straight along `yaw` from (x, y) at `speed` (m/s); starts over once it is too far away to be seen, as far behind (x, y). */
export function driving(x: number, y: number, z: number, yaw: number, speed: number): Path {
  const c = cos(yaw), s = sin(yaw);
  return {
    at(t) {
      const d = speed * t - Math.floor((speed * t) / ROAD + 0.5) * ROAD;
      return standing(x + c * d, y + s * d, z, yaw);
    },
  };
}

/** Walks along `yaw` from (x, y) at `speed` (m/s), turns round `length` / 2 metres farther on, and again as far behind (x, y), for ever. */
export function pacing(x: number, y: number, z: number, yaw: number, speed: number, length: number): Path {
  const c = cos(yaw), s = sin(yaw);
  const way = length / speed;
  return {
    at(t) {
      // Seconds since it was last at (x, y), looking along `yaw`; below 0 it is still on its way there.
      const u = t - Math.floor((t + way / 2) / (2 * way + 2 * TURN)) * (2 * way + 2 * TURN);
      const back = u - way / 2 - TURN, again = back - way;
      const d = u < way / 2 ? speed * u : back < 0 ? length / 2 : again < 0 ? length / 2 - speed * back : -length / 2;
      const turned = u < way / 2 ? 0 : back < 0 ? 1 + back / TURN : again < 0 ? 1 : 1 + again / TURN;
      return standing(x + c * d, y + s * d, z, yaw + Math.PI * turned);
    },
  };
}
