import { cos, sin } from '../math/deterministic.js';
import { rigidInverse, transformPoint } from '../math/mat4.js';
import type { Rng } from '../math/rng.js';
import type { Vec3 } from '../render/types.js';
import type { SceneBuilder } from './builder.js';
import { RAD } from './camera-pose.js';
import { direction } from './pose.js';
import type { CameraPath, ScenePerson } from './scene.js';

/** When the arm is stretched out, seconds: the moment of trial renderings. */
const HELD_AT = 0.4;
/** COCO's eyes and ears. */
const HEAD = [1, 2, 3, 4] as const;
/** Metres from the middle of the head: a face that fills the picture, and head and shoulders. */
const NEAR = [0.27, 0.45] as const;
const ARMS_LENGTH = [0.4, 0.95] as const;

/**
 * A phone in somebody's outstretched hand, or a screen right before somebody: the face large in view, mostly from the front, often cut by the picture's edge. It goes where the person
 * goes, as what one holds does. Undefined where nobody is, or somebody was drawn whose face nobody knows.
 */
export function selfiePath(b: SceneBuilder, rng: Rng, shake: (t: number) => number[], words: string): CameraPath | undefined {
  if (b.people.length === 0) return undefined;
  const person = rng.pick(b.people);
  const head = headOf(person);
  if (head === undefined) return undefined;
  const [nearest, farthest] = rng.chance(0.4) ? NEAR : ARMS_LENGTH;
  const distance = rng.range(nearest, farthest);
  const around = rng.normal() * (rng.chance(0.8) ? 20 : 50) * RAD, raised = (rng.normal() * 13 + 4) * RAD;
  const eye: Vec3 = [head[0] + distance * cos(raised) * cos(around), head[1] + distance * cos(raised) * sin(around), head[2] + distance * sin(raised)];
  // The face is seldom in the middle, and lower in the picture than it could be as often as higher.
  const off = rng.range(0, 0.35) * distance, turned = rng.range(-Math.PI, Math.PI);
  const aim: Vec3 = [head[0], head[1] + off * cos(turned), head[2] + off * sin(turned) - 0.1 * distance];
  const roll = rng.normal() * 6 * RAD;
  return {
    words, subject: 'person',
    at(t) {
      const body = person.path.at(t);
      const position = transformPoint(body, eye);
      const { yaw, pitch } = direction(position, transformPoint(body, aim));
      const [sx, sy, sz, syaw, spitch, sroll] = shake(t);
      return { position: [position[0] + sx, position[1] + sy, position[2] + sz], yaw: yaw + syaw, pitch: pitch + spitch, roll: roll + sroll };
    },
  };
}

/** The middle of somebody's head in the body's own coordinates; undefined where no joints are known. */
function headOf(person: ScenePerson): Vec3 | undefined {
  const body = person.path.at(HELD_AT);
  const { keypoints } = person.actor.pose(HELD_AT, body, HELD_AT, body);
  if (keypoints.length === 0) return undefined;
  const sum = (axis: number): number => HEAD.reduce<number>((total, joint) => total + keypoints[joint][axis], 0) / HEAD.length;
  return transformPoint(rigidInverse(body), [sum(0), sum(1), sum(2)]);
}
