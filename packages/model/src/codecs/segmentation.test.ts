import { describe, expect, it } from '@jest/globals';
import type { SegmentationClass } from '@sextant/core';
import { decodeLabelLogits, decodeLabels, findInstances, type LabelMap } from './segmentation.js';

const classes: SegmentationClass[] = [
  { id: 0, name: 'background', color: [0, 0, 0], thing: false },
  { id: 1, name: 'person', color: [1, 0, 0], thing: true },
  { id: 2, name: 'floor', color: [0, 1, 0], thing: false },
  { id: 5, name: 'chair', color: [0, 0, 1], thing: true },
];
const map = (width: number, labels: number[]): LabelMap => ({
  width,
  height: labels.length / width,
  labels: Uint8Array.from(labels),
  instances: new Uint16Array(labels.length),
});

describe('labels', () => {
  it('copies ids and probabilities', () => {
    const labels = { name: 's.labels', type: 'uint8', data: Uint8Array.of(0, 5), dims: [1, 1, 2] };
    const confidence = { name: 's.confidence', type: 'float32', data: Float32Array.of(0.5, 0.25), dims: [1, 1, 2] };
    const decoded = decodeLabels([labels, confidence], classes);
    labels.data[0] = 9;
    expect([...decoded.labels]).toEqual([0, 5]);
    expect([...(decoded.confidence ?? [])]).toEqual([0.5, 0.25]);
  });

  it('refuses an id without a class', () => {
    const labels = { name: 's.labels', type: 'uint8', data: Uint8Array.of(0, 3), dims: [1, 1, 2] };
    const confidence = { name: 's.confidence', type: 'float32', data: new Float32Array(2), dims: [1, 1, 2] };
    expect(() => decodeLabels([labels, confidence], classes)).toThrow('output s.labels holds class id 3');
  });
});

describe('label-logits', () => {
  it('takes the largest logit and its softmax', () => {
    const output = { name: 'n.logits', type: 'float32', data: Float32Array.of(0, 0, Math.log(3), -100, -100, -100), dims: [1, 3, 1, 2] };
    const decoded = decodeLabelLogits([output], classes);
    expect([...decoded.labels]).toEqual([1, 0]);
    expect(decoded.confidence?.[0]).toBeCloseTo(0.75);
    expect(decoded.confidence?.[1]).toBeCloseTo(1);
  });

  it('refuses more channels than ids there are: class 257 would be class 1', () => {
    const data = new Float32Array(258);
    data[257] = 9;
    expect(() => decodeLabelLogits([{ name: 'n.logits', type: 'float32', data, dims: [1, 258, 1, 1] }], classes)).toThrow(expect.objectContaining({ code: 'inference-failed', message: 'output n.logits has 258 channels, there are at most 256 classes' }));
  });
});

describe('findInstances', () => {
  it('numbers connected regions of things only, from a smallest area on', () => {
    const m = map(5, [
      5, 5, 2, 5, 5,
      5, 0, 2, 2, 5,
      0, 5, 1, 2, 5,
    ]);
    findInstances(m, classes, 2);
    expect([...m.instances]).toEqual([
      1, 1, 0, 2, 2,
      1, 0, 0, 0, 2,
      0, 0, 0, 0, 2,
    ]);
  });

  it('tells touching people apart by the skeleton and numbers the rest after them', () => {
    const m = map(6, [
      1, 1, 1, 1, 1, 1,
      0, 0, 0, 0, 0, 0,
      5, 5, 0, 0, 1, 1,
    ]);
    // Two people meet between columns 2 and 3; column 0 points nowhere; nobody claims the last row.
    const at = (x: number, y: number) => (y > 0 || x === 0 ? 0 : x < 3 ? 1 : 2);
    findInstances(m, classes, 1, { count: 2, at });
    expect([...m.instances]).toEqual([
      2, 1, 1, 2, 2, 2,
      0, 0, 0, 0, 0, 0,
      3, 3, 0, 0, 4, 4,
    ]);
  });

  it('gives islands within a person to that person', () => {
    const m = map(5, [
      1, 1, 1, 1, 1,
      1, 1, 1, 1, 1,
      1, 1, 1, 1, 1,
    ]);
    // One pixel of the left person's area votes for the right one, by mistake.
    const at = (x: number, y: number) => (x < 3 && !(x === 1 && y === 1) ? 1 : 2);
    findInstances(m, classes, 3, { count: 2, at });
    expect([...m.instances].slice(5, 10)).toEqual([1, 1, 1, 2, 2]);
  });
});
