import { atan2, cos, sin, tan } from '../math/deterministic.js';
import type { Rng } from '../math/rng.js';
import type { Vec3 } from '../render/types.js';
import type { SceneBuilder } from './builder.js';
import { disc } from './footprint.js';
import type { Place, Rig } from './place.js';
import { direction } from './pose.js';
import type { Bounds, CameraPath, CameraPose, Focus } from './scene.js';

const WORDS: Readonly<Record<Rig, string>> = {
  robot: 'from a low robot', hand: 'from a hand-held camera', head: "from a walker's head", car: 'from a car', ceiling: 'from a surveillance camera',
  tabletop: 'close to a tabletop', portrait: 'with a person close to the camera',
};

const RAD = Math.PI / 180;

/** Draws one camera; undefined if it would stand in something. `wanted` forces a rig (a portrait, a tabletop). */
export function drawCamera(b: SceneBuilder, place: Place, rng: Rng, wanted?: Rig): CameraPath | undefined {
  const rig = wanted ?? rng.pick(place.rigs);
  const base = basePose(b, place, rng, rig);
  if (!base) return undefined;
  const path = withMotion(rng, rig, base, place);
  for (let i = 0; i <= 10; i++) {
    const { position } = path.at(i * 0.9);
    if (!inside(place.bounds, position, rig) || !b.isFree(disc(position[0], position[1], 0.22, position[2] - 0.2, position[2] + 0.2), 0)) return undefined;
  }
  return path;
}

function inside(bounds: Bounds, [x, y, z]: Vec3, rig: Rig): boolean {
  const wide = rig === 'car' ? 60 : 0;
  return x > bounds.minX - wide && x < bounds.maxX + wide && y > bounds.minY - wide && y < bounds.maxY + wide && z > bounds.minZ && z < bounds.maxZ;
}

interface Base extends CameraPose {
  readonly target?: Focus;
}

function basePose(b: SceneBuilder, place: Place, rng: Rng, rig: Rig): Base | undefined {
  const { bounds } = place;
  if (rig === 'car') {
    const lane = place.lane;
    if (!lane) return undefined;
    return { position: [lane.x, lane.y, rng.range(1.35, 1.75)], yaw: lane.yaw + rng.normal() * 2 * RAD, pitch: rng.range(-6, 1) * RAD, roll: 0 };
  }
  if (rig === 'portrait') return portraitPose(b, rng);
  if (rig === 'tabletop') return tabletopPose(b, rng);
  const heights = { robot: [0.2, 0.6], hand: [1.15, 1.7], head: [1.5, 1.75], ceiling: place.kind === 'indoor' ? [2.05, bounds.maxZ] : [3, 6.5] } as const;
  const [low, high] = heights[rig];
  const z = Math.min(bounds.maxZ - 0.02, rng.range(low, high));
  const reach = place.kind === 'indoor' ? 1 : 0.55;
  const position: [number, number, number] = [rng.range(bounds.minX, bounds.maxX) * reach, rng.range(bounds.minY, bounds.maxY) * reach, z];
  const people = b.focuses.filter((f) => f.kind === 'person');
  const target = rng.chance(0.75) && people.length > 0 ? rng.pick(people) : b.focuses.length > 0 && rng.chance(0.8) ? rng.pick(b.focuses) : undefined;
  const aim: Vec3 = target
    ? [target.position[0] + rng.normal() * 0.3, target.position[1] + rng.normal() * 0.3, target.position[2]]
    : [rng.range(bounds.minX, bounds.maxX) * 0.5, rng.range(bounds.minY, bounds.maxY) * 0.5, rig === 'ceiling' ? 0.5 : z + rng.range(-0.5, 0.2)];
  const way = direction(position, aim);
  const steepest = rig === 'ceiling' ? -65 * RAD : -32 * RAD;
  const pitch = Math.max(steepest, Math.min(18 * RAD, way.pitch * rng.range(0.5, 1) + rng.normal() * 3 * RAD));
  return { position, yaw: way.yaw + rng.normal() * 7 * RAD, pitch, roll: rig === 'hand' ? rng.normal() * 2.5 * RAD : rng.normal() * 0.5 * RAD, ...(target ? { target } : {}) };
}

