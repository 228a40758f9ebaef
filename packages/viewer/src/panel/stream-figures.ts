import type { StreamStats } from '@sextant/client';

/** What a layer's card says of its stream, in words; `-` where there is nothing to say. */
export interface StreamFigures {
  readonly rate: string;
  readonly latency: string;
  readonly drops: string;
  readonly data: string;
}

/** The figures of a stream; none yet without one. */
export function figuresOf(stream: StreamStats | undefined): StreamFigures {
  // Before the first second is over there is nothing to say.
  if (stream === undefined || (stream.fps === 0 && stream.received === 0)) return { rate: '-', latency: '-', drops: '-', data: '-' };
  const { fps, bytesPerSecond, totalMs } = stream;
  const drops = String(stream.droppedByServer + stream.droppedHere);
  const rate = fps < 1 ? '< 1 fps' : `${fps.toFixed(1)} fps`;
  // Latency and bytes are of the last second: where it brought nothing they are not 0 but unknown.
  if (fps < 1 || bytesPerSecond === 0) return { rate, latency: '-', drops, data: '-' };
  const kilobytes = bytesPerSecond / 1000;
  return { rate, latency: ms(totalMs.p50), drops, data: kilobytes < 1000 ? `${kilobytes.toFixed(kilobytes < 10 ? 1 : 0)} kB/s` : `${(kilobytes / 1000).toFixed(1)} MB/s` };
}

/** Milliseconds in words. */
export function ms(value: number): string {
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ms`;
}
