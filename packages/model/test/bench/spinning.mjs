// Whether onnxruntime's `extra` session options reach the Node binding, and what idle pool threads cost: CPU time and wall
// time per frame of one small graph with a pause between frames, with spinning pool threads and without.
// Usage: node packages/model/test/bench/spinning.mjs
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { InferenceSession, Tensor } from 'onnxruntime-node';

const file = fileURLToPath(new URL('../fixtures/tiny-unified/match.onnx', import.meta.url));
const rgb = new Tensor('uint8', new Uint8Array(192 * 256 * 3), [1, 192, 256, 3]);
const FRAMES = 200;
const table = {};
for (const [name, allow] of [['spinning', '1'], ['not spinning', '0']]) {
  const session = await InferenceSession.create(file, { intraOpNumThreads: 2, extra: { session: { intra_op: { allow_spinning: allow } } } });
  for (let i = 0; i < 20; i++) await session.run({ rgb });
  const before = process.cpuUsage();
  let run = 0;
  for (let i = 0; i < FRAMES; i++) {
    const start = performance.now();
    await session.run({ rgb });
    run += performance.now() - start;
    await sleep(5);
  }
  const { user, system } = process.cpuUsage(before);
  table[name] = { 'run ms': +(run / FRAMES).toFixed(2), 'CPU ms per frame': +((user + system) / 1000 / FRAMES).toFixed(2) };
}
console.table(table);
