import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { encodeControl } from '@sextant/core';
import type { Frame, Perception } from '@sextant/core';
import { map, of } from 'rxjs';
import type { Observable } from 'rxjs';
import { CHROMIUM, apart, colorAt, launch, look, openPage, until } from './browser.js';
import { ONLY, ViewerRun, live, words } from './viewer-run.js';

jest.setTimeout(400_000);
const withBrowser = CHROMIUM === undefined ? describe.skip : describe;
const [WIDTH, HEIGHT] = [80, 60];

/** Brighter than the picture's mean in green: what Chromium's fake camera draws (a disc, a clock) on its ground. */
function bright(rgb: Uint8Array, width: number, height: number): Uint8Array {
  const green = Array.from({ length: WIDTH * HEIGHT }, (_, i) => rgb[(Math.floor(((Math.floor(i / WIDTH) + 0.5) * height) / HEIGHT) * width + Math.floor((((i % WIDTH) + 0.5) * width) / WIDTH)) * 3 + 1]);
  const mean = green.reduce((a, b) => a + b, 0) / green.length;
  return Uint8Array.from(green, (g) => (g > mean + 20 ? 1 : 0));
}

/** In the model's place: marks what is bright in each picture of a camera as a person. */
function perceive(frames$: Observable<Frame>): Observable<Perception> {
  return frames$.pipe(
    map((frame) => ({
      frame,
      segmentation: {
        width: WIDTH, height: HEIGHT, labels: bright(frame.rgb, frame.width, frame.height), instances: new Uint16Array(WIDTH * HEIGHT),
        classes: [{ id: 0, name: 'background', color: [0, 0, 0], thing: false }, { id: 1, name: 'person', color: [220, 20, 60], thing: true }],
      },
      latencyMs: 5,
    })),
  );
}

