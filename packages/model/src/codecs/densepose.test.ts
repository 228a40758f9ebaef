import { describe, expect, it } from '@jest/globals';
import { decodeDensePose } from './densepose.js';

const part = (data: number[]) => ({ name: 'd.part', type: 'uint8', data: Uint8Array.from(data), dims: [1, 1, data.length] });
const uv = (data: number[]) => ({ name: 'd.uv', type: 'float32', data: Float32Array.from(data), dims: [1, 2, 1, data.length / 2] });

describe('part-uv', () => {
  it('scales charts to bytes on the body only', () => {
    const map = decodeDensePose([part([0, 3, 24]), uv([0.9, 0.5, 1.5, 0.9, 0, -1])]);
    expect([...map.part]).toEqual([0, 3, 24]);
    expect([...map.u]).toEqual([0, 128, 255]);
    expect([...map.v]).toEqual([0, 0, 0]);
    expect(map.person).toBeUndefined();
  });

  it('refuses a part beyond 24', () => {
    expect(() => decodeDensePose([part([25]), uv([0, 0])])).toThrow('output d.part holds part 25');
  });
});
