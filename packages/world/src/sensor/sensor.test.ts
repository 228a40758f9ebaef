import { describe, expect, it } from '@jest/globals';
import { benchScene } from '../../bench/render-scene.js';
import { plane } from '../geometry/primitives.js';
import { identity, lookAt } from '../math/mat4.js';
import { Rng } from '../math/rng.js';
import { Renderer } from '../render/renderer.js';
import type { GBuffer, RenderScene } from '../render/types.js';
import { applySensor } from './apply-sensor.js';
import { Lens } from './lens.js';
import { distort, holdsAt, undistort, type PlumbBob } from './plumb-bob.js';
import { randomSensor } from './sensor-model.js';

const BARREL: PlumbBob = [-0.22, 0.05, 0.001, -0.0008, -0.004];
const grey = (value: number, width = 64, height = 48): { width: number; height: number; rgb: Uint8Array } => ({ width, height, rgb: new Uint8Array(width * height * 3).fill(value) });
const mean = (x: ArrayLike<number>): number => Array.from(x).reduce((a, b) => a + b, 0) / x.length;
const deviation = (x: ArrayLike<number>): number => {
  const middle = mean(x);
  return Math.sqrt(mean(Array.from(x, (v) => (v - middle) ** 2)));
};

describe('lens', () => {
  it('undistort inverts distort', () => {
    const rng = new Rng(1), out = new Float64Array(2), back = new Float64Array(2);
    for (let i = 0; i < 500; i++) {
      const x = rng.range(-0.8, 0.8), y = rng.range(-0.6, 0.6);
      distort(BARREL, x, y, out);
      expect(undistort(BARREL, out[0], out[1], back)).toBe(true);
      expect(Math.hypot(back[0] - x, back[1] - y)).toBeLessThan(1e-9);
    }
  });

  it('refuses coefficients that fold the picture', () => {
    expect(() => new Lens({ width: 64, height: 48, fx: 30, fy: 30, cx: 31.5, cy: 23.5 }, [-0.9, 0, 0, 0, 0])).toThrow(/fold/);
  });

  it.each<[string, PlumbBob, readonly number[], readonly number[]]>([
    ['a barrel', [-0.1, 0, 0, 0, 0], [0, 1, 1.82], [1.83, 3, 4]],
    ['one that turns back and forth again', [-0.5, 0.1, 0, 0, 0], [0.5, 0.99], [1.01, 1.3, 2, 5]],
    ['one of the sixth degree', [0.1, 0, 0, 0, -0.01], [1, 1.73], [1.74, 3]],
    ['one that never turns', [-0.3, 0.1, 0, 0, 0], [1, 3, 40], []],
    ['a pincushion', [0.02, 0, 0, 0, 0], [1, 40], []],
    ['none', [0, 0, 0, 0, 0], [1, 40], []],
  ])('%s holds as far out as it takes what is farther out farther out', (_, lens, within, beyond) => {
    expect(within.filter((r) => !holdsAt(lens, 0.6 * r, -0.8 * r))).toEqual([]);
    expect(beyond.filter((r) => holdsAt(lens, 0.6 * r, -0.8 * r))).toEqual([]);
  });

  it('says nothing of where it comes from that was beyond what the lens shows', () => {
    const size = { width: 64, height: 48, fx: 40, fy: 40, cx: 31.5, cy: 23.5 };
    const lens = new Lens(size, [-0.1, 0, 0, 0, 0]);
    const { width, height } = lens.ideal, count = width * height;
    /** A picture all of which was `u` pixels farther left before. */
    const moved = (u: number): GBuffer => ({
      width, height, rgb: new Uint8Array(count * 3), depth: new Float32Array(count).fill(2), flow: new Float32Array(count * 2).map((_, i) => (i % 2 === 0 ? u : 0)), occlusion: new Uint8Array(count).fill(1),
      labels: new Uint8Array(count), instances: new Uint16Array(count), part: new Uint8Array(count), partU: new Uint8Array(count), partV: new Uint8Array(count),
    });
    const middle = (23 * 64 + 31) * 2;
    expect(lens.apply(moved(30)).flow[middle]).toBeCloseTo(30 * (1 - 0.1 * (30 / 40) ** 2), 0);
    // 3 focal lengths to the side the polynomial has turned back: 0.3 of one.
    const { flow, occlusion } = lens.apply(moved(120));
    expect([flow[middle], flow[middle + 1], occlusion[middle / 2]]).toEqual([NaN, NaN, 1]);
  });

  it('moves depth and flow as it moves the picture', () => {
    const size = { width: 96, height: 72, fx: 80, fy: 80, cx: 47.5, cy: 35.5 };
    const lens = new Lens(size, BARREL);
    const pose = lookAt([0, 0, 1], [4, 0.5, 0.2]), earlier = lookAt([-0.05, 0.04, 1], [4, 0.6, 0.2]);
    const ground: RenderScene = {
      drawables: [{ geometry: plane(100, 100), transform: identity(), previousTransform: identity(), classId: 1, instanceId: 0 }],
      lights: [], ambientUp: [1, 1, 1], ambientDown: [1, 1, 1], sky: { kind: 'gradient', zenith: [0, 0, 1], horizon: [1, 1, 1], ground: [0, 0, 0] },
      camera: lens.pinhole(pose), previousCamera: lens.pinhole(earlier),
    };
    const frame = lens.apply(new Renderer().render(ground));
    expect([frame.width, frame.height]).toEqual([96, 72]);
    // A pixel well below the horizon: follow its ray through the lens to the ground by hand.
    const ideal = new Float64Array(2), old = new Float64Array(2);
    for (const [x, y] of [[20, 60], [48, 65], [80, 55]] as const) {
      undistort(BARREL, (x - size.cx) / size.fx, (y - size.cy) / size.fy, ideal);
      const direction = pose[8] * ideal[0] + pose[9] * ideal[1] + pose[10];
      const z = -1 / direction, o = y * 96 + x;
      expect(Math.abs(frame.depth[o] / z - 1)).toBeLessThan(1e-4); // a plane: exact but for rounding
      const p = [0, 4, 8].map((r) => pose[r] * ideal[0] * z + pose[r + 1] * ideal[1] * z + pose[r + 2] * z + pose[r + 3]);
      const q = [0, 1, 2].map((c) => [0, 4, 8].reduce((sum, r, i) => sum + earlier[r + c] * (p[i] - earlier[r + 3]), 0));
      distort(BARREL, q[0] / q[2], q[1] / q[2], old);
      expect(Math.abs(frame.flow[o * 2] - (x - (old[0] * size.fx + size.cx)))).toBeLessThan(0.01);
      expect(Math.abs(frame.flow[o * 2 + 1] - (y - (old[1] * size.fy + size.cy)))).toBeLessThan(0.01);
    }
  });

  it('without distortion gives the ideal picture back', () => {
    const bench = benchScene(2000, 64, 48).at(2);
    const { camToWorld, ...size } = bench.camera;
    const lens = new Lens(size, [0, 0, 0, 0, 0]);
    const through = lens.apply(new Renderer().render({ ...bench, camera: lens.pinhole(camToWorld), previousCamera: lens.pinhole(bench.previousCamera!.camToWorld) }));
    const direct = new Renderer().render(bench);
    // cx = 31.5 lies between pixels and the wide picture's centre does not: half a pixel apart, so compare what is smooth.
    expect(Math.abs(mean(through.rgb) - mean(direct.rgb))).toBeLessThan(1.5);
    const same = through.labels.filter((label, i) => label === direct.labels[i]).length;
    expect(same / direct.labels.length).toBeGreaterThan(0.93);
  });
});

