import { describe, expect, it, jest } from '@jest/globals';
import { dropCounter } from '@sextant/core';
import type { Frame } from '@sextant/core';
import { createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
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
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20));
/** Decoding takes its time on a machine that is busy. */
async function until(what: () => boolean): Promise<void> {
  for (let i = 0; i < 500 && !what(); i += 1) await settle();
}

describe('rosSource', () => {
  const start = (topic: string) => {
    const bridge: RosBridge = createBridge();
    const frames: Frame[] = [];
    const told = jest.fn();
    const drops = dropCounter();
    const subscription = rosSource(bridge, topic, { drops, onIssue: told }).subscribe((frame) => frames.push(frame));
    return { bridge, frames, told, drops, subscription };
  };

  it('makes frames of what clients publish, with the camera_info beside it', async () => {
    const { bridge, frames, subscription } = start('/camera/image_raw');
    bridge.publishMessage('/camera/camera_info', info(1, 10));
    bridge.publishMessage('/camera/image_raw', image(1, 7));
    await settle();
    expect(frames).toMatchObject([{ stamp: 1_000_000_005n, frameId: 'head_camera', sequence: 0, width: WIDTH, height: HEIGHT, camera: { k: [10, 0, 3.5, 0, 10, 2.5, 0, 0, 1] } }]);
    expect(frames[0].rgb[0]).toBe(7);
    subscription.unsubscribe();
    expect(bridge.topic('/camera/image_raw')).toBeUndefined();
  });

  it('decodes compressed pictures and goes on after a broken one', async () => {
    const { bridge, frames, told } = start('/camera/image_raw/compressed');
    const jpeg = await sharp(new Uint8Array(WIDTH * HEIGHT * 3).fill(90), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).jpeg().toBuffer();
    bridge.publishMessage('/camera/image_raw/compressed', { header: header(1), format: 'jpeg', data: Uint8Array.of(1, 2, 3) });
    await until(() => told.mock.calls.length > 0);
    bridge.publishMessage('/camera/image_raw/compressed', { header: header(2), format: 'jpeg', data: new Uint8Array(jpeg) });
    await until(() => frames.length > 0);
    expect(told).toHaveBeenCalledWith(expect.stringContaining("3 bytes of 'jpeg' cannot be decoded"), expect.objectContaining({ topic: '/camera/image_raw/compressed' }));
    expect(frames.map(({ sequence, stamp }) => [sequence, stamp])).toEqual([[1, 2_000_000_005n]]);
  });

  it('keeps the newest where pictures come faster than they can be decoded', async () => {
    const { bridge, frames, drops } = start('/camera/image_raw');
    for (let i = 0; i < 5; i += 1) bridge.publishMessage('/camera/image_raw', image(i + 1, i));
    await settle();
    expect(frames.map(({ rgb }) => rgb[0])).toEqual([0, 4]);
    expect(drops.snapshot()).toMatchObject({ source: 3 });
  });

  it('tells of a camera_info for another aspect, naming both sizes', async () => {
    const { bridge, frames, told } = start('/camera/image_raw');
    bridge.publishMessage('/camera/camera_info', info(1, 10, [100, 100]));
    bridge.publishMessage('/camera/image_raw', image(1, 7));
    await settle();
    expect(frames).toEqual([]);
    bridge.publishMessage('/camera/image_raw', image(2, 7));
    await settle();
    expect(told.mock.calls).toEqual([[expect.stringMatching(/100x100.*8x6/), expect.anything()]]); // not with every picture
  });
});
