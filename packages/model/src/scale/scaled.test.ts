import { describe, expect, it, jest } from '@jest/globals';
import { pixelRays } from '@sextant/core';
import type { CameraModel, DepthMap, Frame, Perception } from '@sextant/core';
import { CLASSES, createWorld } from '@sextant/world';
import { BehaviorSubject, Subject, of, throwError } from 'rxjs';
import type { RangeSample } from './range-fit.js';
import { parseScale } from './scale-spec.js';
import type { ScaleSpec } from './scale-spec.js';
import { Scaler, scaled } from './scaled.js';

const [WIDTH, HEIGHT, F] = [80, 60, 60];
const camera: CameraModel = { width: WIDTH, height: HEIGHT, distortionModel: 'none', d: [], k: [F, 0, 39.5, 0, F, 29.5, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [F, 0, 39.5, 0, 0, F, 29.5, 0, 0, 0, 1, 0], provenance: 'calibrated' };
const frame: Frame = { stamp: 1n, frameId: 'c', sequence: 0, width: WIDTH, height: HEIGHT, rgb: new Uint8Array(WIDTH * HEIGHT * 3), camera };
const perceive = (metres: Float32Array, part: Partial<Perception> = {}): Perception => ({ frame, latencyMs: 1, depth: { width: WIDTH, height: HEIGHT, metres, provenance: 'relative' }, ...part });
/** A floor `height` below a camera that looks down by `pitch` radians, with noise, and a wall at `far`. */
const floor = (height: number, pitch = 0.3, far = 30): Float32Array => Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
  const y = (Math.floor(i / WIDTH) - 29.5) / F;
  const down = y * Math.cos(pitch) + Math.sin(pitch);
  const z = down > 0 ? height / down : Infinity;
  return Math.min(far, z) * (1 + 0.02 * Math.sin(i * 12.9898));
});

describe('parseScale', () => {
  it.each([
    ['1.25', { kind: 'factor', factor: 1.25 }],
    ['camera-height:0.3', { kind: 'camera-height', metres: 0.3 }],
    ['object:person:1.7', { kind: 'object', name: 'person', metres: 1.7 }],
    ['range:sonar/front', { kind: 'ranges', topic: '/sonar/front', message: 'Range' }],
    ['scan:/scan', { kind: 'ranges', topic: '/scan', message: 'LaserScan' }],
    ['none', undefined],
    ['', undefined],
  ])('%s', (text, expected) => expect(parseScale(text)).toEqual(expected));

  it.each(['-1', '0', 'NaN', 'camera-height:', 'camera-height:-2', 'object:person', 'range:', 'height:3', '1e9'])('refuses %s', (text) =>
    expect(() => parseScale(text)).toThrow(expect.objectContaining({ code: 'bad-argument', hint: expect.stringContaining('camera-height:<metres>') })));
});

