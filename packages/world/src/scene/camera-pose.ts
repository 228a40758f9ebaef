import { cos, sin } from '../math/deterministic.js';
import type { Rng } from '../math/rng.js';
import type { Vec3 } from '../render/types.js';
import type { SceneBuilder } from './builder.js';
import type { CarriedRig, Place } from './place.js';
import { direction } from './pose.js';
import type { CameraPose, Focus } from './scene.js';

/** Radians per degree. */
export const RAD = Math.PI / 180;

/** Where a camera's motion starts from, and what it looks at, if that is one thing. */
export interface Base extends CameraPose {
  readonly target?: Focus;
}

/** Draws a pose for a carrier; undefined where the place has nothing for it. */
export function basePose(b: SceneBuilder, place: Place, rng: Rng, rig: CarriedRig): Base | undefined {
  switch (rig) {
    case 'car': return carPose(place, rng);
    case 'portrait': return portraitPose(b, rng);
    case 'tabletop': return tabletopPose(b, rng);
    case 'webcam': return webcamPose(b, rng);
    case 'animal': return nearThing(b, rng, 'animal', place.kind === 'indoor' ? [0.8, 2] : [0.9, 2.6], [0.2, 1.6]);
    case 'roadside': return nearThing(b, rng, 'roadside', [1.6, 4.5], [0.3, 1.7]);
    default: return carriedPose(b, place, rng, rig);
  }
}

function carPose({ lane }: Place, rng: Rng): Base | undefined {
  if (!lane) return undefined;
  return { position: [lane.x, lane.y, rng.range(1.15, 1.75)], yaw: lane.yaw + rng.normal() * 2 * RAD, pitch: rng.range(-6, 1) * RAD, roll: 0 };
}

/** A robot, a hand, a head or a ceiling: anywhere in the place, mostly turned to somebody. */
function carriedPose(b: SceneBuilder, { bounds, kind }: Place, rng: Rng, rig: 'robot' | 'hand' | 'head' | 'ceiling'): Base {
  const heights = { robot: [0.2, 0.6], hand: [1.15, 1.7], head: [1.5, 1.75], ceiling: kind === 'indoor' ? [2.05, bounds.maxZ] : [3, 6.5] } as const;
  const [low, high] = heights[rig];
  const z = Math.min(bounds.maxZ - 0.02, rng.range(low, high));
  const reach = kind === 'indoor' ? 1 : 0.55;
  const position: [number, number, number] = [rng.range(bounds.minX, bounds.maxX) * reach, rng.range(bounds.minY, bounds.maxY) * reach, z];
  const people = b.focuses.filter((f) => f.kind === 'person');
  const target = rng.chance(0.7) && people.length > 0 ? rng.pick(people) : b.focuses.length > 0 && rng.chance(0.8) ? rng.pick(b.focuses) : undefined;
  const aim: Vec3 = target
    ? [target.position[0] + rng.normal() * 0.3, target.position[1] + rng.normal() * 0.3, target.position[2]]
    : [rng.range(bounds.minX, bounds.maxX) * 0.5, rng.range(bounds.minY, bounds.maxY) * 0.5, rig === 'ceiling' ? 0.5 : z + rng.range(-0.5, 0.2)];
  const way = direction(position, aim);
  const steepest = rig === 'ceiling' ? -65 * RAD : -32 * RAD;
  const pitch = Math.max(steepest, Math.min(18 * RAD, way.pitch * rng.range(0.5, 1) + rng.normal() * 3 * RAD));
  return { position, yaw: way.yaw + rng.normal() * 7 * RAD, pitch, roll: rig === 'hand' ? rng.normal() * 2.5 * RAD : rng.normal() * 0.5 * RAD, ...(target ? { target } : {}) };
}

/** One person large in view: face, half or full body at 0.5 to 4 m, mostly from the front, often cut by the edge. */
function portraitPose(b: SceneBuilder, rng: Rng): Base | undefined {
  const people = b.focuses.filter((f) => f.kind === 'person');
  if (people.length === 0) return undefined;
  const target = rng.pick(people);
  const distance = rng.chance(0.3) ? rng.range(0.5, 1) : rng.chance(0.4) ? rng.range(0.9, 1.7) : rng.range(1.5, 4);
  const around = (target.yaw ?? 0) + rng.normal() * (distance < 1 ? 30 : 55) * RAD;
  const z = rng.chance(0.2) ? rng.range(0.4, 0.9) : rng.range(1, 1.75);
  const position: Vec3 = [target.position[0] + cos(around) * distance, target.position[1] + sin(around) * distance, z];
  // Near cameras look at the upper body, farther ones at the whole.
  const aimZ = target.position[2] + (distance < 1 ? rng.range(0.1, 0.5) : distance < 1.8 ? rng.range(-0.1, 0.35) : rng.range(-0.3, 0.1)) * Math.min(1, target.size / 1.6);
  const way = direction(position, [target.position[0], target.position[1], aimZ]);
  return { position, yaw: way.yaw + rng.normal() * 11 * RAD, pitch: way.pitch + rng.normal() * 4 * RAD, roll: rng.normal() * 3 * RAD, target };
}

/** From the screen of the one who sits before it, by a lens on its rim. */
function webcamPose(b: SceneBuilder, rng: Rng): Base | undefined {
  const targets = b.focuses.filter((f) => f.from !== undefined);
  if (targets.length === 0) return undefined;
  const target = rng.pick(targets);
  const position = target.from!;
  const aim: Vec3 = [target.position[0], target.position[1], target.position[2] + rng.range(0, 0.35)];
  const way = direction(position, aim);
  return { position, yaw: way.yaw + rng.normal() * 9 * RAD, pitch: way.pitch * rng.range(0.4, 1.1) + rng.normal() * 3 * RAD, roll: rng.normal() * 1.5 * RAD, target };
}

/** Something of a kind in the middle of the view, `away` times its size off. */
function nearThing(b: SceneBuilder, rng: Rng, kind: Focus['kind'], away: readonly [number, number], heights: readonly [number, number]): Base | undefined {
  const things = b.focuses.filter((f) => f.kind === kind);
  if (things.length === 0) return undefined;
  const target = rng.pick(things);
  const distance = Math.max(0.7, target.size * rng.range(...away));
  const around = rng.range(-Math.PI, Math.PI);
  const position: Vec3 = [target.position[0] + cos(around) * distance, target.position[1] + sin(around) * distance, rng.range(...heights)];
  const way = direction(position, target.position);
  return { position, yaw: way.yaw + rng.normal() * 9 * RAD, pitch: Math.max(-40 * RAD, Math.min(22 * RAD, way.pitch)) + rng.normal() * 3 * RAD, roll: rng.normal() * 2 * RAD, target };
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
