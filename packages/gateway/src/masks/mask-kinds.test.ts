import { describe, expect, it } from '@jest/globals';
import type { Modality } from '@sextant/core';
import { encodeAck, openData } from '@sextant/core';
import { BehaviorSubject, EMPTY, throwError } from 'rxjs';
import { maskServerRun, perception } from '../../test/mask-server-run.js';
import { MaskServer } from './mask-server.js';

describe('MaskServer: what can be asked for', () => {
  const { perceptions$, start, hello } = maskServerRun();

  it('is pictures and what is computed, and the rest is refused at once', async () => {
    await start({ modalities: ['flow', 'depth'] });
    const client = await hello();
    expect((await client.until('welcome'))[0].kinds).toEqual(['rgb', 'depth', 'flow']);
    client.send('subscribe', { id: 1, want: { kind: 'segmentation' } });
    expect((await client.until('error'))[0]).toMatchObject({ code: 'unsupported', stream: 1, message: 'this server has no segmentation', hint: 'It has rgb, depth, flow.' });
  });

  it('may change: whoever wants to know is told, and what waits for a kind that is gone ends in words', async () => {
    const modalities = new BehaviorSubject<readonly Modality[]>(['depth', 'segmentation']);
    await start({ modalities });
    const [client, older] = [await hello({ kinds: true }), await hello()];
    for (const each of [client, older]) {
      await each.until('welcome');
      each.send('subscribe', { id: 1, want: { kind: 'depth', group: 1 } });
      each.send('subscribe', { id: 2, want: { kind: 'segmentation', group: 1 } });
      await each.until('subscribed', 2);
    }
    modalities.next(['depth']);
    for (const each of [client, older]) expect((await each.until('error'))[0]).toMatchObject({ code: 'unsupported', stream: 2, message: 'this server computes no segmentation any more', hint: expect.stringContaining('rgb, depth') });
    expect(client.control.map(({ type }) => type).slice(-2)).toEqual(['kinds', 'error']);
    // The rest of the group is sent again.
    perceptions$.next({ ...perception(1), segmentation: undefined });
    await client.until$(() => client.data.length === 1);
    expect(openData(client.data[0]).header).toMatchObject({ stream: 1, kind: 'depth' });
    client.socket.send(encodeAck(1));
    modalities.next(['segmentation', 'depth']);
    expect((await client.until('kinds', 2)).map(({ kinds }) => kinds)).toEqual([['rgb', 'depth'], ['rgb', 'depth', 'segmentation']]);
    expect(older.control.map(({ type }) => type)).not.toContain('kinds');
    client.send('subscribe', { id: 3, want: { kind: 'segmentation' } });
    await client.until('subscribed', 3);
  });

  it.each([['ended', EMPTY], ['failed', throwError(() => new Error('lost'))]])('changes also when the source has %s', async (_, perceptions$) => {
    const modalities = new BehaviorSubject<readonly Modality[]>(['depth', 'segmentation']);
    await start({ perceptions$, modalities });
    const client = await hello({ kinds: true });
    expect((await client.until('welcome'))[0].kinds).toEqual(['rgb', 'depth', 'segmentation']);
    modalities.next(['depth']);
    expect((await client.until('kinds'))[0].kinds).toEqual(['rgb', 'depth']);
  });

  it('is a list of modalities', async () => {
    await start();
    expect(() => new MaskServer({ perceptions$, modalities: ['deptj' as Modality] })).toThrow(expect.objectContaining({ code: 'bad-argument', message: '"deptj" is no modality', hint: expect.stringContaining('depth') }));
  });
});
