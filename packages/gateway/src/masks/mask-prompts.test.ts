import { describe, expect, it } from '@jest/globals';
import { MaskDecoder } from '@sextant/core';
import type { Prompted } from '@sextant/core';
import { inflateRawSync } from 'node:zlib';
import { BehaviorSubject } from 'rxjs';
import { H, W, maskServerRun, perception } from '../../test/mask-server-run.js';

describe('MaskServer: wishes of what is to be found by name', () => {
  const run = maskServerRun();
  const { perceptions$, start, hello } = run;

  it('takes wishes of what is to be found by name, tells what became of them, and sends it as a segmentation of its own', async () => {
    const asked: string[] = [];
    const state$ = new BehaviorSubject<Prompted>({ phrase: '' });
    await start({ prompt: { state$, ask: (phrase) => { asked.push(phrase); state$.next({ phrase }); } } });
    const referred: boolean[] = [];
    run.server.referredWanted$.subscribe((yes) => referred.push(yes));
    const [client, older] = [await hello({ prompts: true }), await hello()];
    expect((await client.until('welcome'))[0]).toMatchObject({ prompts: true });
    await older.until('welcome');
    client.send('prompt', { phrase: 'the two dogs' });
    expect((await client.until('prompted', 2)).map(({ phrase }) => phrase)).toEqual(['', 'the two dogs']);
    expect(asked).toEqual(['the two dogs']);
    client.send('subscribe', { id: 1, want: { kind: 'segmentation', referred: true } });
    older.send('subscribe', { id: 1, want: { kind: 'segmentation' } });
    await Promise.all([client.until('subscribed'), older.until('subscribed')]);
    expect(referred).toEqual([false, true]);
    const probability = Float32Array.from({ length: W * H }, (_, i) => (i < W ? 0.9 : 0.1));
    perceptions$.next(perception(1)); // nothing is found yet: nothing to send
    perceptions$.next({ ...perception(2), referred: { width: W, height: H, phrase: 'the two dogs', probability, threshold: 0.5, regions: Uint16Array.from(probability, (p) => (p > 0.5 ? 1 : 0)), count: 1 } });
    await client.until$(() => client.data.length === 1);
    await older.until$(() => older.data.length > 0);
    const decoder = new MaskDecoder({ inflate: (packed, size) => inflateRawSync(packed, { maxOutputLength: size }) });
    const { header, payload } = await decoder.decode(client.data[0]);
    expect([header.sequence, payload.kind === 'segmentation' && payload.labels.reduce((sum, id) => sum + id, 0)]).toEqual([2, W]);
    const [table] = await client.until('classes');
    expect(table).toMatchObject({ phrase: 'the two dogs', classes: [{ name: 'background' }, { name: 'the two dogs' }] });
    expect((await older.until('classes'))[0]).not.toHaveProperty('phrase');
    expect(older.control.map(({ type }) => type)).not.toContain('prompted');
    client.send('unsubscribe', { id: 1 });
    await client.until$(() => referred.length === 3);
    expect(referred[2]).toBe(false);
  });

  it('refuses wishes where nothing can be found by name', async () => {
    await start();
    const client = await hello({ prompts: true });
    expect((await client.until('welcome'))[0]).not.toHaveProperty('prompts');
    client.send('prompt', { phrase: 'a dog' });
    expect((await client.until('error'))[0]).toMatchObject({ code: 'unsupported' });
  });
});
