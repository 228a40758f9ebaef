import { describe, expect, it, jest } from '@jest/globals';
import { VirtualTimeScheduler, of } from 'rxjs';
import type { Modality } from '@sextant/core';
import { syntheticPerception } from '../../../../test/support/synthetic.js';
import type { DiagnosticArray } from '../messages/types.js';
import { createBridge } from './bridge.js';
import type { Publication } from './publication.js';
import { publish } from './publish.js';

const DEPTH = '/sextant/depth/image';

describe('createBridge', () => {
  it('builds and encodes nothing while nobody listens', () => {
    const bridge = createBridge();
    for (let i = 0; i < 5; i++) bridge.publish(syntheticPerception(i));
    const stats = Object.values(bridge.stats());
    expect(stats.map((s) => s.built + s.encoded + s.published)).toEqual(stats.map(() => 0));
    expect(bridge.health().frames).toBe(5);
  });

  it('builds once and encodes once per encoding for many listeners, and only what they ask for', () => {
    const bridge = createBridge();
    const got: (Uint8Array | string)[] = [];
    for (let i = 0; i < 3; i++) bridge.subscribe(DEPTH, (p) => got.push(p.encode('cbor') as Uint8Array));
    bridge.subscribe(DEPTH, (p) => got.push(p.encode('json') as string));
    bridge.publish(syntheticPerception(0));
    expect(got).toHaveLength(4);
    expect(got[1]).toBe(got[0]);
    expect(bridge.stats()[DEPTH]).toMatchObject({ subscribers: 4, published: 1, built: 1, encoded: 2 });
    expect(bridge.stats()['/sextant/rgb/image_raw']).toMatchObject({ built: 0, published: 0 });
  });

  it('wants exactly what is listened to', () => {
    const bridge = createBridge();
    const wanted: Modality[][] = [];
    bridge.wanted$.subscribe((set) => wanted.push([...set]));
    const depth = bridge.subscribe(DEPTH, () => undefined);
    const points = bridge.subscribe('/sextant/depth/points', () => undefined);
    const flow = bridge.subscribe('/sextant/flow/image', () => undefined);
    depth.unsubscribe();
    depth.unsubscribe();
    points.unsubscribe();
    flow.unsubscribe();
    expect(wanted).toEqual([[], ['depth'], ['depth', 'flow'], ['flow'], []]);
  });

  it('keeps a latched message for late listeners and does not repeat it', () => {
    const bridge = createBridge();
    const wanted: number[] = [];
    bridge.wanted$.subscribe((set) => wanted.push(set.size));
    const early = jest.fn<(p: Publication) => void>();
    const late = jest.fn<(p: Publication) => void>();
    bridge.subscribe('/sextant/segmentation/label_info', early);
    bridge.publish(syntheticPerception(0));
    bridge.publish(syntheticPerception(1));
    bridge.subscribe('/sextant/segmentation/label_info', late);
    expect(early).toHaveBeenCalledTimes(1);
    expect(late).toHaveBeenCalledTimes(1);
    expect(wanted).toEqual([0, 1, 0]); // once known, nothing needs to be computed for it
  });

  it('publishes relative depth under its own name only', () => {
    const bridge = createBridge();
    const seen: string[] = [];
    for (const name of [DEPTH, '/sextant/depth/relative', '/sextant/depth/points']) bridge.subscribe(name, (p) => seen.push(p.topic));
    bridge.publish(syntheticPerception(0, { relative: true }));
    expect(seen).toEqual(['/sextant/depth/relative']);
  });

  it('lets one bad listener hinder nobody', () => {
    const bridge = createBridge();
    const good = jest.fn<(p: Publication) => void>();
    bridge.subscribe(DEPTH, () => {
      throw new Error('broken client');
    });
    bridge.subscribe(DEPTH, good);
    bridge.publish(syntheticPerception(0));
    expect(good).toHaveBeenCalledTimes(1);
    expect(bridge.stats()[DEPTH]?.dropped).toBe(1);
  });

  it('replaces frame ids and passes perceptions through its operator unchanged', () => {
    const bridge = createBridge({ parameters: { frame_id: 'left_optical_frame' }, namespace: '/robot/eyes' });
    const frames: unknown[] = [];
    bridge.subscribe('/robot/eyes/rgb/image_raw', (p) => frames.push((p.message as { header: { frame_id: string } }).header.frame_id));
    const perception = syntheticPerception(0);
    const out: unknown[] = [];
    of(perception).pipe(publish(bridge)).subscribe((p) => out.push(p));
    expect(out).toEqual([perception]);
    expect(out[0]).toBe(perception);
    expect(frames).toEqual(['left_optical_frame']);
  });

  it('tells rate, latency and silence in /diagnostics once a second, while listened to', () => {
    const scheduler = new VirtualTimeScheduler(undefined, 5000);
    const bridge = createBridge({ scheduler, diagnostics: () => ({ device: 'cpu' }) });
    bridge.drops.add('model', 3);
    const told: DiagnosticArray[] = [];
    const subscription = bridge.subscribe('/diagnostics', (p) => told.push(p.message as DiagnosticArray));
    for (let i = 0; i < 10; i++) {
      scheduler.schedule(() => {
        bridge.publish(syntheticPerception(i));
      }, 90 + i * 100);
    }
    scheduler.schedule(() => {
      subscription.unsubscribe();
    }, 4500);
    scheduler.flush();
    expect(told).toHaveLength(4);
    const value = (i: number, key: string): string | undefined => told[i]?.status[0]?.values.find((v) => v.key === key)?.value;
    expect(told[0]?.status[0]).toMatchObject({ level: 0, message: '10.0 frames per second' });
    expect(value(0, 'latency p50 ms')).toMatch(/^(19|20)\./);
    expect(value(0, 'dropped model')).toBe('3');
    expect(value(0, 'device')).toBe('cpu');
    expect(value(0, 'depth provenance')).toBe('metric');
    expect(told[3]?.status[0]).toMatchObject({ level: 3, message: 'no frame for 3.0 s' });
  });

  it('closes every transport where one fails at once, then tells its error, and closes once', async () => {
    const bridge = createBridge();
    const closed: string[] = [];
    let later = (): void => undefined;
    bridge.attach({ name: 'broken', attach: () => undefined, close: () => { throw new Error('the node is gone'); } });
    bridge.attach({ name: 'recorder', attach: () => undefined, close: () => new Promise((resolve) => { later = () => { closed.push('recorder'); resolve(); }; }) });
    const both = Promise.allSettled([bridge.close(), bridge.close()]);
    later();
    expect(await both).toEqual([expect.objectContaining({ reason: new Error('the node is gone') }), expect.objectContaining({ status: 'rejected' })]);
    expect(closed).toEqual(['recorder']);
  });

  it('refuses options and topics that cannot be', () => {
    expect(() => createBridge({ namespace: 'sextant' })).toThrow(/namespace is "sextant"/);
    expect(() => createBridge({ parameters: { 'points.decimation': 0 } })).toThrow(/points.decimation cannot be 0/);
    expect(() => createBridge().subscribe('/nope', () => undefined)).toThrow(/unknown topic "\/nope"/);
  });
});
