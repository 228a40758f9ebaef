import { COCO_KEYPOINTS, type Keypoint, type Person, type Skeletons } from '@sextant/core';
import type { CodecSpec } from '../manifest/schema.js';
import { readOutput, sigmoid, type NamedTensor } from '../runtime/tensor.js';

const JOINTS = COCO_KEYPOINTS.length;
/** More people than this in one picture are beyond what the heat maps can tell apart. */
const MAX_PEOPLE = 64;

/** Which person each pixel points to. */
export interface Owners {
  /** Number of people; their ids are 1..count. */
  readonly count: number;
  /** Id of the person at pixel (x, y) of a map of the given size over the same picture, 0 for nobody. */
  at(x: number, y: number, width: number, height: number): number;
}

type PoseCodec = Extract<CodecSpec, { type: 'centre-offset-pose' }>;

/** One peak of the centre heat map. */
interface Centre {
  readonly x: number;
  readonly y: number;
  readonly score: number;
}

/**
 * Decodes `centre-offset-pose`, float32 [1,20,h,w]: 17 joint heat-map logits (COCO's order), the person-centre logit, and
 * at every pixel the offset (x, y) to its person's centre in units of `offsetScale` grid pixels.
 *
 * Bottom-up grouping as in PersonLab (arXiv 1803.08225), with one vote: people are the peaks of the centre map; each
 * pixel belongs to the person whose centre its offset lands next to, within `voteRadius`; a person's joint is the
 * strongest place of its heat map among the person's own pixels, refined between pixels by a parabola. A peak counts
 * double against a mere slope, which is the flank of somebody else's joint more often than not.
 */
export function decodeSkeleton(codec: PoseCodec, [output]: readonly NamedTensor[], grid: { readonly width: number }): { skeletons: Skeletons; owners: Owners } {
  const { data, h, w } = readOutput(output, 'float32', [1, JOINTS + 3, 'h', 'w']);
  const n = h * w;
  const plane = (c: number): Float32Array => data.subarray(c * n, (c + 1) * n);
  const centres = findCentres(plane(JOINTS), w, h, codec.centreThreshold);
  const unit = (codec.offsetScale * w) / grid.width;
  const owner = vote(plane(JOINTS + 1), plane(JOINTS + 2), w, unit, centres, codec.voteRadius * Math.max(w, h));

  const found = centres.map(() => [] as Keypoint[]);
  for (let j = 0; j < JOINTS; j++) {
    placeJoint(plane(j), w, h, owner, centres.length).forEach((keypoint, i) => found[i]?.push(keypoint));
  }
  const people = centres.flatMap((centre, i): Person[] => {
    const keypoints = found[i];
    const box = boxOf(keypoints, codec.jointThreshold, w, h);
    return box ? [{ id: i + 1, score: centre.score, box, keypoints }] : [];
  });
  // People without a single joint are no people: their pixels belong to nobody.
  const kept = new Uint8Array(centres.length + 1);
  people.forEach((p, i) => (kept[p.id] = i + 1));
  const at = (x: number, y: number, width: number, height: number): number => {
    const i = Math.min(h - 1, Math.floor(((y + 0.5) * h) / height)) * w + Math.min(w - 1, Math.floor(((x + 0.5) * w) / width));
    return kept[owner[i]];
  };
  return {
    skeletons: { width: w, height: h, people: people.map((p, i) => ({ ...p, id: i + 1 })) },
    owners: { count: people.length, at },
  };
}

/** Peaks of the centre map within 5x5 pixels, strongest first. */
function findCentres(logits: Float32Array, w: number, h: number, threshold: number): Centre[] {
  const centres: Centre[] = [];
  const bar = Math.log(threshold / (1 - threshold));
  for (let i = 0; i < logits.length; i++) {
    if ((logits[i]) < bar || !isPeak(logits, w, h, i, 2)) continue;
    centres.push({ ...refine(logits, w, h, i), score: sigmoid(logits[i]) });
  }
  return centres.sort((a, b) => b.score - a.score).slice(0, MAX_PEOPLE);
}

