// Writes the conformance vectors of the mask protocol: masks/*.bin and masks/vectors.json (or compares with --check).
// Deterministic: no clock, no chance. What deflate writes may differ between zlib builds, so --check compares compressed messages by what they decode to.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { COCO_KEYPOINTS, decodePayload, encodeAck, encodeCameraPicture, encodeControl, encodeDataBody, encodePing, encodePong, openData, wrap } from '../../packages/core/dist/index.js';

const folder = join(dirname(fileURLToPath(import.meta.url)), 'masks');
const check = process.argv.includes('--check');
const [W, H] = [16, 12];
const N = W * H;
const deflate = (raw) => deflateRawSync(raw, { level: 9 });
const base = { stamp: 1_764_300_000_123_456_789n, sequence: 4_000_000_000, clip: 2, reference: 4_000_000_000, ready: 1_764_300_000_223_456_789n, modelMicros: 98_765, key: true };
const grid = (f) => Array.from({ length: N }, (_, i) => f(i % W, Math.floor(i / W), i));
const vectors = [];

/** JSON of decoded values: 64-bit numbers as text, NaN as null, arrays plain. */
const plain = (value) =>
  typeof value === 'bigint' ? String(value)
  : typeof value === 'number' ? (Number.isNaN(value) ? null : Number.isInteger(value) ? value : Number(value.toPrecision(7)))
  : ArrayBuffer.isView(value) ? Array.from(value, plain)
  : Array.isArray(value) ? value.map(plain)
  : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, plain(v)]))
  : value;

const add = (name, message, more) => vectors.push({ name, file: `${name}.bin`, message, ...more });

function data(name, payload, options = {}, head = base, needs = undefined) {
  const message = wrap('data', 7, encodeDataBody(head, payload, { deflate, ...options }));
  const opened = openData(message);
  const raw = opened.compressed ? inflateRawSync(opened.packed) : opened.packed;
  const decoded = { header: opened.header, payload: decodePayload(opened, raw, options.reference) };
  add(name, message, { type: 'data', ...(needs && { needs: [needs] }), decoded: plain(decoded) });
  return message;
}

