import { mkdir, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Frame } from '@sextant/core';
import { lastValueFrom, take, toArray } from 'rxjs';
import sharp from 'sharp';
import { EPOCH, HEIGHT, SECOND, WIDTH, header, image, info, stamped, times, writeBag } from '../../../../test/support/bags.js';
import type { Entry } from '../../../../test/support/bags.js';
import { png } from '../../test/media.js';
import { openSource } from '../open-source.js';
import { probeSource } from '../probe-source.js';
import type { PlaybackOptions, SourceIssue } from '../source-options.js';

describe('bag', () => {
  let folder: string;
  beforeAll(async () => { folder = await mkdtemp(join(tmpdir(), 'sextant-bag-')); });
  afterAll(() => rm(folder, { recursive: true }));

  const play = async (spec: string, options: PlaybackOptions = {}): Promise<{ frames: Frame[]; issues: SourceIssue[] }> => {
    const issues: SourceIssue[] = [];
    const frames = await lastValueFrom(openSource(spec, { realtime: false, onIssue: (issue) => issues.push(issue), ...options }).pipe(toArray()));
    return { frames, issues };
  };

  it('plays pictures by their own clock, frame and camera', async () => {
    const path = join(folder, 'plain.mcap');
    await writeBag(path, times(5).flatMap((time, i) => [info(time), image(time, 10 * i)]));
    const { frames, issues } = await play(path);
    expect(frames.map(({ stamp }) => stamp)).toEqual(times(5));
    expect(frames.map(({ rgb }) => rgb[0])).toEqual([0, 10, 20, 30, 40]);
    expect(frames[0]).toMatchObject({ frameId: 'left_camera', width: WIDTH, height: HEIGHT, camera: { distortionModel: 'plumb_bob', k: [10, 0, 3.5, 0, 10, 2.5, 0, 0, 1], provenance: 'calibrated' } });
    expect(issues).toEqual([]);
    expect(await probeSource(path)).toEqual({ kind: 'bag', live: false, fps: 10, frames: 5 });
    expect((await play(`${path}#/left/image_raw`, { start: 3 })).frames.map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect((await play(path, { startSeconds: 0.25 })).frames.map(({ rgb }) => rgb[0])).toEqual([30, 40]);
    await expect(play(path, { startSeconds: 7 })).rejects.toMatchObject({ code: 'bad-argument', details: { startSeconds: 7, lengthSeconds: 0.4 } });
    expect((await play(path, { rate: 5 })).frames.map(({ rgb }) => rgb[0])).toEqual([0, 20, 40]);
  });

  it('takes rectified pictures for rectified: by P, without the lens', async () => {
    const path = join(folder, 'rect.mcap');
    const shared = { ...info(EPOCH), message: { ...(info(EPOCH).message as object), p: [9, 0, 3, -0.9, 0, 9, 2, 0, 0, 0, 1, 0] } };
    await writeBag(path, [shared, image(EPOCH, 1), { ...image(EPOCH, 2), topic: '/left/image_rect_color' }]);
    const { frames } = await play(path);
    const rectified = { distortionModel: 'none', d: [], k: [9, 0, 3, 0, 9, 2, 0, 0, 1], p: [9, 0, 3, -0.9, 0, 9, 2, 0, 0, 0, 1, 0] };
    expect(frames[0]).toMatchObject({ rgb: expect.objectContaining({ 0: 2 }), camera: rectified }); // the usual topic of several
    const camera = (await play(`${path}#/left/image_raw`)).frames[0].camera!;
    expect(camera).toMatchObject({ distortionModel: 'plumb_bob', k: [10, 0, 3.5, 0, 10, 2.5, 0, 0, 1] });
    const bare = join(folder, 'rect-bare.mcap');
    await writeBag(bare, [{ ...image(EPOCH, 2), topic: '/left/image_rect' }]);
    expect((await play(bare, { calibration: camera })).frames[0].camera).toMatchObject(rectified);
  });

  it('tells once of what is wrong with it where it loops', async () => {
    const path = join(folder, 'loop-broken.mcap');
    const [first, second, third] = times(3);
    await writeBag(path, [info(first, [100, 100]), image(first, 0), { ...image(second, 1), bytes: 60 }, image(third, 2)]);
    const issues: SourceIssue[] = [];
    const frames = await lastValueFrom(openSource(path, { realtime: false, loop: true, onIssue: (issue) => issues.push(issue) }).pipe(take(5), toArray()));
    expect(frames.map(({ rgb }) => rgb[0])).toEqual([0, 2, 0, 2, 0]);
    expect(issues.map(({ kind }) => kind)).toEqual(['corrupt-picture', 'no-camera']); // the first picture waits for the next one
  });

  it('goes on with its clock where it loops', async () => {
    const path = join(folder, 'loop.mcap');
    await writeBag(path, times(2).map((time, i) => image(time, i)));
    const stamps: bigint[] = [];
    await new Promise<void>((resolve) => {
      const subscription = openSource(path, { realtime: false, loop: true }).subscribe(({ stamp }) => {
        stamps.push(stamp);
        if (stamps.length === 5) queueMicrotask(() => { subscription.unsubscribe(); resolve(); });
      });
    });
    expect(stamps.slice(0, 5)).toEqual(times(5));
  });

  it('decodes the encodings other drivers write', async () => {
    const paint = async (encoding: string, channels: number, data: Uint8Array): Promise<number[]> => {
      const path = join(folder, `${encoding}.mcap`);
      const entry = image(EPOCH, 0, encoding, channels);
      await writeBag(path, [{ ...entry, message: { ...(entry.message as object), data } }]);
      const { frames } = await play(path);
      const middle = 3 * (2 * WIDTH + 4);
      return [...frames[0].rgb.subarray(middle, middle + 3)];
    };
    const fill = (pixel: readonly number[], rows = HEIGHT): Uint8Array => Uint8Array.from({ length: WIDTH * rows * pixel.length }, (_, i) => pixel[i % pixel.length]);
    expect(await paint('bgr8', 3, fill([1, 2, 3]))).toEqual([3, 2, 1]);
    expect(await paint('bgra8', 4, fill([1, 2, 3, 9]))).toEqual([3, 2, 1]);
    expect(await paint('mono8', 1, fill([7]))).toEqual([7, 7, 7]);
    expect(await paint('mono16', 2, fill([99, 7]))).toEqual([7, 7, 7]); // little endian: the second byte is the high one
    expect(await paint('rgb16', 6, fill([9, 1, 9, 2, 9, 3]))).toEqual([1, 2, 3]);
    // A mosaic of even colour: red 200, green 100, blue 50.
    const mosaic = (cells: readonly [number, number, number, number]): Uint8Array => Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => cells[2 * (Math.floor(i / WIDTH) % 2) + ((i % WIDTH) % 2)]);
    expect(await paint('bayer_rggb8', 1, mosaic([200, 100, 100, 50]))).toEqual([200, 100, 50]);
    expect(await paint('bayer_bggr8', 1, mosaic([50, 100, 100, 200]))).toEqual([200, 100, 50]);
    expect(await paint('bayer_gbrg8', 1, mosaic([100, 50, 200, 100]))).toEqual([200, 100, 50]);
    expect(await paint('bayer_grbg8', 1, mosaic([100, 200, 50, 100]))).toEqual([200, 100, 50]);
    const near = async (encoding: string, channels: number, data: Uint8Array): Promise<void> => {
      const rgb = await paint(encoding, channels, data);
      // Y 81, U 90, V 240 is pure red in BT.601 limited range.
      expect(Math.max(...rgb.map((v, c) => Math.abs(v - [255, 0, 0][c])))).toBeLessThan(4);
    };
    await near('yuv422_yuy2', 2, fill([81, 90, 81, 240]).subarray(0, WIDTH * HEIGHT * 2));
    await near('yuv422', 2, fill([90, 81, 240, 81]).subarray(0, WIDTH * HEIGHT * 2));
    const planes = (uv: readonly [number, number]): Uint8Array => Uint8Array.from({ length: (WIDTH * HEIGHT * 3) / 2 }, (_, i) => (i < WIDTH * HEIGHT ? 81 : uv[i % 2]));
    await near('nv12', 1, planes([90, 240]));
    await near('nv21', 1, planes([240, 90]));
    await expect(paint('32FC1', 4, fill([0, 0, 0, 0]))).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining("'32FC1'") });
  });

  it('plays compressed pictures and leaves out a broken one', async () => {
    const path = join(folder, 'compressed.mcap');
    const jpeg = await sharp(new Uint8Array(WIDTH * HEIGHT * 3).fill(90), { raw: { width: WIDTH, height: HEIGHT, channels: 3 } }).jpeg().toBuffer();
    const compressed = (time: bigint, data: Uint8Array): Entry => ({
      topic: '/left/image_raw/compressed', type: 'sensor_msgs/msg/CompressedImage', time, message: { header: header(time), format: 'rgb8; jpeg compressed bgr8', data },
    });
    await writeBag(path, times(3).map((time, i) => compressed(time, i === 1 ? jpeg.subarray(0, 40) : jpeg)));
    const { frames, issues } = await play(path);
    expect(frames.map(({ sequence }) => sequence)).toEqual([0, 2]);
    expect(Math.abs(frames[0].rgb[0] - 90)).toBeLessThan(3);
    expect(issues).toMatchObject([{ kind: 'corrupt-picture', index: 1 }]);
  });

  it('plays a rosbag2 folder, file after file', async () => {
    const split = join(folder, 'split');
    await mkdir(split);
    const all = times(5);
    await writeBag(join(split, 'split_0.mcap'), all.slice(0, 3).map((time, i) => image(time, i)));
    await writeBag(join(split, 'split_1.mcap'), all.slice(3).map((time, i) => image(time, 3 + i)));
    expect((await play(split)).frames.map(({ rgb, stamp }) => [rgb[0], stamp])).toEqual(all.map((time, i) => [i, time]));
    expect((await play(`bag:${split}#/left/image_raw`)).frames).toHaveLength(5);
    expect(await probeSource(split)).toEqual({ kind: 'bag', live: false, fps: 10, frames: 5 });
  });

  it('says which topics there are', async () => {
    const path = join(folder, 'two.mcap');
    await writeBag(path, [image(EPOCH, 1), { ...image(EPOCH, 2), topic: '/right/image_raw' }, info(EPOCH)]);
    await expect(play(path)).rejects.toMatchObject({ code: 'bad-argument', hint: expect.stringContaining('/left/image_raw, /right/image_raw') });
    await expect(play(`${path}#/left/camera_info`)).rejects.toMatchObject({ message: expect.stringContaining('holds sensor_msgs/msg/CameraInfo, not pictures') });
    await expect(play(`${path}#/nowhere`)).rejects.toMatchObject({ message: expect.stringContaining('has no topic /nowhere') });
    expect((await play(`${path}#/right/image_raw`)).frames[0].rgb[0]).toBe(2);
  });

  it('knows bags of other kinds, and how to convert them', async () => {
    const files = { sqlite: ['metadata.yaml', 'a_0.db3'], zipped: ['metadata.yaml', 'a_0.mcap.zstd'], zst: ['a_0.mcap.zst'], headless: ['metadata.yaml'] };
    for (const [name, names] of Object.entries(files)) {
      await mkdir(join(folder, name));
      for (const file of names) await writeFile(join(folder, name, file), 'x');
    }
    for (const prefix of ['', 'bag:']) {
      await expect(play(`${prefix}${join(folder, 'sqlite')}`)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('holds a_0.db3'), hint: expect.stringContaining('ros2 bag convert') });
      await expect(play(`${prefix}${join(folder, 'zipped')}`)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('holds a_0.mcap.zstd'), hint: expect.stringContaining('zstd -d *.zstd') });
      await expect(play(`${prefix}${join(folder, 'zst')}`)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('holds a_0.mcap.zst,'), hint: expect.stringContaining('zstd -d *.zst.') });
      await expect(play(`${prefix}${join(folder, 'headless')}`)).rejects.toMatchObject({ code: 'source-missing', message: expect.stringContaining('holds no .mcap file') });
    }
    // Pictures beside a metadata.yaml of their own stay pictures.
    await writeFile(join(folder, 'headless', '1.png'), await png(WIDTH, HEIGHT, [7, 7, 7]));
    expect((await play(join(folder, 'headless'))).frames).toHaveLength(1);
  });

  it('says that pictures of ROS 1 are to be converted', async () => {
    const path = join(folder, 'ros1.mcap');
    await writeBag(path, [image(EPOCH, 1)], {}, (type) => type.replace('/msg/', '/'));
    for (const spec of [path, `${path}#/left/image_raw`]) {
      await expect(play(spec)).rejects.toMatchObject({ code: 'unsupported', message: expect.stringContaining('/left/image_raw holds sensor_msgs/Image'), hint: expect.stringContaining('rosbags-convert') });
    }
  });

  it('tells of a clock that jumps back, and plays on', async () => {
    const path = join(folder, 'jump.mcap');
    const back = image(EPOCH - 5n * SECOND, 3);
    await writeBag(path, [image(EPOCH, 1), { ...back, time: EPOCH + 1n }, { ...image(EPOCH - 4n * SECOND, 4), time: EPOCH + 2n }]);
    const { frames, issues } = await play(path, { rate: 100 });
    expect(frames.map(({ rgb }) => rgb[0])).toEqual([1, 3, 4]);
    expect(issues).toMatchObject([{ kind: 'clock-jump', index: 1, message: expect.stringContaining('jumps back by 5.000 s') }]);
  });

  it('tells of a clock that is set ahead, and does not wait for that hour; a pause of the recording is none', async () => {
    const path = join(folder, 'ahead.mcap');
    const [hour, minute] = [3600n * SECOND, 60n * SECOND];
    await writeBag(path, times(4).map((time, i) => stamped(image(time, i), time + (i < 2 ? 0n : hour))));
    const { frames, issues } = await play(path, { realtime: true });
    expect(frames.map(({ stamp }) => stamp)).toEqual(times(4).map((time, i) => time + (i < 2 ? 0n : hour)));
    expect(issues).toMatchObject([{ kind: 'clock-jump', index: 2, message: expect.stringContaining('jumps ahead by 3600.100 s at picture 2') }]);
    const pause = join(folder, 'pause.mcap');
    await writeBag(pause, times(4).map((time, i) => image(time + (i < 2 ? 0n : minute), i)));
    expect((await play(pause)).issues).toEqual([]);
  });

  it('reads a cut file from the front and leaves out a damaged chunk', async () => {
    const whole = join(folder, 'whole.mcap');
    await writeBag(whole, times(40).map((time, i) => image(time, i)), { chunkSize: 600 });
    const cut = join(folder, 'cut.mcap');
    await writeFile(cut, await readFile(whole));
    await truncate(cut, Math.floor((await stat(cut)).size / 2));
    const half = await play(cut);
    expect(half.frames.length).toBeGreaterThan(10);
    expect(half.frames.length).toBeLessThan(30);
    expect(half.issues[0]).toMatchObject({ kind: 'truncated' });
    const broken = await readFile(whole);
    const chunk = broken.indexOf(Uint8Array.from([20, 20, 20, 20, 20, 20, 20, 20])); // picture 20's bytes
    broken.fill(0xff, chunk, chunk + 30);
    const path = join(folder, 'broken.mcap');
    await writeFile(path, broken);
    const rest = await play(path);
    expect(rest.issues).toMatchObject([{ message: expect.stringContaining('a chunk cannot be read and is left out') }]);
    expect(rest.frames.length).toBeGreaterThan(30);
    expect(rest.frames.length).toBeLessThan(40);
    expect(rest.frames.at(-1)?.rgb[0]).toBe(39);
  });

  it('refuses what is no MCAP', async () => {
    const path = join(folder, 'text.mcap');
    await writeFile(path, 'hello, I am a text');
    await expect(play(path)).rejects.toMatchObject({ code: 'source-corrupt' });
    await expect(play(join(folder, 'absent.mcap'))).rejects.toMatchObject({ code: 'source-missing' });
    await expect((async () => play('old.db3'))()).rejects.toMatchObject({ code: 'unsupported', hint: expect.stringContaining('ros2 bag convert') });
  });
});
