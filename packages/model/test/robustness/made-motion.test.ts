import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Modality } from '@sextant/core';
import { lastValueFrom, toArray } from 'rxjs';
import type { Condition } from '../../src/generate/conditions.js';
import { generate } from '../../src/generate/generate.js';
import type { WorkerModel } from '../../src/model.js';
import { loadNano } from './nano.js';

jest.setTimeout(90_000);

const SIZE = { width: 128, height: 96 };
const N = SIZE.width * SIZE.height;
const MOVED = 6;
/** From here on nothing came from outside the picture. */
const INSIDE = 1 + 3 * MOVED;

/** A floor that ends at a wall, metres. */
const metres = Float32Array.from({ length: N }, (_, i) => Math.min(6, 90 / Math.max(1, Math.floor(i / SIZE.width) - 40)));
const flow = (u: number): Condition['flow'] => ({ ...SIZE, pixels: Float32Array.from({ length: 2 * N }, (_, k) => (k % 2 === 0 ? u : 0)) });

/** How alike the edges of two rgb8 pictures are where those of the second are `dx` pixels farther right: correlation of their steps from pixel to pixel, -1..1. */
function likeness(before: Uint8Array, after: Uint8Array, dx: number): number {
  let [aa, bb, ab] = [0, 0, 0];
  for (let y = 0; y < SIZE.height; y++) for (let x = INSIDE; x < SIZE.width; x++) for (let c = 0; c < 3; c++) {
    const at = 3 * (y * SIZE.width + x) + c;
    const [a, b] = [before[at - 3 * dx] - before[at - 3 * dx - 3], after[at] - after[at - 3]];
    aa += a * a;
    bb += b * b;
    ab += a * b;
  }
  return ab / Math.sqrt(aa * bb);
}

describe('clips that models/nano makes from flow', () => {
  let model: WorkerModel;
  beforeAll(async () => {
    model = await loadNano();
  });
  afterAll(() => model.close());
  const make = (modalities: readonly Modality[], u: number): Promise<Uint8Array[]> => lastValueFrom(generate(model, {
    frames: 3, modalities, size: SIZE, prompt: 'a street on a sunny day', seed: 5, condition: () => ({ depth: { ...SIZE, metres }, flow: flow(u) }),
  }).pipe(toArray())).then((made) => made.map(({ frame }) => frame.rgb));

  it('move as the flow says', async () => {
    const made = await make(['depth', 'flow'], MOVED);
    const alike = Array.from({ length: 2 * MOVED + 1 }, (_, dx) => likeness(made[1], made[2], dx));
    expect(Math.abs(alike.indexOf(Math.max(...alike)) - MOVED)).toBeLessThanOrEqual(1);
  });

  it('stand still where nothing moves', async () => {
    const made = await make(['depth', 'flow'], 0);
    expect(likeness(made[1], made[2], 0)).toBeGreaterThan(likeness(made[1], made[2], 2) + 0.1);
  });
});
