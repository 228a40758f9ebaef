// The bridge at work on loopback: one server process plays 640x480 masks of a world at 30 Hz to
//   a  eight pages of one headless Chromium, each making an ImageBitmap of every mask: rate, and latency from "result ready" to "bitmap in the page"
//   n  as many clients in this process (Node decodes inline), which need a fifth of a page's processor time
//   b  the pages again with one more client behind a line of 100 kB/s that asks for masks and pictures: the age of what it gets, and what it costs the pages
//
//   node test/bench/masks-live.mjs [--seconds 10] [--pages 8] [--hz 30]        needs built packages and Chromium (SEXTANT_CHROMIUM)
import { fork } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer } from 'node:http';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import WebSocket from 'ws';
import { connect } from '../../packages/client/dist/node.js';
import { throttled } from './masks-throttle.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '10' }, pages: { type: 'string', default: '8' }, hz: { type: 'string', default: '30' }, line: { type: 'string', default: '100000' } } });
const [seconds, pageCount, hz, line] = [values.seconds, values.pages, values.hz, values.line].map(Number);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (list, q) => (list.length === 0 ? NaN : [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * q))]);
const ms = (value) => Number(value.toFixed(1));

const child = fork(join(here, 'masks-server.mjs'), ['0', String(hz), '24']);
const serverStats = [];
const url = await new Promise((resolve, reject) => {
  child.on('message', (message) => (message.type === 'ready' ? resolve(message.url) : serverStats.push(message)));
  child.on('exit', (code) => reject(new Error(`the server ended with ${code}`)));
});
child.removeAllListeners('exit');
child.on('exit', (code, signal) => console.error(`the server ended: ${signal ?? code}`));

// The pages come from another port of this machine, as a developer's would.
const files = { '/': ['text/html', '<!doctype html><title>bench</title><canvas width="640" height="480"></canvas>'], '/worker.js': 'worker.js', '/sextant.mjs': 'sextant.mjs' };
const pagesServer = createServer((request, response) => {
  const file = files[request.url];
  if (file === undefined) response.writeHead(404).end();
  else if (Array.isArray(file)) response.writeHead(200, { 'content-type': file[0] }).end(file[1]);
  else response.writeHead(200, { 'content-type': 'text/javascript' }).end(readFileSync(join(here, '../../packages/client/dist', file)));
});
await new Promise((resolve) => pagesServer.listen(0, '127.0.0.1', resolve));
const browser = await chromium.launch({ executablePath: process.env.SEXTANT_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-renderer-backgrounding', '--disable-background-timer-throttling', '--disable-backgrounding-occluded-windows'] });

/** Processor time of this process's descendants but the server, milliseconds (Linux). */
function browserCpuMs() {
  const parents = new Map();
  const times = new Map();
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number)) {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
      parents.set(pid, Number(fields[1]));
      times.set(pid, (Number(fields[11]) + Number(fields[12])) * 10);
    } catch {
      // it ended meanwhile
    }
  }
  const ours = (pid) => pid !== child.pid && pid !== undefined && (pid === process.pid || ours(parents.get(pid)));
  return [...times].filter(([pid]) => pid !== process.pid && ours(pid)).reduce((sum, [, time]) => sum + time, 0);
}

