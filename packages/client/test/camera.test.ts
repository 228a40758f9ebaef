import { afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Frame, Modality, Perception } from '@sextant/core';
import { connect as netConnect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Observable, withLatestFrom } from 'rxjs';
import sharp from 'sharp';
import WebSocket from 'ws';
import { connect } from '../src/node.js';
import type { CameraLink, Client, ConnectOptions, FrameResult } from '../src/node.js';
import { KeptPictures } from '../src/camera/kept-pictures.js';
import { HEIGHT, WIDTH, perception, server, sleep, until } from './server.js';

const options: ConnectOptions = { webSocket: WebSocket as unknown as NonNullable<ConnectOptions['webSocket']>, decoder: 'inline' };

/** A model that takes so long for each frame, and takes the newest one next. */
const slow = (ms: number) => (frames$: Observable<Frame>, wanted$: Observable<readonly Modality[]>): Observable<Perception> =>
  new Observable((out) => {
    let newest: readonly [Frame, readonly Modality[]] | undefined;
    let timer: NodeJS.Timeout | undefined;
    const next = (): void => {
      if (timer !== undefined || newest === undefined) return;
      const [frame, wanted] = newest;
      newest = undefined;
      timer = setTimeout(() => {
        timer = undefined;
        out.next(perception(frame, wanted));
        next();
      }, ms);
    };
    const subscription = frames$.pipe(withLatestFrom(wanted$)).subscribe((pair) => {
      newest = pair;
      next();
    });
    return () => {
      subscription.unsubscribe();
      clearTimeout(timer);
    };
  });

/** A line to a server of this machine that can be lost as Wi-Fi is: the clients see it, the server does not. */
async function wirelessLine(port: number): Promise<{ readonly url: string; lose(): void; serverNotices(): void; close(): void }> {
  let [near, far, gone]: Socket[][] = [[], [], []];
  const line = createServer((socket) => {
    const other = netConnect(port, '127.0.0.1');
    for (const end of [socket, other]) end.on('error', () => undefined);
    socket.pipe(other, { end: false });
    other.pipe(socket);
    near.push(socket);
    far.push(other);
  });
  await new Promise<void>((resolve) => line.listen(0, '127.0.0.1', resolve));
  const destroy = (sockets: readonly Socket[]): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `ws://127.0.0.1:${(line.address() as AddressInfo).port}`,
    lose: () => {
      destroy(near);
      [near, far, gone] = [[], [], far];
    },
    serverNotices: () => {
      destroy(gone);
    },
    close: () => {
      destroy([...near, ...far, ...gone]);
      line.close();
    },
  };
}

/** Ends the newest stream of pictures, as stopping its track does in a browser: no event says so. */
let endTrack = (): void => undefined;

/** What a browser has and Node does not, as far as a camera needs it; pictures of 30 a second. Blobs become bitmaps that know their bytes. */
async function likeABrowser(): Promise<void> {
  const jpeg = await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#345' } }).jpeg().toBuffer();
  const bitmap = (source: unknown): Promise<object> => Promise.resolve({ width: WIDTH, height: HEIGHT, bytes: source instanceof Blob ? source.size : 0, close: () => undefined });
  class Canvas {
    readonly width = WIDTH;
    readonly height = HEIGHT;
    getContext(): object {
      return { drawImage: () => undefined };
    }
    convertToBlob(): Promise<Blob> {
      return Promise.resolve(new Blob([new Uint8Array(jpeg)]));
    }
  }
  class Processor {
    #timer: NodeJS.Timeout | undefined;
    readonly readable = new ReadableStream({
      start: (controller) => {
        endTrack = () => {
          clearInterval(this.#timer);
          controller.close();
        };
        this.#timer = setInterval(() => {
          if ((controller.desiredSize ?? 0) > 0) controller.enqueue({ displayWidth: WIDTH, displayHeight: HEIGHT, close: () => undefined });
        }, 33);
      },
      cancel: () => {
        clearInterval(this.#timer);
      },
    });
  }
  Object.assign(globalThis, { createImageBitmap: bitmap, OffscreenCanvas: Canvas, MediaStreamTrackProcessor: Processor });
}

