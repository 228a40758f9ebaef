import { MODALITIES } from '@sextant/core';
import type { Modality, Perception } from '@sextant/core';
import type { RosBridge } from '@sextant/ros';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** The gateway's Prometheus registry. */
export interface Metrics {
  /** The exposition text and its content type. */
  read(): Promise<{ text: string; type: string }>;
  close(): void;
}

const NANOSECONDS = 1e-9;

/** Where a perception keeps each modality. */
const FIELDS = { depth: 'depth', flow: 'flow', segmentation: 'segmentation', skeleton: 'skeleton', densepose: 'densepose' } as const satisfies Record<Modality, keyof Perception>;

/** Metrics of one bridge, named `sextant_*`; counters are read from the bridge when somebody scrapes. */
export function createMetrics(bridge: RosBridge, clients: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();

  const frames = new Counter({ name: 'sextant_frames_total', help: 'Perceptions published.', registers });
  const latency = new Histogram({
    name: 'sextant_latency_seconds',
    help: 'From the arrival of a frame at the model to its perception.',
    buckets: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers,
  });
  const computed = new Counter({ name: 'sextant_computed_total', help: 'Maps that the model computed, by modality: none of what nobody listens to.', labelNames: ['modality'], registers });
  for (const modality of MODALITIES) computed.inc({ modality }, 0);
  const subscription = bridge.perceptions$.subscribe((perception) => {
    frames.inc();
    for (const [modality, field] of Object.entries(FIELDS)) if (perception[field] !== undefined) computed.inc({ modality });
    latency.observe(perception.latencyMs / 1000);
  });

  gauge('sextant_fps', 'Perceptions per second over the last two seconds.', () => bridge.health().fps);
  gauge('sextant_clients', 'WebSocket clients connected.', clients);
  gauge('sextant_resident_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss());
  gauge('sextant_event_loop_delay_p99_seconds', 'Delay of the event loop since the last scrape, 99th percentile.', () => {
    // The sampler counts its own 10 ms period.
    const seconds = Math.max(0, delay.percentile(99) * NANOSECONDS - 0.01);
    delay.reset();
    return Number.isFinite(seconds) ? seconds : 0;
  });
  totals('sextant_dropped_total', 'Values dropped, by the place that dropped them.', 'where', () => bridge.drops.snapshot());
  const byTopic = (pick: (stats: ReturnType<RosBridge['stats']>[string]) => number) => () =>
    Object.fromEntries(Object.entries(bridge.stats()).map(([name, stats]) => [name, pick(stats)]));
  totals('sextant_published_total', 'Messages published while somebody listened, by topic.', 'topic', byTopic((s) => s.published));
  totals('sextant_sent_bytes_total', 'Bytes delivered to clients, by topic.', 'topic', byTopic((s) => s.bytes));
  totals('sextant_topic_dropped_total', 'Deliveries given up because a client was slow, by topic.', 'topic', byTopic((s) => s.dropped));

  return {
    read: async () => ({ text: await registry.metrics(), type: registry.contentType }),
    close: () => {
      subscription.unsubscribe();
      delay.disable();
      registry.clear();
    },
  };

  function gauge(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value());
      },
    });
  }

  function totals(name: string, help: string, label: string, values: () => Readonly<Record<string, number>>): void {
    new Counter({
      name,
      help,
      registers,
      labelNames: [label],
      collect() {
        this.reset();
        for (const [key, value] of Object.entries(values())) this.inc({ [label]: key }, value);
      },
    });
  }
}
