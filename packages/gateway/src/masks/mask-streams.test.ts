import { describe, expect, it } from '@jest/globals';
import { MaskDecoder, encodeAck, openData, openEnvelope } from '@sextant/core';
import type { Perception } from '@sextant/core';
import { inflateRawSync } from 'node:zlib';
import { H, W, maskServerRun, perception, sleep } from '../../test/mask-server-run.js';

describe('MaskServer: streams', () => {
  const run = maskServerRun();
  const { perceptions$, start, hello } = run;

  it('encodes once for all that ask for the same, lists what is wanted, and sends deltas of a scene that stands', async () => {
    await start();
    const wanted: string[][] = [];
    run.server.wanted$.subscribe((set) => wanted.push([...set]));
    const three = [await hello(), await hello(), await hello()];
    for (const client of three) {
      await client.until('welcome');
      client.send('subscribe', { id: 5, want: { kind: 'segmentation', classes: [1] } });
      await client.until('subscribed');
    }
    const bodies: Uint8Array[][] = [];
    for (let sequence = 1; sequence <= 3; sequence += 1) {
      perceptions$.next(perception(sequence));
      for (const client of three) {
        await client.until$(() => client.data.length === sequence);
        client.socket.send(encodeAck(sequence));
      }
      bodies.push(three.map(({ data }) => data[sequence - 1]));
      await sleep(20);
    }
    expect(wanted).toEqual([[], ['segmentation']]);
    expect(bodies.map(([first, ...others]) => others.every((other) => Buffer.from(first).equals(other)))).toEqual([true, true, true]);
    expect(bodies.map(([first]) => openData(first).header.key)).toEqual([true, false, false]);
    expect(three[0].control.filter(({ type }) => type === 'classes')).toHaveLength(1);
    for (const client of three) client.send('unsubscribe', { id: 5 });
    await three[0].until$(() => wanted.length === 3);
    expect(wanted[2]).toEqual([]);
  });

  it('sends no delta on a key of the clip before, whose numbers the source begins again', async () => {
    await start();
    const [fast, slow] = [await hello(), await hello()];
    for (const client of [fast, slow]) {
      await client.until('welcome');
      client.send('subscribe', { id: 1, want: { kind: 'segmentation' } });
      await client.until('subscribed');
    }
    const second = (sequence: number): Perception => {
      const { segmentation, ...others } = perception(sequence);
      return { ...others, segmentation: { ...segmentation!, labels: segmentation!.labels.toReversed(), instances: segmentation!.instances.toReversed() } };
    };
    const frames = [perception(1), perception(2), second(1), second(2)];
    for (const [index, frame] of frames.entries()) {
      perceptions$.next(frame);
      await fast.until$(() => fast.data.length === index + 1);
      fast.socket.send(encodeAck(index + 1));
      await sleep(20);
    }
    slow.socket.send(encodeAck(1)); // it holds key 1 of the first clip, and the newest is frame 2 of the second
    await slow.until$(() => slow.data.length === 2);
    expect(slow.data.map((message) => openData(message).header)).toMatchObject([{ clip: 0, sequence: 1, key: true }, { clip: 1, sequence: 2, key: true }]);
    const decoder = new MaskDecoder({ inflate: (packed, size) => inflateRawSync(packed, { maxOutputLength: size }) });
    await decoder.decode(slow.data[0]);
    expect((await decoder.decode(slow.data[1])).payload).toMatchObject({ labels: frames[3].segmentation!.labels });
    // Nor does a decoder take one.
    const late = new MaskDecoder({ inflate: (packed, size) => inflateRawSync(packed, { maxOutputLength: size }) });
    await late.decode(slow.data[0]);
    expect(openData(fast.data[3]).header).toMatchObject({ clip: 1, reference: 1, key: false });
    await expect(late.decode(fast.data[3])).rejects.toMatchObject({ code: 'protocol' });
  });

  it('sends who joins a group nothing of a frame that waited for those before: it may lack what is wanted, and its classes were not told', async () => {
    await start();
    const client = await hello();
    await client.until('welcome');
    client.send('subscribe', { id: 1, want: { kind: 'rgb', group: 1 } });
    await client.until('subscribed');
    const { frame, segmentation, latencyMs } = perception(2);
    perceptions$.next(perception(1));
    await client.until$(() => client.data.length === 1);
    perceptions$.next({ frame, ...(segmentation && { segmentation }), latencyMs }); // without depth; it waits for the acknowledgement
    client.send('subscribe', { id: 2, want: { kind: 'depth', group: 1 } });
    client.send('subscribe', { id: 3, want: { kind: 'segmentation', group: 1 } });
    await client.until('subscribed', 3);
    client.socket.send(encodeAck(1));
    await sleep(50); // what is sent is not known: nothing is
    perceptions$.next(perception(3));
    await client.until$(() => client.data.length >= 4);
    const got = client.data.map((message) => [openEnvelope(message).id, openData(message).header.sequence]);
    expect(got).toEqual([[1, 1], [1, 3], [2, 3], [3, 3]]);
    expect(client.control.map(({ type }) => type).filter((type) => type === 'error' || type === 'classes')).toEqual(['classes']);
  });

  it('sends the intrinsics of the size that was asked for, only to whoever asks, and supersets with the classes', async () => {
    await start();
    const client = await hello();
    await client.until('welcome');
    client.send('subscribe', { id: 1, want: { kind: 'depth', maxWidth: W / 2, intrinsics: true, group: 1 } });
    client.send('subscribe', { id: 2, want: { kind: 'depth', group: 1 } });
    client.send('subscribe', { id: 3, want: { kind: 'segmentation', group: 1 } });
    await client.until('subscribed', 3);
    perceptions$.next(perception(1, {
      camera: { width: W, height: H, distortionModel: 'none', d: [], k: [50, 0, 31.5, 0, 60, 20.5, 0, 0, 1], r: [1, 0, 0, 0, 1, 0, 0, 0, 1], p: [50, 0, 31.5, 0, 0, 60, 20.5, 0, 0, 0, 1, 0], provenance: 'calibrated' },
    }));
    await client.until$(() => client.data.length === 3);
    const decoder = new MaskDecoder({ inflate: (packed, size) => inflateRawSync(packed, { maxOutputLength: size }) });
    const payloads = await Promise.all(client.data.slice(0, 2).map(async (message) => (await decoder.decode(message)).payload));
    expect(payloads[0]).toMatchObject({ width: W / 2, intrinsics: { fx: 25, fy: 30, cx: 15.5, cy: 10, provenance: 'calibrated' } });
    expect(payloads[1]).not.toHaveProperty('intrinsics');
    const [{ classes }] = await client.until('classes');
    expect(classes.map(({ superset }) => superset?.name)).toEqual([undefined, 'person']);
  });

  it('holds back what a client has not acknowledged, sends the newest when it does, and tells what was dropped', async () => {
    await start();
    const client = await hello();
    await client.until('welcome');
    client.send('subscribe', { id: 1, want: { kind: 'depth' } });
    await client.until('subscribed');
    for (let sequence = 1; sequence <= 20; sequence += 1) perceptions$.next(perception(sequence));
    await sleep(50);
    expect(client.data.map((message) => openData(message).header.sequence)).toEqual([1]);
    client.socket.send(encodeAck(1));
    await client.until$(() => client.data.length === 2);
    expect(openData(client.data[1]).header.sequence).toBe(20);
    const stats = (await client.until('stats')).at(-1)!;
    expect(stats.streams[0]).toMatchObject({ id: 1, dropped: 18 });
  });

  it('names the stream in the answer to a subscription that asks for what cannot be, and the others go on', async () => {
    await start();
    const client = await hello();
    await client.until('welcome');
    client.send('subscribe', { id: 1, want: { kind: 'depth' } });
    client.send('subscribe', { id: 2, want: { kind: 'segmentation', maxWidth: 361.5 } });
    client.send('subscribe', { id: 3, want: { kind: 'depth', mapping: 'foo' as never } });
    client.send('subscribe', { id: 0, want: { kind: 'depth' } });
    expect(await client.until('error', 3)).toEqual([
      { type: 'error', code: 'bad-argument', message: 'maxWidth of a stream is 361.5', hint: 'Give a whole number from 1 to 65535.', stream: 2 },
      { type: 'error', code: 'bad-argument', message: 'mapping of a stream is "foo"', hint: 'Give one of linear, log, inverse.', stream: 3 },
      { type: 'error', code: 'protocol', message: expect.stringContaining('subscribe.id is 0') as unknown, hint: expect.any(String) as unknown },
    ]);
    perceptions$.next(perception(1));
    await client.until$(() => client.data.length === 1);
  });

  it('sends urgent streams first', async () => {
    await start();
    const client = await hello();
    await client.until('welcome');
    client.send('subscribe', { id: 1, want: { kind: 'depth', priority: 9 } });
    client.send('subscribe', { id: 2, want: { kind: 'segmentation', priority: 0 } });
    await client.until('subscribed', 2);
    for (let round = 1; round <= 6; round += 1) {
      perceptions$.next(perception(round));
      await client.until$(() => client.data.length === round);
      perceptions$.next(perception(100 + round)); // both wait now
      client.socket.send(encodeAck(round));
    }
    const ids = client.data.map((message) => openData(message).header.stream);
    expect(ids.slice(1).every((id) => id === 2)).toBe(true);
  });
});
