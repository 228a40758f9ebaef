import { BONE } from '../body/bones.js';
import type { RestSkeleton } from '../body/bones.js';
import { PI, cos, sin } from '../../math/deterministic.js';
import { ARM_REST, jointAt } from './build.js';
import type { Build } from './build.js';
import { LoftMesh } from './loft.js';
import type { Chart, Ring, RingWeights } from './loft.js';
import { FACE, LOWER, MATERIALS, SHOES, SKIN, UPPER } from './wardrobe.js';
import type { Garments } from './wardrobe.js';
import type { Vec3 } from '../../render/types.js';

type Side = 'L' | 'R';

/** Two charts, front (angle 0 in its middle) and back. */
const halves = (front: number, back: number): readonly Chart[] => [
  { part: front, from: -PI / 2, span: PI }, { part: back, from: PI / 2, span: PI },
];
const whole = (part: number): readonly Chart[] => [{ part, from: -PI, span: 2 * PI }];

// DensePose numbers; lofts upwards count angles to the left, lofts downwards to the right of the body.
const TORSO = halves(2, 1);
const HEAD: readonly Chart[] = [{ part: 23, from: -PI, span: PI }, { part: 24, from: 0, span: PI }];
const HAND = { L: whole(4), R: whole(3) };
const FOOT = { L: whole(5), R: whole(6) };
const THIGH = { L: halves(10, 8), R: halves(9, 7) };
const SHIN = { L: halves(14, 12), R: halves(13, 11) };
const UPPER_ARM = { L: halves(17, 15), R: halves(18, 16) };
const FORE_ARM = { L: halves(21, 19), R: halves(22, 20) };
const SKIRT: readonly Chart[] = [
  { part: 8, from: -PI, span: PI / 2 }, { part: 10, from: -PI / 2, span: PI / 2 },
  { part: 9, from: 0, span: PI / 2 }, { part: 7, from: PI / 2, span: PI / 2 },
];

const only = (bone: number): RingWeights => () => [[bone, 1]];
const mix = (a: number, b: number, share: number): RingWeights => () => [[a, 1 - share], [b, share]];

/** The skinned surface of a procedural person: some 2400 triangles of lofted rings, blended at the joints. */
export function buildFigure(build: Build, skeleton: RestSkeleton, garments: Garments): LoftMesh {
  const mesh = new LoftMesh(MATERIALS);
  mesh.add({ axis: [0, 0, 1], front: [1, 0, 0], segments: 20, rings: [...trunk(build, garments), ...head(build, skeleton, garments)] });
  for (const side of ['L', 'R'] as const) {
    mesh.add({ axis: [0, 0, -1], front: [1, 0, 0], segments: 12, rings: leg(build, skeleton, garments, side) });
    mesh.add({ axis: [1, 0, 0], front: [0, 0, 1], segments: 12, rings: foot(build, skeleton, garments, side) });
    const axis: Vec3 = [ARM_REST[0], side === 'L' ? ARM_REST[1] : -ARM_REST[1], ARM_REST[2]];
    mesh.add({ axis, front: [1, 0, 0], segments: 12, rings: arm(build, skeleton, garments, side, axis) });
    mesh.add({ axis, front: [1, 0, 0], segments: 8, rings: thumb(build, skeleton, side, axis) });
  }
  if (garments.skirt > 0) mesh.add({ axis: [0, 0, -1], front: [1, 0, 0], segments: 20, rings: skirt(build, garments) });
  return mesh;
}

/** Texture row of the neck: the picture's last, clear of the wrap to the hair in its first. */
const NECK_ROW = 0.985;

