import type { Keypoint } from '@sextant/core';

/**
 * A body round a skeleton's joints: one capsule (a thick line) for each limb, as the stream of a skeleton draws it. The same as
 * training/sextant_nano/limbs.py, which drew the pictures that the network learned from. Lengths are parts of stature (Drillis and Contini 1966);
 * widths were fitted there to bodies of the world.
 */

/** Joint, joint, its length as a part of stature: those that tell the scale. */
const LENGTHS: readonly (readonly [number, number, number])[] = [
  [5, 7, 0.186], [6, 8, 0.186], [7, 9, 0.146], [8, 10, 0.146], [5, 11, 0.288], [6, 12, 0.288], [11, 13, 0.245], [12, 14, 0.245], [13, 15, 0.246], [14, 16, 0.246],
];
const FACE: readonly number[] = [0, 1, 2, 3, 4];
const SHOULDERS: readonly number[] = [5, 6];
const HIPS: readonly number[] = [11, 12];
/** Ends (groups of joints whose mean is meant; all must be known, of the face one) and radius as a part of stature, in the order they are drawn. */
const CAPSULES: readonly (readonly [readonly number[], readonly number[], number])[] = [
  [[5], [11], 0.055], [[6], [12], 0.055], [SHOULDERS, HIPS, 0.055], [[5], [6], 0.058], [[11], [12], 0.07],
  [[11], [13], 0.05], [[12], [14], 0.05], [[13], [15], 0.04], [[14], [16], 0.04],
  [[5], [7], 0.03], [[6], [8], 0.03], [[7], [9], 0.028], [[8], [10], 0.028],
  [FACE, SHOULDERS, 0.06], [FACE, FACE, 0.075],
];
/** Pixels: a thin limb is still a line. */
const LEAST_RADIUS = 0.7;

type Joints = readonly Pick<Keypoint, 'x' | 'y' | 'score'>[];

/**
 * Height of a whole body in pixels by the upper quartile of what its known limbs (joints with score > 0) say, since a limb that points at the camera
 * is short and one wrong joint makes two long; 0 where no limb is known.
 */
export function statureOf(joints: Joints): number {
  const told = LENGTHS.filter(([a, b]) => joints[a].score > 0 && joints[b].score > 0)
    .map(([a, b, part]) => Math.hypot(joints[a].x - joints[b].x, joints[a].y - joints[b].y) / part)
    .sort((a, b) => a - b);
  return told.length === 0 ? 0 : told[Math.floor(0.75 * (told.length - 1))];
}

/** Calls `pixel` with the index of every pixel of every limb, those drawn later last, and the mean number (0..16) of the joints that bound the limb. */
export function drawLimbs(joints: Joints, { width, height }: { readonly width: number; readonly height: number }, pixel: (index: number, joint: number) => void): void {
  const stature = statureOf(joints);
  for (const [a, b, part] of CAPSULES) {
    const [p, q] = [endOf(joints, a), endOf(joints, b)];
    if (!p || !q) continue;
    const radius = Math.max(LEAST_RADIUS, part * stature);
    const joint = mean([...a, ...b]);
    const [dx, dy] = [q.x - p.x, q.y - p.y];
    const length2 = Math.max(dx * dx + dy * dy, 1e-9);
    const [left, right] = [Math.max(0, Math.ceil(Math.min(p.x, q.x) - radius)), Math.min(width - 1, Math.floor(Math.max(p.x, q.x) + radius))];
    const [top, bottom] = [Math.max(0, Math.ceil(Math.min(p.y, q.y) - radius)), Math.min(height - 1, Math.floor(Math.max(p.y, q.y) + radius))];
    for (let py = top; py <= bottom; py++) {
      for (let px = left; px <= right; px++) {
        const [x, y] = [px - p.x, py - p.y];
        const along = Math.max(0, Math.min(1, (x * dx + y * dy) / length2));
        if ((x - along * dx) ** 2 + (y - along * dy) ** 2 <= radius * radius) pixel(py * width + px, joint);
      }
    }
  }
}

function endOf(joints: Joints, group: readonly number[]): { readonly x: number; readonly y: number } | undefined {
  const known = group.map((j) => joints[j]).filter(({ score }) => score > 0);
  if (known.length === 0 || (group !== FACE && known.length < group.length)) return undefined;
  return { x: mean(known.map(({ x }) => x)), y: mean(known.map(({ y }) => y)) };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
