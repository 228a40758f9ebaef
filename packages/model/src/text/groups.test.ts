import { describe, expect, it } from '@jest/globals';
import type { SegmentationClass } from '@sextant/core';
import { groupOf, groupsOf } from './groups.js';

const color = [0, 0, 0] as const;
const one = (id: number, name: string, superset?: string, thing = true): SegmentationClass => ({ id, name, color, thing, ...(superset !== undefined && { superset: { name: superset, color } }) });
const CLASSES = [one(0, 'background', undefined, false), one(1, 'person', 'person'), one(2, 'dog', 'animal'), one(3, 'cat', 'animal'), one(4, 'chair', 'furniture'), one(5, 'table', 'furniture'), one(6, 'wall', 'wall', false)];

describe('groupOf', () => {
  it.each([['furniture', [4, 5]], ['animals', [2, 3]], ['animal', [2, 3]], ['objects', [2, 3, 4, 5]], ['things', [2, 3, 4, 5]]])('%s are all classes of that kind', (word, classes) => {
    expect(groupOf(word, CLASSES)).toEqual({ name: word, classes });
  });

  it.each(['dog', 'dogs', 'persons', 'wall', 'red', 'background'])('%s is no group', (word) => expect(groupOf(word, CLASSES)).toBeUndefined());

  it('leaves a surface its own name, and takes all kinds where the class of that name is a thing', () => {
    const more = [...CLASSES, one(7, 'road', 'road', false), one(8, 'sidewalk', 'road', false), one(9, 'animal', 'animal')];
    expect(groupOf('road', more)).toBeUndefined();
    expect(groupOf('animals', more)).toEqual({ name: 'animals', classes: [2, 3, 9] });
  });

  it('knows things of any kind where a model has no supersets', () => {
    expect(groupOf('objects', [one(0, 'person'), one(1, 'box'), one(2, 'cup'), one(3, 'sky', undefined, false)])).toEqual({ name: 'objects', classes: [1, 2] });
    expect(groupOf('furniture', [one(0, 'chair'), one(1, 'table')])).toBeUndefined();
  });
});

describe('groupsOf', () => {
  it('is all that is named, kinds and classes', () => {
    expect(groupsOf(['furniture', 'animals'], CLASSES, '')).toEqual({ name: 'furniture and animals', classes: [2, 3, 4, 5] });
    expect(groupsOf(['people', 'dogs', 'furniture'], CLASSES, '')).toEqual({ name: 'people and dogs and furniture', classes: [1, 2, 4, 5] });
  });

  it('is none where no kind is named', () => expect(groupsOf(['dogs', 'cats'], CLASSES, '')).toBeUndefined());

  it('refuses what would not be looked for', () => {
    expect(() => groupsOf(['unicorns', 'furniture'], CLASSES, 'unicorns and furniture')).toThrow(expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining('beside them "unicorns"') }));
  });
});