/** One person large in view: face, half or full body at 0.8 to 4 m, mostly from the front, sometimes cut by the edge. */
function portraitPose(b: SceneBuilder, rng: Rng): Base | undefined {
  const people = b.focuses.filter((f) => f.kind === 'person');
  if (people.length === 0) return undefined;
  const target = rng.pick(people);
  const distance = rng.chance(0.3) ? rng.range(0.9, 1.6) : rng.range(1.5, 4);
  const around = (target.yaw ?? 0) + rng.normal() * 50 * RAD;
  const z = rng.chance(0.2) ? rng.range(0.4, 0.9) : rng.range(1, 1.75);
  const position: Vec3 = [target.position[0] + cos(around) * distance, target.position[1] + sin(around) * distance, z];
  // Near cameras look at the upper body, farther ones at the whole.
  const aimZ = target.position[2] + (distance < 1.8 ? rng.range(-0.05, 0.3) : rng.range(-0.25, 0.1)) * Math.min(1, target.size / 1.6);
  const way = direction(position, [target.position[0], target.position[1], aimZ]);
  return { position, yaw: way.yaw + rng.normal() * 8 * RAD, pitch: way.pitch, roll: rng.normal() * 2 * RAD, target };
}

/** A surface full of small things from 0.4 to 1.5 m. */
function tabletopPose(b: SceneBuilder, rng: Rng): Base | undefined {
  const tops = b.focuses.filter((f) => f.kind === 'tabletop');
  if (tops.length === 0) return undefined;
  const target = rng.pick(tops);
  const distance = rng.range(0.4, 1.5);
  const elevation = rng.range(14, 62) * RAD;
  const around = (target.yaw ?? 0) + (rng.chance(0.6) ? rng.normal() * 0.7 : rng.range(-Math.PI, Math.PI));
  const aim: Vec3 = [target.position[0] + rng.normal() * 0.12 * target.size, target.position[1] + rng.normal() * 0.12 * target.size, target.position[2] + 0.05];
  const position: Vec3 = [
    aim[0] + cos(around) * cos(elevation) * distance, aim[1] + sin(around) * cos(elevation) * distance,
    aim[2] + Math.max(0.3, sin(elevation) * distance),
  ];
  const way = direction(position, aim);
  return { position, yaw: way.yaw + rng.normal() * 4 * RAD, pitch: way.pitch + rng.normal() * 4 * RAD, roll: rng.normal() * 3 * RAD, target };
}

/** Adds a smooth, periodic motion of the rig to a base pose. */
function withMotion(rng: Rng, rig: Rig, base: Base, place: Place): CameraPath {
  const words = WORDS[rig];
  if (rig === 'car' && place.lane) return driving(rng, base, place.lane, words);
  const fixed = rng.chance(rig === 'ceiling' ? 0.5 : rig === 'hand' || rig === 'head' ? 0.08 : 0.17);
  if (fixed) return { words, at: () => base };
  const kind = rng.pick(MOTIONS[rig]);
  // Half of the cameras are calm, the others move as briskly as people and robots do.
  const period = rng.chance(0.5) ? rng.range(4, 10) : rng.range(1.6, 4.5), phase = rng.range(0, 2 * Math.PI);
  const wave = (t: number): number => sin((2 * Math.PI * t) / period + phase);
  const slow = rig === 'tabletop' ? 0.25 : rig === 'portrait' ? 0.6 : 1;
  const travel = rng.range(0.2, 1.1) * slow * (place.kind === 'outdoor' ? 1.8 : 1);
  const turn = rng.range(6, 32) * RAD * (rig === 'portrait' || rig === 'tabletop' ? 0.35 : 1);
  const shake = shaking(rng, rig);
  const side = rng.chance(0.5) ? 1 : -1;
  return {
    words,
    at(t) {
      const s = wave(t);
      let [x, y, z] = base.position;
      let { yaw, pitch } = base;
      if (kind === 'forward') {
        x += cos(base.yaw) * s * travel;
        y += sin(base.yaw) * s * travel;
      } else if (kind === 'sideways') {
        x += -sin(base.yaw) * s * travel * 0.7;
        y += cos(base.yaw) * s * travel * 0.7;
      } else if (kind === 'pan') yaw += s * turn;
      else if (kind === 'tilt') {
        pitch += s * turn * 0.4;
        yaw += s * turn * 0.2;
      } else if (kind === 'orbit' && base.target) {
        const [px, py] = base.target.position;
        const radius = Math.hypot(x - px, y - py);
        const angle = atan2(y - py, x - px) + (s * side * travel) / Math.max(0.5, radius);
        x = px + radius * cos(angle);
        y = py + radius * sin(angle);
        yaw += (s * side * travel) / Math.max(0.5, radius);
      } else if (kind === 'rise') z += s * Math.min(0.2, travel * 0.3);
      const [sx, sy, sz, syaw, spitch, sroll] = shake(t);
      return { position: [x + sx, y + sy, z + sz], yaw: yaw + syaw, pitch: pitch + spitch, roll: base.roll + sroll };
    },
  };
}