describe('Scaler', () => {
  const scaleOf = (before: Float32Array, after: DepthMap | undefined): number => (after?.metres[WIDTH * 50 + 40] ?? NaN) / before[WIDTH * 50 + 40];

  it('multiplies, and says that it did', () => {
    const metres = floor(1);
    metres[0] = NaN;
    const { depth } = new Scaler({ kind: 'factor', factor: 2 }).apply(perceive(metres));
    expect(depth?.provenance).toBe('scaled');
    expect(scaleOf(metres, depth)).toBeCloseTo(2, 5);
    expect(depth?.metres[0]).toBeNaN();
  });

  it.each([0.1, 0.3, 0.6])('finds the floor under a camera pitched by %f', (pitch) => {
    const metres = floor(2.6, pitch);
    const { depth } = new Scaler({ kind: 'camera-height', metres: 1.3 }).apply(perceive(metres));
    expect(Math.abs(scaleOf(metres, depth) / 0.5 - 1)).toBeLessThan(0.03);
  });

  it('takes no wall for a floor, and leaves depth alone until one is seen', () => {
    const wall = new Float32Array(WIDTH * HEIGHT).fill(4);
    const scaler = new Scaler({ kind: 'camera-height', metres: 1 });
    expect(scaler.apply(perceive(wall)).depth?.provenance).toBe('relative');
    expect(scaler.apply(perceive(floor(2))).depth?.provenance).toBe('scaled');
    expect(scaleOf(wall, scaler.apply(perceive(wall)).depth)).toBeGreaterThan(0.45); // keeps what it learned
  });

  it.each([
    ['a floor', { kind: 'camera-height', metres: 1 }, []],
    ['a thing', { kind: 'object', name: 'person', metres: 1.8 }, []],
    ['ranges', { kind: 'ranges', topic: '/scan', message: 'LaserScan' }, [{ x: 0.1, y: 0.3, metres: 1 }]],
  ] as const)('takes no scale from %s where the confidence is 0, as behind a lens cap', (_, spec: ScaleSpec, samples: readonly RangeSample[]) => {
    const labels = Uint8Array.from({ length: WIDTH * HEIGHT }, (_value, i) => (Math.floor(i / WIDTH) < 35 && i > 10 * WIDTH && i % WIDTH < 20 ? 1 : CLASSES.find(({ name }) => name === 'floor')!.id));
    const segmentation = { width: WIDTH, height: HEIGHT, labels, instances: Uint16Array.from(labels, (label) => (label === 1 ? 1 : 0)), classes: [...CLASSES] };
    const seen = (height: number, confidence: number): Perception => {
      const { depth, ...part } = perceive(floor(height), { segmentation });
      return { ...part, depth: { ...depth!, confidence: new Float32Array(WIDTH * HEIGHT).fill(confidence) } };
    };
    const scaler = new Scaler(spec);
    expect(scaler.apply(seen(2, 0), samples).depth?.provenance).toBe('relative');
    const known = scaler.apply(seen(2, 0.5), samples).depth!;
    expect(known.provenance).toBe('scaled');
    for (let k = 0; k < 5; k++) scaler.apply(seen(0.7, 0), samples);
    expect(scaleOf(floor(2), scaler.apply(seen(2, 0)).depth)).toBeCloseTo(scaleOf(floor(2), known), 6);
  });

  it('scales by a thing of known height, unless it is cut off', () => {
    const metres = new Float32Array(WIDTH * HEIGHT).fill(3);
    const boxed = (top: number, bottom: number): Perception => {
      const inside = (i: number): boolean => { const y = Math.floor(i / WIDTH); return y >= top && y < bottom && i % WIDTH > 30 && i % WIDTH < 45; };
      const labels = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (inside(i) ? 1 : 0));
      return perceive(metres, { segmentation: { width: WIDTH, height: HEIGHT, labels, instances: Uint16Array.from(labels), classes: [...CLASSES] } });
    };
    const object = { kind: 'object', name: 'person', metres: 1.8 } as const;
    expect(scaleOf(metres, new Scaler(object).apply(boxed(10, 50)).depth)).toBeCloseTo(1.8 / ((40 / F) * 3), 2);
    expect(new Scaler(object).apply(boxed(20, 60)).depth?.provenance).toBe('relative');
    expect(() => new Scaler({ ...object, name: 'dragon' }).apply(boxed(10, 50))).toThrow(/knows no class 'dragon'/);
  });

  it.each([
    ['of a picture that is not rectified, whose P is of the rectified one', { ...camera, p: [0.8 * F, 0, 39.5, 0, 0, 0.8 * F, 29.5, 0, 0, 0, 1, 0] }],
    ['of a larger picture', { ...camera, width: 2 * WIDTH, height: 2 * HEIGHT, k: [2 * F, 0, 79.5, 0, 2 * F, 59.5, 0, 0, 1], p: [2 * F, 0, 79.5, 0, 0, 2 * F, 59.5, 0, 0, 0, 1, 0] }],
  ] as const)('takes the intrinsics %s', (_, other: CameraModel) => {
    const metres = floor(2);
    const seen = perceive(metres, { frame: { ...frame, camera: other } });
    const spec = { kind: 'camera-height', metres: 1 } as const;
    expect(scaleOf(metres, new Scaler(spec).apply(seen).depth)).toBe(scaleOf(metres, new Scaler(spec).apply(perceive(metres)).depth));
    const ranges = { kind: 'ranges', topic: '/sonar', message: 'Range' } as const;
    const samples = [{ x: 0.3, y: 0.2, metres: 1 }];
    expect(new Scaler(ranges).apply(seen, samples).depth).toEqual(new Scaler(ranges).apply(perceive(metres), samples).depth);
  });

  it('fits scale and shift to sparse ranges and shrugs at outliers', () => {
    const scaler = new Scaler({ kind: 'ranges', topic: '/scan', message: 'LaserScan' });
    const metres = floor(1, 0.3, 8);
    let out = perceive(metres);
    for (let frameNumber = 0; frameNumber < 30; frameNumber += 1) {
      const samples = Array.from({ length: 12 }, (_, i) => {
        const [x, y] = [5 + 6 * i, 12 + ((7 * i + frameNumber) % 45)];
        const truth = 1.6 * metres[y * WIDTH + x] + 0.25;
        return { x: (x - 39.5) / F, y: (y - 29.5) / F, metres: i === 3 ? 40 : truth };
      });
      out = scaler.apply(perceive(metres), samples);
    }
    const errors = [...metres].map((z, i) => Math.abs((out.depth?.metres[i] ?? 0) / (1.6 * z + 0.25) - 1)).sort((a, b) => a - b);
    expect(errors[errors.length >> 1]).toBeLessThan(0.05);
    expect(out.depth?.provenance).toBe('scaled');
  });

  it('keeps in sight, nearer than the nearest range, what a shift below 0 would put behind the camera', () => {
    // A wall from 1.7 to 4.6 of the model's metres that a lidar sees, and a post at .35 that it does not.
    const wall = (x: number): number => 1.2 + x / 20;
    const metres = Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH < 4 ? 0.35 : i % WIDTH === 4 ? NaN : wall(i % WIDTH)));
    const scan = Array.from({ length: 60 }, (_, i) => ({ x: (10 + i - 39.5) / F, y: 0, metres: 1.5 * wall(10 + i) - 0.6 }));
    const scaler = new Scaler({ kind: 'ranges', topic: '/scan', message: 'LaserScan' });
    const row = (samples: typeof scan): Float32Array => scaler.apply(perceive(metres), samples).depth!.metres.subarray(0, WIDTH);
    const far = row(scan);
    expect(far[40]).toBeCloseTo(1.5 * wall(40) - 0.6, 3);
    expect(far[0]).toBeGreaterThan(0);
    expect(far[0]).toBeLessThan(far[5]);
    expect(far[4]).toBeNaN();
    // No step at the nearest range, and further away is never nearer.
    const steps = [...far.subarray(6)].map((z, i) => z - far[i + 5]);
    expect(Math.min(...steps)).toBeGreaterThan(0);
    expect(Math.max(...steps)).toBeLessThan(0.1);
    // As soon as the lidar sees the post, its own metres count.
    let near = far;
    for (let k = 0; k < 40; k++) near = row([...scan, ...[0, 1, 2].map((x) => ({ x: (x - 39.5) / F, y: 0, metres: 0.4 }))]);
    expect(Math.abs(near[0] / 0.4 - 1)).toBeLessThan(0.1);
  });

  it('fits only a scale where all ranges lie at one depth', () => {
    const metres = new Float32Array(WIDTH * HEIGHT).fill(2);
    const { depth } = new Scaler({ kind: 'ranges', topic: '/sonar', message: 'Range' }).apply(perceive(metres), [{ x: 0, y: 0, metres: 3, halfAngle: 0.1 }]);
    expect(scaleOf(metres, depth)).toBeCloseTo(1.5, 6);
  });

  describe('on pictures with their lens', () => {
    const bent: CameraModel = { ...camera, distortionModel: 'plumb_bob', d: [-0.3, 0.1, 0, 0, 0] };
    const ray = pixelRays(bent);
    /** What is seen along each pixel's ray (x, y). */
    const along = (z: (x: number, y: number) => number): Float32Array => Float32Array.from({ length: WIDTH * HEIGHT }, (_, i) => z(...ray(i % WIDTH, Math.floor(i / WIDTH))));
    const seen = (metres: Float32Array, part: Partial<Perception> = {}): Perception => perceive(metres, { frame: { ...frame, camera: bent }, ...part });
    const worst = (depth: DepthMap | undefined, truth: Float32Array): number => Math.max(...truth.map((z, i) => Math.abs((depth?.metres[i] ?? NaN) / z - 1)));

    it('places ranges where the lens shows them, as clouds are placed', () => {
      const wall = along((x) => 2 + 2.2 * x);
      const scan = Array.from({ length: 45 }, (_, i) => ({ x: -0.55 + 0.025 * i, y: 0, metres: 1.6 * (2 + 2.2 * (-0.55 + 0.025 * i)) }));
      const { depth } = new Scaler({ kind: 'ranges', topic: '/scan', message: 'LaserScan' }).apply(seen(wall), scan);
      expect(worst(depth, wall.map((z) => 1.6 * z))).toBeLessThan(0.01);
    });

    it('finds the floor by the rays of its pixels', () => {
      const pitched = along((_, y) => 2 / Math.max(0.02, y * Math.cos(0.3) + Math.sin(0.3)));
      const { depth } = new Scaler({ kind: 'camera-height', metres: 1 }).apply(seen(pitched));
      expect(worst(depth, pitched.map((z) => z / 2))).toBeLessThan(0.005);
    });

    it('measures a thing by the rays to its ends', () => {
      const metres = along(() => 3);
      const [left, top, bottom] = [0.35, -0.4, 0.3];
      const labels = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
        const [x, y] = ray(i % WIDTH, Math.floor(i / WIDTH));
        return x > left && x < left + 0.15 && y > top && y < bottom ? 1 : 0;
      });
      const { depth } = new Scaler({ kind: 'object', name: 'person', metres: 3 * (bottom - top) }).apply(seen(metres, { segmentation: { width: WIDTH, height: HEIGHT, labels, instances: Uint16Array.from(labels), classes: [...CLASSES] } }));
      expect(worst(depth, metres)).toBeLessThan(0.02);
    });
  });

  it('finds its scale anew after a reset, also one without depth', () => {
    const wall = new Float32Array(WIDTH * HEIGHT).fill(4);
    const ranges = [{ x: 0, y: 0, metres: 2 }];
    const ofFloor = new Scaler({ kind: 'camera-height', metres: 1 });
    const ofRanges = new Scaler({ kind: 'ranges', topic: '/sonar', message: 'Range' });
    for (let i = 0; i < 10; i += 1) {
      expect(scaleOf(floor(2), ofFloor.apply(perceive(floor(2))).depth)).toBeCloseTo(0.5, 1);
      expect(scaleOf(wall, ofRanges.apply(perceive(wall), ranges).depth)).toBeCloseTo(0.5, 6);
    }
    expect(ofFloor.apply(perceive(wall, { reset: 'cut' })).depth?.provenance).toBe('relative');
    expect(ofRanges.apply(perceive(wall, { reset: 'size' })).depth?.provenance).toBe('relative');
    expect(scaleOf(floor(4), ofFloor.apply(perceive(floor(4))).depth)).toBeCloseTo(0.25, 1);
    expect(scaleOf(wall, ofRanges.apply(perceive(wall), [{ x: 0, y: 0, metres: 8 }]).depth)).toBeCloseTo(2, 6);
    for (const scaler of [ofFloor, ofRanges]) {
      scaler.apply({ frame, latencyMs: 1, reset: 'gap' });
      expect(scaler.apply(perceive(wall)).depth?.provenance).toBe('relative');
    }
  });

  it('finds the camera height of simulated worlds from their true floor', () => {
    const errors: number[] = [];
    for (let seed = 0; seed < 12; seed += 1) {
      const world = createWorld({ seed, width: WIDTH, height: HEIGHT });
      const shot = world.render(0);
      const height = shot.camToWorld[11]; // z of the camera above the ground
      const segmentation = { width: WIDTH, height: HEIGHT, labels: shot.labels, instances: shot.instances, classes: [...CLASSES] };
      const seen: Perception = { ...perceive(shot.depth, { segmentation }), frame: { ...frame, camera: { ...shot.camera } } };
      const { depth } = new Scaler({ kind: 'camera-height', metres: 2 * height }).apply(seen);
      if (depth?.provenance !== 'scaled') continue;
      const ratios = [...shot.depth].flatMap((z, i) => (z > 0 ? [(depth.metres[i]) / z] : []));
      errors.push(Math.abs(ratios[0] / 2 - 1));
    }
    expect(errors.length).toBeGreaterThan(4);
    // Kerbs and slopes make a floor of several planes in some of them.
    expect(errors.sort((a, b) => a - b)[errors.length >> 1]).toBeLessThan(0.03);
    expect(errors.at(-1)).toBeLessThan(0.25);
  });
});

