import { beforeAll, describe, expect, it } from '@jest/globals';
import type { CameraModel, Frame } from '@sextant/core';
import { of, toArray } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import cvModule from '@techstark/opencv-js';
import { undistortTable } from '../rectify/undistort-table.js';
import { rectify } from './rectify.js';

const IDENTITY = [1, 0, 0, 0, 1, 0, 0, 0, 1];
const K = [60, 0, 39.5, 0, 62, 29.5, 0, 0, 1];
const P = [55, 0, 41, 0, 0, 57, 28, 0, 0, 0, 1, 0];
const tilt = [Math.cos(0.03), 0, Math.sin(0.03), 0, 1, 0, -Math.sin(0.03), 0, Math.cos(0.03)];
const camera = (part: Partial<CameraModel> = {}): CameraModel => ({
  width: 80, height: 60, distortionModel: 'plumb_bob', d: [-0.25, 0.08, 0.002, -0.001, 0.01], k: K, r: tilt, p: P, provenance: 'calibrated', ...part,
});
const frame = (part: Partial<Frame> = {}): Frame => ({
  stamp: 5n, frameId: 'cam', sequence: 3, width: 80, height: 60,
  // Smooth, so that two ways of bilinear lookup agree to a grey level.
  rgb: Uint8Array.from({ length: 80 * 60 * 3 }, (_, i) => 128 + 100 * Math.sin(((i / 3) % 80) / 9 + (i % 3)) * Math.cos(Math.floor(i / 240) / 7)),
  ...part,
});
const run = (frames: Frame[], calibration?: CameraModel): Frame[] => {
  let out: Frame[] = [];
  of(...frames).pipe(rectify(calibration), toArray()).subscribe((list) => (out = list));
  return out;
};