/** Rows: height, forward shift, half depth, half width (fractions of the height), lower bone, upper bone, share of the upper. */
const TRUNK: readonly (readonly [number, number, number, number, number, number, number])[] = [
  [0.468, 0, 0.003, 0.004, BONE.pelvis, BONE.pelvis, 0],
  [0.476, -0.002, 0.035, 0.05, BONE.pelvis, BONE.pelvis, 0],
  [0.495, -0.005, 0.06, 0.088, BONE.pelvis, BONE.pelvis, 0],
  [0.52, -0.006, 0.068, 0.1, BONE.pelvis, BONE.pelvis, 0],
  [0.55, -0.004, 0.065, 0.098, BONE.pelvis, BONE.spine, 0.2],
  [0.585, 0, 0.057, 0.086, BONE.pelvis, BONE.spine, 0.6],
  [0.62, 0.001, 0.053, 0.078, BONE.spine, BONE.chest, 0.4],
  [0.66, 0.001, 0.056, 0.084, BONE.spine, BONE.chest, 0.8],
  [0.7, 0.001, 0.062, 0.093, BONE.chest, BONE.thorax, 0.5],
  [0.742, 0.001, 0.066, 0.1, BONE.chest, BONE.thorax, 0.9],
  [0.778, -0.002, 0.059, 0.103, BONE.thorax, BONE.thorax, 0],
  [0.803, -0.005, 0.05, 0.1, BONE.thorax, BONE.thorax, 0],
  [0.82, -0.007, 0.044, 0.096, BONE.thorax, BONE.thorax, 0],
  [0.832, -0.007, 0.037, 0.066, BONE.thorax, BONE.neck, 0.2],
  [0.84, -0.007, 0.033, 0.036, BONE.thorax, BONE.neck, 0.4],
];

function trunk({ height: h, girth, sex, child }: Build, garments: Garments): Ring[] {
  const bust = sex === 'female' && !child ? 0.014 * h : 0;
  const narrow = sex === 'male' ? 0.93 : 1;
  const waist = sex === 'female' ? 0.93 : 1;
  return TRUNK.map(([z, x, depth, width, lower, upper, share]): Ring => {
    const isHip = z < 0.57;
    const factor = girth * (isHip ? narrow : z < 0.67 ? waist : sex === 'male' ? 1.04 : 0.95);
    const last = z === 0.84;
    return {
      at: [x * h, 0, z * h], front: depth * h * factor, side: width * h * Math.min(factor, 1.15), weights: mix(lower, upper, share),
      charts: last ? HEAD : TORSO, material: last ? FACE : z * h < garments.belt * h ? LOWER : UPPER,
      ...(last ? { row: NECK_ROW } : {}),
      ...(z > 0.7 && z < 0.77 && bust > 0 ? { bulge: (t: number) => bust * Math.max(0, cos(t) - 0.35) } : {}),
    };
  });
}

/** Rows: height over the chin, half depth, half width, forward shift, in head heights. */
const SKULL: readonly (readonly [number, number, number, number])[] = [
  [0.03, 0.31, 0.25, 0.1], [0.12, 0.41, 0.32, 0.1], [0.25, 0.46, 0.365, 0.08], [0.36, 0.475, 0.385, 0.07], [0.44, 0.48, 0.395, 0.06],
  [0.55, 0.49, 0.4, 0.05], [0.68, 0.49, 0.4, 0.03], [0.82, 0.44, 0.365, 0.02], [0.93, 0.31, 0.26, 0.02], [0.985, 0.14, 0.12, 0.02],
  [1, 0.01, 0.01, 0.02],
];

function head(build: Build, skeleton: RestSkeleton, garments: Garments): Ring[] {
  const { height: h, head: size } = build;
  const chin = h - size;
  const neck = 0.5 * 0.062 * h * Math.min(build.girth, 1.15) * (build.sex === 'male' ? 1.06 : 0.94);
  const [x] = jointAt(skeleton, 'head');
  const low: Ring = { at: [-0.004 * h, 0, 0.846 * h], front: neck, side: neck, weights: mix(BONE.neck, BONE.neckUpper, 0.2), charts: HEAD, material: FACE, row: NECK_ROW };
  const high: Ring = { ...low, at: [x, 0, chin - 0.004 * h], weights: mix(BONE.neckUpper, BONE.head, 0.5), front: neck * 1.04 };
  return [low, high, ...SKULL.map(([z, depth, width, shift]): Ring => {
    const nose = z === 0.36 ? 0.085 : z === 0.44 ? 0.03 : 0;
    const hair = garments.hair * size;
    return {
      at: [x + shift * size, 0, chin + z * size], front: depth * size, side: width * size,
      weights: z < 0.1 ? mix(BONE.neckUpper, BONE.head, 0.7) : only(BONE.head),
      charts: HEAD, material: FACE, row: Math.min(1 - z, NECK_ROW),
      bulge: (t) => nose * size * Math.max(0, 1 - 3.4 * (1 - cos(t)) * 4) + (z > 0.75 || (z > 0.2 && cos(t) < 0.1) ? hair : 0),
    };
  })];
}

