import type { SegmentationClass } from '@sextant/core';

/**
 * Every region (class and instance) in the mean colour of its pixels, as the network's training palettes were made.
 * rgb8 in, rgb8 out; all three of one size. Returns a new array.
 */
export function regionColours(rgb: Uint8Array, labels: Uint8Array, instances: Uint16Array): Uint8Array {
  const sums = new Map<number, Float64Array>();
  for (let i = 0; i < labels.length; i++) {
    const key = labels[i] * 65_536 + instances[i];
    let sum = sums.get(key);
    if (!sum) sums.set(key, (sum = new Float64Array(4)));
    for (let c = 0; c < 3; c++) sum[c] += rgb[3 * i + c];
    sum[3] += 1;
  }
  const out = new Uint8Array(rgb.length);
  for (let i = 0; i < labels.length; i++) {
    const sum = sums.get(labels[i] * 65_536 + instances[i])!;
    for (let c = 0; c < 3; c++) out[3 * i + c] = Math.floor(sum[c] / sum[3] + 0.5);
  }
  return out;
}

/** Every class in its display colour: a palette for trying things out, not the colours of anything real. Returns a new array. */
export function classColours(labels: Uint8Array, classes: readonly SegmentationClass[]): Uint8Array {
  const colours = new Map(classes.map(({ id, color }) => [id, color]));
  const out = new Uint8Array(3 * labels.length);
  labels.forEach((id, i) => out.set(colours.get(id) ?? [0, 0, 0], 3 * i));
  return out;
}
