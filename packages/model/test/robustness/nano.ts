import { expect } from '@jest/globals';
import type { Frame, Perception } from '@sextant/core';
import { fileURLToPath } from 'node:url';
import { loadModel } from '../../src/load-model.js';
import type { WorkerModel } from '../../src/model.js';

/** The committed model at a small grid: what is tested is that nothing breaks, not how well it sees. */
export function loadNano(): Promise<WorkerModel> {
  return loadModel(fileURLToPath(new URL('../../../../models/nano', import.meta.url)), { device: 'cpu', threads: 1, isolation: 'thread', size: { width: 128, height: 96 } });
}

/** Colour of a pixel, channel by channel, 0..255 (clamped). */
export type Paint = (x: number, y: number, channel: number) => number;

/** A frame painted pixel by pixel; stamps are 30 Hz unless given in nanoseconds. */
export function painted(sequence: number, paint: Paint, { width = 128, height = 96, stamp = BigInt(sequence) * 33_333_333n } = {}): Frame {
  const rgb = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const p = (i - (i % 3)) / 3;
    return Math.max(0, Math.min(255, paint(p % width, (p - (p % width)) / width, i % 3)));
  });
  return { stamp, frameId: 'camera', sequence, width, height, rgb };
}

/** A room: a wall with a window, a floor with boards, a box; `shift` moves the camera sideways, in pixels of 128. */
export const room = (shift = 0, width = 128, height = 96): Paint => (px, py, c) => {
  const [x, y] = [(128 * px) / width + shift, (96 * py) / height];
  if (x > 70 && x < 98 && y > 45 && y < 78) return [150, 90, 50][c] + ((x * 3) % 17);
  if (y > 60) return [120, 100, 80][c] + ((x + 2 * y) % 13) * 4 - (y % 9);
  if (x > 20 && x < 50 && y > 12 && y < 40) return [190, 215, 240][c];
  return [175, 170, 150][c] - (y >> 2) + ((x * 7 + y * 3) % 5);
};

/** Another place: a meadow under the sky with trees. */
export const meadow: Paint = (x, y, c) => (y < 35 ? [110, 160, 235][c] : x % 30 < 8 && y < 60 ? [60, 45, 30][c] : [50, 140, 40][c] + ((x * y) % 19));

/** Mean of a map's confidence. */
export function meanConfidence({ confidence }: { readonly confidence?: Float32Array }): number {
  return confidence ? confidence.reduce((sum, value) => sum + value, 0) / confidence.length : NaN;
}

/** Every number of a perception is what its type says: nothing infinite, NaN only as depth of the sky, ids and parts in range. */
export function expectSane({ depth, flow, segmentation, skeleton, densepose }: Perception): void {
  const within = (values: ArrayLike<number> | undefined, least: number, most: number): number => Array.from(values ?? []).filter((v) => !(v >= least && v <= most)).length;
  expect(Array.from(depth?.metres ?? []).filter((z) => !Number.isNaN(z) && !(z > 0 && z < 1e4))).toEqual([]);
  expect(within(depth?.confidence, 0, 1)).toBe(0);
  expect(within(flow?.pixels, -1e3, 1e3)).toBe(0);
  expect(within(flow?.confidence, 0, 1)).toBe(0);
  const ids = new Set(segmentation?.classes.map(({ id }) => id));
  expect([...new Set(segmentation?.labels)].filter((id) => !ids.has(id))).toEqual([]);
  expect(within(segmentation?.confidence, 0, 1)).toBe(0);
  expect(within(densepose?.part, 0, 24)).toBe(0);
  for (const { keypoints } of skeleton?.people ?? []) {
    for (const { x, y, score } of keypoints) expect([x, y, score].every(Number.isFinite) && score >= 0 && score <= 1).toBe(true);
  }
}
