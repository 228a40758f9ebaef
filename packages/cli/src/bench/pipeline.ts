import { readFile } from 'node:fs/promises';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { LatencyHistogram, SextantError, dropCounter } from '@sextant/core';
import type { Frame, Modality } from '@sextant/core';
import { startGateway } from '@sextant/gateway';
import { estimate } from '@sextant/model';
import type { WorkerModel } from '@sextant/model';
import { createBridge, publish } from '@sextant/ros';
import { Subject } from 'rxjs';
import type { ReadyFrames } from './frames.js';
import { PartProcess } from './parts.js';

/** The sampler of the event loop's delay counts its own period. */
const RESOLUTION_MS = 10;
const MIB = 2 ** 20;
/** Frames that are published before anything is measured. */
const WARM_UP = 5;

/** What the whole pipeline reached. */
export interface PipelineResult {
  readonly frames: number;
  readonly fps: number;
  /** From a frame leaving its source to its publication. */
  readonly latencyMs: { readonly p50: number; readonly p99: number };
  /** Of this process, where the server is. */
  readonly eventLoopDelayMs: { readonly p99: number; readonly max: number };
  readonly client: { readonly messagesPerSecond: number; readonly mibPerSecond: number };
  readonly dropped: Readonly<Record<string, number>>;
  /** Resident memory of this process once a second, and of the model's worker where the system tells (Linux). */
  readonly rssMiB: readonly number[];
  readonly workerRssMiB: readonly number[];
}

/**
 * Runs frames through model, bridge and gateway, with one rosbridge client on every topic, until `done` says so (asked after each
 * frame). There is always one frame waiting while one is computed, as with a camera faster than the model, but none is lost.
 */
export async function runPipeline(
  model: WorkerModel, modalities: readonly Modality[], frames: ReadyFrames, signal: AbortSignal, done: (published: number, seconds: number) => boolean,
): Promise<PipelineResult> {
  const drops = dropCounter();
  const bridge = createBridge({ drops });
  const gateway = await startGateway({ bridge, port: 0 });
  const client = new PartProcess({ part: 'client', url: gateway.url }, signal);
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  const latency = new LatencyHistogram();
  const sent = new WeakMap<Frame, number>();
  const [rssMiB, workerRssMiB]: [number[], number[]] = [[], []];
  const camera = new Subject<Frame>();
  let [published, started, before] = [0, 0, { messages: 0, bytes: 0 }];
  const sample = setInterval(() => {
    if (published === 0) return;
    rssMiB.push(process.memoryUsage.rss() / MIB);
    void workerRss(model.health.pid).then((rss) => (rss === undefined ? 0 : workerRssMiB.push(rss)));
  }, 1000);
  try {
    await subscribed(bridge, signal);
    await new Promise<void>((resolve, reject) => {
      const feed = (): void => {
        const frame = frames.next();
        sent.set(frame, performance.now());
        camera.next(frame);
      };
      let count = 0;
      camera.pipe(estimate(model, modalities, { drops, concurrency: 2 }), publish(bridge)).subscribe({
        next: ({ frame }) => {
          count += 1;
          const now = performance.now();
          if (signal.aborted) {
            reject(new SextantError('internal', 'stopped', { hint: 'Run it again.' }));
            return;
          }
          if (count === WARM_UP) {
            started = now;
            before = received(client);
            delay.enable();
          } else if (count > WARM_UP) {
            published += 1;
            latency.record(now - sent.get(frame)!);
            if (done(published, (now - started) / 1000)) {
              delay.disable();
              camera.complete();
              resolve();
              return;
            }
          }
          // Not from inside the model's own callback: the frame behind this one is to start first.
          setImmediate(feed);
        },
        error: reject,
      });
      feed();
      feed();
    });
    const seconds = (performance.now() - started) / 1000;
    const got = received(client);
    const { p50, p99 } = latency.summary();
    return {
      frames: published, fps: published / seconds, latencyMs: { p50, p99 },
      eventLoopDelayMs: { p99: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS), max: Math.max(0, delay.max / 1e6 - RESOLUTION_MS) },
      client: { messagesPerSecond: (got.messages - before.messages) / seconds, mibPerSecond: (got.bytes - before.bytes) / MIB / seconds },
      dropped: drops.snapshot(), rssMiB, workerRssMiB,
    };
  } finally {
    clearInterval(sample);
    delay.disable();
    await client.stop();
    await bridge.close();
    await gateway.close();
  }
}

function received({ last }: PartProcess): { messages: number; bytes: number } {
  return { messages: last?.messages ?? 0, bytes: last?.bytes ?? 0 };
}

/** Waits until the client listens to every topic. */
async function subscribed(bridge: ReturnType<typeof createBridge>, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const topics = Object.values(bridge.stats());
    if (topics.length > 0 && topics.every(({ subscribers }) => subscribers > 0)) return;
    signal.throwIfAborted();
    if (Date.now() > deadline) throw new SextantError('internal', 'the client of the bench did not subscribe within 30 s', { hint: 'Is the machine very busy? Run it again.' });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Resident MiB of another process; undefined where there is no /proc. */
async function workerRss(pid: number | undefined): Promise<number | undefined> {
  if (pid === undefined) return undefined;
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kib = /^VmRSS:\s+(\d+) kB/m.exec(status)?.[1];
  return kib === undefined ? undefined : Number(kib) / 1024;
}