withBrowser(CHROMIUM === undefined ? 'the viewer in trouble (skipped: no Chromium on this machine; set SEXTANT_CHROMIUM)' : 'the viewer in trouble', () => {
  let run: ViewerRun;

  beforeAll(async () => {
    // A camera that Chromium draws itself. Without the fake dialog every request for it is refused, as by a visitor.
    run = await ViewerRun.start(['--use-fake-device-for-media-stream'], { perceive });
  });
  afterAll(async () => {
    await run?.end();
  });

  it('says that the connection is lost, and comes back by itself', async () => {
    run.moving = true;
    const { page } = await openPage(run.browser, run.gateway.url, { on: { ...ONLY, picture: true } });
    await live(page);
    const { port } = run.gateway;
    await run.gateway.close();
    await until(async () => /Trying again by itself/.test(await words(page, '#notices')));
    expect(await words(page, '#connection')).toMatch(/^(Connection lost|Connecting)/);
    run.gateway = await run.serve({ port });
    await live(page);
    const before = (await look(page, '#overlay')).sum;
    await until(async () => (await look(page, '#overlay')).sum !== before);
    expect(await words(page, '#notices')).not.toMatch(/Trying again/);
    await page.context().close();
  });

  it('waits for what is looked for by name where that is all that is shown', async () => {
    const looking = await run.serve({ prompt: { state$: of({ phrase: 'the dog' }), ask: () => {} } });
    const { page } = await openPage(run.browser, looking.url, { on: { ...ONLY, referred: true } });
    await until(async () => (await words(page, '#connection')) === 'Connected, waiting for a frame'); // and not only "Connected": none comes, the bridge has none
    await until(async () => !/Every stream is switched off/.test(await words(page, 'body')));
    await page.context().close();
    await looking.close();
  });

  it('asks for the token where one is needed, again where it is wrong, and keeps it out of the address', async () => {
    const guarded = await run.serve({ token: 'secret' });
    const { page } = await openPage(run.browser, guarded.url);
    for (const [given, state] of [['wrong', 'A token is needed'], ['secret', 'Live']]) {
      await page.locator('#token').fill(given);
      await page.keyboard.press('Enter');
      await until(async () => (await words(page, '#connection')) === state);
      await until(async () => (await page.locator('#token-form').isVisible()) === (given === 'wrong'));
    }
    await page.context().close();
    const { page: linked } = await openPage(run.browser, `${guarded.url}/?token=secret`);
    await live(linked);
    expect(linked.url()).toBe(`${guarded.url}/`);
    await linked.context().close();
    await guarded.close();
  });

  it('without WebGL the point cloud says so and the rest works', async () => {
    const plain = await launch('--disable-gpu', '--disable-3d-apis');
    const { page } = await openPage(plain, run.gateway.url, { view: 'cloud', on: { ...ONLY, picture: true } });
    await until(async () => /needs WebGL/.test(await words(page, '#notices')));
    await page.getByRole('radio', { name: 'Overlay' }).check();
    await until(async () => (await look(page, '#overlay')).colors > 100);
    expect(await words(page, '#notices')).not.toMatch(/WebGL/);
    await plain.close();
  });

  it('says that the code of the point cloud did not come, not that WebGL is missing', async () => {
    const { page } = await openPage(run.browser, run.gateway.url, { on: { ...ONLY, picture: true } });
    await page.route(/cloud-view/, (route) => route.abort());
    await live(page);
    await page.getByRole('radio', { name: 'Point cloud' }).check();
    await until(async () => /code of the point cloud could not be fetched\. Is the server still there/.test(await words(page, '#notices')));
    await page.context().close();
  });

  it('says in words that the server speaks another version', async () => {
    const context = await run.browser.newContext();
    const page = await context.newPage();
    await page.routeWebSocket(/\/masks/, (socket) => {
      socket.onMessage(() => {
        socket.send(Buffer.from(encodeControl('error', { code: 'version', message: 'this server speaks version 2 of the mask protocol, the client 1', hint: 'Use a newer client.', versions: [2], final: true })));
        socket.close({ code: 4426 }).catch(() => undefined);
      });
    });
    await page.goto(run.gateway.url);
    await until(async () => /This server speaks version 2 of the mask protocol, the client 1\. Use a newer client\./.test(await words(page, '#notices')));
    expect(await words(page, '#connection')).toBe('No connection');
    await context.close();
  });

  it('says that the camera was refused, and goes on with the server\'s', async () => {
    const { page } = await openPage(run.browser, run.gateway.url, { on: { ...ONLY, picture: true } });
    await live(page);
    await page.locator('#own-camera').click();
    await until(async () => /permission was refused/.test(await words(page, '#notices')));
    expect(await words(page, '#own-camera')).toBe('Use my camera');
    const before = (await look(page, '#overlay')).sum;
    await until(async () => (await look(page, '#overlay')).sum !== before);
    await page.context().close();
  });

  it.each([['with WebCodecs', ''], ['without WebCodecs', 'for (const name of ["MediaStreamTrackProcessor", "VideoFrame", "VideoDecoder", "VideoEncoder"]) delete globalThis[name];']])('shows the perception of the visitor\'s own camera, with the very picture, %s', async (_, before) => {
    const { page, complaints } = await openPage(run.browser, run.gateway.url, { view: 'grid', on: { ...ONLY, picture: true, masks: true } }, { permissions: ['camera'] }, before);
    await live(page);
    expect(apart(await colorAt(page, '#panel-masks', 0.9, 0.8), [120, 90, 60])).toBeLessThan(3); // the server's own floor
    await page.locator('#own-camera').click();
    await until(async () => /pixels, kept in this browser/.test(await words(page, '#layer-picture')));
    expect(/without WebCodecs/.test(await words(page, '#notices'))).toBe(before !== '');
    await page.locator('#pause').click();
    // Mask and picture are of one frame: what is red in one is bright in the other, and nothing else.
    const agreement = await page.evaluate<{ same: number; red: number }>(`(() => {
      const read = (id) => { const c = document.querySelector(id); return c.getContext('2d').getImageData(0, 0, c.width, c.height); };
      const [picture, masks] = [read('#panel-picture'), read('#panel-masks')];
      const at = ({ data, width, height }, x, y) => { const i = (Math.floor(y * height) * width + Math.floor(x * width)) * 4; return [data[i], data[i + 1], data[i + 2]]; };
      const places = Array.from({ length: 80 * 60 }, (_, i) => [((i % 80) + 0.5) / 80, (Math.floor(i / 80) + 0.5) / 60]);
      const green = places.map(([x, y]) => at(picture, x, y)[1]);
      const mean = green.reduce((a, b) => a + b, 0) / green.length;
      const red = places.map(([x, y]) => at(masks, x, y)[0] > 200);
      return { same: red.filter((r, i) => r === green[i] > mean + 20).length / places.length, red: red.filter(Boolean).length };
    })()`);
    expect(agreement.red).toBeGreaterThan(100);
    expect(agreement.same).toBeGreaterThan(0.97);
    // And back.
    await page.locator('#pause').click();
    await page.locator('#own-camera').click();
    await until(async () => apart(await colorAt(page, '#panel-masks', 0.9, 0.8), [120, 90, 60]) < 3);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