describe('scaled', () => {
  it('follows a scale that changes, and takes ranges as they come', () => {
    const [spec$, ranges$, in$] = [new BehaviorSubject(parseScale('2')), new Subject<{ x: number; y: number; metres: number }[]>(), new Subject<Perception>()];
    const out: (DepthMap | undefined)[] = [];
    in$.pipe(scaled(spec$, { ranges$ })).subscribe(({ depth }) => out.push(depth));
    const metres = new Float32Array(WIDTH * HEIGHT).fill(2);
    in$.next(perceive(metres));
    spec$.next(parseScale('range:/sonar'));
    in$.next(perceive(metres));
    ranges$.next([{ x: 0, y: 0, metres: 1 }]);
    in$.next(perceive(metres));
    spec$.next(undefined);
    in$.next(perceive(metres));
    expect(out.map((depth) => [depth?.metres[0], depth?.provenance])).toEqual([[4, 'scaled'], [2, 'relative'], [1, 'scaled'], [2, 'relative']]);
  });

  it('keeps its last scale when scales and ranges end, and ends or fails with what it scales', () => {
    const [in$, spec$, ranges$] = [new Subject<Perception>(), new Subject<ScaleSpec | undefined>(), new Subject<readonly RangeSample[]>()];
    const out: string[] = [];
    const listen = (name: string) => ({ next: ({ depth }: Perception) => out.push(`${name} ${depth?.metres[0]}`), complete: () => out.push(`${name} ended`), error: () => out.push(`${name} failed`) });
    in$.pipe(scaled(of(parseScale('2')))).subscribe(listen('fixed'));
    in$.pipe(scaled(spec$, { ranges$ })).subscribe(listen('changing'));
    in$.pipe(scaled(spec$)).subscribe(listen('left')).unsubscribe();
    const metres = new Float32Array(WIDTH * HEIGHT).fill(2);
    spec$.next(parseScale('3'));
    in$.next(perceive(metres));
    spec$.complete();
    in$.next(perceive(metres));
    ranges$.complete();
    in$.next(perceive(metres));
    in$.complete();
    expect(out).toEqual(['fixed 4', 'changing 6', 'fixed 4', 'changing 6', 'fixed 4', 'changing 6', 'fixed ended', 'changing ended']);
    const source = new Subject<Perception>();
    source.pipe(scaled(throwError(() => new Error('no')))).subscribe(listen('broken'));
    expect([out.at(-1), source.observed]).toEqual(['broken failed', false]);
  });

  it('takes no ranges from before a reset for those after it, but those before the first frame', () => {
    const [ranges$, in$] = [new Subject<{ x: number; y: number; metres: number }[]>(), new Subject<Perception>()];
    const out: (DepthMap | undefined)[] = [];
    in$.pipe(scaled(new BehaviorSubject(parseScale('range:/sonar')), { ranges$ })).subscribe(({ depth }) => out.push(depth));
    const metres = new Float32Array(WIDTH * HEIGHT).fill(2);
    const next = (range: number | undefined, part: Partial<Perception> = {}): void => {
      if (range !== undefined) ranges$.next([{ x: 0, y: 0, metres: range }]);
      in$.next(perceive(metres, part));
    };
    next(1, { reset: 'start' });
    next(1, { reset: 'cut' });
    next(undefined);
    next(6);
    expect(out.map((depth) => [depth?.metres[0], depth?.provenance])).toEqual([[1, 'scaled'], [2, 'relative'], [2, 'relative'], [6, 'scaled']]);
  });

  it('tells once of a scale that the model has no class for, and depth passes as it was; without a listener the stream fails', () => {
    const [spec$, in$, onIssue] = [new BehaviorSubject(parseScale('object:unicorn:1')), new Subject<Perception>(), jest.fn()];
    const [out, failed]: [string[], unknown[]] = [[], []];
    in$.pipe(scaled(spec$, { onIssue })).subscribe(({ depth }) => out.push(depth?.provenance ?? ''));
    in$.pipe(scaled(spec$)).subscribe({ error: (error: unknown) => failed.push(error) });
    const plane = new Float32Array(WIDTH * HEIGHT).fill(2);
    const labels = new Uint8Array(WIDTH * HEIGHT);
    const seen = perceive(plane, { segmentation: { width: WIDTH, height: HEIGHT, labels, instances: new Uint16Array(labels.length), classes: [...CLASSES] } });
    in$.next(seen);
    in$.next(seen);
    spec$.next(parseScale('2'));
    in$.next(seen);
    expect(out).toEqual(['relative', 'relative', 'scaled']);
    expect(onIssue.mock.calls).toEqual([[expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining("'unicorn'") })]]);
    expect(failed).toHaveLength(1);
  });
});