describe('a camera of the page', () => {
  let host: Awaited<ReturnType<typeof server>>;
  let client: Client;
  let camera: CameraLink;
  const track = { kind: 'video', addEventListener: () => undefined, removeEventListener: () => undefined, getSettings: () => ({ width: WIDTH, height: HEIGHT }) } as unknown as MediaStreamTrack;

  beforeAll(likeABrowser);
  beforeEach(async () => {
    host = await server({ perceive: slow(900) });
    client = connect(host.url, options);
    camera = client.camera(track);
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    client.close();
    await host.close();
  });
  const dropped = (): number => client.stats.streams.reduce((sum, { droppedHere }) => sum + droppedHere, 0);

  it('gives results with their pictures however many were sent before they came', async () => {
    const got: FrameResult[] = [];
    camera.frames({ picture: true, skeletons: true }).subscribe((frame) => got.push(frame));
    await until(() => got.length >= 2, 20_000);
    expect(camera.stats.sent).toBeGreaterThan(10); // more than came back, by far
    for (const { sequence, stamp, picture, skeletons } of got) {
      expect(picture).toMatchObject({ sequence, stamp, width: WIDTH, height: HEIGHT });
      expect((picture?.bitmap as unknown as { bytes: number }).bytes).toBeGreaterThan(100); // decoded from what was sent
      expect(skeletons?.sequence).toBe(sequence);
    }
    expect(dropped()).toBe(0);
  }, 30_000);

  it('counts results whose picture is kept no longer', async () => {
    jest.spyOn(KeptPictures.prototype, 'get').mockReturnValue(undefined);
    const got: FrameResult[] = [];
    camera.frames({ picture: true, skeletons: true }).subscribe((frame) => got.push(frame));
    await until(() => dropped() > 0, 20_000);
    expect(got).toEqual([]);
  }, 30_000);

  it('keeps nothing for streams without pictures', async () => {
    const add = jest.spyOn(KeptPictures.prototype, 'add');
    let got = 0;
    camera.skeletons().subscribe(() => (got += 1));
    await until(() => got > 0, 20_000);
    expect(add).not.toHaveBeenCalled();
  }, 30_000);

  const blobs = (): jest.Spied<() => Promise<Blob>> => jest.spyOn((globalThis as unknown as { OffscreenCanvas: { prototype: { convertToBlob: () => Promise<Blob> } } }).OffscreenCanvas.prototype, 'convertToBlob');

  it('goes on after pictures that could not be encoded', async () => {
    const encode = blobs();
    for (let i = 0; i < 3; i += 1) encode.mockRejectedValueOnce(new Error('no graphics'));
    const errors: unknown[] = [];
    client.errors$.subscribe((error) => errors.push(error));
    let got = 0;
    camera.skeletons().subscribe(() => (got += 1));
    await until(() => got > 0, 20_000);
    expect(camera.stats.skipped).toBeGreaterThanOrEqual(3);
    expect(errors).toEqual([]);
  }, 30_000);

  it('ends, and its streams fail, where no picture can be encoded', async () => {
    blobs().mockRejectedValue(new Error('no graphics'));
    const told: string[] = [];
    client.errors$.subscribe(({ message }) => told.push(message));
    camera.frames({ picture: true, skeletons: true }).subscribe({ error: ({ message }: Error) => told.push(`frames: ${message}`) });
    camera.pictures().subscribe({ error: ({ message }: Error) => told.push(`pictures: ${message}`) });
    await until(() => told.length === 3, 20_000);
    expect(told.sort()).toEqual(['frames: no graphics', 'no graphics', 'pictures: no graphics']);
  }, 30_000);

  it('does not send pictures that the server would refuse, says so once, and goes on with smaller ones', async () => {
    const encode = blobs();
    for (let i = 0; i < 4; i += 1) encode.mockResolvedValueOnce(new Blob([new Uint8Array(8 * 2 ** 20)])); // and its header
    const told: string[] = [];
    client.errors$.subscribe(({ code, message }) => told.push(`${code}: ${message}`));
    let got = 0;
    camera.skeletons().subscribe(() => (got += 1));
    await until(() => got > 0, 20_000);
    expect(told).toEqual(['too-large: pictures of the camera are not sent: one has 8388628 bytes, the server takes 8388608']);
  }, 30_000);

  it('ends where the page stops its track, which no event tells', async () => {
    const told: string[] = [];
    client.errors$.subscribe(({ code }) => told.push(code));
    camera.masks().subscribe({ complete: () => told.push('masks') });
    camera.pictures().subscribe({ complete: () => told.push('pictures') });
    await until(() => camera.stats.sent > 0);
    endTrack();
    await until(() => told.length === 3);
    expect(told).toEqual(['source-ended', 'pictures', 'masks']);
  }, 30_000);

  it('fails with the connection, streams of pictures alone too, also those asked for later', async () => {
    const lonely = connect('ws://127.0.0.1:9', { ...options, reconnect: false });
    const told: string[] = [];
    const note = (name: string) => ({ error: ({ code }: { readonly code: string }) => told.push(`${name}: ${code}`) });
    const before = lonely.camera(track);
    before.pictures().subscribe(note('before'));
    await until(() => lonely.state.kind === 'failed');
    before.pictures().subscribe(note('after'));
    lonely.camera(track).frames({ picture: true }).subscribe(note('another'));
    lonely.close();
    expect(told).toEqual(['before: io', 'after: io', 'another: io']);
  });

  it.each([
    [{ rate: 0 }, 'rate of a camera is 0', 'at least 0.01'], [{ quality: 80 }, 'quality of a camera is 80', 'from 0 to 1'],
    [{ fieldOfView: 180 }, 'fieldOfView of a camera is 180', 'from 1 to 179'], [{ maxWidth: NaN }, 'maxWidth of a camera is NaN', 'at least 1'],
  ])('refuses options that cannot be: %j', (given, message, hint) => {
    expect(() => client.camera(track, given)).toThrow(expect.objectContaining({ code: 'bad-argument', message, hint: `Give a number ${hint.startsWith('at') ? 'of ' : ''}${hint}.` }));
  });

  it('fails a stream of pictures whose rate cannot be', () => {
    const told: string[] = [];
    camera.pictures({ rate: 0 }).subscribe({ error: ({ message }: Error) => told.push(message) });
    expect(told).toEqual(['rate of a stream is 0']);
  });

  it('gives frames of pictures alone, at most so many a second, of which the server computes nothing', async () => {
    const wanted: string[] = [];
    host.gateway.wanted$.subscribe((set) => wanted.push(...set));
    const got: FrameResult[] = [];
    camera.frames({ picture: true, rate: 5 }).subscribe((frame) => got.push(frame));
    await until(() => got.length >= 2, 20_000);
    const before = got.length;
    await sleep(1000);
    expect(got.length - before).toBeLessThan(8);
    expect(got[0]).toMatchObject({ kind: 'frame', picture: { kind: 'picture', sequence: got[0].sequence, width: WIDTH } });
    expect(Object.keys(got[0])).not.toContain('masks');
    expect(wanted).toEqual([]);
  }, 30_000);
});

