import type { FlowField } from '@sextant/core';
import { readOutput, sigmoid, type NamedTensor } from '../runtime/tensor.js';

/**
 * Decodes `grid-flow`, float32 [1,3,h,w]: u, v in pixels of the model's grid (position now minus position before) and the
 * logit of P(the surface was visible in the previous frame); below 0.5 the pixel is disoccluded and its motion a guess. Returns fresh arrays, motion in pixels of the map itself.
 */
export function decodeFlow([output]: readonly NamedTensor[], grid: { readonly width: number; readonly height: number }): FlowField {
  const { data, h, w } = readOutput(output, 'float32', [1, 3, 'h', 'w']);
  const n = h * w;
  const [sx, sy] = [w / grid.width, h / grid.height];
  const pixels = new Float32Array(2 * n);
  const confidence = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    pixels[2 * i] = (data[i]) * sx;
    pixels[2 * i + 1] = (data[n + i]) * sy;
    confidence[i] = sigmoid(data[2 * n + i]);
  }
  return { width: w, height: h, pixels, confidence };
}
