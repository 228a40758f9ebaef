import { describe, expect, it } from '@jest/globals';
import { CLASSES } from '../classes.js';
import { CLASS_OF_FILE, CLASS_OF_FOLDER, REAL_SIZES } from './catalogue.js';

const names = new Set(CLASSES.map((c) => c.name));

describe('asset catalogue', () => {
  it('knows 91 folders and maps all to classes that exist', () => {
    expect(Object.keys(CLASS_OF_FOLDER)).toHaveLength(91);
    const unknown = [...Object.values(CLASS_OF_FOLDER), ...Object.values(CLASS_OF_FILE)].filter((name) => name !== null && !names.has(name));
    expect(unknown).toEqual([]);
  });

  it('lists longer prefixes first, so that they win', () => {
    REAL_SIZES.forEach(([prefix], i) => REAL_SIZES.slice(0, i).forEach(([earlier]) => expect(prefix.startsWith(earlier)).toBe(false)));
  });
});
