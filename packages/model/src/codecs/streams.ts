import { LEAST_JOINT_SCORE, SextantError, type DensePoseMap, type DepthMap, type FlowField, type Keypoint, type Person, type SegmentationClass, type Skeletons } from '@sextant/core';
import { drawLimbs, statureOf } from './limbs.js';
import type { LabelMap } from './segmentation.js';

/**
 * The unified model's view of every modality: a 3-channel picture in [-1, 1], planar float32 [3, h, w], for training and
 * generation. Each codec here is a pair; what a round trip keeps is said beside it.
 */
export interface StreamPicture {
  readonly width: number;
  readonly height: number;
  /** Planar, 3 * width * height values in [-1, 1]. */
  readonly data: Float32Array;
}

/** Canonical depth within these metres spreads over [-1, 1] by its logarithm; nearer and farther is clipped. */
const NEAREST = 0.1;
const FARTHEST = 200;
const DEPTH_SPAN = Math.log(FARTHEST / NEAREST);
/** Motion of this part of the width (or height) per frame is full deflection. */
const FLOW_SPAN = 0.25;
/** Parts of DensePose. */
export const PARTS = 24;
/** Joints of COCO. */
export const JOINTS = 17;
/** People a skeleton stream can number; of more the largest are drawn. */
export const MOST_PEOPLE = 15;
/** Radius of a drawn joint, pixels: an odd blob whose centre is found again exactly. */
const JOINT_RADIUS = 1;
/** Channel 2 of a skeleton is 1 on joints and 0 on limbs. */
const JOINT = 0.5;

type Pixel = readonly [number, number, number];

function paint(width: number, height: number, pixel: (i: number) => Pixel): StreamPicture {
  const n = width * height;
  const data = new Float32Array(3 * n);
  for (let i = 0; i < n; i++) {
    const [a, b, c] = pixel(i);
    data[i] = clip(a);
    data[n + i] = clip(b);
    data[2 * n + i] = clip(c);
  }
  return { width, height, data };
}

function clip(x: number): number {
  return Math.max(-1, Math.min(1, x));
}

/** To the nearest whole number, halves to the even one: as NumPy, which drew the pictures that the network learned from. */
function roundEven(x: number): number {
  const low = Math.floor(x);
  return x - low === 0.5 ? low + (low % 2 === 0 ? 0 : 1) : Math.round(x);
}

/** Index 0..max to [-1, 1] and back to the nearest. */
const level = (index: number, max: number): number => (2 * index) / max - 1;
const nearestLevel = (value: number, max: number): number => Math.round(((clip(value) + 1) / 2) * max);

/**
 * Depth: channels 0 and 1 hold the logarithm of z in `metres` (canonical metres if the caller has scaled them), near -1
 * and far 1; channel 2 is 1 where there is none. Keeps z from 0.1 to 200 m and the holes.
 */
export function encodeDepthStream({ width, height, metres }: Pick<DepthMap, 'width' | 'height' | 'metres'>): StreamPicture {
  return paint(width, height, (i) => {
    const z = metres[i];
    if (!(z > 0)) return [1, 1, 1];
    const value = (2 * Math.log(z / NEAREST)) / DEPTH_SPAN - 1;
    return [value, value, -1];
  });
}

/** The depth of a stream (mean of its two copies). Returns a fresh array. */
export function decodeDepthStream({ width, height, data }: StreamPicture): Pick<DepthMap, 'width' | 'height' | 'metres'> {
  const n = width * height;
  const metres = Float32Array.from({ length: n }, (_, i) =>
    (data[2 * n + i]) > 0 ? NaN : NEAREST * Math.exp((((data[i]) + (data[n + i]) + 2) / 4) * DEPTH_SPAN),
  );
  return { width, height, metres };
}

/** Depth in a stream's data [3,h,w] for another focal length, `factor` times what it was: canonical depth falls as that grows. In place; holes stay. */
export function shiftDepthStream(data: Float32Array, factor: number): void {
  const n = data.length / 3;
  const shift = (2 * Math.log(factor)) / DEPTH_SPAN;
  for (let i = 0; i < n; i++) {
    if (data[2 * n + i] > 0) continue;
    data[i] = clip(data[i] - shift);
    data[n + i] = clip(data[n + i] - shift);
  }
}

