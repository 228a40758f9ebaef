import { describe, expect, it } from '@jest/globals';
import type { StreamStats } from '@sextant/client';
import { figuresOf } from './stream-figures.js';

const none = { p50: 0, p99: 0 };
const stream: StreamStats = {
  kind: 'depth', camera: 0, fps: 14.96, bytesPerSecond: 8250, received: 30, droppedByServer: 2, droppedHere: 1, decodeMs: none, deliveryMs: none, totalMs: { p50: 41.2, p99: 60 },
};

describe('figuresOf', () => {
  it.each<[string, StreamStats | undefined, string[]]>([
    ['no stream', undefined, ['-', '-', '-', '-']],
    ['a stream that brought nothing yet', { ...stream, fps: 0, received: 0 }, ['-', '-', '-', '-']],
    ['results of the last second', stream, ['15.0 fps', '41 ms', '3', '8.3 kB/s']],
    ['many bytes, little time', { ...stream, bytesPerSecond: 2_340_000, totalMs: { p50: 8.04, p99: 9 } }, ['15.0 fps', '8.0 ms', '3', '2.3 MB/s']],
    ['less than a result per second', { ...stream, fps: 0.5, bytesPerSecond: 0, totalMs: none }, ['< 1 fps', '-', '3', '-']],
    ['a second without a result', { ...stream, fps: 1.02, bytesPerSecond: 0, totalMs: none }, ['1.0 fps', '-', '3', '-']],
  ])('%s', (_, given, expected) => {
    const { rate, latency, drops, data } = figuresOf(given);
    expect([rate, latency, drops, data]).toEqual(expected);
  });
});
