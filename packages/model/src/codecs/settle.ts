import type { Keypoint, Person } from '@sextant/core';
import { sigmoid } from '../runtime/tensor.js';
import { peakOf, refine, type Place } from './peaks.js';

/** Width (standard deviation) over which a joint's evidence is gathered, as a part of the person's longer side. */
const SPREAD = 0.07;
/** The least such width, pixels of the map. */
const LEAST_SPREAD = 0.4;
/** Offsets miss their centre by about this part of the person's longer side. */
const VOTE_SPREAD = 0.3;
/** What stands against every person, so that a pixel that points nowhere is nobody's. */
const NOBODY = 1e-3;
/** How far beyond a person's box, as a part of its longer side, its joints are looked for. */
const REACH = 0.25;
/** Boxes are wider than the span of their joints by this factor. */
const BOX_MARGIN = 1.2;
/** Logits of what is no evidence. */
const FAINT = -6.2;
/** Evidence, in pixels of full probability, that every joint is held to be short of: where there is hardly any, it is nowhere. */
const MISSING = 0.2;
/** How a score comes from the evidence: see `Settler`. Chosen by eye on hit rates of rendered worlds and of labelled clips (models/nano 0.4.0). */
const HALF_SURE = 0.04;

/** A person whose joints are settled. */
export interface Settling {
  readonly centre: Place;
  /** x, y, width, height around the joints, in their coordinates: pixel centres are whole numbers, half a pixel less than in `Person.box`. */
  readonly box: Person['box'];
}

/** The offsets of every pixel to its person's centre, in pixels of the map. */
export interface Offsets {
  readonly dx: Float32Array;
  readonly dy: Float32Array;
  readonly unit: number;
}

/** The part of a map that is looked at for one person: [left, right) x [top, bottom). */
interface Window {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/**
 * Places joints where most of their evidence lies instead of at the highest pixel: the heat map, read as a probability and
 * weighted by how likely each pixel is the person's own, is gathered by a Gaussian that grows with the person, and the joint
 * is the highest point of that, refined by a parabola. An unsure joint has a broad or split response, whose highest pixel is
 * a matter of chance; a point that most of it is near to is not. How likely a pixel is a person's own: its offset misses the true
 * centre by a Gaussian error that grows with the person, and people compete.
 *
 * A joint's score is the probability that it is within a tenth of the person's longer side, if it can be seen: with e, the highest
 * probability at the place times the share of the joint's evidence gathered there, it is e^2 / (e^2 + 0.04^2).
 */
export class Settler {
  readonly #sides: readonly number[];

  constructor(
    private readonly people: readonly Settling[],
    private readonly offsets: Offsets,
    private readonly w: number,
    private readonly h: number,
  ) {
    this.#sides = people.map(({ box }) => Math.max(box[2], box[3]) / BOX_MARGIN);
  }

  /** The joints of one person; `plane(j)` is joint j's map of logits. Those in `fixed`, and those without any evidence, are as in `keypoints`. */
  settle(person: number, keypoints: readonly Keypoint[], plane: (joint: number) => Float32Array, fixed: (joint: number) => boolean): Keypoint[] {
    const { w } = this;
    const window = this.#window(person);
    const weight = this.#claim(person, window);
    const sigma = Math.max(LEAST_SPREAD, SPREAD * this.#sides[person]);
    const [columns, rows] = [window.right - window.left, window.bottom - window.top];
    return keypoints.map((keypoint, j) => {
      if (fixed(j)) return keypoint;
      const { places, total, highest } = gather(plane(j), weight, w, window, sigma);
      const best = peakOf(places);
      if (!(places[best] > 0)) return keypoint;
      const { x, y } = refine(places, columns, rows, best, (value) => Math.log(value + 1e-12));
      const evidence = (highest(best) * places[best]) / (total + MISSING);
      return { x: x + window.left, y: y + window.top, score: evidence ** 2 / (evidence ** 2 + HALF_SURE ** 2) };
    });
  }

  #window(person: number): Window {
    const { w, h } = this;
    const [x, y, bw, bh] = this.people[person].box;
    const reach = REACH * this.#sides[person];
    return {
      left: Math.max(0, Math.floor(x - reach)), top: Math.max(0, Math.floor(y - reach)),
      right: Math.min(w, Math.ceil(x + bw + reach)), bottom: Math.min(h, Math.ceil(y + bh + reach)),
    };
  }

