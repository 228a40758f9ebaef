import { fitNearest } from './fit.js';
import { pngFrames, readPng } from './png-frames.js';
import type { ConditionReader } from './source.js';

const KIND = { depth: 16, channels: 3 } as const;

/**
 * Flow as KITTI's 16-bit PNG: on the frame's own grid, where it moved since the frame before. The first frame of a clip may be missing: nothing
 * has moved yet, and it is unknown. `first` is that of the files; `fromClipStart` knows whether one is missing before it.
 */
export async function openFlow(path: string): Promise<ConditionReader> {
  const frames = await pngFrames(path, 'flow');
  const { width, height } = await readPng(frames, frames.first, 'flow', KIND);
  return {
    modality: 'flow', first: frames.first, last: frames.last, size: { width, height }, notes: [],
    read: async (number, fit) => {
      const { width: w, height: h } = fit.to;
      if (number < frames.first) return { part: { flow: { width: w, height: h, pixels: new Float32Array(2 * w * h).fill(NaN) } }, sha256: '' };
      const { data, sha256 } = await readPng(frames, number, 'flow', KIND, { width, height });
      const pixels = new Float32Array((data.length / 3) * 2);
      for (let i = 0, o = 0; i < data.length; i += 3, o += 2) {
        const known = data[i + 2] > 0;
        pixels[o] = known ? ((data[i] - 32_768) / 64) * fit.scale : NaN;
        pixels[o + 1] = known ? ((data[i + 1] - 32_768) / 64) * fit.scale : NaN;
      }
      return { part: { flow: { width: w, height: h, pixels: fitNearest(pixels, fit, 2) } }, sha256 };
    },
  };
}
