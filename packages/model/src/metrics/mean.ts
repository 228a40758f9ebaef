/** A running mean; NaN values (a score that an item does not have) do not count. */
export class Mean {
  #sum = 0;
  #count = 0;

  /** Adds one value, `weight` times. */
  add(value: number, weight = 1): void {
    if (Number.isNaN(value)) return;
    this.#sum += value * weight;
    this.#count += weight;
  }

  /** Values added. */
  get count(): number {
    return this.#count;
  }

  /** The mean, NaN of nothing. */
  get value(): number {
    return this.#count === 0 ? Number.NaN : this.#sum / this.#count;
  }
}

/**
 * The median, of a copy; the mean of the two middle values for an even number, NaN of nothing.
 */
export function median(values: Float64Array): number {
  if (values.length === 0) return Number.NaN;
  const sorted = values.slice().sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
