import { atan2, cos, sin, tan } from '../math/deterministic.js';
import type { Rng } from '../math/rng.js';
import type { Vec3 } from '../render/types.js';
import type { SceneBuilder } from './builder.js';
import type { Base } from './camera-pose.js';
import { RAD, basePose } from './camera-pose.js';
import { disc } from './footprint.js';
import type { CarriedRig, Place, Rig } from './place.js';
import type { Bounds, CameraPath, CameraPose, Focus } from './scene.js';
import { selfiePath } from './selfie.js';

const WORDS: Readonly<Record<Rig, string>> = {
  robot: 'from a low robot', hand: 'from a hand-held camera', head: "from a walker's head", car: 'from a car', ceiling: 'from a surveillance camera',
  tabletop: 'close to a tabletop', portrait: 'with a person close to the camera', webcam: 'by a webcam', animal: 'with an animal before the camera',
  roadside: 'from the roadside', selfie: 'with a face at arm\'s length',
};

/** Rigs whose words name what is before them. */
const SUBJECTS: Readonly<Partial<Record<Rig, NonNullable<CameraPath['subject']>>>> = { portrait: 'person', animal: 'animal' };

/** Draws one camera; undefined if it would stand in something. `wanted` forces a rig (a portrait, a tabletop). */
export function drawCamera(b: SceneBuilder, place: Place, rng: Rng, wanted?: Rig): CameraPath | undefined {
  const rig = wanted ?? rng.pick(place.rigs);
  if (rig === 'selfie') return selfiePath(b, rng, shaking(rng.fork('hand'), 'hand'), WORDS.selfie);
  const base = basePose(b, place, rng, rig);
  if (!base) return undefined;
  const subject = SUBJECTS[rig];
  const path: CameraPath = { ...withMotion(rng, rig, base, place), ...(subject && { subject }) };
  // A webcam stands on its screen, where nothing else is.
  if (rig === 'webcam') return path;
  const room = rig === 'portrait' || rig === 'animal' ? 0.1 : 0.22;
  for (let i = 0; i <= 10; i++) {
    const { position } = path.at(i * 0.9);
    if (!inside(place.bounds, position, rig) || !b.isFree(disc(position[0], position[1], room, position[2] - 0.2, position[2] + 0.2), 0)) return undefined;
  }
  return path;
}

function inside(bounds: Bounds, [x, y, z]: Vec3, rig: Rig): boolean {
  const wide = rig === 'car' ? 60 : 0;
  return x > bounds.minX - wide && x < bounds.maxX + wide && y > bounds.minY - wide && y < bounds.maxY + wide && z > bounds.minZ && z < bounds.maxZ;
}

/** Adds a smooth, periodic motion of the rig to a base pose. */
function withMotion(rng: Rng, rig: CarriedRig, base: Base, place: Place): CameraPath {
  const words = WORDS[rig];
  if (rig === 'car' && place.lane) return driving(rng, base, place.lane, words);
  const fixed = rng.chance(STILL[rig] ?? 0.15);
  if (fixed) return { words, at: () => base };
  // Some cameras are swung about, as when somebody or a robot turns round: up to a quarter of the picture's width in a tenth of a second.
  const swung = rng.chance(SWUNG[rig] ?? 0);
  const kind = swung ? rng.pick(['pan', 'pan', 'pan', 'tilt'] as const) : rng.pick(MOTIONS[rig]);
  // Half of the cameras are calm, the others move as briskly as people and robots do.
  const period = swung ? rng.range(1.1, 2.2) : rng.chance(0.5) ? rng.range(4, 10) : rng.range(1.6, 4.5), phase = rng.range(0, 2 * Math.PI);
  const wave = (t: number): number => sin((2 * Math.PI * t) / period + phase);
  const close = CLOSE.has(rig);
  const slow = rig === 'webcam' ? 0.06 : rig === 'tabletop' ? 0.25 : close ? 0.6 : 1;
  const travel = rng.range(0.2, 1.1) * slow * (place.kind === 'outdoor' ? 1.8 : 1);
  const turn = (swung ? rng.range(20, 50) * (close ? 0.5 : 1) : rng.range(6, 32) * (rig === 'webcam' ? 0.1 : close ? 0.35 : 1)) * RAD;
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
        yaw += s * turn * (swung ? 0.6 : 0.2);
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
const MOTIONS: Readonly<Record<CarriedRig, readonly Motion[]>> = {
  robot: ['forward', 'forward', 'pan', 'orbit'], hand: ['forward', 'pan', 'orbit', 'sideways', 'tilt', 'rise'], head: ['forward', 'forward', 'pan', 'tilt'],
  car: ['forward'], ceiling: ['pan', 'pan', 'tilt'], tabletop: ['orbit', 'forward', 'sideways', 'tilt', 'rise'], portrait: ['orbit', 'forward', 'sideways', 'pan', 'rise'],
  webcam: ['sideways', 'pan', 'tilt'], animal: ['orbit', 'forward', 'pan', 'sideways'], roadside: ['forward', 'forward', 'orbit', 'pan', 'sideways'],
};
/** Share of cameras that do not move at all. */
const STILL: Readonly<Partial<Record<Rig, number>>> = { ceiling: 0.5, hand: 0.08, head: 0.05, webcam: 0.75 };
/** Share of cameras that are swung about. */
const SWUNG: Readonly<Partial<Record<Rig, number>>> = { robot: 0.22, hand: 0.25, head: 0.28, portrait: 0.16, tabletop: 0.12, animal: 0.16, roadside: 0.16 };
/** Rigs near their subject: large turns would lose it. */
const CLOSE: ReadonlySet<Rig> = new Set(['portrait', 'tabletop', 'webcam', 'animal']);

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
  const strength = rig === 'robot' ? rng.range(0, 0.35) : rig === 'car' || rig === 'ceiling' || rig === 'webcam' ? 0.03 : rng.range(0, 1);
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
