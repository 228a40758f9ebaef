import { SextantError } from '@sextant/core';

/** What codecs need of an ONNX tensor, so that they are testable with literal values. */
export interface TensorView {
  readonly type: string;
  readonly data: ArrayLike<number | bigint | string> & { readonly length: number };
  readonly dims: readonly number[];
}

/** A named ONNX output on its way into a codec. */
export interface NamedTensor extends TensorView {
  readonly name: string;
}

/**
 * Checks type and shape of an output and that every value of it is finite, and returns its typed data (a view).
 * `shape` gives numbers for fixed sides and `h`, `w` for the map's own.
 * @throws SextantError `inference-failed` naming the output and what it holds.
 */
export function readOutput(
  tensor: NamedTensor,
  type: 'float32' | 'uint8',
  shape: readonly (number | 'c' | 'h' | 'w')[],
): { data: Float32Array; c: number; h: number; w: number } {
  const size = { c: 0, h: 0, w: 0 };
  const fits =
    tensor.type === type &&
    tensor.dims.length === shape.length &&
    shape.every((side, i) => {
      const found = tensor.dims[i];
      if (typeof side === 'number') return side === found;
      size[side] = found;
      return found > 0;
    });
  if (!fits) {
    throw new SextantError('inference-failed', `output ${tensor.name} is ${tensor.type} [${tensor.dims.join(', ')}], expected ${type} [${shape.join(', ')}]`, {
      hint: 'The graph does not fit the codec that manifest.json names for it.',
      details: { output: tensor.name, type: tensor.type, dims: [...tensor.dims] },
    });
  }
  const data = tensor.data as unknown as Float32Array;
  if (type === 'float32') checkFinite(tensor.name, data);
  return { data, ...size };
}

function checkFinite(name: string, data: Float32Array): void {
  // x - x is 0 for finite numbers and NaN otherwise: one pass without a branch per value.
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += (data[i]) - (data[i]);
  if (sum === 0) return;
  const bad = data.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0);
  throw new SextantError('inference-failed', `output ${name} holds ${bad} of ${data.length} values that are NaN or infinite`, {
    hint: 'Try --device cpu; if it happens there too, the model cannot handle this picture or is broken.',
    details: { output: name, bad, total: data.length },
  });
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
