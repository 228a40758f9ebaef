import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { McapIndexedReader } from '@mcap/core';
import { FileHandleReadable } from '@mcap/nodejs';
import { loadDecompressHandlers } from '@mcap/support';
import { build } from 'esbuild';
import { parse } from 'yaml';
import { firstValueFrom } from 'rxjs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { McapRecorder, createBridge, depthImage, readMcap } from '../src/index.js';
import type { Image, RecordedMessage } from '../src/index.js';
import { ChunkWriter } from '../src/mcap/chunk-writer.js';
import { createFile } from '../src/mcap/file-writable.js';
import type { Writable } from '../src/mcap/file-writable.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sextant-mcap-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

async function readAll(path: string): Promise<RecordedMessage[]> {
  const messages: RecordedMessage[] = [];
  for await (const message of readMcap(path)) messages.push(message);
  return messages;
}

async function record(path: string, frames: number): Promise<void> {
  const bridge = createBridge();
  bridge.attach(await McapRecorder.open(path, { chunkBytes: 50_000 }));
  for (let i = 0; i < frames; i++) bridge.publish(syntheticPerception(i));
  await bridge.close();
}

describe('McapRecorder', () => {
  it('writes an indexed ros2 file whose messages are the published ones', async () => {
    const path = join(folder, 'a.mcap');
    await record(path, 10);
    const handle = await open(path);
    const reader = await McapIndexedReader.Initialize({ readable: new FileHandleReadable(handle) });
    expect(reader.header.profile).toBe('ros2');
    expect(reader.chunkIndexes.length).toBeGreaterThan(2);
    expect(reader.statistics?.messageCount).toBe(10n * 15n + 2n); // 13 topics a frame (depth/relative is silent) and two of the body, label_info and tf_static once
    const types = [...reader.schemasById.values()].map((s) => [s.name, s.encoding]);
    expect(types).toContainEqual(['vision_msgs/msg/Detection2DArray', 'ros2msg']);
    let count = 0;
    for await (const message of reader.readMessages({ topics: ['/sextant/depth/image'] })) {
      expect(message.publishTime).toBe(syntheticPerception(count).frame.stamp);
      count++;
    }
    expect(count).toBe(10);
    await handle.close();
    const depth = (await readAll(path)).filter((m) => m.topic === '/sextant/depth/image');
    const truth = depthImage(syntheticPerception(7), '32FC1') as Image;
    expect(depth[7]?.sequence).toBe(7);
    expect(Buffer.from(depth[7]?.decode<Image>().data ?? []).equals(Buffer.from(truth.data))).toBe(true);
  });

  it('keeps no topic of clients, and goes on in its channel when it comes back', async () => {
    const path = join(folder, 'clients.mcap');
    const bridge = createBridge();
    bridge.attach(await McapRecorder.open(path));
    for (const data of ['once', 'again']) {
      bridge.advertiseTopic('/chat', 'std_msgs/msg/String');
      bridge.publishMessage('/chat', { data });
      bridge.unadvertiseTopic('/chat');
      expect(bridge.topic('/chat')).toBeUndefined();
    }
    for (let i = 0; i < 1100; i += 1) {
      bridge.ensureTopic(`/client/t${i}`, 'std_msgs/msg/String');
      bridge.releaseTopic(`/client/t${i}`);
    }
    await bridge.close();
    expect((await readAll(path)).map(({ topic, sequence, decode }) => [topic, sequence, decode<{ data: string }>().data])).toEqual([['/chat', 0, 'once'], ['/chat', 1, 'again']]);
  });

  it('leaves out, and tells once, the topics for which a file has no room, and stays readable', async () => {
    const path = join(folder, 'full.mcap');
    const bridge = createBridge();
    const told: string[] = [];
    bridge.log$.subscribe(({ message }) => told.push(message));
    const recorded = bridge.topics.filter(({ derived }) => derived !== true).length;
    bridge.attach(await McapRecorder.start(path, await createFile(path), {}, undefined, recorded + 2));
    const say = (topic: string): void => {
      bridge.advertiseTopic(topic, 'std_msgs/msg/String');
      bridge.publishMessage(topic, { data: topic });
      bridge.unadvertiseTopic(topic);
    };
    for (const topic of ['/first', '/last', '/one_more', '/another', '/first']) say(topic);
    await bridge.close();
    expect(told).toEqual([expect.stringMatching(/full\.mcap has as many topics .*: \/one_more and others .* are not recorded\./)]);
    const said = (await readAll(path)).filter(({ type }) => type === 'std_msgs/msg/String'); // what was told is there too, on /rosout
    expect(said.map(({ topic, decode }) => [topic, decode<{ data: string }>().data])).toEqual(['/first', '/last', '/first'].map((name) => [name, name]));
  });

  it('has room for as many channels as their ids have numbers', () => {
    const writer = new ChunkWriter({ position: 0n, write: () => Promise.resolve(), close: () => Promise.resolve() });
    const ids = Array.from({ length: 65_537 }, (_, i) => writer.addChannel({ topic: `/t${i}`, type: 'std_msgs/msg/String', schema: 'string data' }));
    expect(ids.slice(-3)).toEqual([65_534, 65_535, undefined]);
  });

  it('keeps a topic of clients that is asked for by name', async () => {
    const path = join(folder, 'chosen.mcap');
    const bridge = createBridge();
    bridge.advertiseTopic('/chat', 'std_msgs/msg/String');
    bridge.attach(await McapRecorder.open(path, { topics: ['/chat'] }));
    bridge.unadvertiseTopic('/chat');
    bridge.advertiseTopic('/chat', 'std_msgs/msg/String');
    bridge.publishMessage('/chat', { data: 'again' });
    await bridge.close();
    expect(await readAll(path)).toHaveLength(1);
  });

  it('listens to nothing where one of the topics asked for is not there', async () => {
    const bridge = createBridge();
    const recorder = await McapRecorder.open(join(folder, 'misspelt.mcap'), { topics: ['/sextant/depth/image', '/sextant/dept/camera_info'] });
    expect(() => bridge.attach(recorder)).toThrow(expect.objectContaining({ code: 'bad-argument', message: 'cannot record "/sextant/dept/camera_info": no such topic' }));
    expect(bridge.stats()['/sextant/depth/image'].subscribers).toBe(0);
    expect(await firstValueFrom(bridge.wanted$)).toEqual(new Set());
    await Promise.all([recorder.close(), bridge.close()]);
  });

  it('makes a rosbag2 folder: zstd chunks, attachments, metadata.yaml', async () => {
    const path = join(folder, 'run');
    const bridge = createBridge();
    const recorder = bridge.attach(await McapRecorder.open(path, { chunkBytes: 50_000, compression: 'zstd' }));
    recorder.addAttachment({ name: 'camera_info.yaml', mediaType: 'application/yaml', data: new TextEncoder().encode('image_width: 64\n') });
    for (let i = 0; i < 10; i++) bridge.publish(syntheticPerception(i));
    await bridge.close();
    expect(recorder.failure).toBeUndefined();
    const file = join(path, 'run_0.mcap');
    const plain = join(folder, 'plain.mcap');
    await record(plain, 10);
    expect((await stat(file)).size).toBeLessThan(0.5 * (await stat(plain)).size);
    const content = async (name: string): Promise<unknown[]> => (await readAll(name)).map(({ topic, publishTime, data }) => [topic, publishTime, Buffer.from(data).toString('base64')]).sort();
    expect(await content(file)).toEqual(await content(plain));
    const handle = await open(file);
    const reader = await McapIndexedReader.Initialize({ readable: new FileHandleReadable(handle), decompressHandlers: await loadDecompressHandlers() });
    expect(new Set(reader.chunkIndexes.map(({ compression }) => compression))).toEqual(new Set(['zstd']));
    const attachments: string[] = [];
    for await (const { name, mediaType, data } of reader.readAttachments({ validateCrcs: true })) attachments.push(`${name} ${mediaType} ${new TextDecoder().decode(data)}`);
    expect(attachments).toEqual(['camera_info.yaml application/yaml image_width: 64\n']);
    const bag = (parse(await readFile(join(path, 'metadata.yaml'), 'utf8'), { intAsBigInt: true }) as { rosbag2_bagfile_information: Record<string, unknown> }).rosbag2_bagfile_information;
    expect(bag).toMatchObject({
      version: 5n, storage_identifier: 'mcap', relative_file_paths: ['run_0.mcap'], message_count: reader.statistics?.messageCount,
      starting_time: { nanoseconds_since_epoch: reader.statistics?.messageStartTime },
    });
    expect(bag.topics_with_message_count).toContainEqual({
      topic_metadata: { name: '/sextant/depth/image', type: 'sensor_msgs/msg/Image', serialization_format: 'cdr', offered_qos_profiles: '' }, message_count: 10n,
    });
    await handle.close();
  });

  it('stores chunks as they are where the compressing thread cannot keep up, and loses nothing', async () => {
    const path = join(folder, 'busy.mcap');
    const bridge = createBridge();
    const topics = ['/sextant/rgb/image_raw'];
    const recorder = bridge.attach(await McapRecorder.open(path, { chunkBytes: 50_000, compression: 'zstd', queueBytes: 2_000_000, topics }));
    for (let i = 0; i < 100; i++) bridge.publish(syntheticPerception(i)); // 0.9 MB in one turn: more than an eighth waits
    await bridge.close();
    expect(recorder.failure).toBeUndefined();
    expect((await readAll(path)).map(({ publishTime }) => publishTime)).toEqual(Array.from({ length: 100 }, (_, i) => syntheticPerception(i).frame.stamp));
    const handle = await open(path);
    const reader = await McapIndexedReader.Initialize({ readable: new FileHandleReadable(handle), decompressHandlers: await loadDecompressHandlers() });
    expect(new Set(reader.chunkIndexes.map(({ compression }) => compression))).toEqual(new Set(['', 'zstd']));
    await handle.close();
  });

  it('cut off anywhere gives the messages of its whole chunks', async () => {
    const path = join(folder, 'cut.mcap');
    await record(path, 10);
    const whole = (await readAll(path)).length;
    const { size } = await stat(path);
    let before = whole;
    for (const part of [0.8, 0.5, 0.2]) {
      await truncate(path, Math.floor(size * part));
      const left = (await readAll(path)).length;
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThan(before);
      before = left;
    }
  });

  it('says what is wrong with a file that it cannot read', async () => {
    await expect(readAll(join(folder, 'none.mcap'))).rejects.toMatchObject({ code: 'source-missing', message: expect.stringContaining('none.mcap cannot be read: ENOENT') });
    await expect(readAll(folder)).rejects.toMatchObject({ code: 'source-missing', message: expect.stringContaining('EISDIR') });
    const text = join(folder, 'text.mcap');
    await writeFile(text, 'no recording, though it is called one');
    await expect(readAll(text)).rejects.toMatchObject({ code: 'source-corrupt', message: expect.stringContaining('text.mcap is no MCAP file, or damaged') });
  });

  it('killed with SIGKILL leaves a file that opens up to its last chunk', async () => {
    const program = join(folder, 'recorder.cjs');
    const entry = join(dirname(fileURLToPath(import.meta.url)), 'killed-recorder.ts');
    await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', target: 'node20', outfile: program, conditions: ['source'], external: ['sharp', '@mcap/support'], logLevel: 'silent' });
    const path = join(folder, 'killed.mcap');
    const child = spawn(process.execPath, [program, path], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, NODE_PATH: join(process.cwd(), 'node_modules') } });
    let frames = 0;
    child.stdout.on('data', (dots: Buffer) => {
      frames += dots.length;
      if (frames >= 60) child.kill('SIGKILL');
    });
    const [, signal] = (await once(child, 'exit')) as [number | null, string];
    expect(signal).toBe('SIGKILL');
    const depth = (await readAll(path)).filter((m) => m.topic === '/sextant/depth/image');
    expect(depth.length).toBeGreaterThan(20); // chunks of 50 ms at 5 ms a frame: at most a few are lost
    depth.forEach((message, i) => {
      expect(message.publishTime).toBe(syntheticPerception(i).frame.stamp);
    });
  }, 60_000);

  it('says what is wrong with a place it cannot write to', async () => {
    await expect(McapRecorder.open(join(folder, 'no', 'such.mcap'))).rejects.toMatchObject({ code: 'io', hint: 'Create the folder first.' });
    await expect(McapRecorder.open(folder)).rejects.toMatchObject({ code: 'io', hint: /must be new/ });
    if (!existsSync('/dev/full')) return;
    await symlink('/dev/full', join(folder, 'full.mcap'));
    await expect(McapRecorder.open(join(folder, 'full.mcap'))).rejects.toMatchObject({ code: 'io', hint: /disk is full/ });
  });

  it('survives a disk that fills up: one error, the run goes on, the rest is counted', async () => {
    let room = 120_000;
    const file: Writable = {
      position: 0n,
      write: (bytes) => {
        room -= bytes.length;
        return room >= 0 ? Promise.resolve() : Promise.reject(Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' }));
      },
      close: () => Promise.resolve(),
    };
    const bridge = createBridge();
    const recorder = bridge.attach(await McapRecorder.start('full.mcap', file, { chunkBytes: 20_000 }));
    const errors: string[] = [];
    recorder.errors$.subscribe((error) => errors.push(`${error.code}: ${error.hint}`));
    let others = 0;
    bridge.subscribe('/sextant/depth/image', () => others++);
    for (let i = 0; i < 20; i++) {
      bridge.publish(syntheticPerception(i));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await bridge.close();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^io: The disk is full/);
    expect(others).toBe(20);
    expect(bridge.drops.count('mcap')).toBeGreaterThan(50);
    expect(recorder.failure?.code).toBe('io');
  });
});
