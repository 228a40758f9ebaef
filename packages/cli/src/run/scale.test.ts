import { describe, expect, it, jest } from '@jest/globals';
import { createBridge } from '@sextant/ros';
import { BehaviorSubject, Subject, VirtualTimeScheduler, of } from 'rxjs';
import type { Modality, Perception } from '@sextant/core';
import { RunScale, atScale, fromRange, fromScan, withScaleNeeds } from './scale.js';

describe('ranges of topics', () => {
  it('are taken where they say something', () => {
    const range = { min_range: 0.1, max_range: 4, field_of_view: 0.4 };
    expect(fromRange({ ...range, range: 1.5 })).toEqual([{ x: 0, y: 0, metres: 1.5, halfAngle: 0.2 }]);
    for (const bad of [0, -1, NaN, Infinity, 5, 0.05]) expect(fromRange({ ...range, range: bad })).toEqual([]);
  });

  it('of a scan become directions of the optical frame', () => {
    const samples = fromScan({ angle_min: -Math.PI / 4, angle_increment: Math.PI / 4, range_min: 0.1, range_max: 10, ranges: [Math.SQRT2, 2, NaN, 3] });
    expect(samples).toHaveLength(2);
    expect(samples[0].x).toBeCloseTo(1, 9); // to the right
    expect(samples[0].metres).toBeCloseTo(1, 9);
    expect(samples[1]).toMatchObject({ metres: 2 });
  });

  it.each([['0 to 2 pi', 0], ['-2 pi to 0', -2 * Math.PI]])('of a lidar that turns all the way round are taken on both sides, counted from %s', (_, angle_min) => {
    const samples = fromScan({ angle_min, angle_increment: Math.PI / 18, range_min: 0.1, range_max: 10, ranges: Array<number>(36).fill(2) });
    const xs = samples.map(({ x }) => x).sort((a, b) => a - b);
    expect(xs).toHaveLength(13); // 60 degrees to the left and to the right, every 10
    for (const [i, x] of xs.entries()) expect(x).toBeCloseTo(Math.tan(((i - 6) * Math.PI) / 18), 9);
  });
});

describe('RunScale', () => {
  const classes = [{ name: 'person' }, { name: 'chair' }];
  const start = (given: string) => {
    const scale = new RunScale();
    return { scale, bridge: createBridge({ parameters: { scale: given }, checks: { scale: scale.check } }), told: jest.fn() };
  };

  it('follows its parameter, which takes no text that is no scale and no class that the model does not know', () => {
    const { scale, bridge, told } = start('2');
    const seen: unknown[] = [];
    scale.follow(bridge, '2', classes, told).subscribe((spec) => seen.push(spec));
    for (const bad of ['camera-hight:0.3', 'object:unicorn:1.0']) {
      expect(() => {
        bridge.parameters.set({ scale: bad });
      }).toThrow(expect.objectContaining({ code: 'bad-argument', message: `parameter scale cannot be "${bad}"` }));
    }
    bridge.parameters.set({ scale: 'object:chair:0.9' });
    expect(seen).toEqual([{ kind: 'factor', factor: 2 }, { kind: 'object', name: 'chair', metres: 0.9 }]);
    expect(told).not.toHaveBeenCalled();
  });

  it('ends a run that is started with an unknown class, and takes back one that a client set before the model was there', () => {
    const wrong = start('object:unicorn:1');
    expect(() => wrong.scale.follow(wrong.bridge, 'object:unicorn:1', classes, wrong.told)).toThrow(expect.objectContaining({ code: 'bad-argument', hint: 'Classes: person, chair.' }));
    const { scale, bridge, told } = start('2');
    bridge.parameters.set({ scale: 'object:unicorn:1' });
    scale.follow(bridge, '2', classes, told);
    expect(bridge.parameters.get('scale')).toBe('2');
    expect(told).toHaveBeenCalledWith("the model knows no class 'unicorn' to take the scale from. Classes: person, chair. The scale is 2 again.");
  });
});

it('what cannot be scaled is told, and the run goes on', () => {
  const told = jest.fn();
  const map = { width: 1, height: 1 };
  const seen = {
    frame: { ...map, stamp: 0n, frameId: 'c', sequence: 0, rgb: new Uint8Array(3) }, latencyMs: 0,
    depth: { ...map, metres: new Float32Array(1), provenance: 'relative' }, segmentation: { ...map, labels: new Uint8Array(1), instances: new Uint16Array(1), classes: [] },
  } as Perception;
  const out: Perception[] = [];
  of(seen).pipe(atScale(of({ kind: 'object', name: 'unicorn', metres: 1 } as const), createBridge(), told)).subscribe((perception) => out.push(perception));
  expect(out).toEqual([seen]);
  expect(told).toHaveBeenCalledWith(expect.stringContaining("knows no class 'unicorn'"));
});

it('a scan that cannot be read costs only itself, and is told once', () => {
  const [told, bridge, frames$, metres] = [jest.fn(), createBridge(), new Subject<Perception>(), [] as number[]];
  const size = { width: 8, height: 8 };
  const frame = { ...size, stamp: 0n, frameId: 'c', sequence: 0, rgb: new Uint8Array(8 * 8 * 3) };
  frames$.pipe(atScale(of({ kind: 'ranges', topic: '/scan', message: 'LaserScan' } as const), bridge, told)).subscribe(({ depth }) => metres.push(depth?.metres[0] ?? NaN));
  const scan = { angle_min: -0.1, angle_increment: 0.01, range_min: 0.1, range_max: 10, ranges: Array<number>(21).fill(4) };
  for (const message of [{ angle_min: 0 }, { angle_min: 0 }, scan]) {
    bridge.publishMessage('/scan', message);
    frames$.next({ frame, latencyMs: 0, depth: { ...size, metres: new Float32Array(64).fill(2), provenance: 'relative' } });
  }
  expect(metres[1]).toBe(2);
  expect(metres[2]).toBeCloseTo(4, 1);
  expect(told.mock.calls).toEqual([[expect.stringContaining('no distance can be read from a message of /scan')]]);
  frames$.complete();
});

it.each([['nothing', 0], ['a message', 1]])('tells once of a topic on which %s came', (_, messages) => {
  const [told, bridge, frames$, scheduler] = [jest.fn(), createBridge(), new Subject<Perception>(), new VirtualTimeScheduler()];
  const subscription = frames$.pipe(atScale(of({ kind: 'ranges', topic: '/scan', message: 'LaserScan' } as const), bridge, told, scheduler)).subscribe();
  for (let i = 0; i < messages; i += 1) bridge.publishMessage('/scan', { angle_min: 0, angle_increment: 0.1, range_min: 0.1, range_max: 10, ranges: [] });
  scheduler.maxFrames = 60_000;
  scheduler.flush();
  expect(told.mock.calls).toEqual(messages > 0 ? [] : [[expect.stringMatching(/nothing has come on \/scan in 5 s.*sensor_msgs\/msg\/LaserScan/)]]);
  subscription.unsubscribe();
  expect(bridge.topic('/scan')).toBeUndefined();
});

it('what a scale is taken from is computed while depth is', () => {
  const wanted$ = new BehaviorSubject<readonly Modality[]>(['flow']);
  const seen: (readonly Modality[])[] = [];
  wanted$.pipe(withScaleNeeds(new BehaviorSubject({ kind: 'camera-height', metres: 1 } as const), ['depth', 'flow', 'segmentation'])).subscribe((list) => seen.push(list));
  wanted$.next(['depth']);
  expect(seen).toEqual([['flow'], ['depth', 'segmentation']]);
});
