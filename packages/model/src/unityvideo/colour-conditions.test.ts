import { describe, expect, it } from '@jest/globals';
import type { Condition } from '../generate/conditions.js';
import { colourConditions } from './colour-conditions.js';

const size = { width: 2, height: 2 };
const depth = (...metres: number[]): Condition => ({ depth: { ...size, metres: Float32Array.from(metres) } });
const flow = (u: number): Condition => ({ flow: { ...size, pixels: Float32Array.of(u, 0, u, 0, u, 0, NaN, NaN) } });
const pixel = (rgb: Uint8Array, i: number): number[] => [...rgb.subarray(3 * i, 3 * i + 3)];

describe('colourConditions', () => {
  it('paints near warm, far cool and holes black, with one range for the clip', () => {
    const [a, b] = colourConditions('depth', [depth(1, 6, NaN, 0), depth(6, 10, 1, 1)], []);
    const [[nearRed, , nearBlue], [farRed, , farBlue]] = [pixel(a.rgb, 0), pixel(a.rgb, 1)];
    expect(nearRed).toBeGreaterThan(nearBlue);
    expect(farBlue).toBeGreaterThan(farRed);
    expect([pixel(a.rgb, 2), pixel(a.rgb, 3)]).toEqual([[0, 0, 0], [0, 0, 0]]);
    expect([pixel(b.rgb, 0), pixel(b.rgb, 2)]).toEqual([pixel(a.rgb, 1), pixel(a.rgb, 0)]);
  });

  it('paints motion by one scale for the clip', () => {
    const [slow, fast] = colourConditions('flow', [flow(2), flow(8)], []);
    const paleness = (rgb: Uint8Array): number => Math.min(...pixel(rgb, 0));
    expect(paleness(slow.rgb)).toBeGreaterThan(paleness(fast.rgb));
    expect(pixel(slow.rgb, 3)).toEqual([0, 0, 0]);
  });

  it('paints things on black, or classes where nothing is told apart', () => {
    const classes = [{ id: 1, name: 'wall', color: [1, 2, 3] as [number, number, number], thing: false }];
    const labels = Uint8Array.of(1, 1, 1, 1);
    const [things] = colourConditions('segmentation', [{ segmentation: { ...size, labels, instances: Uint16Array.of(0, 5, 0, 0) } }], classes);
    expect(pixel(things.rgb, 0)).toEqual([0, 0, 0]);
    expect(pixel(things.rgb, 1)).not.toEqual([0, 0, 0]);
    const [stuff] = colourConditions('segmentation', [{ segmentation: { ...size, labels } }], classes);
    expect(pixel(stuff.rgb, 0)).toEqual([1, 2, 3]);
  });

  it('refuses a missing frame and depth that is nowhere', () => {
    expect(() => colourConditions('depth', [depth(1, 1, 1, 1), {}], [])).toThrow(expect.objectContaining({ code: 'bad-argument', message: 'depth of frame 1 is not there' }));
    expect(() => colourConditions('depth', [depth(NaN, 0, -1, NaN)], [])).toThrow('hold no distance at all');
  });
});
