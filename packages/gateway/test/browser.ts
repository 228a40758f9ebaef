import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import sharp from 'sharp';

/** The browser of this machine; undefined where there is none. */
export const CHROMIUM = [process.env['SEXTANT_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== '' && existsSync(path));

/** Nothing here is a measurement: the machine may be busy. */
const PATIENCE_MS = 120_000;
const repository = fileURLToPath(new URL('../../../', import.meta.url));
const VITE = fileURLToPath(new URL('../../../node_modules/vite/bin/vite.js', import.meta.url));

/** Starts it. SwiftShader draws WebGL where there is no graphics card. */
export function launch(...args: string[]): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM!, args: ['--no-sandbox', '--enable-unsafe-swiftshader', ...args] });
}

/** Builds the viewer from its sources, as the package's own build does. */
export async function buildViewer(folder: string): Promise<void> {
  const child = spawn(process.execPath, [VITE, 'build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'], { cwd: `${repository}packages/viewer`, stdio: ['ignore', 'inherit', 'inherit'] });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`vite ended with ${code}`);
}

/**
 * A page that notes what the browser complains about. `settings` are the viewer's, kept in the browser as if chosen before; `first` runs in the
 * page before anything of its own.
 */
export async function openPage(browser: Browser, url: string, settings: object = {}, options: BrowserContextOptions = {}, first = ''): Promise<{ page: Page; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 860 }, colorScheme: 'dark', ...options });
  await context.addInitScript(`localStorage.setItem('sextant:settings', ${JSON.stringify(JSON.stringify(settings))})`);
  await context.addInitScript(first);
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  page.on('console', (message) => {
    // These tests read canvases back; the page itself never does.
    if (/willReadFrequently|GPU stall due to ReadPixels/.test(message.text())) return;
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(url);
  return { page, complaints };
}

/** Waits until it is so, two minutes at most. */
export async function until(what: () => Promise<boolean> | boolean, ms = PATIENCE_MS): Promise<void> {
  const end = Date.now() + ms;
  while (!(await what())) {
    if (Date.now() > end) throw new Error(`waited ${ms / 1000} s for ${what.toString()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The colour of a 2D canvas at a place, 0..1 across and down. */
export function colorAt(page: Page, canvas: string, x: number, y: number): Promise<[number, number, number]> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector(${JSON.stringify(canvas)});
    const { data } = canvas.getContext('2d').getImageData(Math.floor(${x} * canvas.width), Math.floor(${y} * canvas.height), 1, 1);
    return [data[0], data[1], data[2]];
  })()`);
}

/** A fingerprint of a 2D canvas and how many different colours it has. */
export function look(page: Page, canvas: string): Promise<{ sum: number; colors: number }> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector(${JSON.stringify(canvas)});
    if (canvas === null) return { sum: 0, colors: 0 };
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let sum = 0;
    const colors = new Set();
    for (let i = 0; i < data.length; i += 4) {
      const color = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
      sum = (Math.imul(sum, 31) + color) | 0;
      colors.add(color);
    }
    return { sum, colors: colors.size };
  })()`);
}

/** What is seen of an element on the screen: rgb at a place, 0..1 across and down. */
export async function screen(page: Page, selector: string): Promise<(x: number, y: number) => [number, number, number]> {
  const png = await page.locator(selector).screenshot();
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return (x, y) => {
    const i = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 3;
    return [data[i], data[i + 1], data[i + 2]];
  };
}

/** How far apart two colours are: the largest difference of a channel. */
export function apart(a: readonly number[], b: readonly number[]): number {
  return Math.max(...a.map((value, i) => Math.abs(value - b[i])));
}

