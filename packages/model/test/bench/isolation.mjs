// What isolation costs: the same graphs bare, in a worker thread, in a worker process, one or two frames at once.
// Prints a table with the machine. Rounds are interleaved, so that other load on the machine hits all alike; minima and
// quartiles are per frame. Usage: node packages/model/test/bench/isolation.mjs <model> [width height [rounds]] (built package)
import { availableParallelism, cpus } from 'node:os';
import { bareLoop, loadModel } from '../../dist/index.js';

const [folder, width = '256', height = '192', rounds = '8'] = process.argv.slice(2);
const size = { width: Number(width), height: Number(height) };
const PER_ROUND = 12;
const source = { width: 640, height: 480, rgb: Uint8Array.from({ length: 640 * 480 * 3 }, (_, i) => (i * 7) & 255) };
let sequence = 0;
const frame = () => ({ stamp: BigInt(sequence) * 33_000_000n, frameId: 'camera', sequence: sequence++, ...source });

const threads = availableParallelism();
const models = {
  thread: await loadModel(folder, { device: 'cpu', isolation: 'thread', size }),
  process: await loadModel(folder, { device: 'cpu', isolation: 'process', size }),
};
const modalities = models.process.modalities;

/** Per-frame times of a closed loop that keeps `concurrency` frames in the worker. */
async function loop(model, concurrency) {
  const times = [];
  const running = [];
  let last;
  for (let i = 0; i < PER_ROUND + 2; i++) {
    running.push(model.run(frame(), modalities, { stream: 'bench' }));
    if (running.length < concurrency) continue;
    await running.shift();
    const now = performance.now();
    if (last !== undefined) times.push(now - last);
    last = now;
  }
  await Promise.all(running);
  return times;
}

const modes = {
  'bare loop': async () => (await bareLoop(folder, modalities, size, PER_ROUND)).frameMs,
  thread: () => loop(models.thread, 1),
  process: () => loop(models.process, 1),
  'thread, 2 at once': () => loop(models.thread, 2),
  'process, 2 at once': () => loop(models.process, 2),
};
const times = Object.fromEntries(Object.keys(modes).map((name) => [name, []]));
for (let r = 0; r < Number(rounds); r++) for (const [name, run] of Object.entries(modes)) times[name].push(...(await run()));
const timing = models.process.health.lastTiming;
await Promise.all(Object.values(models).map((m) => m.close()));

console.log(`${models.process.name}, ${modalities.join('+')}, grid ${size.width}x${size.height}, frames 640x480, ${threads} threads, ${cpus()[0]?.model}`);
const at = (sorted, q) => sorted[Math.floor(q * (sorted.length - 1))];
const sorted = Object.fromEntries(Object.entries(times).map(([name, list]) => [name, list.sort((a, b) => a - b)]));
console.table(
  Object.fromEntries(
    Object.entries(sorted).map(([name, list]) => [
      name,
      { 'min ms': +at(list, 0).toFixed(2), 'q25 ms': +at(list, 0.25).toFixed(2), 'median ms': +at(list, 0.5).toFixed(2), 'rate of bare (q25)': +(at(sorted['bare loop'], 0.25) / at(list, 0.25)).toFixed(3) },
    ]),
  ),
);
console.log('last frame in the worker:', Object.entries(timing).map(([name, ms]) => `${name} ${ms.toFixed(2)}`).join(', '));