type Motion = 'forward' | 'sideways' | 'pan' | 'tilt' | 'orbit' | 'rise';
const MOTIONS: Readonly<Record<Rig, readonly Motion[]>> = {
  robot: ['forward', 'forward', 'pan', 'orbit'], hand: ['forward', 'pan', 'orbit', 'sideways', 'tilt', 'rise'], head: ['forward', 'forward', 'pan', 'tilt'],
  car: ['forward'], ceiling: ['pan', 'pan', 'tilt'], tabletop: ['orbit', 'forward', 'sideways', 'tilt', 'rise'], portrait: ['orbit', 'forward', 'sideways', 'pan', 'rise'],
};

/** Whether a person's place lies in the middle of the view, no farther than 12 m. */
export function facesSomeone({ position, yaw }: CameraPose, focuses: readonly Focus[], fovDegrees: number): boolean {
  return focuses.some((focus) => {
    if (focus.kind !== 'person') return false;
    const dx = focus.position[0] - position[0], dy = focus.position[1] - position[1];
    const c = cos(yaw), s = sin(yaw);
    const ahead = c * dx + s * dy, aside = -s * dx + c * dy;
    return ahead > 0 && ahead < 12 && Math.abs(aside) < ahead * tan((fovDegrees * RAD) / 2) * 0.85 + 0.2;
  });
}

/** Sums of incommensurable sines: small for robots, larger and rolling for hands and heads. */
function shaking(rng: Rng, rig: Rig): (t: number) => number[] {
  const strength = rig === 'hand' || rig === 'portrait' || rig === 'head' || rig === 'tabletop' ? rng.range(0, 1) : rig === 'robot' ? rng.range(0, 0.35) : 0.03;
  const size = [0.012, 0.012, 0.016, 1.1 * RAD, 1.1 * RAD, 0.8 * RAD].map((a) => a * strength);
  const waves = size.map(() => [rng.range(0.4, 1), rng.range(1.3, 2.4), rng.range(3.2, 6)].map((hertz) => [hertz * 2 * Math.PI, rng.range(0, 6.28)] as const));
  return (t) => waves.map((list, i) => size[i] * list.reduce((sum, [w, p], k) => sum + sin(w * t + p) / (1 + k), 0));
}

/** Along the lane and back, at most 20 m/s; the body pitches a little. */
function driving(rng: Rng, base: Base, lane: NonNullable<Place['lane']>, words: string): CameraPath {
  const top = rng.range(4, 20);
  const start = rng.range(0.3, Math.PI - 0.9);
  const sway = rng.range(0, 0.12);
  return {
    words,
    at(t) {
      const d = (lane.length / 2) * (1 - cos(start + (2 * top * t) / lane.length));
      const side = sway * sin(t * 0.9);
      return {
        position: [base.position[0] + cos(lane.yaw) * d - sin(lane.yaw) * side, base.position[1] + sin(lane.yaw) * d + cos(lane.yaw) * side, base.position[2] + 0.01 * sin(t * 7)],
        yaw: base.yaw + 0.015 * sin(t * 0.7), pitch: base.pitch + 0.004 * sin(t * 8.3), roll: 0.004 * sin(t * 5.1),
      };
    },
  };
}
