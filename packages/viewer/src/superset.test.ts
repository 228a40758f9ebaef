import { describe, expect, it } from '@jest/globals';
import { CLASSES, SUPERSETS, SUPERSET_CLASSES, SUPERSET_OF } from '@sextant/world';
import { supersetOf } from './superset.js';

describe('supersetOf', () => {
  it('agrees with the world on every class and colour', () => {
    const world = CLASSES.slice(1).map(({ id, name }) => {
      const group = SUPERSET_OF[id];
      return [name, { name: SUPERSETS[group], color: SUPERSET_CLASSES[group].color }];
    });
    expect(CLASSES.slice(1).map(({ name }) => [name, supersetOf(name)])).toEqual(world);
  });

  it('knows no group for the classes of other models', () => {
    expect(supersetOf('giraffe')).toBeUndefined();
  });
});