/** Per pixel the 1-based index of the centre its offset lands next to, 0 for none within `radius`. */
function vote(dx: Float32Array, dy: Float32Array, w: number, unit: number, centres: readonly Centre[], radius: number): Uint8Array {
  const owner = new Uint8Array(dx.length);
  if (centres.length === 0) return owner;
  for (let i = 0; i < owner.length; i++) {
    const x = (i % w) + (dx[i]) * unit;
    const y = Math.floor(i / w) + (dy[i]) * unit;
    let best = radius * radius;
    for (let c = 0; c < centres.length; c++) {
      const centre = centres[c];
      const d = (centre.x - x) ** 2 + (centre.y - y) ** 2;
      if (d <= best) {
        best = d;
        owner[i] = c + 1;
      }
    }
  }
  return owner;
}

/** One joint for every person: the strongest of the person's pixels, peaks before slopes; score 0 without any pixel. */
function placeJoint(logits: Float32Array, w: number, h: number, owner: Uint8Array, people: number): Keypoint[] {
  // Compared as logits, which spares an exponential per pixel.
  const best = new Float64Array(people).fill(-Infinity);
  const place = new Int32Array(people).fill(-1);
  for (let i = 0; i < logits.length; i++) {
    const person = (owner[i]) - 1;
    const logit = logits[i];
    if (person < 0 || logit <= (best[person])) continue;
    const value = isPeak(logits, w, h, i, 1) ? logit : halved(logit);
    if (value <= (best[person])) continue;
    best[person] = value;
    place[person] = i;
  }
  return Array.from(place, (i) => (i < 0 ? { x: 0, y: 0, score: 0 } : { ...refine(logits, w, h, i), score: sigmoid(logits[i]) }));
}

/** The logit of half the probability: logit(sigmoid(x) / 2). */
function halved(logit: number): number {
  return -Math.log1p(2 * Math.exp(-logit));
}

/** Whether no pixel within `reach` is larger; of equal ones the first in scan order is the peak. */
function isPeak(map: Float32Array, w: number, h: number, i: number, reach: number): boolean {
  const [x, y, value] = [i % w, Math.floor(i / w), map[i]];
  for (let yy = Math.max(0, y - reach); yy <= Math.min(h - 1, y + reach); yy++) {
    for (let xx = Math.max(0, x - reach); xx <= Math.min(w - 1, x + reach); xx++) {
      const k = yy * w + xx;
      const other = map[k];
      if (other > value || (other === value && k < i)) return false;
    }
  }
  return true;
}

/** Peak position between pixels: the vertex of the parabola through three neighbours per axis, at most half a pixel off. */
function refine(map: Float32Array, w: number, h: number, i: number): { x: number; y: number } {
  const [x, y] = [i % w, Math.floor(i / w)];
  return {
    x: x + (x > 0 && x < w - 1 ? vertex(map[i - 1], map[i], map[i + 1]) : 0),
    y: y + (y > 0 && y < h - 1 ? vertex(map[i - w], map[i], map[i + w]) : 0),
  };
}

function vertex(left: number, middle: number, right: number): number {
  const curvature = left - 2 * middle + right;
  if (curvature >= 0) return 0;
  return Math.max(-0.5, Math.min(0.5, (left - right) / (2 * curvature)));
}

/** Box around the joints of at least `threshold` (all with any score where none has it) and a margin of a tenth; absent without joints. */
function boxOf(keypoints: readonly Keypoint[], threshold: number, w: number, h: number): Person['box'] | undefined {
  const sure = keypoints.filter((k) => k.score >= threshold);
  const used = sure.length > 0 ? sure : keypoints.filter((k) => k.score > 0);
  if (used.length === 0) return undefined;
  const [xs, ys] = [used.map((k) => k.x), used.map((k) => k.y)];
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const margin = 0.1 * Math.max(x1 - x0, y1 - y0) + 0.5;
  const [left, top] = [Math.max(0, x0 - margin), Math.max(0, y0 - margin)];
  return [left, top, Math.min(w, x1 + margin) - left, Math.min(h, y1 + margin) - top];
}
