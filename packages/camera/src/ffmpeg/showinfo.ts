/** What ffmpeg's showinfo filter says about one frame, before the frame's pixels come. */
export interface FrameNote {
  /** Nanoseconds on the input's clock. */
  readonly stamp: bigint;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads the log of ffmpeg (`-loglevel level+info`, a showinfo filter): raw video carries no stamps, so they come this
 * way, exact, as ticks of the time base that the filter's `config in` line gave.
 */
export class ShowinfoParser {
  private base: readonly [bigint, bigint] = [1n, 1n];
  private perFrame = 1_000_000_000n / 30n;
  private lastStamp: bigint | undefined;

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
    const frame = /\bn: *\d+ pts: *(-?\d+|NOPTS) .*?\bs:(\d+)x(\d+)/.exec(line);
    if (frame === null) return undefined;
    const [, pts, width, height] = frame;
    const counted = this.lastStamp === undefined ? 0n : this.lastStamp + this.perFrame; // a frame without a time
    const stamp = pts === 'NOPTS' ? counted : (BigInt(pts) * 1_000_000_000n * this.base[0]) / this.base[1];
    this.lastStamp = stamp;
    return { stamp, width: Number(width), height: Number(height) };
  }
}
