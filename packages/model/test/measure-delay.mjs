// Prints as JSON how late this thread's 1 ms timers are (mean, weighted by time) while a model runs: on this thread by
// bareLoop, in a worker thread, in a worker process. Usage: node measure-delay.mjs <model folder> (uses the built package)
import { bareLoop, loadModel } from '../dist/index.js';

const [folder] = process.argv.slice(2);
const size = { width: 768, height: 576 };
const frames = 12;
const modalities = ['depth', 'segmentation'];
const rgb = Uint8Array.from({ length: 96 * 64 * 3 }, (_, i) => (i * 7) & 255);
const frame = { stamp: 0n, frameId: 'camera', sequence: 0, width: 96, height: 64, rgb };

/** Mean time until a timer set at a random moment fires: the integral of the gaps' halves over the whole. */
async function measure(work) {
  let [last, sum] = [performance.now(), 0];
  const start = last;
  const tick = () => {
    const now = performance.now();
    sum += (now - last) ** 2 / 2;
    last = now;
  };
  const timer = setInterval(tick, 1);
  await work();
  tick();
  clearInterval(timer);
  const all = performance.now() - start;
  return { meanDelayMs: sum / all, frameMs: all / frames };
}

const result = {};
result.bare = await measure(() => bareLoop(folder, modalities, size, frames, { threads: 1, warmUp: 0 }));
for (const isolation of ['thread', 'process']) {
  const model = await loadModel(folder, { device: 'cpu', isolation, threads: 1, size });
  result[isolation] = await measure(async () => {
    for (let i = 0; i < frames; i++) await model.run(frame, modalities);
  });
  await model.close();
}
console.log(JSON.stringify(result));
