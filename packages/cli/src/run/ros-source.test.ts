import { join } from 'node:path';
import { describe, expect, it, jest } from '@jest/globals';
import { dropCounter } from '@sextant/core';
import type { Frame } from '@sextant/core';
import { createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import { ReplaySubject, Subject, filter, firstValueFrom, take, toArray } from 'rxjs';
import sharp from 'sharp';
import { rosSource } from './ros-source.js';

const [WIDTH, HEIGHT] = [8, 6];
const header = (sec: number) => ({ stamp: { sec, nanosec: 5 }, frame_id: 'head_camera' });
const image = (sec: number, value: number, part = {}): object => ({
  header: header(sec), width: WIDTH, height: HEIGHT, encoding: 'rgb8', is_bigendian: 0, step: WIDTH * 3, data: new Uint8Array(WIDTH * HEIGHT * 3).fill(value), ...part,
});
const info = (sec: number, f: number, size: readonly [number, number] = [WIDTH, HEIGHT]): object => ({
  header: header(sec), width: size[0], height: size[1], distortion_model: 'plumb_bob', d: [0, 0, 0, 0, 0], k: [f, 0, 3.5, 0, f, 2.5, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [f, 0, 3.5, 0, 0, f, 2.5, 0, 0, 0, 1, 0],
});
/** A turn of the event loop: every promise that could settle has. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** When somebody listens to a topic: a calibration is read before. */
const opened = async (bridge: RosBridge, topic: string): Promise<void> => {
  await firstValueFrom(bridge.topics$.pipe(filter((all) => all.some(({ name }) => name === topic))));
  await turn();
};

describe('rosSource', () => {
  const start = (topic: string, rate?: number, calibration?: string) => {
    const bridge: RosBridge = createBridge();
    const frames$ = new ReplaySubject<Frame>();
    const told = jest.fn();
    const told$ = new ReplaySubject<void>();
    const drops = dropCounter();
    const subscription = rosSource(bridge, topic, { drops, ...(rate !== undefined && { rate }), ...(calibration !== undefined && { calibration }), onIssue: (...issue) => { told(...issue); told$.next(); } }).subscribe(frames$);
    return {
      bridge, told, drops, subscription,
      /** The first frames, when they have come. */
      frames: (count: number): Promise<Frame[]> => firstValueFrom(frames$.pipe(take(count), toArray())),
      /** When something was told. */
      issue: (): Promise<void> => firstValueFrom(told$),
    };
  };

  it('makes frames of what clients publish, with the camera_info beside it', async () => {
    const { bridge, frames, subscription } = start('/camera/image_raw');
    bridge.publishMessage('/camera/camera_info', info(1, 10));
    bridge.publishMessage('/camera/image_raw', image(1, 7));
    const [frame] = await frames(1);
    expect(frame).toMatchObject({ stamp: 1_000_000_005n, frameId: 'head_camera', sequence: 0, width: WIDTH, height: HEIGHT, camera: { k: [10, 0, 3.5, 0, 10, 2.5, 0, 0, 1] } });
    expect(frame.rgb[0]).toBe(7);
    subscription.unsubscribe();
    expect(bridge.topic('/camera/image_raw')).toBeUndefined();
  });

  it.each(['/camera/image_rect', '/camera/image_rect_color/compressed'])('takes %s for rectified: by P, without the lens', async (topic) => {
    const { bridge, frames } = start(topic);
    bridge.publishMessage('/camera/camera_info', { ...info(1, 10), d: [-0.2, 0.1, 0, 0, 0], p: [9, 0, 3, 0, 0, 9, 2, 0, 0, 0, 1, 0] });
    const jpeg = await sharp(new Uint8Array(WIDTH * HEIGHT * 3).fill(90), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).jpeg().toBuffer();
    bridge.publishMessage(topic, topic.endsWith('compressed') ? { header: header(1), format: 'jpeg', data: new Uint8Array(jpeg) } : image(1, 7));
    expect((await frames(1))[0].camera).toMatchObject({ distortionModel: 'none', d: [], k: [9, 0, 3, 0, 9, 2, 0, 0, 1] });
  });

  it('decodes compressed pictures and goes on after a broken one', async () => {
    const { bridge, frames, told, issue } = start('/camera/image_raw/compressed');
    const jpeg = await sharp(new Uint8Array(WIDTH * HEIGHT * 3).fill(90), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).jpeg().toBuffer();
    bridge.publishMessage('/camera/image_raw/compressed', { header: header(1), format: 'jpeg', data: Uint8Array.of(1, 2, 3) });
    await issue();
    bridge.publishMessage('/camera/image_raw/compressed', { header: header(2), format: 'jpeg', data: new Uint8Array(jpeg) });
    const [frame] = await frames(1);
    expect(told).toHaveBeenCalledWith(expect.stringContaining("3 bytes of 'jpeg' cannot be decoded"), expect.objectContaining({ topic: '/camera/image_raw/compressed' }));
    expect([frame.sequence, frame.stamp]).toEqual([1, 2_000_000_005n]);
  });

  it('goes on after a picture without a header, told once', async () => {
    const { bridge, frames, told } = start('/camera/image_raw');
    for (let i = 0; i < 2; i += 1) bridge.publishMessage('/camera/image_raw', image(1, 1, { header: undefined }));
    bridge.publishMessage('/camera/image_raw', image(2, 2));
    expect((await frames(1))[0]).toMatchObject({ sequence: 0, stamp: 2_000_000_005n });
    expect(told.mock.calls).toEqual([[expect.stringContaining('a picture of /camera/image_raw has no header with a stamp'), expect.objectContaining({ topic: '/camera/image_raw' })]]);
  });

  it('keeps the newest where pictures come faster than they can be decoded', async () => {
    const { bridge, frames, drops } = start('/camera/image_raw');
    for (let i = 0; i < 5; i += 1) bridge.publishMessage('/camera/image_raw', image(i + 1, i));
    expect((await frames(2)).map(({ rgb }) => rgb[0])).toEqual([0, 4]);
    expect(drops.snapshot()).toMatchObject({ source: 3 });
  });

  it('keeps to a rate by the stamps, without counting what is left out as lost', async () => {
    const { bridge, frames, drops } = start('/camera/image_raw', 0.5);
    for (const sec of [1, 2, 3, 4, 5]) {
      bridge.publishMessage('/camera/image_raw', image(sec, sec));
      await turn();
    }
    expect((await frames(3)).map(({ rgb, sequence }) => [rgb[0], sequence])).toEqual([[1, 0], [3, 1], [5, 2]]);
    expect(drops.snapshot()).toEqual({});
  });

  it.each<[string, (infos$: Subject<object>) => void]>([
    ['fails', (infos$) => infos$.error(new Error('the topic has another type'))],
    ['ends', (infos$) => infos$.complete()],
  ])('goes on with the last camera where its camera_info %s', async (_, stop) => {
    const [infos$, pictures$, frames$, onIssue] = [new Subject<object>(), new Subject<object>(), new ReplaySubject<Frame>(), jest.fn()];
    const input = { incoming: (topic: string) => (topic.endsWith('camera_info') ? infos$ : pictures$) };
    const subscription = rosSource(input, '/camera/image_raw', { drops: dropCounter(), onIssue }).subscribe(frames$);
    infos$.next(info(1, 10));
    stop(infos$);
    pictures$.next(image(1, 7));
    expect((await firstValueFrom(frames$)).camera?.k[0]).toBe(10);
    subscription.unsubscribe();
    expect(pictures$.observed).toBe(false);
  }, 2000);

  it('gives pictures without a stamp the time when they came', async () => {
    const { bridge, frames } = start('/camera/image_raw');
    const before = BigInt(Date.now()) * 1_000_000n;
    bridge.publishMessage('/camera/camera_info', { ...info(0, 10), header: { stamp: { sec: 0, nanosec: 0 }, frame_id: '' } });
    bridge.publishMessage('/camera/image_raw', image(0, 7, { header: { stamp: { sec: 0, nanosec: 0 }, frame_id: '' } }));
    const [frame] = await frames(1);
    expect(frame.stamp >= before).toBe(true);
    expect(frame.camera?.k[0]).toBe(10);
  });

  it('tells once of a camera_info for another aspect, naming both sizes, and goes on without a camera', async () => {
    const { bridge, frames, told, drops } = start('/camera/image_raw');
    bridge.publishMessage('/camera/camera_info', info(1, 10, [100, 100]));
    for (const sec of [1, 2]) {
      bridge.publishMessage('/camera/image_raw', image(sec, 7));
      await turn(); // the first is done: the second does not wait, where the third would replace it
    }
    bridge.publishMessage('/camera/camera_info', info(3, 10));
    bridge.publishMessage('/camera/image_raw', image(3, 7));
    expect((await frames(3)).map(({ sequence, camera }) => [sequence, camera?.k[0]])).toEqual([[0, undefined], [1, undefined], [2, 10]]);
    expect(drops.snapshot()).toEqual({});
    expect(told.mock.calls).toEqual([[expect.stringMatching(/100x100.*8x6.*Pictures come without a camera/), expect.anything()]]); // not with every picture
  });

  it('tells of a calibration that was asked for and does not fit, and gives no picture by it', async () => {
    const { bridge, subscription, told, issue, frames } = start('/camera/image_raw', undefined, join(import.meta.dirname, '../../../../calibration/sim.yaml'));
    await opened(bridge, '/camera/image_raw');
    bridge.publishMessage('/camera/image_raw', image(1, 7, { height: 2 }));
    await issue();
    expect(told).toHaveBeenCalledWith(expect.stringContaining('another aspect'), expect.anything());
    bridge.publishMessage('/camera/image_raw', image(2, 7));
    expect((await frames(1))[0]).toMatchObject({ sequence: 1, camera: { width: WIDTH } });
    subscription.unsubscribe();
  });
});
