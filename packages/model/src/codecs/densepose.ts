import { SextantError, type DensePoseMap } from '@sextant/core';
import { readOutput, type NamedTensor } from '../runtime/tensor.js';
import type { LogitMap } from './peaks.js';

const PARTS = 24;

/**
 * Decodes `part-uv`: uint8 [1,h,w] part 0..24 (DensePose's numbering, arXiv 1802.00434; 0 is nobody) and float32
 * [1,2,h,w] u and v in 0..1 of that part's chart, clipped and scaled to 0..255. Whose body it is, `findBodies` says; with a third output (`decodeFront`)
 * parts are as if everybody were seen from the front (`turnParts`). Returns fresh arrays.
 */
export function decodeDensePose([parts, charts]: readonly NamedTensor[]): DensePoseMap {
  const { data, h, w } = readOutput(parts, 'uint8', [1, 'h', 'w']);
  const uv = readOutput(charts, 'float32', [1, 2, h, w]).data;
  const n = h * w;
  const part = new Uint8Array(data);
  const [u, v] = [new Uint8Array(n), new Uint8Array(n)];
  for (let i = 0; i < n; i++) {
    const p = part[i];
    if (p === 0) continue;
    if (p > PARTS) {
      throw new SextantError('inference-failed', `output ${parts.name} holds part ${p}`, {
        hint: `DensePose has parts 1 to ${PARTS}.`,
        details: { part: p },
      });
    }
    u[i] = toByte(uv[i]);
    v[i] = toByte(uv[n + i]);
  }
  return { width: w, height: h, part, u, v };
}

/** The third output of `part-uv`, if the model has one: float32 [1,1,h,w] of any size, the logit that a body is seen from the front. */
export function decodeFront([, , front]: readonly NamedTensor[]): LogitMap | undefined {
  if (!front) return undefined;
  const { data, h, w } = readOutput(front, 'float32', [1, 1, 'h', 'w']);
  return { logits: data, w, h };
}

function toByte(value: number): number {
  return Math.round(255 * Math.max(0, Math.min(1, value)));
}
