import { describe, expect, it } from '@jest/globals';
import type { Perception } from '@sextant/core';
import { depthConfidence } from '../codecs/laplace.js';
import { Steadier } from './steadier.js';

const [W, H, RATE] = [40, 30, 30];
/** Focal length and middle of the picture, pixels. */
const F = 36;

interface Scene {
  /** z of the box and of the wall behind it in frame t. */
  readonly box: (t: number) => number;
  readonly wall: (t: number) => number;
}

/** Exact depth and flow of a box of half a metre to every side before a wall, seen along the axis of approach. */
function truth({ box, wall }: Scene, t: number): { z: Float32Array; flow: Float32Array; onBox: Uint8Array } {
  const out = { z: new Float32Array(W * H), flow: new Float32Array(2 * W * H), onBox: new Uint8Array(W * H) };
  for (let i = 0; i < W * H; i++) {
    const [x, y] = [(i % W) - (W - 1) / 2, Math.floor(i / W) - (H - 1) / 2];
    const on = Math.max(Math.abs(x), Math.abs(y)) <= (0.5 * F) / box(t);
    const [now, before] = on ? [box(t), box(t - 1)] : [wall(t), wall(t - 1)];
    out.onBox[i] = on ? 1 : 0;
    out.z[i] = now;
    out.flow[2 * i] = x - (x * now) / before;
    out.flow[2 * i + 1] = y - (y * now) / before;
  }
  return out;
}

/** Runs a scene with Laplace noise of scale b per pixel and of the whole picture; mean |ln error| per frame, raw and steadied. */
function run(scene: Scene, frames: number, { b, flicker, strength }: { b: number; flicker: number; strength: number }) {
  let state = 11;
  const random = (): number => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) + 0.5) / 4294967296;
  const laplace = (scale: number): number => {
    const p = random() - 0.5;
    return -scale * Math.sign(p) * Math.log(1 - 2 * Math.abs(p));
  };
  const steadier = new Steadier({ strength });
  let previous: [Float32Array, Float32Array] | undefined;
  return Array.from({ length: frames }, (_, t) => {
    const { z, flow, onBox } = truth(scene, t);
    const shift = laplace(flicker);
    const metres = z.map((value) => value * Math.exp(shift + laplace(b)));
    const perception: Perception = {
      frame: { stamp: BigInt(Math.round((t * 1e9) / RATE)), frameId: 'c', sequence: t, width: W, height: H, rgb: new Uint8Array(0) },
      latencyMs: 0,
      depth: { width: W, height: H, metres, provenance: 'metric', confidence: new Float32Array(W * H).fill(depthConfidence(b + flicker)) },
      flow: { width: W, height: H, pixels: flow, confidence: new Float32Array(W * H).fill(1) },
    };
    const steadied = steadier.update(perception).depth!.metres;
    const error = (map: Float32Array, where: 0 | 1): number => mean([...map].flatMap((value, i) => (onBox[i] === where ? [Math.abs(Math.log(value / z[i]))] : [])));
    const changed = (map: Float32Array, old: Float32Array): number => mean([...map].map((value, i) => Math.abs(Math.log(value / old[i]))));
    const change = previous ? [changed(metres, previous[0]), changed(steadied, previous[1])] : [0, 0];
    previous = [metres, steadied];
    return { box: [error(metres, 1), error(steadied, 1)], wall: [error(metres, 0), error(steadied, 0)], change };
  });
}
const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const over = (frames: ReturnType<typeof run>, what: 'box' | 'wall' | 'change', from: number, to: number): [number, number] => [
  mean(frames.slice(from, to).map((f) => f[what][0])), mean(frames.slice(from, to).map((f) => f[what][1])),
];

