import { LatencyHistogram } from '@sextant/core';
import type { Modality } from '@sextant/core';
import { loadModel } from '@sextant/model';
import type { Size, WorkerModel } from '@sextant/model';
import type { Output } from '../cli/output.js';
import type { ReadyFrames } from './frames.js';
import { PartProcess } from './parts.js';
import { table } from './table.js';

/** Frames before the measured ones. */
const WARM_UP = 3;

/** Milliseconds per new frame of a stream: by `model.run` with its memory, and by the graphs alone. */
interface SizeFigures {
  /** Mean and median of `model.run`, one frame after another: transport, resampling, inference, decoding. */
  readonly msPerFrame: number;
  readonly p50: number;
  /** Mean of the bare loop over the same graphs, run before and after. */
  readonly bareMs: number;
}

/** `sextant bench --sizes`: what a new frame costs at each size of the grid, depth alone and everything. */
export async function compareSizes(path: string, sizes: readonly Size[], frames: number, ready: ReadyFrames, output: Output, signal: AbortSignal): Promise<void> {
  output.print(`${path} on the CPU, ms per new frame with the cache, ${frames} frames each; bare: the graphs alone`);
  const rows = [['size', 'depth', 'p50', 'bare', 'all', 'p50', 'bare']];
  for (const size of sizes) {
    const name = `${size.width}x${size.height}`;
    output.note(name);
    const model = await loadModel(path, { size, device: 'cpu' });
    try {
      const depth = await measure(model, ['depth'], { path, size, frames, ready, signal });
      const all = await measure(model, model.modalities, { path, size, frames, ready, signal });
      output.event('size', { size: name, frames, depth, all });
      rows.push([name, ...[depth, all].flatMap(({ msPerFrame, p50, bareMs }) => [msPerFrame, p50, bareMs].map((ms) => ms.toFixed(1)))]);
    } finally {
      await model.close();
    }
  }
  for (const line of table(rows)) output.print(line);
}

async function measure(
  model: WorkerModel, modalities: readonly Modality[],
  { path, size, frames, ready, signal }: { path: string; size: Size; frames: number; ready: ReadyFrames; signal: AbortSignal },
): Promise<SizeFigures> {
  const bare = async (): Promise<number> => {
    const part = new PartProcess({ part: 'bare', model: path, modalities, grid: size, frames }, signal);
    await part.end();
    return 1000 / part.last!.framesPerSecond;
  };
  const before = await bare();
  const stream = modalities.join();
  const latency = new LatencyHistogram();
  let total = 0;
  for (let i = -WARM_UP; i < frames; i++) {
    signal.throwIfAborted();
    const start = performance.now();
    await model.run(ready.next(), modalities, { stream });
    const ms = performance.now() - start;
    if (i < 0) continue;
    latency.record(ms);
    total += ms;
  }
  return { msPerFrame: total / frames, p50: latency.summary().p50, bareMs: (before + (await bare())) / 2 };
}
