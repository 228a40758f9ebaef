/** How far back, by the device's clock, the quickest arrival is looked for: longer than a hiccup, shorter than drift matters. */
const WINDOW = 5_000_000_000n;

/** A frame's device stamp, and how far behind it the wall clock was when the frame arrived; nanoseconds. */
interface Arrival {
  readonly device: bigint;
  readonly offset: bigint;
}

/**
 * Puts a device's own stamps on the wall clock. Arrival times jitter with the load, device times do not: the offset
 * between the two is the smallest of the last seconds (a frame never arrives before it is taken). So frames held up
 * for however long keep the stamps they would have had, and a step of either clock is followed: at once where frames
 * seem to come earlier, after the window where they all seem late.
 */
export class LiveClock {
  /** Those of the window that may still become the smallest, by rising device time and offset: the first is it. */
  private readonly arrivals: Arrival[] = [];
  private last = 0n;

  /** Epoch nanoseconds of a frame stamped `device` (any zero) that arrived at `arrival` (epoch nanoseconds). */
  stamp(device: bigint, arrival: bigint): bigint {
    const { arrivals } = this;
    if (device < this.last) arrivals.length = 0; // the device started anew
    this.last = device;
    while (arrivals.length > 0 && arrivals[0].device < device - WINDOW) arrivals.shift();
    const offset = arrival - device;
    while (arrivals.length > 0 && arrivals[arrivals.length - 1].offset >= offset) arrivals.pop();
    arrivals.push({ device, offset });
    return device + arrivals[0].offset;
  }
}