describe('cameras whose connection is lost', () => {
  const track = { kind: 'video', addEventListener: () => undefined, removeEventListener: () => undefined, getSettings: () => ({ width: WIDTH, height: HEIGHT }) } as unknown as MediaStreamTrack;
  beforeAll(likeABrowser);

  const ends: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  it('wait for the places that the server still holds for them, all of them', async () => {
    const host = await server(); // 16 places
    ends.push(() => host.close());
    const line = await wirelessLine(Number(new URL(host.url).port));
    ends.push(() => { line.close(); });
    const clients = Array.from({ length: 8 }, () => connect(line.url, { ...options, reconnect: { minMs: 20, maxMs: 100 } }));
    ends.push(() => { for (const client of clients) client.close(); });
    const told: string[] = [];
    const cameras = clients.flatMap((client) => {
      client.errors$.subscribe(({ code, message }) => told.push(`${code}: ${message}`));
      return [client.camera(track), client.camera(track)];
    });
    const results = cameras.map(() => 0);
    cameras.forEach((camera, i) => camera.skeletons().subscribe({ next: () => (results[i] += 1), error: ({ message }: Error) => told.push(`ended: ${message}`) }));
    await until(() => results.every((count) => count > 0), 20_000);

    line.lose();
    const full = 'too-large: the server has no room for another camera';
    await until(() => told.filter((text) => text === full).length === 16, 20_000);
    results.fill(0);
    line.serverNotices();
    await until(() => results.every((count) => count > 0), 20_000);
    expect(told.filter((text) => text === full)).toHaveLength(16); // said once of each, however often it was asked
    expect(told.filter((text) => text.startsWith('ended'))).toEqual([]);

    // Whom the server never had is refused at once.
    const late = connect(host.url, options);
    ends.push(() => { late.close(); });
    const refusal = new Promise<string>((resolve) => late.camera(track).skeletons().subscribe({ error: ({ message }: Error) => resolve(message) }));
    expect(await refusal).toBe('the server has no room for another camera');
  }, 60_000);
});

describe('pictures that are kept', () => {
  const picture = (bytes: number) => ({ jpeg: new Uint8Array(bytes), width: 4, height: 3 });

  it('go with their time, with too many bytes, and before a result', () => {
    let now = 0;
    const kept = new KeptPictures(1000, 100, () => now);
    for (let i = 1; i <= 4; i += 1) kept.add(i, picture(30)); // 120 bytes
    expect([1, 2, 4].map((i) => kept.get(i)?.jpeg.length)).toEqual([undefined, 30, 30]);
    kept.before(3);
    expect([2, 3].map((i) => kept.get(i)?.jpeg.length)).toEqual([undefined, 30]);
    now = 1001;
    kept.add(5, picture(99)); // alone it fits
    expect([4, 5].map((i) => kept.get(i)?.jpeg.length)).toEqual([undefined, 99]);
    kept.clear();
    kept.add(6, picture(100));
    expect([5, 6].map((i) => kept.get(i)?.jpeg.length)).toEqual([undefined, 100]);
  });
});
