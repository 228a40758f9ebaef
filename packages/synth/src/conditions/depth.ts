import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError, type DepthProvenance } from '@sextant/core';
import { fitNearest } from './fit.js';
import { sha256, together } from './hash.js';
import { pngFrames, readPng } from './png-frames.js';
import type { ConditionReader } from './source.js';

const KIND = { depth: 16, channels: 1 } as const;

/**
 * Depth as `estimate` and `world` write it: 16-bit PNG, 0 for none, and meta.json with its scale (1000, millimetres, where there is none).
 * @throws SextantError `source-missing`, `source-corrupt`, `bad-argument`.
 */
export async function openDepth(path: string): Promise<ConditionReader> {
  const frames = await pngFrames(path, 'depth');
  const { scale, provenance, note, hash } = await readScale(join(frames.folder, 'meta.json'));
  const { width, height } = await readPng(frames, frames.first, 'depth', KIND);
  return {
    modality: 'depth', first: frames.first, last: frames.last, size: { width, height }, provenance, notes: note === undefined ? [] : [note],
    read: async (number, fit) => {
      const map = await readPng(frames, number, 'depth', KIND, { width, height });
      const metres = Float32Array.from(map.data, (value) => (value === 0 ? NaN : value / scale));
      return { part: { depth: { ...fit.to, metres: fitNearest(metres, fit) } }, sha256: together(map.sha256, hash) };
    },
  };
}

async function readScale(path: string): Promise<{ scale: number; provenance: DepthProvenance; note?: string; hash?: string }> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return { scale: 1000, provenance: 'scaled', note: `${path} is not there: depth is taken as millimetres` };
  try {
    const { scale, provenance } = JSON.parse(text) as { scale?: unknown; provenance?: unknown };
    const known = provenance === 'metric' || provenance === 'relative' ? provenance : 'scaled';
    if (typeof scale === 'number' && scale > 0 && Number.isFinite(scale)) return { scale, provenance: known, hash: sha256(text) };
    throw new Error(`scale is ${JSON.stringify(scale)}`);
  } catch (cause) {
    throw new SextantError('source-corrupt', `${path} does not say what depth values mean: ${(cause as Error).message}`, { hint: 'It holds {"scale": 1000, ...}: value / scale = metres.', details: { path }, cause });
  }
}