describe('Steadier', () => {
  it('calms a still scene: less change from frame to frame and less error', () => {
    const frames = run({ box: () => 2, wall: () => 5 }, 40, { b: 0.03, flicker: 0.02, strength: 1 });
    const [rawChange, change] = over(frames, 'change', 10, 40);
    expect(change).toBeLessThan(0.6 * rawChange);
    const [rawError, error] = over(frames, 'wall', 10, 40);
    expect(error).toBeLessThan(0.8 * rawError);
  });

  it.each([0.5, 2, 4])('never lags behind a box that comes nearer at %d m/s', (speed) => {
    // It stands for ten frames, comes from 4 m to 1.2 m, and stands again.
    const box = (t: number): number => Math.max(1.2, 4 - (speed * Math.max(0, t - 10)) / RATE);
    const arrives = 10 + Math.ceil((2.8 * RATE) / speed);
    const frames = run({ box, wall: () => 6 }, Math.min(70, arrives + 15), { b: 0.03, flicker: 0.01, strength: 1 });
    for (let from = 10; from + 5 <= frames.length; from += 5) {
      const [raw, steadied] = over(frames, 'box', from, from + 5);
      expect(steadied).toBeLessThanOrEqual(raw * 1.02);
    }
  });

  it('follows its own motion towards the scene', () => {
    const forward = (t: number): number => (1.5 * t) / RATE;
    const frames = run({ box: (t) => 3.5 - forward(t), wall: (t) => 7 - forward(t) }, 40, { b: 0.02, flicker: 0.01, strength: 1 });
    for (const what of ['box', 'wall'] as const) {
      const [raw, steadied] = over(frames, what, 5, 40);
      expect(steadied).toBeLessThanOrEqual(raw);
    }
  });

  it('takes a jump of depth at once', () => {
    const frames = run({ box: (t) => (t < 8 ? 2 : 3), wall: () => 6 }, 12, { b: 0.01, flicker: 0, strength: 1 });
    expect(frames[8].box[1]).toBeLessThan(0.03);
  });

  it('keeps depth where a confidence is 0', () => {
    const size = { width: 2, height: 2 };
    const at = (t: number, metres: number, sure: number): Perception => ({
      frame: { ...size, stamp: BigInt(t * 33e6), frameId: 'c', sequence: t, rgb: new Uint8Array(0) }, latencyMs: 0,
      depth: { ...size, metres: new Float32Array(4).fill(metres), provenance: 'metric', confidence: Float32Array.of(sure, 0.9, 0.9, 0.9) },
      flow: { ...size, pixels: new Float32Array(8), confidence: new Float32Array(4).fill(1) },
    });
    for (const [before, now] of [[0, 0], [0.9, 0], [0, 0.9]]) {
      const steadier = new Steadier({ strength: 1 });
      steadier.update(at(0, 2, before));
      const { metres } = steadier.update(at(1, 2.02, now)).depth!;
      expect(metres.every((z) => z >= 2 && z <= 2.021)).toBe(true);
      expect(steadier.update(at(2, 2, 0.9)).depth!.metres.every((z) => z > 1.99 && z < 2.021)).toBe(true);
    }
  });

  it('forgets after a reset, and after a frame without depth, which way the scale was going', () => {
    const size = { width: 8, height: 6 };
    const at = (t: number, metres: number | undefined, part: Partial<Perception> = {}): Perception => ({
      frame: { ...size, stamp: BigInt(t * 33e6), frameId: 'c', sequence: t, rgb: new Uint8Array(0) }, latencyMs: 0,
      ...(metres !== undefined && { depth: { ...size, metres: new Float32Array(48).fill(metres), provenance: 'metric', confidence: new Float32Array(48).fill(0.9) } }),
      flow: { ...size, pixels: new Float32Array(96), confidence: new Float32Array(48).fill(1) }, ...part,
    });
    /** Two frames of another scene, whose scale flickers in the second. */
    const flicker = (steadier: Steadier, t: number, reset?: 'cut'): number => {
      steadier.update(at(t, 5, reset && { reset }));
      return steadier.update(at(t + 1, 5.1)).depth!.metres[20];
    };
    const falling = (): Steadier => {
      const steadier = new Steadier({ strength: 1 });
      for (let t = 0; t < 30; t++) steadier.update(at(t, 5 * 0.97 ** t));
      return steadier;
    };
    const expected = flicker(new Steadier({ strength: 1 }), 0);
    expect(flicker(falling(), 30, 'cut')).toBe(expected);
    const without = falling();
    without.update(at(30, undefined));
    expect(flicker(without, 31)).toBe(expected);
  });

  it('passes depth whose flow is counted from a frame that it has not seen', () => {
    // A wavy wall goes past, 3 pixels a frame, whose depth flickers by the pixel.
    const at = (t: number): Perception => ({
      frame: { stamp: BigInt(t * 33e6), frameId: 'c', sequence: t, width: W, height: H, rgb: new Uint8Array(0) }, latencyMs: 0,
      depth: { width: W, height: H, metres: Float32Array.from({ length: W * H }, (_, i) => 2 * Math.exp(0.03 * Math.sin(((i % W) - 3 * t) / 2) + 0.01 * Math.sin(7 * t + i))), provenance: 'metric', confidence: new Float32Array(W * H).fill(0.9) },
      flow: { width: W, height: H, pixels: Float32Array.from({ length: 2 * W * H }, (_, i) => (i % 2 === 0 ? 3 : 0)), confidence: new Float32Array(W * H).fill(1), since: BigInt((t - 1) * 33e6) },
    });
    const steadier = new Steadier({ strength: 1 });
    for (let t = 0; t < 9; t++) steadier.update(at(t));
    expect(steadier.update(at(9)).depth!.metres).not.toEqual(at(9).depth!.metres);
    expect(steadier.update(at(11)).depth!.metres).toEqual(at(11).depth!.metres);
  });

  it('passes depth without flow or confidence, and at strength 0', () => {
    const depth = { width: 2, height: 1, metres: Float32Array.of(1, NaN), provenance: 'metric' as const, confidence: Float32Array.of(0.9, 0) };
    const at = (ms: number): Perception => ({ frame: { stamp: BigInt(ms * 1e6), frameId: 'c', sequence: ms, width: 2, height: 1, rgb: new Uint8Array(6) }, latencyMs: 0, depth });
    const steadier = new Steadier();
    expect(steadier.update(at(0)).depth).toBe(depth);
    expect(steadier.update(at(33)).depth).toBe(depth);
    expect(() => new Steadier({ strength: 2 })).toThrow('strength of 2');
  });
});