/** Rows: height, half depth, half width, forward shift (fractions of the height), share of the shin (then of the foot). */
const LEG: readonly (readonly [number, number, number, number, number])[] = [
  [0.53, 0.004, 0.004, 0, 0], [0.525, 0.05, 0.042, -0.003, 0], [0.49, 0.056, 0.049, -0.003, 0], [0.44, 0.051, 0.046, -0.001, 0], [0.39, 0.045, 0.041, 0.001, 0],
  [0.34, 0.038, 0.035, 0.002, 0], [0.305, 0.034, 0.032, 0.002, 0.25], [0.285, 0.033, 0.031, 0.002, 0.5], [0.262, 0.031, 0.03, 0, 0.8],
  [0.225, 0.033, 0.031, -0.006, 1], [0.18, 0.031, 0.028, -0.006, 1], [0.13, 0.025, 0.023, -0.004, 1], [0.085, 0.02, 0.019, -0.002, 1],
  [0.05, 0.019, 0.018, 0, 1.3], [0.03, 0.019, 0.018, 0, 2],
];

function leg({ height: h, girth, sex }: Build, skeleton: RestSkeleton, garments: Garments, side: Side): Ring[] {
  const [thigh, shin, footBone] = [BONE[`thigh${side}`], BONE[`shin${side}`], BONE[`foot${side}`]];
  const [, y] = jointAt(skeleton, `thigh${side}`);
  const loose = 1 + garments.loose;
  return LEG.map(([z, depth, width, shift, share]): Ring => {
    const covered = z > garments.legs;
    const factor = girth * (sex === 'male' ? 0.98 : 1.02) * (covered && z < 0.4 ? loose : 1);
    const weights = z > 0.5 ? mix(BONE.pelvis, thigh, z > 0.52 ? 0.5 : 0.8)
      : share <= 1 ? mix(thigh, shin, share) : mix(shin, footBone, share - 1);
    return {
      at: [shift * h, y, z * h], front: depth * h * factor, side: width * h * factor, weights,
      charts: z > 0.286 ? THIGH[side] : SHIN[side], material: covered ? LOWER : SKIN,
    };
  });
}

/** Rows: forward of the ankle, height of the centre, half height, half width (fractions of the height). */
const SOLE: readonly (readonly [number, number, number, number])[] = [
  [-0.03, 0.016, 0.002, 0.002], [-0.027, 0.017, 0.015, 0.013], [-0.012, 0.024, 0.023, 0.019], [0.012, 0.026, 0.026, 0.021],
  [0.04, 0.02, 0.02, 0.024], [0.07, 0.0145, 0.0145, 0.027], [0.096, 0.0115, 0.0115, 0.023], [0.11, 0.009, 0.007, 0.014], [0.113, 0.009, 0.001, 0.002],
];

function foot({ height: h }: Build, skeleton: RestSkeleton, garments: Garments, side: Side): Ring[] {
  const [x, y] = jointAt(skeleton, `foot${side}`);
  return SOLE.map(([forward, z, up, width]): Ring => ({
    at: [x + forward * h, y, z * h], front: up * h, side: width * h, weights: only(BONE[`foot${side}`]), charts: FOOT[side],
    material: garments.barefoot ? SKIN : SHOES,
  }));
}