  /** How likely each pixel of the window is the person's own, 0..1. */
  #claim(person: number, { left, top, right, bottom }: Window): Float32Array {
    const { people, offsets: { dx, dy, unit }, w } = this;
    const weight = new Float32Array((right - left) * (bottom - top));
    const variance = this.#sides.map((side) => 2 * (VOTE_SPREAD * side) ** 2);
    for (let y = top, k = 0; y < bottom; y++) {
      for (let x = left; x < right; x++, k++) {
        const i = y * w + x;
        const [toX, toY] = [x + dx[i] * unit, y + dy[i] * unit];
        let [all, own] = [NOBODY, 0];
        for (let q = 0; q < people.length; q++) {
          const { centre } = people[q];
          const exponent = ((centre.x - toX) ** 2 + (centre.y - toY) ** 2) / variance[q];
          if (exponent > 12) continue;
          const likeness = Math.exp(-exponent);
          all += likeness;
          if (q === person) own = likeness;
        }
        weight[k] = own / all;
      }
    }
    return weight;
  }
}

/** The evidence for one joint in a window. */
interface Evidence {
  /** Gathered around each pixel; a pixel of probability 1 alone counts 1 at its own place. */
  readonly places: Float32Array;
  /** Of the whole window, in pixels of full probability. */
  readonly total: number;
  /** The highest probability within a pixel of a place. */
  readonly highest: (place: number) => number;
}

/** The window of a map of logits as probabilities times `weight`, gathered by a Gaussian of `sigma` pixels. */
function gather(logits: Float32Array, weight: Float32Array, w: number, { left, top, right, bottom }: Window, sigma: number): Evidence {
  const [columns, rows] = [right - left, bottom - top];
  const reach = Math.ceil(2 * sigma);
  const kernel = Float32Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const across = new Float32Array(columns * rows);
  const places = new Float32Array(columns * rows);
  let total = 0;
  // Scattered, so that what is nothing costs nothing: four of five pixels of a window are something, though (models/nano 0.14.0, people near by).
  for (let y = 0; y < rows; y++) {
    const row = y * columns;
    for (let x = 0, i = (y + top) * w + left; x < columns; x++, i++) {
      const own = weight[row + x];
      if (own === 0 || logits[i] < FAINT) continue;
      const value = sigmoid(logits[i]) * own;
      total += value;
      const first = Math.max(0, x - reach);
      const last = Math.min(columns - 1, x + reach);
      for (let to = first, tap = first - x + reach; to <= last; to++, tap++) across[row + to] += value * kernel[tap];
    }
  }
  // A whole row into one row after the other: neighbours in memory, and the sum at each place in the order of y all the same.
  for (let y = 0; y < rows; y++) {
    const row = y * columns;
    let [from, end] = [0, columns];
    while (from < end && across[row + from] === 0) from++;
    while (from < end && across[row + end - 1] === 0) end--;
    if (from === end) continue;
    const last = Math.min(rows - 1, y + reach);
    for (let to = Math.max(0, y - reach); to <= last; to++) {
      const share = kernel[to - y + reach];
      const down = (to - y) * columns;
      for (let i = row + from; i < row + end; i++) places[i + down] += across[i] * share;
    }
  }
  const highest = (place: number): number => {
    const [x, y] = [place % columns, Math.floor(place / columns)];
    let most = -Infinity;
    for (let yy = Math.max(0, y - 1); yy <= Math.min(rows - 1, y + 1); yy++) {
      for (let xx = Math.max(0, x - 1); xx <= Math.min(columns - 1, x + 1); xx++) most = Math.max(most, logits[(yy + top) * w + xx + left]);
    }
    return sigmoid(most);
  };
  return { places, total, highest };
}
