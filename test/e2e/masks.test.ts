import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { encodeCameraPicture, encodeControl, openData, openEnvelope } from '@sextant/core';
import sharp from 'sharp';
import WebSocket from 'ws';
import { start } from '../../packages/cli/test/command.js';
import type { Started } from '../../packages/cli/test/command.js';
import { connect } from '../../packages/client/src/node.js';
import type { Client, ConnectOptions, FrameResult } from '../../packages/client/src/node.js';

jest.setTimeout(120_000);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The real model: its labels, its classes, its memory. */
describe('/masks of a running sextant', () => {
  let run: Started;
  let url: string;
  let client: Client;
  beforeAll(async () => {
    run = start('run', '--json', '--port', '0', '--source', 'sim:36', '--device', 'cpu', '--width', '320', '--height', '240', '--token', 'secret');
    url = String((await run.line((line) => line.event === 'ready')).url);
    client = connect(url, { token: 'secret', webSocket: WebSocket as unknown as NonNullable<ConnectOptions['webSocket']> });
  });
  afterAll(async () => {
    client.close();
    run.kill('SIGTERM');
    await run.end();
  });

  it('sends every modality of one frame, and the model runs only while somebody listens', async () => {
    const got: FrameResult[] = [];
    const subscription = client.frames({ picture: true, masks: true, depth: { confidence: true }, flow: true, skeletons: true, densePose: true }).subscribe((frame) => got.push(frame));
    for (let i = 0; i < 600 && got.length < 5; i += 1) await sleep(50);
    expect(got.length).toBeGreaterThanOrEqual(5);
    for (const { stamp, picture, masks, depth, flow, skeletons, densePose } of got) {
      for (const part of [picture, masks, depth, flow, skeletons, densePose]) expect(part?.stamp).toBe(stamp);
      expect(masks!.classes.find(({ name }) => name === 'person')).toBeDefined();
      expect(depth).toMatchObject({ provenance: 'metric', width: masks!.width, height: masks!.height });
      expect(depth!.confidence!.every((p) => p >= 0 && p <= 1)).toBe(true);
    }
    const { labels, classes } = got.at(-1)!.masks!;
    expect(new Set([...labels].map((id) => classes.find((entry) => entry.id === id)?.name)).size).toBeGreaterThan(2);
    subscription.unsubscribe();
    // Two whole seconds on, frames still come and none of them has been through the model.
    await sleep(1500);
    const since = run.lines.length;
    const idle = await run.line((line) => line.event === 'stats' && run.lines.indexOf(line) > since);
    expect(idle).toMatchObject({ latencyMs: { p50: null }, fps: expect.any(Number) });
    expect(run.lines.some((line) => line.event === 'stats' && (line.latencyMs as { p50: number | null }).p50 !== null)).toBe(true);
  });

  it("runs a client's camera with a memory of its own, beside the run's", async () => {
    const jpeg = await sharp({ create: { width: 160, height: 120, channels: 3, background: '#775533' } }).jpeg().toBuffer();
    const socket = new WebSocket(`${url.replace('http', 'ws')}/masks`, ['sextant.masks.v1']);
    const results: number[] = [];
    socket.on('message', (bytes: Buffer) => {
      const opened = openEnvelope(bytes);
      if (opened.name === 'data') results.push(openData(opened).header.sequence);
    });
    await new Promise((resolve) => socket.once('open', resolve));
    socket.send(encodeControl('hello', { version: 1, token: 'secret' }));
    socket.send(encodeControl('openCamera', { camera: 7, intrinsics: { fx: 140, fy: 140, cx: 79.5, cy: 59.5, width: 160, height: 120 } }));
    socket.send(encodeControl('subscribe', { id: 1, want: { kind: 'segmentation', camera: 7 } }));
    for (let sequence = 1; sequence < 200 && results.length < 3; sequence += 1) {
      socket.send(encodeCameraPicture({ camera: 7, stamp: BigInt(sequence) * 50_000_000n, sequence, width: 160, height: 120, mediaType: 'image/jpeg', data: jpeg }));
      await sleep(50);
    }
    expect(results.length).toBeGreaterThanOrEqual(3);
    expect(results).toEqual([...results].sort((a, b) => a - b));
    socket.close();
  });
});
