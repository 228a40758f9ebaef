import type { DeviceCheck } from './device.js';
import type { NamedTensor } from './tensor.js';

/**
 * How far the outputs of a device are from the reference, output by output in the same order. A NaN, a missing output
 * or another shape counts as infinitely far.
 */
export function compareOutputs(found: readonly NamedTensor[], reference: readonly NamedTensor[]): Pick<DeviceCheck, 'maxAbs' | 'maxRel' | 'labelMismatch'> {
  let [maxAbs, maxRel, labelMismatch] = [0, 0, 0];
  reference.forEach((expected, k) => {
    const got = found[k];
    const n = expected.data.length;
    if (!got || got.data.length !== n || got.type !== expected.type) {
      maxAbs = maxRel = Infinity;
      return;
    }
    if (expected.type !== 'float32') {
      let differing = 0;
      for (let i = 0; i < n; i++) if (got.data[i] !== expected.data[i]) differing++;
      labelMismatch = Math.max(labelMismatch, differing / n);
      return;
    }
    let [abs, magnitude] = [0, 0];
    for (let i = 0; i < n; i++) {
      const [a, b] = [got.data[i] as number, expected.data[i] as number];
      const difference = Math.abs(a - b);
      abs = difference >= 0 ? Math.max(abs, difference) : Infinity;
      magnitude = Math.max(magnitude, Math.abs(b));
    }
    maxAbs = Math.max(maxAbs, abs);
    maxRel = Math.max(maxRel, abs === 0 ? 0 : abs / magnitude);
  });
  return { maxAbs, maxRel, labelMismatch };
}
