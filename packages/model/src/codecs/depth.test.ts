import { describe, expect, it } from '@jest/globals';
import { decodeDepth } from './depth.js';

const tensor = (data: number[], dims: number[]) => ({ name: 'depth.depth', type: 'float32', data: Float32Array.from(data), dims });
const close = (found: ArrayLike<number> | undefined, expected: number[]): void => {
  expect(found?.length).toBe(expected.length);
  expected.forEach((value, i) => (Number.isNaN(value) ? expect(found?.[i]).toBeNaN() : expect(found?.[i]).toBeCloseTo(value, 5)));
};

describe('canonical-depth', () => {
  const codec = { type: 'canonical-depth', referenceFocal: 200, skyThreshold: 0.5 } as const;
  // Two pixels: 2 m at the reference focal length with scale 0.5, and sky.
  const output = tensor([Math.log(2), 7, Math.log(0.5), 0, -3, 3], [1, 3, 1, 2]);

  it('scales by the focal length and makes sky NaN', () => {
    const map = decodeDepth(codec, [output], { focal: 300, focalKnown: true });
    expect(map).toMatchObject({ width: 2, height: 1, provenance: 'metric' });
    close(map.metres, [3, NaN]);
    // 1.1^-2: a Laplace error of scale 0.5 exceeds ln 1.1 that often.
    close(map.confidence, [1 - 1.1 ** -2, 0]);
  });

  it('takes the temperature of its confidence from the manifest', () => {
    const map = decodeDepth({ ...codec, confidenceScale: 2 }, [output], { focal: 200, focalKnown: true });
    close(map.confidence, [1 - 1.1 ** -1, 0]);
  });

  it('has another temperature where the scale is not known', () => {
    const of = (focalKnown: boolean): Float32Array => decodeDepth({ ...codec, relativeConfidenceScale: 2 }, [output], { focal: 200, focalKnown }).confidence!;
    close(of(true), [1 - 1.1 ** -2, 0]);
    close(of(false), [1 - 1.1 ** -1, 0]);
    close(decodeDepth({ ...codec, confidenceScale: 2 }, [output], { focal: 200, focalKnown: false }).confidence, [1 - 1.1 ** -1, 0]);
  });

  it('calls sky only what is surer than its threshold', () => {
    // the second pixel's logit of 3 is a probability of 0.953
    const map = decodeDepth({ ...codec, skyThreshold: 0.98 }, [output], { focal: 200, focalKnown: true });
    close(map.metres, [2, Math.fround(Math.exp(7))]);
    close(map.confidence, [1 - 1.1 ** -2, 1 - 1.1 ** -1]);
  });

  it('claims no metres without known intrinsics', () => {
    expect(decodeDepth(codec, [output], { focal: 300, focalKnown: false }).provenance).toBe('relative');
  });

  it('refuses NaN and foreign shapes', () => {
    const context = { focal: 200, focalKnown: true };
    expect(() => decodeDepth(codec, [tensor([NaN, 0, 0, Infinity, 0, 0], [1, 3, 1, 2])], context)).toThrow('output depth.depth holds 2 of 6 values that are NaN or infinite');
    expect(() => decodeDepth(codec, [tensor([0, 0], [1, 1, 1, 2])], context)).toThrow('output depth.depth is float32 [1, 1, 1, 2], expected float32 [1, 3, h, w]');
  });
});

describe("an estimator's depth", () => {
  const context = { focal: 100, focalKnown: true };
  const output = tensor([0.5, 4, 0, -1], [1, 1, 2, 2]);

  it('is metres as given or at a reference focal length', () => {
    const plain = decodeDepth({ type: 'metric-depth' }, [output], context);
    expect(plain.provenance).toBe('metric');
    close(plain.metres, [0.5, 4, NaN, NaN]);
    close(decodeDepth({ type: 'metric-depth', referenceFocal: 200 }, [output], context).metres, [0.25, 2, NaN, NaN]);
    expect(decodeDepth({ type: 'metric-depth' }, [output], { focal: 100, focalKnown: false }).provenance).toBe('relative');
  });

  it('is never metric when it is relative or inverse', () => {
    const relative = decodeDepth({ type: 'relative-depth' }, [output], context);
    expect(relative.provenance).toBe('relative');
    close(relative.metres, [0.5, 4, NaN, NaN]);
    const inverse = decodeDepth({ type: 'inverse-depth' }, [tensor([0.5, 4, 0, -1], [1, 2, 2])], context);
    expect(inverse.provenance).toBe('relative');
    close(inverse.metres, [2, 0.25, NaN, NaN]);
  });
});