async function openPage() {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${pagesServer.address().port}/`);
  await page.evaluate(async (address) => {
    const { connect, maskBitmap } = await import('/sextant.mjs');
    const client = connect(address);
    globalThis.client = client;
    globalThis.samples = [];
    client.masks().subscribe(async (mask) => {
      const received = performance.now();
      const bitmap = await maskBitmap(mask);
      const at = performance.now();
      globalThis.samples.push({ at, latency: mask.latency.deliveryMs + at - received, decode: mask.latency.decodeMs, bytes: mask.bytes });
      bitmap.close();
    });
  }, url);
  return page;
}

async function nodeClients() {
  const clients = Array.from({ length: pageCount }, () => ({ client: connect(url, { webSocket: WebSocket }), received: 0, ages: [], decode: [] }));
  for (const one of clients) {
    one.client.masks().subscribe(({ latency, labels }) => {
      if (labels.length !== 640 * 480) throw new Error('not a mask');
      one.received += 1;
      one.ages.push(latency.deliveryMs);
      one.decode.push(latency.decodeMs);
    });
  }
  await sleep(2000);
  for (const one of clients) [one.received, one.ages, one.decode] = [0, [], []];
  await sleep(seconds * 1000);
  const rates = clients.map(({ received }) => received / seconds);
  const ages = clients.flatMap((one) => one.ages);
  for (const { client } of clients) client.close();
  return { 'masks/s per client': `${ms(Math.min(...rates))} .. ${ms(Math.max(...rates))}`, 'p50 ms': ms(quantile(ages, 0.5)), 'p99 ms': ms(quantile(ages, 0.99)), 'decode p50 ms': ms(quantile(clients.flatMap((one) => one.decode), 0.5)) };
}

try {
  const inNode = await nodeClients();
  const pages = [];
  for (let i = 0; i < pageCount; i += 1) pages.push(await openPage());
  await sleep(3000);
  const clear = () => Promise.all(pages.map((page) => page.evaluate(() => { globalThis.samples = []; })));
  const collect = () => Promise.all(pages.map((page) => page.evaluate(() => ({ samples: globalThis.samples, stats: globalThis.client.stats }))));

  const measure = async () => {
    await clear();
    serverStats.length = 0;
    const before = process.platform === 'linux' ? browserCpuMs() : NaN;
    await sleep(seconds * 1000);
    const cpu = process.platform === 'linux' ? browserCpuMs() - before : NaN;
    const results = await collect();
    const rates = results.map(({ samples }) => ((samples.length - 1) * 1000) / (samples.at(-1).at - samples[0].at));
    const all = results.flatMap(({ samples }) => samples);
    const mean = (key) => serverStats.reduce((sum, stats) => sum + stats[key], 0) / serverStats.length;
    return {
      'masks/s per page': `${ms(Math.min(...rates))} .. ${ms(Math.max(...rates))}`, 'published/s': ms(mean('published')),
      'p50 ms': ms(quantile(all.map((s) => s.latency), 0.5)), 'p99 ms': ms(quantile(all.map((s) => s.latency), 0.99)),
      'decode p50 ms': ms(quantile(all.map((s) => s.decode), 0.5)), 'bytes/mask': Math.round(all.reduce((sum, s) => sum + s.bytes, 0) / all.length),
      'server CPU %': ms(((serverStats.at(-1).cpuMs - serverStats[0].cpuMs) / (serverStats.length - 1)) / 10), 'loop delay p99 ms': ms(mean('delayP99Ms')),
      'browser CPU ms/mask': ms(cpu / all.length), decoder: results[0].stats.decoder,
    };
  };
  const alone = await measure();

  const proxy = await throttled(Number(new URL(url).port), line);
  const slow = connect(`ws://127.0.0.1:${proxy.port}`, { webSocket: WebSocket });
  const ages = [];
  const arrivals = [];
  slow.frames({ picture: { quality: 80 }, masks: true }).subscribe(({ latency, bytes }) => {
    ages.push(latency.deliveryMs);
    arrivals.push({ at: performance.now(), bytes });
  });
  await sleep(3000);
  ages.length = arrivals.length = 0;
  const beside = await measure();
  const intervals = arrivals.slice(1).map(({ at }, i) => at - arrivals[i].at);
  const interval = quantile(intervals, 0.5);
  const { bandwidth, streams } = slow.stats;
  const carried = (arrivals.slice(1).reduce((sum, { bytes }) => sum + bytes, 0) * 1000) / (arrivals.at(-1).at - arrivals[0].at);
  slow.close();
  proxy.close();

  console.log(`${cpus().length} x ${cpus()[0].model}, Node ${process.version}, Chromium ${browser.version()}, load ${loadavg()[0].toFixed(1)}; ${pageCount} pages, ${hz} Hz, 640x480`);
  console.table({ [`${pageCount} Node clients`]: inNode });
  console.table({ 'pages alone': alone, 'beside a slow client': beside });
  console.log(`client behind ${line / 1000} kB/s: ${ms(1000 / interval)} frames/s, interval ${ms(interval)} ms, age p50 ${ms(quantile(ages, 0.5))} p99 ${ms(quantile(ages, 0.99))} ms = ${(quantile(ages, 0.99) / interval).toFixed(2)} intervals; carried ${ms(carried / 1000)} kB/s, believed ${ms((bandwidth ?? 0) / 1000)} kB/s; dropped by the server ${streams.map(({ droppedByServer }) => droppedByServer).join(', ')}`);
} finally {
  await browser.close();
  pagesServer.close();
  if (child.connected) child.disconnect();
}
