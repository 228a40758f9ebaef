import { describe, expect, it } from '@jest/globals';
import { VOID_LABEL } from '@sextant/model';
import { SegmentationTally } from './segmentation-tally.js';
import { camvidMap, cocoMap } from './real-classes.js';
import { CLASSES, SUPERSET_CLASSES, SUPERSETS, classId } from '@sextant/world';
import { classMap } from './world.js';

const color = [0, 0, 0] as const;
const classes = ['background', 'person', 'sky', 'road'].map((name, id) => ({ id, name, color, thing: false }));
const row = (...labels: number[]): Uint8Array => Uint8Array.from(labels);

describe('SegmentationTally', () => {
  it('means over the classes that the truth shows', () => {
    const tally = new SegmentationTally(classes);
    // Sky is said once and never true: it costs the classes it was taken from, and has no IoU of its own.
    tally.add('a', row(1, 1, 2, 3), { width: 4, height: 1, labels: row(1, 3, 3, VOID_LABEL), people: row(1, 0, 0, 0) });
    const { metrics, baselines, items, frames } = tally.report('real')!;
    expect([items, frames]).toEqual([1, 1]);
    expect(metrics['perClass']).toEqual({ person: 1 / 2, road: 0 });
    expect(metrics['mIoU']).toBe(1 / 4);
    expect(metrics['personIoU']).toBe(1 / 2);
    expect(baselines['allPerson']['personIoU']).toBe(1 / 4);
    expect(baselines['allBackground']['mIoU']).toBe(0);
  });

  it('scores people alone where nothing else is labelled', () => {
    const tally = new SegmentationTally(classes);
    expect(tally.add('a', row(1, 2), { width: 2, height: 1, people: row(1, 1) })).toBe(1 / 2);
    expect(tally.report('real')!.metrics).toEqual({ personIoU: 1 / 2, personIoUPooled: 1 / 2 });
  });
});

describe('class maps', () => {
  const superset = (id: number): string => SUPERSETS[id] ?? 'void';

  it('bring COCO panoptic categories to supersets', () => {
    const map = cocoMap(SUPERSET_CLASSES);
    const [person, car, elephant, chair, cup, tree, sky, mirror, unlabelled] = [1, 3, 22, 62, 47, 184, 187, 133, 0].map(map);
    expect([person, car, elephant, chair, cup, tree, sky, mirror, unlabelled].map(superset)).toEqual(
      ['person', 'vehicle', 'animal', 'furniture', 'object', 'vegetation', 'sky', 'void', 'void'],
    );
    expect(map(999)).toBe(VOID_LABEL);
  });

  it('bring CamVid to supersets and leave bicyclists out', () => {
    const map = camvidMap(['sky', 'pavement', 'bicyclist', 'pedestrian'], SUPERSET_CLASSES);
    expect([0, 1, 2, 3, 9].map(map).map(superset)).toEqual(['sky', 'road', 'void', 'person', 'void']);
  });

  it('bring the world to a model of supersets, of fine classes, or of neither', () => {
    expect(superset(classMap(SUPERSET_CLASSES)[classId('dog')])).toBe('animal');
    expect(classMap(CLASSES)[classId('dog')]).toBe(classId('dog'));
    expect(classMap([])[classId('dog')]).toBe(VOID_LABEL);
  });
});
