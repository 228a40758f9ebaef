import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Perception } from '@sextant/core';
import { McapRecorder, createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { startGateway } from '../src/index.js';
import type { Gateway } from '../src/index.js';
import { syntheticPerception } from '../../../test/support/synthetic.js';

jest.setTimeout(60_000);

/** The native transport's own test is beside it (packages/ros/test/native.test.ts). */
describe('nothing is computed for which nobody listens', () => {
  let bridge: RosBridge;
  let gateway: Gateway;
  let folder: string;
  let wanted: readonly string[] = [];
  const sockets: WebSocket[] = [];

  const until = async (condition: () => boolean): Promise<void> => {
    for (let i = 0; i < 4000 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(condition()).toBe(true);
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sextant-lazy-'));
    bridge = createBridge();
    bridge.wanted$.subscribe((modalities) => (wanted = [...modalities]));
    gateway = await startGateway({ bridge, port: 0 });
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await gateway.close();
    await bridge.close();
    await rm(folder, { recursive: true });
  });

  /** What a model would give that computes what is wanted and nothing else. */
  function computed(index: number): Perception {
    const { frame, latencyMs, ...all } = syntheticPerception(index);
    return { frame, latencyMs, ...Object.fromEntries(wanted.map((modality) => [modality, all[modality as keyof typeof all]])) };
  }

  async function open(path: string, protocol?: string): Promise<[WebSocket, Map<string, number>]> {
    const channels = new Map<string, number>();
    const socket = new WebSocket(`ws://127.0.0.1:${gateway.port}${path}`, protocol);
    socket.on('message', (data: Buffer, binary) => {
      if (binary) return;
      const message = JSON.parse(String(data)) as { channels?: { id: number; topic: string }[] };
      for (const { id, topic } of message.channels ?? []) channels.set(topic, id);
    });
    sockets.push(socket);
    await once(socket, 'open');
    return [socket, channels];
  }

  /** Listens to one topic; gives what ends it. */
  const transports: Readonly<Record<string, (topic: string) => Promise<() => Promise<void>>>> = {
    rosbridge: async (topic) => {
      const [socket] = await open('/rosbridge');
      socket.send(JSON.stringify({ op: 'subscribe', topic, compression: 'cbor' }));
      return () => Promise.resolve(void socket.send(JSON.stringify({ op: 'unsubscribe', topic })));
    },
    foxglove: async (topic) => {
      const [socket, channels] = await open('/foxglove', 'foxglove.sdk.v1');
      await until(() => channels.has(topic));
      socket.send(JSON.stringify({ op: 'subscribe', subscriptions: [{ id: 7, channelId: channels.get(topic) }] }));
      return () => Promise.resolve(void socket.send(JSON.stringify({ op: 'unsubscribe', subscriptionIds: [7] })));
    },
    mcap: async (topic) => {
      const recorder = bridge.attach(await McapRecorder.open(join(folder, 'one.mcap'), { topics: [topic] }));
      return () => recorder.close();
    },
  };

  it.each(Object.keys(transports))('%s: neither a modality nor a message of another topic, and nothing after the last has gone', async (name) => {
    const topic = '/sextant/flow/image';
    for (let i = 0; i < 3; i++) bridge.publish(computed(i));
    expect(wanted).toEqual([]);
    const stop = await transports[name](topic);
    await until(() => bridge.stats()[topic].subscribers === 1);
    expect(wanted).toEqual(['flow']);
    for (let i = 3; i < 8; i++) {
      bridge.publish(computed(i));
      await until(() => bridge.stats()[topic].sent === i - 2);
    }
    await stop();
    await until(() => bridge.stats()[topic].subscribers === 0);
    expect(wanted).toEqual([]);
    for (let i = 8; i < 11; i++) bridge.publish(computed(i));
    for (const [other, { built, encoded }] of Object.entries(bridge.stats())) expect([other, built, encoded]).toEqual([other, other === topic ? 5 : 0, other === topic ? 5 : 0]);
    const metrics = (await (await fetch(`${gateway.url}/metrics`)).text()).split('\n');
    expect(metrics).toContain('sextant_frames_total 11');
    for (const modality of ['depth', 'flow', 'segmentation', 'skeleton', 'densepose']) expect(metrics).toContain(`sextant_computed_total{modality="${modality}"} ${modality === 'flow' ? 5 : 0}`);
  });
});
