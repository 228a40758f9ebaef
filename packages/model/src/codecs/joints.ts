import type { Keypoint, Person } from '@sextant/core';
import { sigmoid } from '../runtime/tensor.js';
import { isPeak, logit, refine } from './peaks.js';

/** How far beyond a person's box, as a part of its longer side, a joint that it lacks may lie. */
const REACH = 0.25;

/** One joint's heat map and where each person has it. */
export interface JointPlaces {
  /** Pixel index per person, -1 where the person has no pixel at all. */
  readonly places: Int32Array;
  /** Per person whether that place is a peak of at least the threshold, and not the flank of somebody else's. */
  readonly peaked: Uint8Array;
  /** Per person whether the place lies on somebody else's pixels (`adoptPeaks`). */
  readonly adopted: Uint8Array;
  /** Peaks of at least the threshold that their pixel's owner did not take. */
  readonly left: number[];
  /** The joint of a person, refined between pixels; score 0 where the person has none. */
  keypoint(person: number): Keypoint;
}

/** One joint for every person: the strongest of the person's pixels, where a peak counts double against a mere slope. */
export function placeJoint(logits: Float32Array, w: number, h: number, owner: Uint8Array, people: number, threshold: number): JointPlaces {
  // Compared as logits, which spares an exponential per pixel.
  const best = new Float64Array(people).fill(-Infinity);
  /** The highest slope so far: one below it counts no more than it did. */
  const slope = new Float64Array(people).fill(-Infinity);
  const places = new Int32Array(people).fill(-1);
  const peaked = new Uint8Array(people);
  const peaks: number[] = [];
  const bar = logit(threshold);
  for (let i = 0; i < logits.length; i++) {
    const person = owner[i] - 1;
    const value = logits[i];
    const strong = value >= bar;
    if (!strong && (person < 0 || value <= best[person])) continue;
    const peak = isPeak(logits, w, h, i, 1);
    if (strong && peak) peaks.push(i);
    if (person < 0) continue;
    if (!peak) {
      if (value <= slope[person]) continue;
      slope[person] = value;
    }
    const counted = peak ? value : halved(value);
    if (counted <= best[person]) continue;
    best[person] = counted;
    places[person] = i;
    peaked[person] = strong && peak ? 1 : 0;
  }
  const left = peaks.filter((i) => owner[i] === 0 || places[owner[i] - 1] !== i);
  const keypoint = (person: number): Keypoint => {
    const i = places[person];
    return i < 0 ? { x: 0, y: 0, score: 0 } : { ...refine(logits, w, h, i), score: sigmoid(logits[i]) };
  };
  return { places, peaked, adopted: new Uint8Array(people), left, keypoint };
}

/**
 * Gives peaks that nobody took to people who lack the joint: a hidden joint's peak lies on the pixels of whoever stands in
 * front, and belongs to the person behind whose box (in the joints' coordinates) is nearest, in units of its longer side.
 */
export function adoptPeaks({ places, peaked, adopted, left }: JointPlaces, boxes: readonly (Person['box'] | undefined)[], w: number): void {
  for (const i of left) {
    const [x, y] = [i % w, Math.floor(i / w)];
    let [nearest, distance] = [-1, Infinity];
    boxes.forEach((box, person) => {
      if (box === undefined || peaked[person]) return;
      const [bx, by, bw, bh] = box;
      const side = Math.max(bw, bh);
      const outside = Math.max(bx - x, x - bx - bw, by - y, y - by - bh, 0) / side;
      const d = Math.hypot(x - bx - bw / 2, y - by - bh / 2) / side;
      if (outside <= REACH && d < distance) [nearest, distance] = [person, d];
    });
    if (nearest < 0) continue;
    places[nearest] = i;
    peaked[nearest] = adopted[nearest] = 1;
  }
}

/** The logit of half the probability: logit(sigmoid(x) / 2). */
function halved(x: number): number {
  return -Math.log1p(2 * Math.exp(-x));
}
