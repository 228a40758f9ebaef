/** One connected region of equal label. */
export interface Component {
  readonly label: number;
  /** Pixel indices (row-major) of the region: a view, valid until the generator goes on. */
  readonly pixels: Int32Array;
}

/**
 * The 4-connected regions of the labels for which `wanted[label]` is set, in scan order of their first pixel.
 * Pixels with other labels are skipped.
 */
export function* components(labels: Uint8Array, width: number, height: number, wanted: readonly boolean[]): Generator<Component> {
  const seen = new Uint8Array(labels.length);
  const queue = new Int32Array(labels.length);
  for (let start = 0; start < labels.length; start++) {
    const label = labels[start];
    if (seen[start] || !wanted[label]) continue;
    let end = 0;
    const push = (i: number): void => {
      if (seen[i] || labels[i] !== label) return;
      seen[i] = 1;
      queue[end++] = i;
    };
    push(start);
    for (let head = 0; head < end; head++) {
      const i = queue[head];
      const x = i % width;
      if (x > 0) push(i - 1);
      if (x < width - 1) push(i + 1);
      if (i >= width) push(i - width);
      if (i < width * (height - 1)) push(i + width);
    }
    yield { label, pixels: queue.subarray(0, end) };
  }
}

/** How many neighbours of a region of `label` (pairs of pixels that touch) have each other label, in the order met. */
export function touching(labels: Uint8Array, width: number, height: number, { label, pixels }: Component): Map<number, number> {
  const counts = new Map<number, number>();
  const look = (i: number): void => {
    if (labels[i] !== label) counts.set(labels[i], (counts.get(labels[i]) ?? 0) + 1);
  };
  for (const i of pixels) {
    const x = i % width;
    if (x > 0) look(i - 1);
    if (x < width - 1) look(i + 1);
    if (i >= width) look(i - width);
    if (i < width * (height - 1)) look(i + width);
  }
  return counts;
}