describe('rectify', () => {
  let cv: typeof cvModule;
  beforeAll(async () => {
    cv = cvModule;
    if (!(cv as Partial<typeof cv>).Mat) await new Promise<void>((resolve) => (cv.onRuntimeInitialized = () => resolve()));
  }, 30_000);

  it.each([
    ['plumb_bob', [-0.25, 0.08, 0.002, -0.001, 0.01]],
    ['plumb_bob', [-0.25, 0.08, 0.002, -0.001]],
    ['rational_polynomial', [0.3, -0.1, 0.001, 0.002, 0.02, 0.5, 0.03, 0.01]],
    ['rational_polynomial', [0.1, -0.2, 0.001, 0.001, 0.05, 0.2, -0.1, 0.02, 0.02, 0.01, -0.02, 0.01]], // with a thin prism
    ['none', []],
  ] as const)('looks where OpenCV looks: %s %j', (distortionModel, d) => {
    const model = camera({ distortionModel, d });
    const { points } = undistortTable(model);
    const mat = (rows: number, cols: number, data: readonly number[]) => cv.matFromArray(rows, cols, cv.CV_64F, [...data]);
    const coefficients = distortionModel === 'none' ? new cv.Mat() : mat(1, d.length, d);
    const [k, r, p, x, y] = [mat(3, 3, model.k), mat(3, 3, model.r), mat(3, 3, [P[0], 0, P[2], 0, P[5], P[6], 0, 0, 1]), new cv.Mat(), new cv.Mat()];
    cv.initUndistortRectifyMap(k, coefficients, r, p, new cv.Size(80, 60), Number(cv.CV_32FC1), x, y);
    let worst = 0;
    for (let i = 0; i < 4800; i += 1) worst = Math.max(worst, Math.abs(points[i * 2] - Number(x.data32F[i])), Math.abs(points[i * 2 + 1] - Number(y.data32F[i])));
    expect(worst).toBeLessThan(1e-3);
    for (const m of [k, r, p, x, y, coefficients]) m.delete();
  });

  it('looks where the formula of Kannala and Brandt says: equidistant', () => {
    // One ray by hand: 0.8 right and 0.6 down of the axis, r = 1, theta = pi / 4.
    const d = [0.02, -0.01, 0.003, -0.001];
    const theta = Math.PI / 4;
    const bent = theta * (1 + d[0] * theta ** 2 + d[1] * theta ** 4 + d[2] * theta ** 6 + d[3] * theta ** 8);
    const model = camera({ distortionModel: 'equidistant', d, r: IDENTITY, p: [50, 0, 30, 0, 0, 50, 20, 0, 0, 0, 1, 0] });
    const { points } = undistortTable(model);
    const at = (50 * 80 + 70) * 2; // (70 - 30) / 50 = 0.8, (50 - 20) / 50 = 0.6
    expect(points[at]).toBeCloseTo(60 * 0.8 * bent + 39.5, 4);
    expect(points[at + 1]).toBeCloseTo(62 * 0.6 * bent + 29.5, 4);
  });

  it('gives the picture that OpenCV remaps, and the camera of P', () => {
    const model = camera();
    const [out] = run([frame({ camera: model })]);
    expect(out.camera).toEqual({ ...model, distortionModel: 'none', d: [], r: IDENTITY, k: [55, 0, 41, 0, 57, 28, 0, 0, 1] });
    expect([out.stamp, out.sequence, out.frameId]).toEqual([5n, 3, 'cam']);
    const { points } = undistortTable(model);
    const map = (offset: number) => cv.matFromArray(60, 80, cv.CV_32FC1, Array.from({ length: 4800 }, (_, i) => points[i * 2 + offset]));
    const [source, target, x, y] = [cv.matFromArray(60, 80, cv.CV_8UC3, [...frame().rgb]), new cv.Mat(), map(0), map(1)];
    cv.remap(source, target, x, y, Number(cv.INTER_LINEAR), Number(cv.BORDER_CONSTANT), new cv.Scalar(0, 0, 0, 0));
    let [worst, sum, black] = [0, 0, 0];
    out.rgb.forEach((value, i) => {
      const off = Math.abs(value - Number(target.data[i]));
      worst = Math.max(worst, off);
      sum += off;
      if (target.data[i] === 0) black += 1;
    });
    expect(black).toBeGreaterThan(0); // the border was part of the comparison
    // OpenCV looks at steps of 1/32 pixel: at the border, where 0 meets 255, a step is worth 255 / 32 levels.
    expect(worst).toBeLessThanOrEqual(255 / 32);
    expect(sum / out.rgb.length).toBeLessThan(0.5);
    for (const m of [source, target, x, y]) m.delete();
  });

  it('lets a frame through untouched, the same object, when there is nothing to do', () => {
    const ideal = frame({ camera: camera({ distortionModel: 'none', d: [], r: IDENTITY, p: [60, 0, 39.5, 0, 0, 62, 29.5, 0, 0, 0, 1, 0] }) });
    const zeros = frame({ camera: camera({ d: [0, 0, 0, 0, 0], r: IDENTITY, p: [60, 0, 39.5, 0, 0, 62, 29.5, 0, 0, 0, 1, 0] }) });
    const unknown = frame();
    const out = run([ideal, zeros, unknown]);
    expect(out[0]).toBe(ideal);
    expect(out[1].rgb).toBe(zeros.rgb);
    expect(out[2]).toBe(unknown);
  });

  it('takes a calibration instead, scaled to the frames, and keeps its table', () => {
    const large = { ...camera(), width: 160, height: 120, k: [120, 0, 79.5, 0, 124, 59.5, 0, 0, 1], p: [110, 0, 82.5, 0, 0, 114, 56.5, 0, 0, 0, 1, 0] };
    const [a, b] = run([frame(), frame({ camera: camera({ d: [0.4, 0, 0, 0, 0] }) })], large);
    const [expected] = run([frame({ camera: camera() })]);
    expect(Buffer.compare(a.rgb, expected.rgb)).toBe(0);
    expect(Buffer.compare(b.rgb, expected.rgb)).toBe(0);
    expect(a.camera).toBe(b.camera);
    expect(a.camera!.k).toEqual([55, 0, 41, 0, 57, 28, 0, 0, 1]);
  });

  it('follows a camera that changes, and copes with one pixel', () => {
    const tiny = camera({ width: 1, height: 1, k: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1, 0], r: IDENTITY });
    const [big, one, again] = run([frame({ camera: camera() }), frame({ width: 1, height: 1, rgb: new Uint8Array([7, 8, 9]), camera: tiny }), frame({ camera: { ...camera() } })]);
    expect([...one.rgb]).toEqual([7, 8, 9]);
    expect(Buffer.compare(big.rgb, again.rgb)).toBe(0);
  });

  it('subscribes and unsubscribes with its subscriber, in the same instant as its source', () => {
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ hot, expectObservable, expectSubscriptions }) => {
      const plain = frame();
      const source = hot('--a--b--c--|', { a: plain, b: plain, c: plain });
      const unsub = '      -------!';
      expectObservable(source.pipe(rectify()), unsub).toBe('--a--b--', { a: plain, b: plain });
      expectSubscriptions(source.subscriptions).toBe('^------!');
    });
    new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ cold, expectObservable, expectSubscriptions }) => {
      const bent = frame({ camera: camera({ width: 8, height: 60 }) }); // its camera is for another aspect
      const source = cold('-a--|', { a: bent });
      expectObservable(source.pipe(rectify(), toArray())).toBe('-#', undefined, expect.objectContaining({ code: 'bad-config' }));
      expectSubscriptions(source.subscriptions).toBe('^!');
    });
  });
});
