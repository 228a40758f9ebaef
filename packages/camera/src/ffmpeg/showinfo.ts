/** What ffmpeg's showinfo filter says about one frame, before the frame's pixels come. */
export interface FrameNote {
  /** Nanoseconds on the input's clock. */
  readonly stamp: bigint;
  readonly width: number;
  readonly height: number;
  /** 0-based place among all decoded frames; of chains that begin with a showinfo. */
  readonly index?: number;
}

/** What a showinfo at the front of a chain saw, also of frames that were left out behind it; stamps in nanoseconds. */
export interface Decoded {
  readonly frames: number;
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Reads the log of ffmpeg (`-loglevel level+info`, a showinfo filter): raw video carries no stamps, so they come this
 * way, exact, as ticks of the time base that the filter's `config in` line gave.
 */
export class ShowinfoParser {
  private base: readonly [bigint, bigint] = [1n, 1n];
  private perFrame = 1_000_000_000n / 30n;
  private lastStamp: bigint | undefined;
  /** Places of frames that are not handed out yet, by their ticks. */
  private readonly places = new Map<string, number>();
  /** Undefined where the chain does not begin with a showinfo, or nothing came. */
  decoded: Decoded | undefined;

  /** The note in a line of the log; undefined for any other line. */
  parse(line: string): FrameNote | undefined {
    if (!line.includes('_showinfo_')) return undefined;
    const config = /config in time_base: (\d+)\/(\d+), frame_rate: (\d+)\/(\d+)/.exec(line);
    if (config !== null) {
      const [num, den, rate, per] = config.slice(1).map(BigInt) as [bigint, bigint, bigint, bigint];
      if (den > 0n) this.base = [num, den];
      if (rate > 0n) this.perFrame = (1_000_000_000n * per) / rate;
      return undefined;
    }
    const frame = /\bn: *(\d+) pts: *(-?\d+|NOPTS) .*?\bs:(\d+)x(\d+)/.exec(line);
    if (frame === null) return undefined;
    const [, n, pts, width, height] = frame;
    if (line.includes('Parsed_showinfo_0')) {
      this.count(Number(n), pts);
      return undefined;
    }
    const counted = this.lastStamp === undefined ? 0n : this.lastStamp + this.perFrame; // a frame without a time
    const stamp = pts === 'NOPTS' ? counted : this.stampOf(pts);
    this.lastStamp = stamp;
    const index = this.places.get(pts);
    // Frames keep their order: those before this one were left out.
    for (const [ticks, place] of this.places) if (index !== undefined && place <= index) this.places.delete(ticks);
    return { stamp, width: Number(width), height: Number(height), ...(index !== undefined && { index }) };
  }

  private count(index: number, pts: string): void {
    this.places.set(pts, index);
    if (pts === 'NOPTS') return;
    const stamp = this.stampOf(pts);
    this.decoded = { frames: index + 1, first: this.decoded?.first ?? stamp, last: stamp };
  }

  private stampOf(ticks: string): bigint {
    return (BigInt(ticks) * 1_000_000_000n * this.base[0]) / this.base[1];
  }
}