/** Rows: distance from the shoulder, half depth, half width (fractions of the height), bones: clavicle 0 .. upper arm 1 .. forearm 2 .. hand 3. */
const ARM: readonly (readonly [number, number, number, number])[] = [
  [-0.034, 0.002, 0.002, 0.2], [-0.03, 0.017, 0.016, 0.25], [-0.02, 0.026, 0.023, 0.4], [0, 0.0325, 0.0285, 0.7], [0.035, 0.0325, 0.029, 0.97], [0.09, 0.029, 0.027, 1],
  [0.15, 0.026, 0.024, 1.1], [0.186, 0.024, 0.022, 1.5], [0.215, 0.0245, 0.023, 1.9], [0.26, 0.021, 0.019, 2], [0.305, 0.0165, 0.0145, 2.1],
  [0.332, 0.0145, 0.0115, 2.5], [0.345, 0.0175, 0.011, 2.9], [0.365, 0.022, 0.0115, 3], [0.388, 0.021, 0.0105, 3], [0.412, 0.0165, 0.008, 3],
  [0.432, 0.011, 0.006, 3], [0.437, 0.001, 0.001, 3],
];

function arm({ height: h, girth, sex }: Build, skeleton: RestSkeleton, garments: Garments, side: Side, axis: Vec3): Ring[] {
  const shoulder = jointAt(skeleton, `upperArm${side}`);
  const chain = [BONE[`clavicle${side}`], BONE[`upperArm${side}`], BONE[`foreArm${side}`], BONE[`hand${side}`]];
  return ARM.map(([s, depth, width, place]): Ring => {
    const at = Math.min(Math.floor(place), 2);
    const factor = (s < 0.33 ? girth : 1) * (sex === 'male' ? 1.06 : 0.92) * (s < garments.sleeve ? 1 + garments.loose : 1);
    return {
      at: [shoulder[0] + axis[0] * s * h, shoulder[1] + axis[1] * s * h, shoulder[2] + axis[2] * s * h],
      front: depth * h * factor, side: width * h * factor, weights: mix(chain[at], chain[at + 1], place - at),
      charts: s < 0.185 ? UPPER_ARM[side] : s < 0.33 ? FORE_ARM[side] : HAND[side], material: s < garments.sleeve ? UPPER : SKIN,
    };
  });
}

function thumb({ height: h }: Build, skeleton: RestSkeleton, side: Side, axis: Vec3): Ring[] {
  const wrist = jointAt(skeleton, `hand${side}`);
  return [[0.01, 0.012, 0.0005], [0.014, 0.017, 0.007], [0.03, 0.026, 0.0068], [0.044, 0.03, 0.0055], [0.052, 0.031, 0.0005]].map(([s, x, r]): Ring => ({
    at: [wrist[0] + axis[0] * s * h + x * h, wrist[1] + axis[1] * s * h, wrist[2] + axis[2] * s * h],
    front: r * h, side: r * h, weights: only(BONE[`hand${side}`]), charts: HAND[side], material: SKIN,
  }));
}

/** A skirt from the waist down: each half follows its thigh, the middle both. */
function skirt({ height: h, girth }: Build, garments: Garments): Ring[] {
  const steps = 6;
  return Array.from({ length: steps + 1 }, (_, i): Ring => {
    const s = i / steps;
    const z = 0.6 + (garments.skirt - 0.6) * s;
    const thigh = Math.min(1, 1.6 * s);
    const half = girth * h * (0.088 + 0.035 * Math.min(1, 2.5 * s) + 0.02 * s);
    return {
      at: [-0.002 * h, 0, z * h], front: half * (0.7 + 0.12 * s), side: half,
      weights: (t) => {
        const right = 0.5 + 0.5 * sin(t); // angles of a loft downwards grow to the right
        return [[BONE.pelvis, 1 - thigh], [BONE.thighR, thigh * right], [BONE.thighL, thigh * (1 - right)]];
      },
      charts: SKIRT, material: LOWER,
    };
  });
}