const labels = Uint8Array.from(grid((x, y) => ((x - 5) ** 2 + (y - 6) ** 2 < 14 ? 1 : x > 11 ? 68 : 0)));
const instances = Uint16Array.from(labels, (id) => (id === 1 ? 300 : id === 68 ? 65_535 : 0));
const confidence = Float32Array.from(grid((x, y) => ((x * 16 + y) % 256) / 255));
const masks = { kind: 'segmentation', width: W, height: H, labels, instances, confidence, table: 3 };
const moved = { ...masks, labels: Uint8Array.from(grid((x, y) => ((x - 6) ** 2 + (y - 6) ** 2 < 14 ? 1 : x > 11 ? 68 : 0))) };
const key = data('segmentation-key', masks);
data('segmentation-confidence', masks, { confidence: true });
data('segmentation-labels-only', masks, { instances: false });
data('segmentation-delta', moved, { reference: masks }, { ...base, sequence: 4_000_000_003, key: false }, 'segmentation-key');
data('segmentation-same', masks, { reference: masks }, { ...base, sequence: 4_000_000_004, key: false }, 'segmentation-key');
data('segmentation-noise', { ...masks, labels: Uint8Array.from(grid((x, y, i) => (i * 7919) >> 3)), instances: Uint16Array.from(grid((x, y, i) => (i * 104_729) >> 2)) });
data('segmentation-one-pixel', { kind: 'segmentation', width: 1, height: 1, labels: Uint8Array.of(255), instances: Uint16Array.of(1), table: 0 });
const metres = Float32Array.from(grid((x, y) => (y === 0 ? NaN : 0.5 + x * 0.35 + y * 0.05)));
for (const mapping of ['linear', 'log', 'inverse']) data(`depth-${mapping}`, { kind: 'depth', width: W, height: H, metres, provenance: mapping === 'log' ? 'relative' : mapping === 'linear' ? 'metric' : 'scaled', confidence }, { mapping, confidence: true });
data('depth-intrinsics', { kind: 'depth', width: W, height: H, metres, provenance: 'metric', confidence, intrinsics: { fx: 14.5, fy: 14.25, cx: 7.75, cy: 5.5, provenance: 'calibrated' } }, { confidence: true, intrinsics: true });
data('depth-nothing', { kind: 'depth', width: W, height: H, metres: new Float32Array(N).fill(NaN), provenance: 'metric' });
const pixels = Float32Array.from({ length: 2 * N }, (_, i) => (Math.floor(i / 2) % 13 === 0 ? NaN : ((i * 37) % 200) / 8 - 12));
for (const encoding of ['q16', 'half']) data(`flow-${encoding}`, { kind: 'flow', width: W, height: H, pixels, confidence }, { encoding, confidence: encoding === 'q16' });
const person = (id, x0) => ({ id, score: 200 / 255, box: [x0, 1.5, 6, 10], keypoints: COCO_KEYPOINTS.map((_, j) => ({ x: x0 + j / 4, y: j / 2 - 1, score: j * 15 / 255 })) });
data('skeleton-two', { kind: 'skeleton', width: W, height: H, people: [person(300, -2), person(7, 9.0625)] });
data('skeleton-nobody', { kind: 'skeleton', width: W, height: H, people: [] });
const part = labels.map((id) => (id === 1 ? 24 : id === 68 ? 2 : 0));
const chart = (k) => Uint8Array.from(part, (id, i) => (id === 0 ? 0 : (i * k) & 255));
const dense = { kind: 'densepose', width: W, height: H, part, u: chart(3), v: chart(5), person: instances };
data('densepose-key', dense);
data('densepose-delta', { ...dense, u: chart(9) }, { reference: dense }, { ...base, sequence: 4_000_000_003, key: false }, 'densepose-key');
data('rgb-jpeg', { kind: 'rgb', width: 640, height: 480, mediaType: 'image/jpeg', data: Uint8Array.of(0xff, 0xd8, 0xff, 0xd9) });
add('ping', encodePing(1_764_300_000_000_000_001n), { type: 'ping', decoded: { asked: '1764300000000000001' } });
add('pong', encodePong({ asked: 1n, heard: 1_764_300_000_000_000_002n, answered: 18_446_744_073_709_551_615n }), { type: 'pong', decoded: { asked: '1', heard: '1764300000000000002', answered: '18446744073709551615' } });
add('ack', encodeAck(4_294_967_295), { type: 'ack', decoded: { consumed: 4_294_967_295 } });
add('camera', encodeCameraPicture({ camera: 2, stamp: -5n, sequence: 9, width: 64, height: 48, mediaType: 'image/jpeg', data: Uint8Array.of(0xff, 0xd8) }), { type: 'camera', decoded: { camera: 2, stamp: '-5', sequence: 9, width: 64, height: 48, data: [255, 216] } });
const control = (type, body) => add(`control-${type}`, encodeControl(type, body), { type, decoded: body });
control('hello', { version: 1, client: 'vectors', token: 'tökén', flow: 'ack' });
control('subscribe', { id: 7, want: { kind: 'segmentation', classes: ['person', 68], maxWidth: 320, rate: 10, priority: 0, group: 4 } });
control('classes', { table: 3, classes: [{ id: 1, name: 'person', color: [220, 20, 60], thing: true }, { id: 15, name: 'chair', color: [130, 73, 163], thing: true, superset: { name: 'furniture', color: [160, 90, 200] } }] });
control('error', { code: 'too-large', message: 'there are 64 streams already', hint: 'Unsubscribe from some.', stream: 65 });
control('prompt', { phrase: 'the two dogs' });
control('prompted', { phrase: 'the two dogs', note: 'the phrase says "qwertz", which the model does not know', refused: true });
control('kinds', { kinds: ['rgb', 'depth'] });

const bad = (name, change, why) => {
  const message = key.slice();
  add(`bad-${name}`, change(message) ?? message, { type: 'data', refused: true, why });
};
bad('truncated', (m) => m.slice(0, m.length - 5), 'the envelope declares more than there is');
bad('short', (m) => m.slice(0, 6), 'shorter than an envelope');
bad('kind', (m) => { m[8] = 99; }, 'no such kind');
bad('flags', (m) => { m[9] |= 0x80; }, 'unknown flag');
bad('size', (m) => { m.set([0, 0], 44); }, 'no width');
bad('huge', (m) => { m.set([255, 255, 255, 255], 44); }, '65535 x 65535 pixels');
bad('raw-length', (m) => { m.set([255, 255, 255, 127], 48); }, 'more bytes than such a map can have');
bad('raw-length-one-less', (m) => { new DataView(m.buffer).setUint32(48, new DataView(m.buffer).getUint32(48, true) - 1, true); }, 'inflates to one byte more than declared');
bad('deflate', (m) => { m.fill(0xff, 52); }, 'no deflate data');
bad('delta-without-key', (m) => { m[9] &= ~1; m[28] ^= 1; }, 'its key was never sent');

mkdirSync(folder, { recursive: true });
let differing = 0;
const write = (file, content) => {
  const path = join(folder, file);
  const bytes = Buffer.from(content);
  const deflated = bytes[0] === 0x20 && bytes.length > 52 && bytes[10] === 1;
  if (check && !(existsSync(path) && (deflated || readFileSync(path).equals(bytes)))) {
    differing += 1;
    console.error(`${file} is not what the code writes`);
  }
  if (!check) writeFileSync(path, bytes);
};
for (const { file, message } of vectors) write(file, message);
write('vectors.json', `[\n${vectors.map((vector) => ` ${JSON.stringify({ ...vector, message: undefined })}`).join(',\n')}\n]\n`);
console.log(`${vectors.length} vectors ${check ? (differing === 0 ? 'as committed' : `of which ${differing} differ`) : 'written'}`);
process.exitCode = differing === 0 ? 0 : 1;
