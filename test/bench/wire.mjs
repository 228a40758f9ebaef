// What publishing costs: 640x480 depth (32FC1) at 30 Hz with the RGB picture and the other modalities to two rosbridge clients (CBOR) and
// one of Foxglove on loopback, the clients in processes of their own. Prints the CPU time per frame of building, encoding and sending
// (user and system time of this process, less that of the same run without clients) and the share of a core that it is at 30 Hz,
// whatever rate a busy machine leaves to the bench; memory at the beginning and the end; and the latency of depth with and without a client that has stopped reading. Needs built packages (npm run build).
//   node test/bench/wire.mjs [--seconds 20] [--maps model|camera] [--json]
// `--maps model`: the other maps at the size that `sextant run` publishes them (256x192); `camera`: all at 640x480.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { createBridge } from '../../packages/ros/dist/index.js';
import { startGateway } from '../../packages/gateway/dist/index.js';
import { everyTick, nowNs, perceptionRing } from './wire-perceptions.mjs';

const argument = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
const json = process.argv.includes('--json');
const seconds = Number(argument('--seconds', '20'));
const which = argument('--maps', 'both');
const HZ = 30;
const ROUNDS = 4;
const TOPICS = ['rgb/image_raw', 'rgb/camera_info', 'depth/image', 'depth/camera_info', 'flow/image', 'segmentation/mask', 'segmentation/detections', 'skeleton/keypoints', 'skeleton/markers', 'densepose/image'].map((name) => `/sextant/${name}`);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const quantile = (values, q) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))];
const mebibytes = (bytes) => Math.round((bytes / 2 ** 20) * 10) / 10;

async function clients(url, kind) {
  const child = fork(new URL('./wire-client.mjs', import.meta.url), [url.replace('http', 'ws'), kind, TOPICS.join(',')]);
  await once(child, 'message');
  return child;
}

async function ask(child) {
  child.send('tell');
  const [answer] = await once(child, 'message');
  return answer;
}

function memory() {
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { rss: mebibytes(rss), heapUsed: mebibytes(heapUsed), arrayBuffers: mebibytes(arrayBuffers) };
}

/** CPU milliseconds of this process per frame over `span` seconds, and the frames per second that were reached. */
async function cost(span, frames) {
  const [before, start, first] = [process.cpuUsage(), performance.now(), frames()];
  await sleep(span * 1000);
  const { user, system } = process.cpuUsage(before);
  const count = frames() - first;
  return { user: user / count / 1000, system: system / count / 1000, fps: count / ((performance.now() - start) / 1000) };
}

async function measure(maps) {
  const bridge = createBridge();
  const gateway = await startGateway({ bridge, port: 0 });
  const next = perceptionRing({ maps: maps === 'camera' ? [640, 480] : [256, 192] });
  let frames = 0;
  const stop = everyTick(HZ, () => {
    bridge.publish(next(nowNs()));
    frames++;
  });
  await sleep(1000);
  const alone = await cost(Math.min(5, seconds), () => frames);
  const readers = await clients(gateway.url, 'readers');
  await sleep(3000);
  await ask(readers);
  const memoryBefore = memory();
  const bytesBefore = Object.values(bridge.stats()).reduce((sum, { bytes }) => sum + bytes, 0);
  const busy = await cost(seconds, () => frames);
  const bytes = Object.values(bridge.stats()).reduce((sum, s) => sum + s.bytes, 0) - bytesBefore;
  const memoryAfter = memory();
  const droppedBefore = bridge.drops.snapshot();
  // Turn and turn about, so that what else the machine does falls on both alike.
  const pooled = {};
  const cpu = { without: [], beside: [] };
  const window = async (condition) => {
    await ask(readers);
    const { user, system } = await cost(seconds / ROUNDS, () => frames);
    cpu[condition].push(user + system);
    const { samples } = await ask(readers);
    for (const [name, values] of Object.entries(samples)) ((pooled[name] ??= { without: [], beside: [] })[condition]).push(...values);
  };
  let memoryStalled;
  for (let round = 0; round < ROUNDS; round++) {
    await window('without');
    const stalled = await clients(gateway.url, 'stalled');
    await sleep(2000);
    await window('beside');
    memoryStalled = memory();
    stalled.kill('SIGKILL');
    await sleep(500);
  }
  stop();
  const dropped = Object.fromEntries(Object.entries(bridge.drops.snapshot()).map(([where, n]) => [where, n - (droppedBefore[where] ?? 0)]));
  readers.kill('SIGKILL');
  await gateway.close();
  await bridge.close();
  const latency = Object.fromEntries(Object.entries(pooled).map(([name, { without, beside }]) => {
    const [p99, p99Beside] = [quantile(without, 0.99), quantile(beside, 0.99)];
    return [name, { messages: without.length, p50: quantile(without, 0.5), p99, p99Beside, ratio: p99Beside / p99 }];
  }));
  const [user, system] = [busy.user - alone.user, busy.system - alone.system];
  const publishing = { msPerFrame: user + system, user, system, shareAt30Hz: ((user + system) * HZ) / 1000 };
  return { maps, fps: busy.fps, mebibytesPerSecond: mebibytes(bytes / seconds), publishing, cpuMsPerFrame: { without: quantile(cpu.without, 0.5), beside: quantile(cpu.beside, 0.5) }, memory: { before: memoryBefore, after: memoryAfter, withStalled: memoryStalled }, latency, dropped };
}

const percent = (x) => `${(100 * x).toFixed(1)} %`;
if (!json) console.log(`${cpus()[0].model} x ${cpus().length}, Node ${process.version}, ${seconds} s each`);
for (const maps of which === 'both' ? ['model', 'camera'] : [which]) {
  const result = await measure(maps);
  if (json) {
    console.log(JSON.stringify({ event: 'bench', bench: 'wire', hardware: `${cpus()[0].model} x ${cpus().length}`, seconds, ...result }));
    continue;
  }
  const { fps, mebibytesPerSecond, publishing, cpuMsPerFrame, memory: m, latency, dropped } = result;
  console.log(`\ndepth and RGB 640x480, the other maps ${maps === 'camera' ? '640x480' : '256x192'}: ${fps.toFixed(1)} Hz, ${mebibytesPerSecond} MiB/s to three clients`);
  console.log(`publishing (encode and send): ${publishing.msPerFrame.toFixed(2)} ms CPU per frame (user ${publishing.user.toFixed(2)}, system ${publishing.system.toFixed(2)}), at ${HZ} Hz ${percent(publishing.shareAt30Hz)} of one core`);
  console.log(`memory MiB, rss / heap / buffers: ${Object.values(m.before).join(' / ')} -> ${Object.values(m.after).join(' / ')}, with two stalled clients ${Object.values(m.withStalled).join(' / ')}`);
  for (const [name, { messages, p50, p99, p99Beside, ratio }] of Object.entries(latency)) {
    console.log(`${name.padEnd(14)} depth of ${messages} frames: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms; beside two stalled clients p99 ${p99Beside.toFixed(1)} ms (${ratio.toFixed(2)} times)`);
  }
  console.log(`CPU per frame, with its making: ${cpuMsPerFrame.without.toFixed(2)} ms, beside two stalled clients ${cpuMsPerFrame.beside.toFixed(2)} ms`);
  console.log(`dropped with the stalled: ${JSON.stringify(dropped)}`);
}
