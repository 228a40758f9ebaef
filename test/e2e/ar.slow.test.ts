import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { CameraModel } from '@sextant/core';
import { startGateway } from '@sextant/gateway';
import type { Gateway } from '@sextant/gateway';
import { createBridge } from '@sextant/ros';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { CHROMIUM, apart, launch, openPage, screen, until } from '../../packages/gateway/test/browser.js';
import { freePort } from '../../packages/gateway/test/free-port.js';
import { pinhole, syntheticPerception } from '../support/synthetic.js';
import { buildBrowser } from '../../packages/client/build-browser.mjs';

jest.setTimeout(400_000);
const withBrowser = CHROMIUM === undefined ? describe.skip : describe;
const repository = fileURLToPath(new URL('../../', import.meta.url));
const SCREENSHOTS = process.env['SEXTANT_SCREENSHOTS'];
/** Frame 0 of `syntheticPerception`: a person from 0.4 to 0.6 across and 0.2 to 0.9 down, 2 m away, the room behind 3 to 8 m. */
const PERSON: readonly [number, number, number] = [200, 80, 90];
const room = (x: number, y: number): [number, number, number] => [255 * x, 255 * y, 0];

type At = (x: number, y: number) => [number, number, number];

withBrowser(CHROMIUM === undefined ? 'examples/ar (skipped: no Chromium on this machine; set SEXTANT_CHROMIUM)' : 'examples/ar', () => {
  let gateway: Gateway;
  let browser: Browser;
  let vite: ChildProcess;
  let url: string;
  let timer: NodeJS.Timeout;
  let script: string;
  /** Takes the place of the frames' own camera. */
  let camera: CameraModel | undefined;
  /** Who is in the frames beside instance 7: the right half of the person is this one. */
  let other: number | undefined;

  beforeAll(async () => {
    // The script-tag build that the package's own build puts into its dist, from the sources as they are.
    script = await mkdtemp(join(tmpdir(), 'sextant-client-'));
    await buildBrowser(script);
    const bridge = createBridge();
    gateway = await startGateway({ bridge, port: 0 });
    const still = syntheticPerception(0, { width: 320, height: 240, mapWidth: 160, mapHeight: 120 });
    let sequence = 0;
    timer = setInterval(() => {
      const instances = other === undefined ? still.segmentation!.instances : still.segmentation!.instances.map((id, i) => (id !== 0 && i % 160 >= 80 ? other! : id));
      bridge.publish({ ...still, segmentation: { ...still.segmentation!, ...(instances && { instances }) }, frame: { ...still.frame, stamp: BigInt(Date.now()) * 1_000_000n, sequence: sequence++, ...(camera && { camera }) } });
    }, 100);
    // As examples/README.md says it, on a port of its own.
    const port = await freePort();
    vite = spawn(process.execPath, ['node_modules/vite/bin/vite.js', 'examples/ar', '--host', '127.0.0.1', '--port', String(port), '--strictPort'], {
      cwd: repository, stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, SEXTANT_CLIENT_DIST: script },
    });
    url = `http://127.0.0.1:${port}`;
    await until(() => fetch(`${url}/background/`).then(({ ok }) => ok, () => false));
    browser = await launch();
  });

  afterAll(async () => {
    clearInterval(timer);
    await browser?.close();
    vite?.kill();
    await gateway?.close();
    await rm(script, { recursive: true, force: true });
  });

  // Also those of tests that failed half-way.
  afterEach(async () => {
    [camera, other] = [undefined, undefined];
    for (const context of browser.contexts()) await context.close();
  });

  const open = async (name: string): Promise<{ page: Page; complaints: string[]; seen: () => Promise<At> }> => {
    const opened = await openPage(browser, `${url}/${name}/?server=${gateway.url.replace('http', 'ws')}`);
    return { ...opened, seen: () => screen(opened.page, 'canvas') };
  };
  const end = async (page: Page, name: string, complaints: string[]): Promise<void> => {
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: join(SCREENSHOTS, `ar-${name}.png`) });
    expect(complaints).toEqual([]);
    await page.context().close(); // now: a test may look at what is left
  };

  it('background: the person stays, everything else is another place', async () => {
    const { page, complaints, seen } = await open('background');
    await until(async () => apart((await seen())(0.5, 0.6), PERSON) < 20);
    const at = await seen();
    for (const [x, y] of [[0.45, 0.3], [0.55, 0.8], [0.5, 0.5]]) expect(apart(at(x, y), PERSON)).toBeLessThan(20);
    // The sky of the example is the same all the way across, and nowhere the room.
    for (const y of [0.1, 0.4, 0.7]) {
      expect(apart(at(0.1, y), at(0.9, y))).toBeLessThan(4);
      expect(apart(at(0.9, y), room(0.9, y))).toBeGreaterThan(60);
    }
    await end(page, 'background', complaints);
  });

  const isRing = ([r, g, b]: readonly number[]): boolean => r > 60 && r > 1.3 * g && g > 1.3 * b;

  it('occlusion: the ring is hidden where somebody stands before it, and not when it comes nearer', async () => {
    const { page, complaints, seen } = await open('occlusion');
    // 2.5 m away: a radius of 0.55 m is 0.176 of the width (fx = 0.8 of it); the top of the ring is at the height of the person.
    await until(async () => isRing((await seen())(0.5 - 0.176, 0.5)));
    let at = await seen();
    expect(isRing(at(0.5 + 0.176, 0.5))).toBe(true);
    for (const y of [0.5 - 0.235, 0.5 + 0.235]) expect(apart(at(0.5, y), PERSON)).toBeLessThan(20);
    // Through the ring one sees the room.
    expect(apart(at(0.39, 0.5), room(0.39, 0.5))).toBeLessThan(20);
    await page.locator('#distance').fill('1.5');
    await until(async () => (await page.locator('#metres').innerText()) === '1.5 m');
    await until(async () => isRing((await seen())(0.5, 0.5 - 0.44)));
    at = await seen();
    expect(isRing(at(0.5, 0.5 + 0.38))).toBe(true);
    // Behind the room it is not seen where it was seen before: the room is 5 m deep at this height.
    await page.locator('#distance').fill('4.5');
    await until(async () => isRing((await seen())(0.39, 0.5)));
    await page.locator('#distance').fill('5.5');
    await until(async () => apart((await seen())(0.39, 0.5), room(0.39, 0.5)) < 20);
    await end(page, 'occlusion', complaints);
  });

  it('occlusion: the ring hangs where the camera that the depth is of would see it', async () => {
    // Looks past the middle of its picture and sees wider than the model guesses: the ring's centre is at 0.7 across and 0.4 down, its radius 0.11.
    const [f, cx, cy] = [0.5 * 320, 0.7 * 320 - 0.5, 0.4 * 240 - 0.5];
    camera = { ...pinhole(320, 240), k: [f, 0, cx, 0, f, cy, 0, 0, 1], p: [f, 0, cx, 0, 0, f, cy, 0, 0, 0, 1, 0], provenance: 'calibrated' };
    const { page, complaints, seen } = await open('occlusion');
    await until(async () => isRing((await seen())(0.7 + 0.11, 0.4)));
    const at = await seen();
    for (const [x, y] of [[0.7 - 0.08, 0.4], [0.7, 0.4 - 0.147], [0.7, 0.4 + 0.147]]) expect(isRing(at(x, y))).toBe(true);
    expect(apart(at(0.7 - 0.11, 0.4), PERSON)).toBeLessThan(20); // who stands before its left side
    for (const [x, y] of [[0.7, 0.4], [0.7 + 0.17, 0.4], [0.3, 0.5]]) expect(apart(at(x, y), room(x, y))).toBeLessThan(20);
    await end(page, 'occlusion-camera', complaints);
  });

  it('outline: a line along the edge of the person, nothing inside and nothing outside; each person in a colour of their own', async () => {
    const { page, complaints, seen } = await open('outline');
    const LINE = [255, 80, 80]; // the first of five colours
    /** Any pixel of the line within a map's pixel or two. */
    const near = (at: At, x: number, y: number, line = LINE): boolean =>
      Array.from({ length: 81 }, (_, i) => at(x + ((i % 9) - 4) / 400, y + (Math.floor(i / 9) - 4) / 300)).some((color) => apart(color, line) < 25);
    await until(async () => near(await seen(), 0.4, 0.5));
    const at = await seen();
    for (const [x, y] of [[0.4, 0.3], [0.4, 0.8], [0.6, 0.5], [0.5, 0.2], [0.5, 0.9]]) expect(near(at, x, y)).toBe(true);
    for (const [x, y] of [[0.5, 0.5], [0.45, 0.7]]) expect(apart(at(x, y), PERSON)).toBeLessThan(20);
    for (const [x, y] of [[0.2, 0.5], [0.8, 0.5], [0.5, 0.1]]) expect(apart(at(x, y), room(x, y))).toBeLessThan(20);
    other = 12; // five more than 7: by its number it would have the same colour
    await until(async () => near(await seen(), 0.6, 0.5, [80, 200, 255]));
    expect(near(await seen(), 0.4, 0.5)).toBe(true);
    await end(page, 'outline', complaints);
  });

  it('react: counts, names and frames people, and gives everything back when it goes', async () => {
    const { page, complaints, seen } = await open('react');
    await until(async () => (await page.locator('#people').innerText()) === 'People in view: 1');
    expect(await page.locator('#seen').innerText()).toBe('floor, person');
    const at = await seen();
    expect(apart(at(0.5, 0.5), PERSON)).toBeLessThan(20);
    const blue = Array.from({ length: 60 }, (_, i) => at(0.4 + (i - 30) / 800, 0.5)).some(([r, g, b]) => b > 180 && b > r + 60 && g > r);
    expect(blue).toBe(true);
    await end(page, 'react', complaints);
    await until(() => gateway.clients === 0);
  });

  it('links the pages from the first one, for the same server, also without the slash at the end', async () => {
    const { page, complaints } = await openPage(browser, `${url}/?server=ws://robot:8431`);
    const links = await page.locator('a').evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));
    expect(links).toEqual(['background', 'occlusion', 'outline', 'react'].map((name) => `${url}/${name}/?server=ws://robot:8431`));
    expect(complaints).toEqual([]);
    await page.context().close();
    const { status, headers } = await fetch(`${url}/outline?server=ws://robot:8431`, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([302, '/outline/?server=ws://robot:8431']);
  });

  it.each(['background', 'occlusion', 'outline', 'react'])('%s says in words that the address is none', async (name) => {
    const { page } = await openPage(browser, `${url}/${name}/?server=ftp://robot`);
    await until(() => page.getByText('"ftp://robot" is not the address of a server').isVisible());
    await page.context().close();
  });

  it('says in words that the server refuses a stream', async () => {
    const flowOnly = await startGateway({ bridge: createBridge(), port: 0, modalities: ['flow'] });
    for (const name of ['background', 'occlusion', 'outline', 'react']) {
      const { page } = await openPage(browser, `${url}/${name}/?server=${flowOnly.url.replace('http', 'ws')}`);
      await until(() => page.getByText(`this server has no ${name === 'occlusion' ? 'depth' : 'segmentation'}`).isVisible());
      await page.context().close();
    }
    await flowOnly.close();
  });

  it('says in words that there is no server, and starts when it comes', async () => {
    const port = await freePort();
    const { page } = await openPage(browser, `${url}/background/?server=ws://127.0.0.1:${port}`);
    await until(async () => /^(waiting|connecting): /.test(await page.locator('#status').innerText()));
    const late = await startGateway({ bridge: createBridge(), port });
    await until(async () => (await page.locator('#status').innerText()) === '');
    await page.context().close();
    await late.close();
  });
});
