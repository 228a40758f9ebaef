import { describe, expect, it } from '@jest/globals';
import type { GBuffer } from '../render/types.js';
import { rolledPoint, rollingShutter } from './rolling-shutter.js';

const WIDTH = 40, HEIGHT = 30;

/** A picture of a smooth pattern at time `t` (frames) that moves by (u, v) per frame. */
function moving(t: number, u: number, v: number): GBuffer {
  const count = WIDTH * HEIGHT;
  const rgb = new Uint8Array(count * 3), flow = new Float32Array(count * 2), depth = new Float32Array(count);
  for (let y = 0, o = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, o++) {
      const value = pattern(x - u * t, y - v * t);
      rgb.fill(value, o * 3, o * 3 + 3);
      depth[o] = value;
      flow[o * 2] = u;
      flow[o * 2 + 1] = v;
    }
  }
  const bytes = (): Uint8Array => new Uint8Array(count);
  return { width: WIDTH, height: HEIGHT, rgb, depth, flow, occlusion: bytes(), labels: bytes(), instances: new Uint16Array(count), part: bytes(), partU: bytes(), partV: bytes() };
}

const pattern = (x: number, y: number): number => Math.round(128 + 50 * Math.sin(x / 4) + 40 * Math.cos(y / 5));

describe('rollingShutter', () => {
  it('shows in each row what was there when the row was read', () => {
    const readout = 0.8, u = 6, v = 3;
    const rolled = rollingShutter(moving(0, u, v), readout);
    for (const [x, y] of [[20, 15], [12, 4], [25, 26]]) {
      const late = readout * ((y + 0.5) / HEIGHT - 0.5);
      expect(Math.abs(rolled.rgb[(y * WIDTH + x) * 3] - pattern(x - u * late, y - v * late))).toBeLessThanOrEqual(3);
    }
  });

  it('has flow that leads to the same content in the rolling picture before', () => {
    for (const [u, v] of [[5, 0], [0, 6], [4, -5]]) {
      const before = rollingShutter(moving(-1, u, v), 0.9), now = rollingShutter(moving(0, u, v), 0.9);
      for (const [x, y] of [[20, 15], [14, 20], [26, 11]]) {
        const o = y * WIDTH + x;
        const px = x - now.flow[o * 2], py = y - now.flow[o * 2 + 1];
        expect(Math.abs(sample(before, px, py) - now.rgb[o * 3])).toBeLessThanOrEqual(5);
      }
    }
  });

  it('moves points as it moves pixels', () => {
    const [x, y] = rolledPoint(20, 24, 5, 8, HEIGHT, 0.7);
    const late = 0.7 * ((y + 0.5) / HEIGHT - 0.5);
    expect(x).toBeCloseTo(20 + late * 5, 9);
    expect(y).toBeCloseTo(24 + late * 8, 9);
  });

  it('has occlusion wherever its flow leads out of the picture', () => {
    for (const [u, v] of [[5, 0], [0, 6], [-3, 7], [4, -5]]) {
      const ideal = moving(0, u, v);
      for (let o = 0; o < ideal.occlusion.length; o++) ideal.occlusion[o] = inside(o % WIDTH - u, Math.floor(o / WIDTH) - v) ? 0 : 1;
      const { flow, occlusion } = rollingShutter(ideal, 0.9);
      for (let o = 0; o < occlusion.length; o++) {
        if (!inside(o % WIDTH - flow[o * 2], Math.floor(o / WIDTH) - flow[o * 2 + 1])) expect(occlusion[o]).toBe(1);
      }
      expect(occlusion.some((hidden) => hidden === 0)).toBe(true);
    }
  });

  it('leaves pixels without flow where they are', () => {
    const still = moving(0, 0, 0);
    still.flow.fill(NaN);
    expect(rollingShutter(still, 1).depth).toEqual(still.depth);
    expect(rollingShutter(still, 1).occlusion).toEqual(still.occlusion);
  });
});

const inside = (x: number, y: number): boolean => x >= -0.5 && y >= -0.5 && x < WIDTH - 0.5 && y < HEIGHT - 0.5;

function sample({ rgb }: GBuffer, x: number, y: number): number {
  const i = Math.floor(x), j = Math.floor(y), f = x - i, g = y - j;
  const at = (c: number, r: number): number => rgb[(r * WIDTH + c) * 3];
  return (at(i, j) * (1 - f) + at(i + 1, j) * f) * (1 - g) + (at(i, j + 1) * (1 - f) + at(i + 1, j + 1) * f) * g;
}
