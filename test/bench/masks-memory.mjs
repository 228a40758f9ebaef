/* global WebGL2RenderingContext, ImageBitmap, document, navigator */
// Does anything grow? One server, one page in headless Chromium that shows masks as WebGL textures and bitmaps and sends its (fake) camera
// up, a Node client that comes and goes, and one that is cut off: for as long as asked. Prints a line every ten seconds and, at the end, the
// trend of each figure after the first quarter. Exits 1 where one grew by more than a tenth and 8 MiB.
//
//   node test/bench/masks-memory.mjs [--minutes 60]
import { fork } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import WebSocket from 'ws';
import { connect } from '../../packages/client/dist/node.js';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '60' } } });
const minutes = Number(values.minutes);
const child = fork(join(here, 'masks-server.mjs'), ['0', '30', '12']);
let server;
const url = await new Promise((resolve) => {
  child.on('message', (message) => (message.type === 'ready' ? resolve(message.url) : (server = message)));
});
const page$ = { '/': ['text/html', '<!doctype html><title>memory</title>'], '/worker.js': ['text/javascript', 'worker.js'], '/sextant.mjs': ['text/javascript', 'sextant.mjs'] };
const http = createServer((request, response) => {
  const [type, file] = page$[request.url] ?? [];
  if (type === undefined) response.writeHead(404).end();
  else response.writeHead(200, { 'content-type': type }).end(type === 'text/html' ? file : readFileSync(join(here, '../../packages/client/dist', file)));
});
await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({
  executablePath: process.env.SEXTANT_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--enable-unsafe-swiftshader', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
});
let failed = false;
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(`http://localhost:${http.address().port}/`);
  await page.evaluate(async (address) => {
    const { connect, maskBitmap, uploadTexture } = await import('/sextant.mjs');
    // Every GL object made and deleted is counted: a handle that is never given back shows here long before memory does.
    const counts = { textures: 0, bitmaps: 0 };
    const { prototype } = WebGL2RenderingContext;
    const [make, remove, close, bitmap] = [prototype.createTexture, prototype.deleteTexture, ImageBitmap.prototype.close, globalThis.createImageBitmap];
    prototype.createTexture = function () { counts.textures += 1; return make.call(this); };
    prototype.deleteTexture = function (texture) { counts.textures -= 1; remove.call(this, texture); };
    ImageBitmap.prototype.close = function () { if (this.width > 0) counts.bitmaps -= 1; close.call(this); };
    globalThis.createImageBitmap = async (...given) => { const made = await bitmap(...given); counts.bitmaps += 1; return made; };
    const gl = document.createElement('canvas').getContext('webgl2');
    const client = connect(address);
    const seen = { frames: 0, camera: 0, errors: [] };
    client.errors$.subscribe((error) => seen.errors.push(error.message));
    let texture;
    client.masks().subscribe(async (mask) => {
      if (gl) texture = uploadTexture(gl, mask, texture);
      (await maskBitmap(mask)).close();
      seen.frames += 1;
    });
    const media = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
    const camera = client.camera(media, { rate: 10 });
    camera.frames({ picture: true, masks: true }).subscribe(({ picture }) => {
      seen.camera += 1;
      picture.bitmap.close();
    });
    globalThis.report = () => {
      globalThis.gc?.();
      const result = { ...seen, ...counts, gl: gl !== null, heapMiB: performance.memory.usedJSHeapSize / 2 ** 20, decoder: client.stats.decoder, cameraStats: camera.stats };
      seen.errors = [];
      return result;
    };
  }, url);

  // Clients that come and go, and one whose line is cut.
  const visits = setInterval(() => {
    const client = connect(url, { webSocket: WebSocket });
    const subscription = client.frames({ picture: { maxWidth: 160 }, masks: true }).subscribe();
    setTimeout(() => {
      subscription.unsubscribe();
      client.close();
    }, 2500);
  }, 5000);

  const lines = [];
  const until = Date.now() + minutes * 60_000;
  while (Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const report = await page.evaluate(() => globalThis.report());
    const line = { minute: (minutes - (until - Date.now()) / 60_000).toFixed(1), frames: report.frames, camera: report.camera, pageHeapMiB: report.heapMiB, bitmaps: report.bitmaps, textures: report.textures, serverHeapMiB: server.heapMiB, serverExternalMiB: server.externalMiB, serverRssMiB: server.rssMiB, clients: server.clients };
    lines.push(line);
    console.log(JSON.stringify(Object.fromEntries(Object.entries(line).map(([key, value]) => [key, typeof value === 'number' ? Math.round(value * 10) / 10 : value]))) + (report.errors.length > 0 ? ` ${report.errors.length} errors: ${report.errors[0]}` : ''));
  }
  clearInterval(visits);
  const settled = lines.slice(Math.floor(lines.length / 4));
  const third = Math.max(1, Math.floor(settled.length / 3));
  const mean = (list, key) => list.reduce((sum, line) => sum + line[key], 0) / list.length;
  for (const key of ['pageHeapMiB', 'bitmaps', 'textures', 'serverHeapMiB', 'serverExternalMiB', 'serverRssMiB']) {
    const [first, last] = [mean(settled.slice(0, third), key), mean(settled.slice(-third), key)];
    const grew = last > first * 1.1 && last - first > 8;
    failed ||= grew;
    console.log(`${key}: ${first.toFixed(1)} -> ${last.toFixed(1)}${grew ? '   GREW' : ''}`);
  }
  if (lines.at(-1).frames === 0 || lines.at(-1).camera === 0) {
    failed = true;
    console.log('nothing came');
  }
} finally {
  await browser.close();
  http.close();
  if (child.connected) child.disconnect();
}
process.exit(failed ? 1 : 0);
