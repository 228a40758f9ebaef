import type { Modality } from '@sextant/core';
import { loadModel } from '@sextant/model';
import type { Size } from '@sextant/model';
import type { Output } from '../cli/output.js';
import { ReadyFrames } from './frames.js';
import { machine, machineLine } from './machine.js';
import { PartProcess } from './parts.js';
import { runPipeline } from './pipeline.js';
import type { PipelineResult } from './pipeline.js';
import { compareSizes } from './sizes.js';
import { slope } from './slope.js';
import { table } from './table.js';

/** What is measured. */
export interface BenchSettings {
  readonly model: string;
  readonly frames: number;
  /** Area of the model's grid. */
  readonly size: Size;
  /** Size of the camera's pictures. */
  readonly camera: Size;
  /** Sizes to compare instead. */
  readonly sizes?: readonly Size[];
  /** Minutes of the memory measurement; none without. */
  readonly minutes?: number;
}

/** At the start of a run caches and pools fill: the slope of memory is taken after this share of it. */
const SETTLED = 0.25;
const COLUMNS = ['', 'fps', 'bare fps', 'ratio', 'p50 ms', 'p99 ms', 'loop p99 ms', 'client msg/s', 'client MiB/s'];

/** `sextant bench`: throughput of the pipeline against a bare loop over the same graphs, or its memory over minutes. */
export async function bench(settings: BenchSettings, output: Output, signal: AbortSignal): Promise<void> {
  const here = machine();
  output.event('machine', { ...here });
  output.print(machineLine(here));
  const { size, camera, minutes, sizes } = settings;
  if (sizes !== undefined) {
    await compareSizes(settings.model, sizes, settings.frames, new ReadyFrames(camera), output, signal);
    return;
  }
  output.print(`${settings.model} at ${size.width}x${size.height} on the CPU, pictures of ${camera.width}x${camera.height} from memory, one rosbridge CBOR client on every topic`);
  const frames = new ReadyFrames(camera);
  if (minutes !== undefined) {
    await memory(settings, minutes, frames, output, signal);
    return;
  }
  const rows = [COLUMNS];
  for (const name of ['depth', 'all'] as const) rows.push(await throughput(name, settings, frames, output, signal));
  for (const line of table(rows)) output.print(line);
}

/** One row of the table. The bare loop runs before and after, as machines are not equally fast all the time. */
async function throughput(name: 'depth' | 'all', settings: BenchSettings, ready: ReadyFrames, output: Output, signal: AbortSignal): Promise<string[]> {
  const { model: path, frames, size } = settings;
  const model = await loadModel(path, { size, device: 'cpu' });
  let result: PipelineResult;
  const bareFps: number[] = [];
  const bare = async (modalities: readonly Modality[]): Promise<void> => {
    output.note(`${name}: bare loop`);
    const part = new PartProcess({ part: 'bare', model: path, modalities, grid: size, frames }, signal);
    await part.end();
    bareFps.push(part.last!.framesPerSecond);
  };
  const modalities = name === 'depth' ? (['depth'] as const) : model.modalities;
  try {
    await bare(modalities);
    output.note(`${name}: pipeline`);
    result = await runPipeline(model, modalities, ready, signal, (published) => published >= frames);
  } finally {
    await model.close();
  }
  await bare(modalities);
  const bareMean = bareFps.reduce((sum, fps) => sum + fps, 0) / bareFps.length;
  const { fps, latencyMs, eventLoopDelayMs, client, dropped } = result;
  output.event('throughput', { case: name, modalities, frames, fps, bareFps: bareMean, bareFpsRuns: bareFps, ratio: fps / bareMean, latencyMs, eventLoopDelayMs, client, dropped });
  return [name, fps, bareMean, fps / bareMean, latencyMs.p50, latencyMs.p99, eventLoopDelayMs.p99, client.messagesPerSecond, client.mibPerSecond].map((cell) =>
    typeof cell === 'string' ? cell : cell.toFixed(Math.abs(cell) < 10 ? 2 : 1));
}

/** All modalities for minutes; the slope of resident memory after it has settled. */
async function memory({ model: path, size }: BenchSettings, minutes: number, ready: ReadyFrames, output: Output, signal: AbortSignal): Promise<void> {
  const model = await loadModel(path, { size, device: 'cpu' });
  try {
    let told = 0;
    const result = await runPipeline(model, model.modalities, ready, signal, (published, seconds) => {
      if (seconds - told >= 10) {
        told = seconds;
        output.note(`${Math.round(seconds)} s, ${published} frames, ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB`);
      }
      return seconds >= minutes * 60;
    });
    const summary = (rss: readonly number[]): { first: number; last: number; max: number; slopePerMinute: number } | undefined => {
      const settled = rss.slice(Math.floor(rss.length * SETTLED));
      return settled.length < 2 ? undefined : { first: settled[0], last: settled[settled.length - 1], max: Math.max(...rss), slopePerMinute: 60 * slope(settled) };
    };
    const [main, worker] = [summary(result.rssMiB), summary(result.workerRssMiB)];
    output.event('memory', { minutes, frames: result.frames, fps: result.fps, rssMiB: main, workerRssMiB: worker, eventLoopDelayMs: result.eventLoopDelayMs });
    output.print(`${minutes} minutes, ${result.frames} frames, ${result.fps.toFixed(1)} fps, event loop p99 ${result.eventLoopDelayMs.p99.toFixed(1)} ms`);
    for (const [name, rss] of [['server', main], ['model worker', worker]] as const) {
      if (rss) output.print(`${name}: ${rss.first.toFixed(0)} MiB to ${rss.last.toFixed(0)} MiB (at most ${rss.max.toFixed(0)}), slope ${rss.slopePerMinute.toFixed(2)} MiB per minute`);
    }
  } finally {
    await model.close();
  }
}
