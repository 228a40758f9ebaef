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
    const end = flood(labels, width, height, start, seen, queue);
    yield { label, pixels: queue.subarray(0, end) };
  }
}

/** Writes the region around `start` to the queue and returns its size. Written out: a call for each neighbour costs more than the rest. */
function flood(labels: Uint8Array, width: number, height: number, start: number, seen: Uint8Array, queue: Int32Array): number {
  const label = labels[start];
  const last = width * (height - 1);
  let end = 1;
  seen[start] = 1;
  queue[0] = start;
  for (let head = 0; head < end; head++) {
    const i = queue[head];
    const x = i % width;
    if (x > 0 && !seen[i - 1] && labels[i - 1] === label) {
      seen[i - 1] = 1;
      queue[end++] = i - 1;
    }
    if (x < width - 1 && !seen[i + 1] && labels[i + 1] === label) {
      seen[i + 1] = 1;
      queue[end++] = i + 1;
    }
    if (i >= width && !seen[i - width] && labels[i - width] === label) {
      seen[i - width] = 1;
      queue[end++] = i - width;
    }
    if (i < last && !seen[i + width] && labels[i + width] === label) {
      seen[i + width] = 1;
      queue[end++] = i + width;
    }
  }
  return end;
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
