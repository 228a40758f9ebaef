import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { McapIndexedReader } from '@mcap/core';
import { FileHandleReadable } from '@mcap/nodejs';
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, open, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { McapRecorder, createBridge, depthImage, readMcap } from '../src/index.js';
import type { Image, RecordedMessage } from '../src/index.js';
import type { Writable } from '../src/mcap/file-writable.js';
import { syntheticPerception } from './synthetic.js';

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

  it('killed with SIGKILL leaves a file that opens up to its last chunk', async () => {
    const program = join(folder, 'recorder.cjs');
    const entry = join(dirname(fileURLToPath(import.meta.url)), 'killed-recorder.ts');
    await build({ entryPoints: [entry], bundle: true, platform: 'node', format: 'cjs', target: 'node20', outfile: program, conditions: ['source'], external: ['sharp'], logLevel: 'silent' });
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
    await expect(McapRecorder.open(folder)).rejects.toMatchObject({ code: 'io', hint: /give a file name/ });
    if (existsSync('/dev/full')) await expect(McapRecorder.open('/dev/full')).rejects.toMatchObject({ code: 'io', hint: /disk is full/ });
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
