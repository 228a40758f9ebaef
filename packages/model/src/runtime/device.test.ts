import { describe, expect, it } from '@jest/globals';
import { compareOutputs } from './compare.js';
import { parseDevice, refusal, sessionOptions } from './device.js';

const floats = (...data: number[]) => ({ name: 'g.o', type: 'float32', data: Float32Array.from(data), dims: [data.length] });
const bytes = (...data: number[]) => ({ name: 'g.l', type: 'uint8', data: Uint8Array.from(data), dims: [data.length] });
const timing = { deviceMs: 1, cpuMs: 2 };

describe('compareOutputs', () => {
  it('measures floats against the magnitude of their output and counts labels', () => {
    expect(compareOutputs([floats(1, 2.5, -10), bytes(1, 2, 3, 4)], [floats(1, 2, -10), bytes(1, 2, 3, 5)])).toEqual({ maxAbs: 0.5, maxRel: 0.05, labelMismatch: 0.25 });
  });

  it('takes NaN, a missing output and another length as infinitely far', () => {
    expect(compareOutputs([floats(NaN)], [floats(1)]).maxRel).toBe(Infinity);
    expect(compareOutputs([], [floats(1)]).maxRel).toBe(Infinity);
    expect(compareOutputs([floats(1)], [floats(1, 2)]).maxRel).toBe(Infinity);
  });
});

describe('refusal', () => {
  const good = { maxAbs: 0, maxRel: 0.001, labelMismatch: 0.001, ...timing };
  it('passes rounding and refuses wrong or slow results with the reason', () => {
    expect(refusal(good, true)).toBeUndefined();
    expect(refusal({ ...good, maxRel: 0.5 }, false)).toMatch('differs from the CPU\'s by 0.50');
    expect(refusal({ ...good, maxRel: NaN }, false)).toMatch('NaN');
    expect(refusal({ ...good, labelMismatch: 0.1 }, false)).toMatch('10.0 % of its labels');
    expect(refusal({ ...good, deviceMs: 9 }, true)).toMatch('slower than the CPU here (9.0 ms against 2.0 ms)');
    expect(refusal({ ...good, deviceMs: 9 }, false)).toBeUndefined();
  });
});

describe('devices', () => {
  it('are parsed by name', () => {
    expect(parseDevice('cpu')).toBe('cpu');
    expect(() => parseDevice('gpu')).toThrow('unknown device "gpu"');
  });

  it('map to one provider each, WebGPU in NCHW', () => {
    expect(sessionOptions('webgpu', 2)).toMatchObject({ executionProviders: [{ name: 'webgpu', preferredLayout: 'NCHW' }], intraOpNumThreads: 2, extra: { session: { force_spinning_stop: '1' } } });
    expect(sessionOptions('cpu', 0)).not.toHaveProperty('intraOpNumThreads');
  });
});
