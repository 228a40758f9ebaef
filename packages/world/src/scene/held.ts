import { atan2 } from '../math/deterministic.js';
import type { Drawable, Geometry, Mat4, Material, Vec3 } from '../render/types.js';
import { classId } from '../classes.js';
import type { SceneBuilder } from './builder.js';
import type { Grip } from './library.js';
import { standing } from './pose.js';
import { recoloured } from './recolour.js';
import { boxPanels, panels } from './shapes.js';

/** A thing in somebody's hands; it stays upright and turns with the body. */
export interface Held {
  readonly geometry: Geometry;
  readonly materials?: readonly Material[];
  readonly classId: number;
  readonly instanceId: number;
  readonly grip: Grip;
  /** Extent of the thing along x, y, z, metres. */
  readonly size: Vec3;
  /** Turn about the vertical relative to the body, radians. */
  readonly turn: number;
}

/** COCO's places of elbows and wrists. */
const ELBOW = { left: 7, right: 8 }, WRIST = { left: 9, right: 10 };
/** From the wrist to the middle of the grip, metres. */
const PALM = 0.08;

const CHOICES: Readonly<Record<Exclude<Grip['load'], 'phone'>, readonly string[]>> = {
  load: ['box', 'box', 'box', 'bag', 'bowl', 'ball', 'toy', 'potted plant', 'laptop', 'object', 'book'],
  hanging: ['bag', 'bag', 'bag', 'bottle', 'tool'],
  shoulder: ['box', 'bag', 'box'],
  arm: ['ball', 'box', 'book', 'toy', 'bag'],
  cup: ['cup', 'cup', 'bottle', 'food'],
};

/** Draws something that fits a grip; undefined where the library has nothing of a fitting size. */
export function drawHeld(b: SceneBuilder, grip: Grip): Held | undefined {
  const { rng } = b;
  if (grip.load === 'phone') {
    const size: Vec3 = [0.01, rng.range(0.066, 0.08), rng.range(0.13, 0.165)];
    const screen = rng.range(0.02, 0.9);
    const body = rng.pick([[0.05, 0.05, 0.06], [0.85, 0.85, 0.86], [0.1, 0.15, 0.35], [0.7, 0.2, 0.25]] as const);
    const sides = boxPanels([-size[0] / 2, -size[1] / 2, 0], [size[0] / 2, size[1] / 2, size[2]], 0, true);
    // The screen looks back at its owner.
    sides.push({ corner: [-size[0] / 2 - 0.001, size[1] * 0.46, size[2] * 0.04], u: [0, -size[1] * 0.92, 0], v: [0, 0, size[2] * 0.92], material: 1 });
    const geometry = panels(sides, [{ color: body, roughness: 0.4 }, { color: [screen, screen, Math.min(1, screen * 1.1)], emissive: 0.3 }], 0);
    return { geometry, classId: classId('object'), instanceId: b.nextInstance(), grip, size, turn: 0 };
  }
  const limits = {
    load: { minLength: 0.12, maxLength: 0.55, maxHeight: 0.5 }, hanging: { maxHeight: 0.55, maxLength: 0.55 }, shoulder: { minLength: 0.2, maxLength: 0.6, maxHeight: 0.4 },
    arm: { minLength: 0.1, maxLength: 0.35, maxHeight: 0.35 }, cup: { maxHeight: 0.28, maxLength: 0.14 },
  }[grip.load];
  const className = rng.pick(CHOICES[grip.load]);
  const model = b.pick(className, limits);
  if (!model) return undefined;
  const materials = model.materials ?? recoloured(rng, model, className);
  return {
    geometry: model.geometry, ...(materials ? { materials } : {}), classId: model.classId, instanceId: b.nextInstance(), grip, size: model.size,
    turn: grip.load === 'hanging' ? 0 : rng.range(-0.3, 0.3),
  };
}

/** The held thing at one instant; `joints` are the holder's 17 points in world metres now and one frame earlier, `placement` the body's. */
export function heldDrawable(held: Held, joints: readonly Vec3[], placement: Mat4, jointsBefore: readonly Vec3[], placementBefore: Mat4): Drawable {
  return {
    geometry: held.geometry, ...(held.materials ? { materials: held.materials } : {}), classId: held.classId, instanceId: held.instanceId,
    transform: place(held, joints, placement), previousTransform: place(held, jointsBefore, placementBefore),
  };
}

function place({ grip, size, turn }: Held, joints: readonly Vec3[], placement: Mat4): Mat4 {
  const forward: Vec3 = [placement[0], placement[4], 0];
  const yaw = atan2(forward[1], forward[0]) + turn;
  const hands = grip.hands === 'both' ? [palm(joints, 'left'), palm(joints, 'right')] : [palm(joints, grip.hands)];
  const [x, y, z] = [0, 1, 2].map((k) => hands.reduce((sum, hand) => sum + hand[k], 0) / hands.length);
  // The thing's base relative to the hand, and how far before the hand its middle is.
  const [out, base] = {
    load: [size[0] * 0.25, -0.35 * size[2]], hanging: [0, -size[2] + 0.02], shoulder: [-0.08, 0], arm: [-0.12, -0.5 * size[2]],
    cup: [0.02, -0.45 * size[2]], phone: [0.03, -0.3 * size[2]],
  }[grip.load];
  return standing(x + forward[0] * out, y + forward[1] * out, z + base, yaw);
}

/** The middle of a closed hand: beyond the wrist in the forearm's direction. */
function palm(joints: readonly Vec3[], hand: 'left' | 'right'): Vec3 {
  const elbow = joints[ELBOW[hand]], wrist = joints[WRIST[hand]];
  const d = [wrist[0] - elbow[0], wrist[1] - elbow[1], wrist[2] - elbow[2]];
  const k = PALM / (Math.hypot(d[0], d[1], d[2]) || 1);
  return [wrist[0] + d[0] * k, wrist[1] + d[1] * k, wrist[2] + d[2] * k];
}
