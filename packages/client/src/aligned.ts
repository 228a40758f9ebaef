import type { AnyResult, FrameResult, Latency } from './results.js';
import { release } from './to-result.js';

/** Frames begun and not complete; the server sends a frame's parts one after the other, so more than a few are lost ones. */
const MAX_OPEN = 4;

/** Puts the parts of frames together by clip and stamp. */
export class Aligner {
  readonly #open = new Map<string, Map<AnyResult['kind'], AnyResult>>();

  constructor(
    private readonly kinds: ReadonlySet<AnyResult['kind']>,
    private readonly onFrame: (frame: FrameResult) => void,
  ) {}

  add(part: AnyResult): void {
    const key = `${part.clip}:${part.stamp}:${part.sequence}`;
    const parts = this.#open.get(key) ?? new Map<AnyResult['kind'], AnyResult>();
    this.#open.set(key, parts);
    parts.set(part.kind, part);
    if (parts.size === this.kinds.size) {
      // Older frames can only be incomplete now.
      for (const [other, left] of this.#open) {
        this.#open.delete(other);
        if (other === key) break;
        for (const result of left.values()) release(result);
      }
      this.onFrame(together([...parts.values()]));
    }
    if (this.#open.size > MAX_OPEN) {
      const [[oldest, left]] = this.#open;
      this.#open.delete(oldest);
      for (const result of left.values()) release(result);
    }
  }

  clear(): void {
    for (const parts of this.#open.values()) for (const result of parts.values()) release(result);
    this.#open.clear();
  }
}

function together(parts: readonly AnyResult[]): FrameResult {
  const [{ stamp, sequence, clip }] = parts;
  const slowest = parts.reduce((a, b) => (b.latency.deliveryMs > a.latency.deliveryMs ? b : a)).latency;
  const latency: Latency = { ...slowest, decodeMs: Math.max(...parts.map((part) => part.latency.decodeMs)) };
  const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
  return { kind: 'frame', stamp, sequence, clip, latency, bytes, ...Object.fromEntries(parts.map((part) => [part.kind, part])) };
}

/** Lets go of what a frame holds beside arrays. */
export function releaseFrame(frame: FrameResult): void {
  if (frame.picture !== undefined) release(frame.picture);
}
