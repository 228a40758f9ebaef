import { describe, expect, it } from '@jest/globals';
import type { GBuffer } from '../render/types.js';
import { truthAlongRays } from './ray-truth.js';

/** Two by two pixels: what is not given is the same everywhere. */
function frame({ depth, labels = [0, 0, 0, 0], instances = [0, 0, 0, 0], flow = [0, 0, 0, 0, 0, 0, 0, 0] }: Readonly<Record<'depth', number[]> & Partial<Record<'labels' | 'instances' | 'flow', number[]>>>): GBuffer {
  const none = new Uint8Array(4);
  return {
    width: 2, height: 2, rgb: new Uint8Array(12), depth: Float32Array.from(depth), flow: Float32Array.from(flow), occlusion: none,
    labels: Uint8Array.from(labels), instances: Uint16Array.from(instances), part: none, partU: none, partV: none,
  };
}

const RAY = Float32Array.of(0.25, 0.5);
const depthOf = (of: Parameters<typeof frame>[0]): number => truthAlongRays(frame(of), RAY, Int32Array.of(0)).depth[0];

describe('truthAlongRays', () => {
  it('is linear in 1 / z and in flow within a surface', () => {
    const { depth, flow } = truthAlongRays(frame({ depth: [4, 3.9, 4.1, 4], flow: [0, 8, 4, 8, 0, 4, 4, 4] }), RAY, Int32Array.of(0));
    expect(depth[0]).toBeCloseTo(1 / (0.375 / 4 + 0.125 / 3.9 + 0.375 / 4.1 + 0.125 / 4), 6);
    expect([...flow]).toEqual([1, 6]);
  });

  it('never lies between two things, nor between a thing and what is far behind it', () => {
    expect(depthOf({ depth: [4, 3.9, 4, 3.9], instances: [1, 2, 1, 2] })).toBe(4);
    expect(depthOf({ depth: [4, 3.9, 4, 3.9], labels: [1, 2, 1, 2] })).toBe(4);
    expect(depthOf({ depth: [4, 8, 4, 8] })).toBe(4);
    expect(depthOf({ depth: [4, Number.NaN, 4, Number.NaN] })).toBe(4);
  });

  it('keeps the sky without depth, and a first frame without flow', () => {
    const { depth, flow } = truthAlongRays(frame({ depth: Array(4).fill(Number.NaN) as number[], flow: Array(8).fill(Number.NaN) as number[] }), RAY, Int32Array.of(0));
    expect([...depth, ...flow]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });
});
