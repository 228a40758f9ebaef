import { fileURLToPath } from 'node:url';
import { readSafetensors } from './safetensors.js';

/** The released UnityVideo layout with random weights (training/unityvideo/miniature.py), and what PyTorch makes of it (training/unityvideo/check.py). */
export const MINIATURE = fileURLToPath(new URL('./fixtures/unityvideo-mini', import.meta.url));
export const PROMPT = 'a person walks past a red sofa';

export function miniatureReference(): ReturnType<typeof readSafetensors> {
  return readSafetensors(fileURLToPath(new URL('./fixtures/unityvideo-mini-reference.safetensors', import.meta.url)));
}

/** Largest difference of two arrays of one length. */
export function worst(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Infinity;
  let most = 0;
  for (let i = 0; i < a.length; i++) most = Math.max(most, Number.isFinite(a[i]) ? Math.abs(a[i] - b[i]) : Infinity);
  return most;
}
