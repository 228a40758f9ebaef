// What generation costs: one denoising step of an 8-frame clip at 128x128, the same per frame at frame 8 and at frame 800 (the causal cache), the memory of a size.
// Prints a table with the machine and its load. Times are minima and medians: the minimum is the machine's, the median is with what else it does.
// Usage: node test/bench/generate.mjs <model folder> [--frames 800]                 (built packages; models/nano where it can generate)
//        node test/bench/generate.mjs <model folder> --memory [--sizes 128,256,512]
//
// --memory: the worker's peak for each way of generating and each side of a square (two frames of two steps; six frames had 4 % more at most), beside what estimateMemory says, and the
// constants of packages/model/src/generate/memory.ts that fit the peaks best. Round those up until no estimate is below its peak; exit code 1 says that one is.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { generate, loadModel } from '../../packages/model/dist/index.js';
import { measureMemory } from './generate-memory.mjs';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { frames: { type: 'string', default: '800' }, memory: { type: 'boolean', default: false }, sizes: { type: 'string', default: '64,128,256,384,512,768' } } });
const folder = positionals[0] ?? 'models/nano';
const machine = () => `${cpus()[0]?.model}, ${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`;
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];

/** A clip from depth that changes from frame to frame; the network's time for each frame. */
function clip(model, size, frames, steps, onFrame = () => {}) {
  const n = size.width * size.height;
  const condition = (index) => ({ depth: { ...size, metres: Float32Array.from({ length: n }, (_, i) => 2 + ((i + 3 * index) % size.width) / 40) } });
  const frameMs = [];
  return new Promise((resolve, reject) => {
    generate(model, { frames, modalities: ['depth'], size, steps, guidance: 1, condition }).subscribe({ next: ({ index, elapsedMs }) => {
      frameMs.push(elapsedMs);
      onFrame(index);
    }, error: reject, complete: () => resolve(frameMs) });
  });
}

if (values.memory) {
  console.log(`${folder}, memory of the worker in MiB, ${machine()}`);
  process.exit((await measureMemory(folder, values.sizes.split(',').map(Number))) ? 0 : 1);
}

const model = await loadModel(folder, { device: 'cpu' });
const size = { width: 128, height: 128 };
await clip(model, size, 2, 2); // warm
const STEPS = 8;
const cpuMs = () => {
  const stat = readFileSync(`/proc/${model.health.pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(stat[11]) + Number(stat[12])) * 10; // user and system time, in ticks of 10 ms
};
const cpuBefore = cpuMs();
const stepMs = (await clip(model, size, 32, STEPS)).map((ms) => ms / STEPS); // with an eighth of the pass that remembers
console.log(`${model.name} ${model.version}, 128x128, ${machine()}`);
const cpu = (cpuMs() - cpuBefore) / 32 / STEPS;
console.log(`one denoising step of 8 frames: ${(8 * Math.min(...stepMs)).toFixed(0)} ms at best, ${(8 * median(stepMs)).toFixed(0)} ms in the median (asked for: 1000); ${(8 * cpu).toFixed(0)} ms of all cores' time, which other load does not lengthen much`);

const frames = Number(values.frames);
const rss = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${model.health.pid}/status`, 'utf8'))?.[1]) / 1024;
const at = {};
const frameMs = await clip(model, size, frames, 1, (index) => {
  if (index === 40 || index === frames - 1) at[index] = rss();
});
const around = (index) => frameMs.slice(Math.max(1, index - 16), index);
const rows = Object.fromEntries([24, frames].map((index) => [`frames ${Math.max(1, index - 16)} to ${index}`, { 'best ms': +Math.min(...around(index)).toFixed(1), 'median ms': +median(around(index)).toFixed(1) }]));
console.log(`per frame with one step:`);
console.table(rows);
console.log(`memory of the worker: ${Object.entries(at).map(([index, mib]) => `${mib.toFixed(0)} MiB at frame ${index}`).join(', ')}; load ${loadavg()[0].toFixed(1)}`);
await model.close();
