import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect } from '../src/node.js';
import type { Client, ConnectOptions, FrameResult, MaskResult } from '../src/node.js';
import type { SextantError } from '@sextant/core';
import WebSocket from 'ws';
import { CLASSES, HEIGHT, WIDTH, frame, perception, server, sleep, until } from './server.js';

const options: ConnectOptions = { webSocket: WebSocket as unknown as NonNullable<ConnectOptions['webSocket']>, decoder: 'inline', reconnect: { minMs: 20, maxMs: 100 } };

describe('streams of a server', () => {
  let host: Awaited<ReturnType<typeof server>>;
  let client: Client;
  let sequence = 0;
  let feeding: NodeJS.Timeout;
  const wanted = new Set<string>();

  beforeEach(async () => {
    host = await server();
    host.gateway.wanted$.subscribe((set) => {
      wanted.clear();
      for (const modality of set) wanted.add(modality);
    });
    sequence = 0;
    // As the run does it: what nobody wants is not there.
    feeding = setInterval(() => host.bridge.publish(perception(frame(++sequence), [...wanted] as never)), 10);
    client = connect(host.url, options);
  });
  afterEach(async () => {
    client.close();
    clearInterval(feeding);
    await host.close();
  });

  it('asks once for what is subscribed to while the open connection is being told', async () => {
    const [got, problems]: [MaskResult[], SextantError[]] = [[], []];
    client.errors$.subscribe((error) => problems.push(error));
    client.state$.subscribe(({ kind }) => {
      if (kind === 'open') client.masks().subscribe((mask) => got.push(mask));
    });
    await until(() => got.length > 5);
    expect(problems).toEqual([]);
  });

  it('brings masks with classes, and the server computes them only while somebody listens', async () => {
    const got: MaskResult[] = [];
    const subscription = client.masks().subscribe((mask) => got.push(mask));
    await until(() => got.length > 10);
    // Classes come with the supersets of the world's classes of the same name.
    const groups: Readonly<Record<string, object>> = { person: { superset: { name: 'person', color: [230, 60, 60] } }, chair: { superset: { name: 'furniture', color: [160, 90, 200] } } };
    const expected = CLASSES.map((one) => ({ ...one, ...groups[one.name] }));
    for (const { sequence: at, labels, instances, classes, width, height, stamp } of got) {
      const { segmentation } = perception(frame(at));
      expect({ width, height, labels, instances, classes, stamp }).toEqual({ width: WIDTH, height: HEIGHT, labels: segmentation!.labels, instances: segmentation!.instances, classes: expected, stamp: BigInt(at) * 33_000_000n });
    }
    expect([...wanted]).toEqual(['segmentation']);
    expect(got.at(-1)!.latency).toMatchObject({ modelMs: 12 });
    expect(got.at(-1)!.latency.deliveryMs).toBeLessThan(1000);
    subscription.unsubscribe();
    await until(() => wanted.size === 0);
  });

  it('puts frames together, all parts of one stamp', async () => {
    const got: FrameResult[] = [];
    client.frames({ picture: { quality: 95 }, masks: { classes: ['person'] }, depth: true, flow: true, skeletons: true, densePose: true, rate: 25 }).subscribe((one) => got.push(one));
    await until(() => got.length >= 8);
    for (const { picture, masks, depth, flow, skeletons, densePose, sequence: at } of got) {
      for (const part of [picture, masks, depth, flow, skeletons, densePose]) expect(part?.sequence).toBe(at);
      const truth = perception(frame(at));
      expect(masks!.labels).toEqual(truth.segmentation!.labels.map((id) => (id === 1 ? 1 : 0)));
      expect(Math.abs(depth!.metres[40] / truth.depth!.metres[40] - 1)).toBeLessThan(0.001);
      expect(depth!.provenance).toBe('metric');
      expect(flow!.pixels[0]).toBe(1.5);
      expect(skeletons!.people[0]).toMatchObject({ id: 300, box: truth.skeleton!.people[0].box });
      expect(densePose!.part).toEqual(truth.densepose!.part);
      expect(picture!.jpeg!.slice(0, 2)).toEqual(Uint8Array.of(0xff, 0xd8));
    }
  });

  it('iterates over the newest, and stops the server when the loop ends', async () => {
    const seen: number[] = [];
    for await (const { sequence: at } of client.masks({ maxWidth: 24 })) {
      seen.push(at);
      await sleep(60);
      if (seen.length === 4) break;
    }
    expect(seen[3] - seen[0]).toBeGreaterThan(4); // those between were passed over: of a queue it would be 3
    await until(() => wanted.size === 0);
  });

  it('goes on after the server was restarted', async () => {
    const states: string[] = [];
    client.state$.subscribe(({ kind }) => states.push(kind));
    const got: MaskResult[] = [];
    client.masks().subscribe((mask) => got.push(mask));
    await until(() => got.length > 2);
    const { port } = host.gateway;
    await host.close();
    await until(() => states.includes('waiting'));
    const before = got.length;
    host = await server({ port });
    host.gateway.wanted$.subscribe((set) => {
      for (const modality of set) wanted.add(modality);
    });
    await until(() => got.length > before + 2);
    expect(states.slice(0, 3)).toEqual(['connecting', 'open', 'waiting']);
    expect(states.at(-1)).toBe('open');
    expect(client.stats.reconnects).toBe(1);
  });

  it('refuses classes that are not there, with those that are, and the rest goes on', async () => {
    const got: MaskResult[] = [];
    client.masks().subscribe((mask) => got.push(mask));
    const error = await new Promise<SextantError>((resolve) => {
      client.masks({ classes: ['unicorn'] }).subscribe({ error: resolve });
    });
    expect(error).toMatchObject({ code: 'bad-argument', message: 'no class is called unicorn', hint: 'Classes: background, person, chair.' });
    const before = got.length;
    await until(() => got.length > before);
  });

  it('knows the clock of the server and counts what it gets', async () => {
    const got: MaskResult[] = [];
    client.masks().subscribe((mask) => got.push(mask));
    const stats = await new Promise<Client['stats']>((resolve) => {
      const subscription = client.stats$.subscribe((value) => {
        if (value.streams[0].fps === 0) return;
        subscription.unsubscribe();
        resolve(value);
      });
    });
    expect(stats.streams[0]).toMatchObject({ kind: 'masks', camera: 0 });
    expect(stats.streams[0].fps).toBeGreaterThan(10);
    expect(Math.abs(stats.clockOffsetMs!)).toBeLessThan(5); // one machine, one clock
    expect(stats.roundTripMs).toBeLessThan(100);
  });
});