describe('applySensor', () => {
  it('a perfect sensor changes nothing', () => {
    const ramp = { width: 16, height: 16, rgb: Uint8Array.from({ length: 768 }, (_, i) => i % 256) };
    const out = applySensor(ramp, {}, new Rng(1));
    expect(Math.max(...Array.from(out, (v, i) => Math.abs(v - ramp.rgb[i])))).toBeLessThanOrEqual(1);
  });

  it('darkens the corners by the stated share', () => {
    const out = applySensor(grey(255), { vignetting: 0.5 }, new Rng(1));
    expect(out[0]).toBe(188); // sRGB of 0.5
    expect(out[(24 * 64 + 32) * 3]).toBeGreaterThan(253);
  });

  it('exposure counts in stops', () => {
    // Linear 0.216 (sRGB 128), two stops down: 0.054 (sRGB 66).
    expect(Math.abs(applySensor(grey(128), { exposureStops: -2 }, new Rng(1))[0] - 66)).toBeLessThanOrEqual(1);
  });

  it('noise has the stated deviation and leaves the mean', () => {
    const plain = applySensor(grey(128), {}, new Rng(1));
    const out = applySensor(grey(128), { readNoise: 0.02 }, new Rng(1));
    expect(Math.abs(mean(out) - plain[0])).toBeLessThan(0.7);
    // d sRGB / d linear at 0.216 is 1.0555 / 2.4 * 0.216^(1/2.4 - 1) * 255 = 274 bytes.
    expect(Math.abs(deviation(out) / (0.02 * 274) - 1)).toBeLessThan(0.1);
  });

  it('the shutter smears along the flow only', () => {
    const bar = grey(0);
    for (let y = 0; y < 48; y++) bar.rgb.fill(255, (y * 64 + 30) * 3, (y * 64 + 34) * 3);
    const along = Float32Array.from({ length: 64 * 48 * 2 }, (_, i) => (i % 2 === 0 ? 8 : 0));
    const across = Float32Array.from({ length: 64 * 48 * 2 }, (_, i) => (i % 2 === 0 ? 0 : 8));
    const lit = (flow: Float32Array): number => applySensor({ ...bar, flow }, { shutter: 0.5 }, new Rng(1)).subarray(24 * 192, 25 * 192).filter((v) => v > 5).length / 3;
    expect(lit(across)).toBe(4);
    expect(lit(along)).toBeGreaterThanOrEqual(7);
  });

  it('the shutter is open about the time of the frame: what moves is smeared to both sides of its labels', () => {
    const bar = grey(0);
    for (let y = 0; y < 48; y++) bar.rgb.fill(255, (y * 64 + 30) * 3, (y * 64 + 34) * 3);
    for (const u of [8, -8]) {
      const flow = Float32Array.from({ length: 64 * 48 * 2 }, (_, i) => (i % 2 === 0 ? u : 0));
      const row = applySensor({ ...bar, flow }, { shutter: 0.5 }, new Rng(1)).subarray(24 * 192, 25 * 192).filter((_, i) => i % 3 === 0);
      // Half of 8 pixels: two to either side of columns 30 to 33.
      expect([...row.keys()].filter((x) => row[x] > 5)).toEqual([28, 29, 30, 31, 32, 33, 34, 35]);
      expect(row[29]).toBe(row[34]);
      expect(row[28]).toBe(row[35]);
    }
  });

  it('defocus keeps the light and spreads it', () => {
    const dot = grey(0);
    dot.rgb.fill(255, (24 * 64 + 32) * 3, (24 * 64 + 33) * 3);
    const out = applySensor(dot, { defocus: 1 }, new Rng(1));
    expect(out[(24 * 64 + 32) * 3]).toBeLessThan(120);
    expect(out[(24 * 64 + 33) * 3]).toBeGreaterThan(50);
  });

  it('a Bayer sensor keeps grey areas grey and fringes edges', () => {
    const plain = applySensor(grey(90), { bayer: true }, new Rng(1));
    expect(new Set(plain).size).toBe(1);
    const edge = grey(0);
    for (let y = 0; y < 48; y++) edge.rgb.fill(255, (y * 64 + 31) * 3, (y * 64 + 64) * 3);
    const out = applySensor(edge, { bayer: true }, new Rng(1));
    const o = (24 * 64 + 30) * 3;
    expect(new Set(out.subarray(o, o + 3)).size).toBeGreaterThan(1);
  });

  it('is the same for the same seed and another for another', () => {
    const frame = { ...grey(120), flow: new Float32Array(64 * 48 * 2).fill(3) };
    const run = (seed: number): Uint8Array => applySensor(frame, randomSensor(new Rng(5)), new Rng(seed));
    expect(run(1)).toEqual(run(1));
    expect(run(1)).not.toEqual(run(2));
    expect(() => applySensor({ ...frame, width: 63 }, {}, new Rng(1))).toThrow(/rgb holds/);
  });
});