/**
 * Flow: u and v as parts of a quarter of width and height in channels 0 and 1, channel 2 is 1 where it is known and -1
 * where it is not. Keeps motion up to that quarter and the holes.
 */
export function encodeFlowStream({ width, height, pixels }: Pick<FlowField, 'width' | 'height' | 'pixels'>): StreamPicture {
  return paint(width, height, (i) => {
    const [u, v] = [pixels[2 * i], pixels[2 * i + 1]];
    return Number.isNaN(u) || Number.isNaN(v) ? [0, 0, -1] : [u / (FLOW_SPAN * width), v / (FLOW_SPAN * height), 1];
  });
}

/** The motion of a stream, pixels of its own size. Returns a fresh array. */
export function decodeFlowStream({ width, height, data }: StreamPicture): Pick<FlowField, 'width' | 'height' | 'pixels'> {
  const n = width * height;
  const pixels = new Float32Array(2 * n).fill(NaN);
  for (let i = 0; i < n; i++) {
    if ((data[2 * n + i]) <= 0) continue;
    pixels[2 * i] = (data[i]) * FLOW_SPAN * width;
    pixels[2 * i + 1] = (data[n + i]) * FLOW_SPAN * height;
  }
  return { width, height, pixels };
}

/** Segmentation: each class in its display colour. Keeps labels (colours must differ), not instances. */
export function encodeSegmentationStream({ width, height, labels }: Pick<LabelMap, 'width' | 'height' | 'labels'>, classes: readonly SegmentationClass[]): StreamPicture {
  const colors = new Map(classes.map((c) => [c.id, c.color.map((v) => v / 127.5 - 1) as unknown as Pixel]));
  return paint(width, height, (i) => {
    const color = colors.get(labels[i]);
    if (color) return color;
    throw new SextantError('bad-argument', `label ${labels[i]} has no class`, { hint: `Known ids: ${[...colors.keys()].join(', ')}.`, details: { label: labels[i] } });
  });
}

/** The class of the nearest colour at each pixel. Returns a fresh array. */
export function decodeSegmentationStream({ width, height, data }: StreamPicture, classes: readonly SegmentationClass[]): Pick<LabelMap, 'width' | 'height' | 'labels'> {
  const n = width * height;
  const labels = Uint8Array.from({ length: n }, (_, i) => {
    let [best, label] = [Infinity, 0];
    for (const { id, color } of classes) {
      const d = color.reduce((sum, v, c) => sum + (v / 127.5 - 1 - (data[c * n + i])) ** 2, 0);
      if (d < best) [best, label] = [d, id];
    }
    return label;
  });
  return { width, height, labels };
}

/** DensePose: part, u and v as levels of 24 and 255. Keeps all three. */
export function encodeDensePoseStream({ width, height, part, u, v }: DensePoseMap): StreamPicture {
  return paint(width, height, (i) => [level(part[i], PARTS), level(u[i], 255), level(v[i], 255)]);
}

/** Part, u and v at the nearest level. Returns fresh arrays. */
export function decodeDensePoseStream({ width, height, data }: StreamPicture): DensePoseMap {
  const n = width * height;
  const plane = (c: number, max: number): Uint8Array => Uint8Array.from({ length: n }, (_, i) => nearestLevel(data[c * n + i], max));
  const part = plane(0, PARTS);
  const onBody = (values: Uint8Array): Uint8Array => values.map((value, i) => (part[i] === 0 ? 0 : value));
  return { width, height, part, u: onBody(plane(1, 255)), v: onBody(plane(2, 255)) };
}

/** How a skeleton is drawn: its joints alone, or on bodies of limbs, which say where a body is. */
export type SkeletonDrawing = 'joints' | 'limbs';

