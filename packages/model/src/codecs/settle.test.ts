import { describe, expect, it } from '@jest/globals';
import { Settler } from './settle.js';

const [W, H] = [48, 40];

/** A heat map of logits: Gaussians of probability, each [x, y, sigma, top]. */
function heat(bumps: readonly (readonly [number, number, number, number])[]): Float32Array {
  return Float32Array.from({ length: W * H }, (_, i) => {
    const p = Math.max(1e-4, ...bumps.map(([x, y, sigma, top]) => top * Math.exp(-(((i % W) - x) ** 2 + (Math.floor(i / W) - y) ** 2) / (2 * sigma * sigma))));
    return Math.log(p / (1 - p));
  });
}
/** Offsets of pixels left of `border` to one centre and of the others to another. */
function offsets(left: readonly [number, number], right: readonly [number, number], border: number) {
  const [dx, dy] = [new Float32Array(W * H), new Float32Array(W * H)];
  for (let i = 0; i < W * H; i++) {
    const [cx, cy] = i % W < border ? left : right;
    [dx[i], dy[i]] = [cx - (i % W), cy - Math.floor(i / W)];
  }
  return { dx, dy, unit: 1 };
}
const person = (x: number, y: number, w: number, h: number) => ({ centre: { x: x + w / 2, y: y + h / 2 }, box: [x, y, w, h] as const });
const NOWHERE = { x: 1, y: 1, score: 0.5 };
const never = (): boolean => false;

describe('Settler', () => {
  const alone = new Settler([person(8, 2, 20, 36)], offsets([18, 20], [18, 20], 0), W, H);

  it('prefers a joint that most of the evidence is near to, to the highest pixel', () => {
    const map = heat([[24, 30, 0.5, 0.5], [12, 12, 1.6, 0.4], [13, 14, 1.6, 0.35]]);
    const [joint] = alone.settle(0, [NOWHERE], () => map, never);
    expect(Math.hypot(joint.x - 12.5, joint.y - 13)).toBeLessThan(1);
    expect(joint.score).toBeGreaterThan(0.3);
  });

  it('finds a clear joint between pixels', () => {
    const [joint] = alone.settle(0, [NOWHERE], () => heat([[14.3, 20.6, 1, 0.9]]), never);
    expect(joint.x).toBeCloseTo(14.3, 1);
    expect(joint.y).toBeCloseTo(20.6, 1);
    expect(joint.score).toBeGreaterThan(0.75);
  });

  it('is sure of one clear place, less of one of two, and not of a faint one', () => {
    const score = (...bumps: Parameters<typeof heat>[0]): number => alone.settle(0, [NOWHERE], () => heat(bumps), never)[0].score;
    const [one, two, faint] = [score([14, 20, 1, 0.6]), score([14, 20, 1, 0.6], [22, 8, 1, 0.6]), score([14, 20, 1, 0.05])];
    expect(one).toBeGreaterThan(0.97);
    expect(1 - two).toBeGreaterThan(2 * (1 - one));
    expect(faint).toBeLessThan(0.5);
  });

  it('gathers over a width that grows with the person', () => {
    // Two halves of an unsure joint, 3 pixels apart: one place for a person of 30 pixels, two for one of 8.
    const map = heat([[16.5, 12, 0.7, 0.5], [19.5, 12, 0.7, 0.45]]);
    const place = (side: number): number => new Settler([person(18 - side / 4, 12 - side / 2, side / 2, side)], offsets([18, 12], [18, 12], 0), W, H).settle(0, [NOWHERE], () => map, never)[0].x;
    expect(Math.abs(place(8) - 16.5)).toBeLessThan(0.7);
    expect(Math.abs(place(36) - 18)).toBeLessThan(0.7);
  });

  it('counts evidence on the pixels of the person, not on those of a neighbour', () => {
    const two = new Settler([person(4, 4, 16, 32), person(24, 4, 16, 32)], offsets([12, 20], [32, 20], 21), W, H);
    const map = heat([[19, 16, 1, 0.3], [23, 16, 1.2, 0.8]]);
    expect(two.settle(0, [NOWHERE], () => map, never)[0].x).toBeLessThan(20);
    expect(two.settle(1, [NOWHERE], () => map, never)[0].x).toBeCloseTo(23, 0);
  });

  it('leaves joints as they are without evidence, and those that are fixed', () => {
    const map = heat([[12, 12, 1, 0.9]]);
    const none = new Float32Array(W * H).fill(-20);
    expect(alone.settle(0, [NOWHERE], () => none, never)).toEqual([NOWHERE]);
    expect(alone.settle(0, [NOWHERE, NOWHERE], () => map, (j) => j === 1)[1]).toBe(NOWHERE);
  });
});
