import { SextantError } from '@sextant/core';
import type { Tensor } from 'onnxruntime-node';
import type { Manifest, StateSpec } from '../manifest/schema.js';
import type { Size } from './grid.js';

/** The shape of a state on a grid: "H/k" and "W/k" become numbers. */
export function stateDims({ dims }: StateSpec, { width, height }: Size): number[] {
  return dims.map((dim) => (typeof dim === 'number' ? dim : (dim.startsWith('H') ? height : width) / Number(dim.slice(2))));
}

/**
 * Checks that an output which is kept as state is what the manifest says it is: a later frame could only fail at it.
 * @throws SextantError `inference-failed` naming the output.
 */
export function checkState(key: string, { type, dims }: Pick<Tensor, 'type' | 'dims'>, manifest: Manifest, grid: Size): void {
  const expected = stateDims(manifest.states[key], grid);
  if (type === 'float32' && dims.length === expected.length && dims.every((side, i) => side === expected[i])) return;
  throw new SextantError('inference-failed', `output ${key} is ${type} [${dims.join(', ')}], states says float32 [${expected.join(', ')}]`, {
    hint: 'The graph does not fit the states entry of manifest.json.',
    details: { output: key, type, dims: [...dims], expected },
  });
}
