import { SextantError } from '@sextant/core';
import { fitNearest } from './fit.js';
import { pngFrames, readPng } from './png-frames.js';
import type { ConditionReader } from './source.js';

const KIND = { depth: 8, channels: 3 } as const;
const PARTS = 24;

/** DensePose as 8-bit rgb PNG: part (0 none, 1..24), u, v. @throws SextantError `source-missing`, `source-corrupt`, `bad-argument`. */
export async function openDensepose(path: string): Promise<ConditionReader> {
  const frames = await pngFrames(path, 'densepose');
  const { width, height } = await readPng(frames, frames.first, 'densepose', KIND);
  return {
    modality: 'densepose', first: frames.first, last: frames.last, size: { width, height }, notes: [],
    read: async (number, fit) => {
      const { data, sha256, path: file } = await readPng(frames, number, 'densepose', KIND, { width, height });
      const iuv = fitNearest(data as Uint8Array, fit, 3);
      const channel = (c: number): Uint8Array => Uint8Array.from({ length: iuv.length / 3 }, (_, i) => iuv[3 * i + c]);
      const part = channel(0);
      const beyond = part.find((id) => id > PARTS);
      if (beyond !== undefined) {
        throw new SextantError('bad-argument', `${file} is not densepose: red holds ${beyond}, parts are 0 to ${PARTS}`, { hint: 'A picture is no condition: give the densepose folder.', details: { path: file, part: beyond } });
      }
      return { part: { densepose: { ...fit.to, part, u: channel(1), v: channel(2) } }, sha256 };
    },
  };
}
