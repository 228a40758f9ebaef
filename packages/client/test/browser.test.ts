import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { buildBrowser } from '../build-browser.mjs';
import { HEIGHT, WIDTH, frame, perception, server } from './server.js';

const CHROMIUM = [process.env['SEXTANT_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) => path !== '' && existsSync(path));
const inBrowser = CHROMIUM === undefined ? describe.skip : describe; // SEXTANT_CHROMIUM names one

inBrowser('the client in Chromium', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sextant-client-'));
  let host: Awaited<ReturnType<typeof server>>;
  let http: Server;
  let browser: Browser;
  let feeding: NodeJS.Timeout;
  let port = 0;

  beforeAll(async () => {
    await buildBrowser(folder);
    host = await server();
    let sequence = 0;
    feeding = setInterval(() => host.bridge.publish(perception(frame(++sequence))), 30);
    http = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '/', 'http://test');
      const file = join(folder, pathname.slice(1));
      if (pathname === '/') {
        const policy = searchParams.get('csp');
        response.writeHead(200, { 'content-type': 'text/html', ...(policy !== null && { 'content-security-policy': policy }) }).end(`<!doctype html><title>test</title>${searchParams.has('tag') ? '<script src="/sextant.js"></script>' : ''}`);
      } else if (existsSync(file)) response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(file));
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    ({ port } = http.address() as AddressInfo);
    browser = await chromium.launch({
      executablePath: CHROMIUM!,
      args: ['--no-sandbox', '--enable-unsafe-swiftshader', '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', '--host-resolver-rules=MAP evil.test 127.0.0.1', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--enable-features=Vulkan'],
    });
  }, 120_000);
  afterAll(async () => {
    clearInterval(feeding);
    await browser?.close();
    http?.close();
    await host?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the body of an async function in a page: `Sextant` and `url` are there. */
  async function inPage(body: string, query = '', origin = `http://localhost:${port}`): Promise<Record<string, unknown>> {
    const page: Page = await browser.newPage();
    try {
      await page.goto(`${origin}/${query}`);
      const load = query.includes('tag') ? 'globalThis.Sextant' : `await import('/sextant.mjs')`;
      return await page.evaluate<Record<string, unknown>>(`(async () => { const Sextant = ${load}; const url = ${JSON.stringify(host.url)};
        const first = (stream) => new Promise((resolve, reject) => { const s = stream.subscribe({ next: (v) => { resolve(v); queueMicrotask(() => s?.unsubscribe()); }, error: reject }); });
        ${body} })()`);
    } finally {
      await page.close();
    }
  }
  const truth = (sequence: number) => perception(frame(sequence));

  it('decodes in a worker, draws bitmaps and uploads textures that read back as sent', async () => {
    const result = await inPage(`
      const client = Sextant.connect(url);
      const { masks, depth, picture } = await first(client.frames({ picture: true, masks: true, depth: true }));
      const canvas = new OffscreenCanvas(masks.width, masks.height);
      const context = canvas.getContext('2d');
      context.drawImage(await Sextant.maskBitmap(masks), 0, 0);
      const pixels = [...context.getImageData(0, 0, masks.width, masks.height).data];
      const gl = document.createElement('canvas').getContext('webgl2');
      const read = (texture, format, type, out) => {
        gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
        gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, texture, 0);
        gl.readPixels(0, 0, masks.width, masks.height, format, type, out);
        return [...out];
      };
      // As others of the page may have left it, three.js the first.
      const mine = gl.createBuffer();
      gl.bindBuffer(gl.PIXEL_UNPACK_BUFFER, mine);
      const left = [['UNPACK_FLIP_Y_WEBGL', true], ['UNPACK_PREMULTIPLY_ALPHA_WEBGL', true], ['UNPACK_ROW_LENGTH', 100], ['UNPACK_SKIP_ROWS', 2], ['UNPACK_SKIP_PIXELS', 3], ['UNPACK_ALIGNMENT', 8]];
      for (const [name, value] of left) gl.pixelStorei(gl[name], value);
      let texture = Sextant.uploadTexture(gl, masks);
      const same = Sextant.uploadTexture(gl, masks, texture) === texture;
      const labels = read(texture, gl.RGBA_INTEGER, gl.UNSIGNED_INT, new Uint32Array(masks.labels.length * 4)).filter((_, i) => i % 4 === 0);
      gl.getExtension('EXT_color_buffer_float');
      const metres = read(Sextant.uploadTexture(gl, depth), gl.RGBA, gl.FLOAT, new Float32Array(masks.labels.length * 4)).filter((_, i) => i % 4 === 0);
      const rgb = read(Sextant.uploadTexture(gl, picture), gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(masks.labels.length * 4)).slice(0, 4);
      const { decoder } = client.stats;
      client.close();
      const kept = gl.getParameter(gl.PIXEL_UNPACK_BUFFER_BINDING) === mine && left.every(([name, value]) => gl.getParameter(gl[name]) === value);
      return { decoder, kept, sequence: masks.sequence, pixels, labels, same, glError: gl.getError(), metres, sent: [...depth.metres], rgb, bitmap: [picture.bitmap.width, picture.bitmap.height], latency: masks.latency };`);
    const { labels } = truth(result['sequence'] as number).segmentation!;
    expect(result).toMatchObject({ decoder: 'worker', kept: true, same: true, glError: 0, bitmap: [WIDTH, HEIGHT] });
    expect(result['labels']).toEqual([...labels]);
    const color = (id: number): number[] => (id === 1 ? [220, 20, 60, 255] : id === 2 ? [10, 200, 60, 255] : [0, 0, 0, 0]);
    expect(result['pixels']).toEqual([...labels].flatMap(color));
    expect(result['metres']).toEqual(result['sent']);
    const grey = (result['sequence'] as number) & 255;
    for (const channel of (result['rgb'] as number[]).slice(0, 3)) expect(Math.abs(channel - grey)).toBeLessThan(4);
  }, 60_000);

  it('writes WebGPU textures', async () => {
    const result = await inPage(`
      const adapter = await navigator.gpu?.requestAdapter();
      if (!adapter) return { skipped: true };
      const device = await adapter.requestDevice();
      const client = Sextant.connect(url);
      const masks = await first(client.masks());
      client.close();
      const texture = Sextant.writeTexture(device, masks);
      const same = Sextant.writeTexture(device, masks, texture) === texture;
      return { skipped: false, same, size: [texture.width, texture.height], format: texture.format };`);
    if (result['skipped'] === true) console.log('this Chromium has no WebGPU adapter: not checked');
    else expect(result).toEqual({ skipped: false, same: true, size: [WIDTH, HEIGHT], format: 'r8uint' });
  }, 60_000);

  it('works from a script tag, with a worker of its own', async () => {
    const result = await inPage(`
      const client = Sextant.connect(url);
      const mask = await first(client.masks({ maxWidth: 24 }));
      const { decoder } = client.stats;
      client.close();
      return { decoder, width: mask.width, state: client.state.kind };`, '?tag');
    expect(result).toEqual({ decoder: 'worker', width: 24, state: 'closed' });
  }, 60_000);

  it('decodes on the page where a worker is not allowed, and says so', async () => {
    const result = await inPage(`
      const client = Sextant.connect(url);
      const problem = new Promise((resolve) => client.errors$.subscribe(resolve));
      const mask = await first(client.masks());
      const { decoder } = client.stats;
      const { code } = await problem;
      client.close();
      return { decoder, labels: mask.labels.length, code };`, `?csp=${encodeURIComponent("worker-src 'none'")}`);
    expect(result).toEqual({ decoder: 'inline', labels: WIDTH * HEIGHT, code: 'worker-lost' });
  }, 60_000);

  it('sends the camera of the browser and gets each result with its picture', async () => {
    const result = await inPage(`
      const client = Sextant.connect(url);
      const media = await navigator.mediaDevices.getUserMedia({ video: { width: 320, height: 240 } });
      const camera = client.camera(media, { rate: 20, maxWidth: 160, fieldOfView: 70 });
      const got = [];
      await new Promise((resolve) => {
        camera.frames({ picture: true, masks: true, depth: true }).subscribe(({ picture, masks, depth, latency, sequence, stamp }) => {
          got.push({ sequence, parts: [picture.sequence, masks.sequence, depth.sequence], stamps: picture.stamp === stamp && masks.stamp === stamp, size: [picture.width, picture.height], captureMs: latency.captureMs });
          picture.bitmap.close();
          if (got.length === 5) resolve();
        });
      });
      const { stats } = camera;
      camera.close();
      client.close();
      return { got, stats };`);
    const got = result['got'] as { sequence: number; parts: number[]; stamps: boolean; size: number[]; captureMs: number }[];
    for (const { sequence, parts, stamps, size, captureMs } of got) {
      expect(parts).toEqual([sequence, sequence, sequence]);
      expect(stamps).toBe(true);
      expect(size).toEqual([160, 120]);
      expect(captureMs).toBeGreaterThan(0);
    }
    expect(result['stats']).toMatchObject({ received: expect.any(Number), estimated: expect.any(Number) });
  }, 60_000);

  it('refuses a media stream without video, in words', async () => {
    const result = await inPage(`
      const client = Sextant.connect(url);
      try { client.camera(new MediaStream()); } catch ({ code, message }) { return { code, message }; } finally { client.close(); }`);
    expect(result).toEqual({ code: 'bad-argument', message: 'the stream has no video track' });
  }, 60_000);

  it('gives a page of another site nothing', async () => {
    const result = await inPage(`
      const client = Sextant.connect(url);
      const states = [];
      client.state$.subscribe(({ kind }) => states.push(kind));
      let data = 0;
      client.masks().subscribe({ next: () => { data += 1; }, error: () => undefined });
      const error = await new Promise((resolve) => client.errors$.subscribe(resolve));
      client.close();
      return { states, data, code: error.code, hint: error.hint };`, '', `http://evil.test:${port}`);
    expect(result).toMatchObject({ states: ['connecting', 'waiting', 'closed'], data: 0, code: 'io', hint: expect.stringContaining('does it allow pages of this origin') });
  }, 60_000);
});