/**
 * Skeletons: every joint with a score of at least `threshold` (default LEAST_JOINT_SCORE) as a 3x3 square; channel 0 says which of the 17 joints, channel
 * 1 whose (at most 15 people, of more the largest), channel 2 that there is one. With `limbs` bodies are below, smaller ones behind larger: channel 0 has the mean of
 * what bounds a limb, channel 2 is 0. Joints outside the picture are left out. Keeps joints rounded to pixels unless another covers them.
 */
export function encodeSkeletonStream({ width, height, people }: Skeletons, { threshold = LEAST_JOINT_SCORE, drawing = 'joints' }: { threshold?: number; drawing?: SkeletonDrawing } = {}): StreamPicture {
  const pixels = new Map<number, Pixel>();
  const known = largest(people).map(({ keypoints }, p) => ({
    whose: level(p + 1, MOST_PEOPLE),
    joints: keypoints.map((joint) => (joint.score < threshold ? { ...joint, score: 0 } : joint)),
  }));
  if (drawing === 'limbs') {
    for (const { whose, joints } of [...known].sort((a, b) => statureOf(a.joints) - statureOf(b.joints))) {
      drawLimbs(joints, { width, height }, (i, joint) => pixels.set(i, [level(joint, JOINTS - 1), whose, 0]));
    }
  }
  for (const { whose, joints } of known) {
    joints.forEach(({ x, y, score }, j) => {
      const [cx, cy] = [roundEven(x), roundEven(y)];
      if (score === 0 || cx < 0 || cx >= width || cy < 0 || cy >= height) return;
      for (let py = Math.max(0, cy - JOINT_RADIUS); py <= Math.min(height - 1, cy + JOINT_RADIUS); py++) {
        for (let px = Math.max(0, cx - JOINT_RADIUS); px <= Math.min(width - 1, cx + JOINT_RADIUS); px++) {
          pixels.set(py * width + px, [level(j, JOINTS - 1), whose, 1]);
        }
      }
    });
  }
  return paint(width, height, (i) => pixels.get(i) ?? [-1, -1, -1]);
}

/** As many people as can be numbered, in their order; of more the largest, who are nearest and hide the others. */
function largest(people: readonly Person[]): readonly Person[] {
  if (people.length <= MOST_PEOPLE) return people;
  const bySize = [...people].sort((a, b) => statureOf(b.keypoints) - statureOf(a.keypoints));
  const kept = new Set(bySize.slice(0, MOST_PEOPLE));
  return people.filter((person) => kept.has(person));
}

/** People with their joints at the mean place of each square (limbs are passed over), score 1 (0 for joints not found); boxes span the joints. */
export function decodeSkeletonStream({ width, height, data }: StreamPicture): Skeletons {
  const n = width * height;
  const sums = new Map<number, Map<number, [number, number, number]>>();
  for (let i = 0; i < n; i++) {
    const person = nearestLevel(data[n + i], MOST_PEOPLE);
    if (data[2 * n + i] <= JOINT || person === 0) continue;
    const joints = sums.get(person) ?? new Map<number, [number, number, number]>();
    sums.set(person, joints);
    const joint = nearestLevel(data[i], JOINTS - 1);
    const [x, y, count] = joints.get(joint) ?? [0, 0, 0];
    joints.set(joint, [x + (i % width), y + Math.floor(i / width), count + 1]);
  }
  const people = [...sums].sort(([a], [b]) => a - b).map(([id, joints]): Person => {
    const keypoints = Array.from({ length: JOINTS }, (_, j): Keypoint => {
      const sum = joints.get(j);
      return sum ? { x: sum[0] / sum[2], y: sum[1] / sum[2], score: 1 } : { x: 0, y: 0, score: 0 };
    });
    const seen = keypoints.filter((k) => k.score > 0);
    const [xs, ys] = [seen.map((k) => k.x), seen.map((k) => k.y)];
    const [left, top] = [Math.min(...xs), Math.min(...ys)];
    // Joints count from pixel centres, boxes from edges.
    return { id, score: 1, keypoints, box: [left + 0.5, top + 0.5, Math.max(...xs) - left, Math.max(...ys) - top] };
  });
  return { width, height, people };
}
