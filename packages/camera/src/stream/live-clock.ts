/** Clock drift allowed for, nanoseconds per second. */
const DRIFT = 100_000;
/** A jump of the device's clock beyond this starts afresh. */
const JUMP = 1_000_000_000n;

/**
 * Puts a device's own stamps on the wall clock. Arrival times jitter with the load, device times do not: the offset
 * between the two is the smallest seen (a frame never arrives before it is taken), let go slowly for drift.
 */
export class LiveClock {
  private offset: bigint | undefined;
  private last = 0n;

  /** Epoch nanoseconds of a frame stamped `device` (any zero) that arrived at `arrival` (epoch nanoseconds). */
  stamp(device: bigint, arrival: bigint): bigint {
    const seen = arrival - device;
    if (this.offset === undefined || seen < this.offset || seen - this.offset > JUMP || device < this.last) {
      this.offset = seen;
    } else {
      const slack = ((device - this.last) * BigInt(DRIFT)) / 1_000_000_000n;
      this.offset += slack < seen - this.offset ? slack : seen - this.offset;
    }
    this.last = device;
    return device + this.offset;
  }
}
