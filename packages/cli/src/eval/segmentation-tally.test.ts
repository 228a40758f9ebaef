import { describe, expect, it } from '@jest/globals';
import { VOID_LABEL } from '@sextant/model';
import { SegmentationTally } from './segmentation-tally.js';
import { fromWorld, isFine, toSupersets } from './class-maps.js';
import { fromCamvid, fromCoco } from './real-classes.js';
import { CLASSES, SUPERSET_CLASSES, SUPERSETS, SUPERSET_OF, classId } from '@sextant/world';

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

  it('scores a model of fine classes on them and on their supersets', () => {
    const tally = new SegmentationTally(CLASSES);
    const [dog, cat, sky, cup] = ['dog', 'cat', 'sky', 'cup'].map(classId);
    // A cat for a dog is the right superset; a cup that is never true has no IoU of its own.
    tally.add('a', row(cat, dog, sky, cup), { width: 4, height: 1, labels: row(dog, dog, sky, sky), people: row(0, 0, 0, 0) });
    const { metrics } = tally.report('world')!;
    expect(metrics['perClass']).toEqual({ dog: 1 / 2, sky: 1 / 2 });
    expect(metrics['perSuperset']).toEqual({ animal: 1, sky: 1 / 2 });
    expect(metrics).toMatchObject({ mIoU: 1 / 2, classes: 2, mIoUSupersets: 3 / 4, pixelAccuracy: 1 / 2 });
  });

  it('scores a model of fine classes on the supersets where the truth knows no more', () => {
    const tally = new SegmentationTally(CLASSES);
    const [animal, sky] = ['animal', 'sky'].map((name) => (SUPERSETS as readonly string[]).indexOf(name));
    tally.add('a', row(classId('cat'), classId('sky')), { width: 2, height: 1, supersets: row(animal, sky), people: row(0, 0) });
    expect(tally.report('real')!.metrics).toMatchObject({ mIoU: 1, mIoUSupersets: 1, classes: 2, perClass: { animal: 1, sky: 1 } });
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
    const [person, car, elephant, chair, sink, cup, tree, sky, mirror, unlabelled] = [1, 3, 22, 62, 81, 47, 184, 187, 133, 0].map(fromCoco);
    expect([person, car, elephant, chair, sink, cup, tree, sky, mirror, unlabelled].map(superset)).toEqual(
      ['person', 'vehicle', 'animal', 'furniture', 'furniture', 'object', 'vegetation', 'sky', 'void', 'void'],
    );
    expect(fromCoco(999)).toBe(VOID_LABEL);
  });

  it('bring CamVid to supersets and leave bicyclists out', () => {
    const map = fromCamvid(['sky', 'pavement', 'bicyclist', 'pedestrian']);
    expect([0, 1, 2, 3, 9].map(map).map(superset)).toEqual(['sky', 'road', 'void', 'person', 'void']);
  });

  it('bring the world to a model of supersets, of fine classes, or of neither', () => {
    expect(superset(fromWorld(SUPERSET_CLASSES)[classId('dog')])).toBe('animal');
    expect(fromWorld(CLASSES)[classId('dog')]).toBe(classId('dog'));
    expect(fromWorld([])[classId('dog')]).toBe(VOID_LABEL);
  });

  it('bring both kinds of model to the supersets', () => {
    expect(Array.from(toSupersets(SUPERSET_CLASSES).slice(0, 17))).toEqual([...SUPERSETS.keys(), VOID_LABEL]);
    expect(toSupersets(CLASSES).slice(0, CLASSES.length)).toEqual(SUPERSET_OF);
    expect([isFine(SUPERSET_CLASSES), isFine(CLASSES)]).toEqual([false, true]);
  });
});
