import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBridge } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { startGateway, type Gateway } from '../src/index.js';
import { buildPage } from '../page/build.mjs';
import { syntheticPerception } from './synthetic.js';

const CHROMIUM = [process.env['SEXTANT_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== '' && existsSync(path));
const withBrowser = CHROMIUM === undefined ? describe.skip : describe;
const SCREENSHOTS = process.env['SEXTANT_SCREENSHOTS'];
const STREAMS = ['rgb', 'depth', 'flow', 'segmentation', 'skeleton', 'densepose'];

/** Runs in the page. */
const LOOK = `(panel) => {
  const canvas = document.querySelector('#' + panel + ' canvas');
  const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
  let sum = 0;
  const colors = new Set();
  for (let i = 0; i < data.length; i += 4) {
    const color = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
    sum = (Math.imul(sum, 31) + color) | 0;
    colors.add(color);
  }
  return { sum, colors: colors.size };
}`;

withBrowser(CHROMIUM === undefined ? 'the page (skipped: no Chromium on this machine; set SEXTANT_CHROMIUM)' : 'the page', () => {
  let folder: string;
  let bridge: RosBridge;
  let gateway: Gateway;
  let browser: Browser;
  let page: Page;
  let timer: NodeJS.Timeout;
  let relative = false;
  const complaints: string[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sextant-page-'));
    await buildPage(folder);
    bridge = createBridge();
    gateway = await startGateway({ bridge, port: 0, page: folder });
    let index = 0;
    timer = setInterval(() => {
      bridge.publish(syntheticPerception(index++, { width: 320, height: 240, mapWidth: 128, mapHeight: 96, relative }));
    }, 100);
    browser = await chromium.launch({ executablePath: CHROMIUM as string, args: ['--no-sandbox'] });
    page = await browser.newPage({ viewport: { width: 1280, height: 860 }, colorScheme: 'dark' });
    page.on('console', (message) => {
      // This test reads canvases back; the page itself never does.
      if (/willReadFrequently/.test(message.text())) return;
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(gateway.url);
  }, 120_000);

  afterAll(async () => {
    clearInterval(timer);
    await browser?.close();
    await gateway?.close();
    await rm(folder, { recursive: true });
  });

  /** A fingerprint of a canvas and how many different colours it has. */
  const look = (id: string): Promise<{ sum: number; colors: number }> => page.evaluate(`(${LOOK})(${JSON.stringify(id)})`);
  const shot = async (name: string): Promise<void> => {
    if (SCREENSHOTS !== undefined) await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  };
  const words = (selector: string): Promise<string> => page.locator(selector).innerText();
  const waitFor = async (what: () => Promise<boolean> | boolean): Promise<void> => {
    const end = Date.now() + 60_000;
    while (!(await what())) {
      if (Date.now() > end) throw new Error(`waited a minute for ${what.toString()}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it('draws every stream, and goes on drawing', async () => {
    for (const id of STREAMS) await waitFor(async () => (await look(id)).colors > 2);
    for (const id of STREAMS) {
      const before = (await look(id)).sum;
      await waitFor(async () => (await look(id)).sum !== before);
    }
    await waitFor(async () => (await words('#connection')) === 'Live');
    expect(await words('#fps')).toMatch(/^\d+\.\d fps$/);
    expect(await words('#latency')).toMatch(/^(19|20) ms$/);
    await shot('dark');
  }, 120_000);

  it('says what depth means, and names the classes', async () => {
    expect(await words('#depth .badge')).toBe('metric');
    expect(await words('#depth footer')).toMatch(/\d\.\d\d m\s+\d\.\d\d m \(log\)/);
    expect(await words('#segmentation footer')).toMatch(/person/);
    expect(await words('#skeleton footer')).toBe('1 person');
    relative = true;
    await waitFor(async () => (await words('#depth .badge')) === 'relative, unit unknown');
    expect(await words('#depth footer')).not.toMatch(/ m\b/);
    relative = false;
    await waitFor(async () => (await words('#depth .badge')) === 'metric');
  }, 120_000);

  it('switched off, a stream is no longer wanted; by keyboard alone', async () => {
    const wanted = new Set<string>();
    const subscription = bridge.wanted$.subscribe((now) => {
      wanted.clear();
      for (const modality of now) wanted.add(modality);
    });
    expect([...wanted].sort()).toEqual(['densepose', 'depth', 'flow', 'segmentation', 'skeleton']);
    await page.locator('#flow input').focus();
    await page.keyboard.press('Space');
    await waitFor(() => !wanted.has('flow'));
    expect(wanted.size).toBe(4);
    expect(await words('#flow .stage p')).toMatch(/^Off/);
    await page.keyboard.press('Space');
    await waitFor(() => wanted.has('flow'));
    subscription.unsubscribe();
  }, 120_000);

  it('has a light theme and fits a phone', async () => {
    await page.locator('#theme').click();
    expect(await page.evaluate(`document.documentElement.dataset.theme`)).toBe('light');
    await shot('light');
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate(`document.documentElement.scrollWidth`)).toBeLessThanOrEqual(390);
    await shot('phone');
    await page.setViewportSize({ width: 1280, height: 860 });
    expect(complaints).toEqual([]);
  }, 120_000);

  it('says that the connection is lost, and comes back by itself', async () => {
    const { port } = gateway;
    await gateway.close();
    await waitFor(async () => (await words('#connection')).startsWith('Connection lost'));
    gateway = await startGateway({ bridge, port, page: folder });
    await waitFor(async () => (await words('#connection')) === 'Live');
    const before = (await look('depth')).sum;
    await waitFor(async () => (await look('depth')).sum !== before);
  }, 120_000);

  it('asks for a token where one is needed', async () => {
    const guarded = await startGateway({ bridge, port: 0, page: folder, token: 'secret' });
    const visitor = await browser.newPage();
    await visitor.goto(guarded.url);
    await visitor.locator('#token').fill('secret');
    await visitor.keyboard.press('Enter');
    await waitFor(async () => (await visitor.locator('#connection').innerText()) === 'Live');
    await visitor.close();
    await guarded.close();
  }, 120_000);
});
