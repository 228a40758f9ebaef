import { describe, expect, it } from '@jest/globals';
import { SextantError, encodeCameraPicture, intrinsicsOf, openData, wrap } from '@sextant/core';
import type { Frame, Modality, Perception } from '@sextant/core';
import sharp from 'sharp';
import type { Observable } from 'rxjs';
import { map, tap, throwError, withLatestFrom } from 'rxjs';
import { H, W, maskServerRun, perception } from '../../test/mask-server-run.js';

describe('MaskServer: cameras of clients', () => {
  const { start, hello } = maskServerRun();
  const perceive = (frames$: Observable<Frame>, wanted$: Observable<readonly Modality[]>): Observable<Perception> =>
    frames$.pipe(withLatestFrom(wanted$), map(([frame, wanted]) => ({ ...perception(frame.sequence, frame), ...(!wanted.includes('depth') && { depth: undefined }) })));
  const jpeg = (width = W, height = H): Promise<Buffer> => sharp({ create: { width, height, channels: 3, background: '#884422' } }).jpeg().toBuffer();
  const picture = async (sequence: number, more = {}): Promise<Uint8Array> =>
    encodeCameraPicture({ camera: 1, stamp: 5n, sequence, width: W, height: H, mediaType: 'image/jpeg', data: await jpeg(), ...more });

  it('come back as results of their own stamp and number', async () => {
    await start({ perceive });
    const client = await hello();
    await client.until('welcome');
    client.send('openCamera', { camera: 1 });
    await client.until('cameraState');
    client.send('subscribe', { id: 3, want: { kind: 'depth', camera: 1 } });
    await client.until('subscribed');
    client.socket.send(await picture(77, { stamp: -9n }));
    await client.until$(() => client.data.length === 1);
    expect(openData(client.data[0]).header).toMatchObject({ stream: 3, kind: 'depth', sequence: 77, stamp: -9n });
    expect((await client.until('cameraState', 2)).at(-1)).toMatchObject({ camera: 1, received: 1, estimated: 1, dropped: 0 });
  });

  it('are refused where they are too large, no pictures or too many, and the rest goes on', async () => {
    await start({ perceive, limits: { maxCameraPixels: 10_000, maxMessageBytes: 50_000 } });
    const client = await hello();
    await client.until('welcome');
    client.send('openCamera', { camera: 1 });
    client.send('openCamera', { camera: 2 });
    client.send('openCamera', { camera: 3 });
    expect((await client.until('error'))[0]).toMatchObject({ code: 'too-large', camera: 3 });
    client.socket.send(await picture(1, { width: 4000, height: 4000 })); // says it is huge
    client.socket.send(wrap('camera', 1, new Uint8Array(60_000))); // is huge
    await client.until('error', 3);
    client.socket.send(await picture(2, { data: Uint8Array.of(1, 2, 3) }));
    await client.until('error', 4);
    client.socket.send(await picture(3, { data: await jpeg(900, 900) })); // is larger than it says
    const errors = await client.until('error', 5);
    expect(errors.slice(1).map(({ code }) => code).sort()).toEqual(['source-corrupt', 'source-corrupt', 'too-large', 'too-large']);
    client.send('subscribe', { id: 3, want: { kind: 'depth', camera: 1 } });
    await client.until('subscribed');
    client.socket.send(await picture(4));
    await client.until$(() => client.data.length === 1);
    // All are counted: a client that waits until what it sent is received goes on.
    const told = (): unknown => client.control.filter(({ type }) => type === 'cameraState').at(-1);
    await client.until$(() => (told() as { readonly estimated: number }).estimated === 1);
    expect(told()).toMatchObject({ received: 5, estimated: 1, dropped: 4 });
  });

  it('have the intrinsics that came with them while they are of that shape; that they are not is told once', async () => {
    const focal: number[] = [];
    await start({ perceive: (frames$, wanted$) => perceive(frames$.pipe(tap((frame) => focal.push(frame.camera === undefined ? 0 : intrinsicsOf(frame, frame).fx))), wanted$) });
    const client = await hello();
    await client.until('welcome');
    client.send('openCamera', { camera: 1, intrinsics: { fx: 100, fy: 100, cx: W, cy: H, width: 2 * W, height: 2 * H } });
    await client.until('cameraState');
    client.send('subscribe', { id: 3, want: { kind: 'depth', camera: 1 } });
    const turned = { width: H, height: W, data: await jpeg(H, W) };
    for (const [sequence, more] of [{}, turned, turned, {}].entries()) {
      client.socket.send(await picture(sequence, more));
      await client.until$(() => focal.length === sequence + 1);
    }
    await client.until$(() => client.control.some((message) => message.type === 'cameraState' && message.estimated === 4));
    expect(focal).toEqual([50, 0, 0, 50]);
    const errors = await client.until('error');
    expect(errors).toEqual([{ type: 'error', code: 'bad-argument', message: `camera 1: its intrinsics are of ${2 * W}x${2 * H} and do not fit its pictures of ${H}x${W}, which have none`, hint: expect.stringContaining('Open the camera anew') }]);
  });

  it('end a connection that sends far more than any message may have', async () => {
    await start({ perceive, limits: { maxMessageBytes: 50_000 } });
    const client = await hello();
    await client.until('welcome');
    client.socket.send(new Uint8Array(200_000));
    await client.until$(() => client.closed?.code === 1009);
  });

  it('end with their streams when the model fails, and give their place back', async () => {
    let fail = true;
    await start({ maxCameras: 1, perceive: (frames$, wanted$) => (fail ? throwError(() => new SextantError('model-missing', 'not yet', { hint: 'Wait.' })) : perceive(frames$, wanted$)) });
    const client = await hello();
    await client.until('welcome');
    client.send('openCamera', { camera: 1 });
    expect((await client.until('error'))[0]).toMatchObject({ code: 'model-missing', camera: 1 });
    fail = false;
    client.send('openCamera', { camera: 1 });
    await client.until('cameraState');
    client.send('openCamera', { camera: 2 });
    expect((await client.until('error', 2))[1]).toMatchObject({ code: 'too-large', camera: 2 });
    client.send('closeCamera', { camera: 1 });
    client.send('openCamera', { camera: 2 });
    expect((await client.until('cameraState', 2))[1]).toMatchObject({ camera: 2, received: 0 });
  });

  it('are refused by a server without a model for them', async () => {
    await start();
    const client = await hello();
    expect((await client.until('welcome'))[0].limits.maxCameras).toBe(0);
    client.send('openCamera', { camera: 1 });
    expect((await client.until('error'))[0]).toMatchObject({ code: 'unsupported', camera: 1 });
  });
});
