// Size and time of label masks on the wire: packages/core's run-length code + deflate against PNG, on the world's scenes at 640x480 and, where
// ../shared/data/eval is there, on DAVIS masks. Encoding in Node as the server does it; decoding in Chromium as the client does it.
//
//   node test/bench/masks-codec.mjs [--repeat 15] [--worlds 36,1,2,3,5,8]
import { build } from 'esbuild';
import { existsSync, readdirSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import sharp from 'sharp';
import { encodeDataBody, wrap } from '../../packages/core/dist/index.js';
import { createWorld } from '../../packages/world/dist/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const { values } = parseArgs({ options: { repeat: { type: 'string', default: '15' }, worlds: { type: 'string', default: '36,1,2,3,5,8' } } });
const repeat = Number(values.repeat);
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const deflate = (raw) => deflateRawSync(raw, { level: 6 });
const header = { stamp: 0n, sequence: 1, clip: 0, reference: 1, ready: 0n, modelMicros: 0, key: true };

/** The smallest of what a good encoder makes: 8-bit grey, best deflate, with and without adaptive filters. */
async function png({ labels, width, height }) {
  const sizes = await Promise.all([true, false].map((adaptiveFiltering) => sharp(labels, { raw: { width, height, channels: 1 } }).toColourspace('b-w').png({ compressionLevel: 9, adaptiveFiltering }).toBuffer()));
  return Math.min(...sizes.map(({ length }) => length));
}

const sets = { world: [], davis: [] };
for (const seed of values.worlds.split(',').map(Number)) {
  const world = createWorld({ seed, width: 640, height: 480 });
  for (const at of [0, 2, 10]) {
    const { labels, instances } = world.render(at);
    sets.world.push({ name: `world ${seed} frame ${at}`, width: 640, height: 480, labels, instances, clip: `w${seed}` });
  }
}
const evalFolder = join(root, '../shared/data/eval');
for (const clip of existsSync(evalFolder) ? readdirSync(evalFolder).filter((name) => name.startsWith('seg_davis')) : []) {
  for (const frame of ['00', '05', '10']) {
    const file = join(evalFolder, clip, `mask${frame}.png`);
    if (!existsSync(file)) continue;
    const { data, info } = await sharp(file).toColourspace('grey16').raw({ depth: 'ushort' }).toBuffer({ resolveWithObject: true });
    const wide = new Uint16Array(data.buffer, data.byteOffset, data.length / 2);
    const labels = Uint8Array.from({ length: info.width * info.height }, (_, i) => wide[i * info.channels]);
    sets.davis.push({ name: `${clip} ${frame}`, width: info.width, height: info.height, labels, clip });
  }
}

const payload = ({ labels, width, height }) => ({ kind: 'segmentation', width, height, labels, table: 0 });
const messages = [];
const rows = [];
for (const [set, masks] of Object.entries(sets)) {
  if (masks.length === 0) continue;
  const times = { key: [], delta: [], both: [] };
  const bytes = { key: 0, delta: 0, keysOfDeltas: 0, png: 0 };
  let key;
  for (const mask of masks) {
    if (key?.clip !== mask.clip) key = mask;
    let message;
    const encode = (options = {}, part = payload(mask)) => encodeDataBody({ ...header, key: options.reference === undefined }, part, { deflate, ...options });
    for (let i = 0; i < repeat; i += 1) {
      let start = performance.now();
      message = encode();
      times.key.push(performance.now() - start);
      if (mask.instances !== undefined) {
        start = performance.now();
        encode({}, { ...payload(mask), instances: mask.instances });
        times.both.push(performance.now() - start);
      }
      if (key === mask) continue;
      start = performance.now();
      encode({ reference: payload(key) });
      times.delta.push(performance.now() - start);
    }
    bytes.key += message.length;
    bytes.png += await png(mask);
    if (key !== mask) {
      bytes.delta += encode({ reference: payload(key) }).length;
      bytes.keysOfDeltas += message.length;
    }
    if (set === 'world') messages.push(Buffer.from(wrap('data', 1, message)).toString('base64'));
  }
  rows.push({ set, masks: masks.length, 'bytes/mask': Math.round(bytes.key / masks.length), 'PNG bytes': Math.round(bytes.png / masks.length), 'of PNG': (bytes.key / bytes.png).toFixed(3), 'delta of key': (bytes.delta / bytes.keysOfDeltas).toFixed(3), 'encode ms (median)': median(times.key).toFixed(2), 'delta ms': median(times.delta).toFixed(2), ...(times.both.length > 0 && { 'with instances ms': median(times.both).toFixed(2) }) });
}
console.log(`${cpus().length} x ${cpus()[0].model}, Node ${process.version}`);
console.table(rows);

const executablePath = process.env.SEXTANT_CHROMIUM ?? '/usr/bin/chromium';
if (!existsSync(executablePath)) console.log('no Chromium: decoding is not measured (SEXTANT_CHROMIUM)');
else {
  const bundle = await build({
    stdin: {
      contents: `import { MaskDecoder } from '@sextant/core'; import { inflateInBrowser } from './packages/client/src/platform.ts';
        globalThis.decodeAll = async (texts, repeat) => {
          const messages = texts.map((text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)));
          const decoder = new MaskDecoder({ inflate: inflateInBrowser });
          const times = [];
          for (let i = 0; i < repeat + 3; i += 1) for (const message of messages) {
            const start = performance.now();
            await decoder.decode(message);
            if (i >= 3) times.push(performance.now() - start);
          }
          return times;
        };`,
      resolveDir: root, loader: 'ts',
    },
    bundle: true, write: false, format: 'iife', conditions: ['source'], target: 'es2022',
  });
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: bundle.outputFiles[0].text });
    const times = await page.evaluate(([texts, count]) => globalThis.decodeAll(texts, count), [messages, repeat]);
    times.sort((a, b) => a - b);
    console.log(`decode of a 640x480 label mask in Chromium ${browser.version()}: median ${median(times).toFixed(2)} ms, p90 ${times[Math.floor(times.length * 0.9)].toFixed(2)} ms`);
  } finally {
    await browser.close();
  }
}
