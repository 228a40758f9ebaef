import { describe, expect, it } from '@jest/globals';
import { Rng } from '../math/rng.js';
import { createProceduralLibrary } from '../procedural/library.js';
import type { SceneSky } from './library.js';
import { daylightWords, outdoorLight } from './light.js';

describe('outdoorLight', () => {
  it('names no weather that its sky contradicts', () => {
    const library = createProceduralLibrary();
    const said = new Map<string, number>();
    for (let seed = 0; seed < 600; seed++) {
      const { sky, words, sun, night } = outdoorLight(new Rng(seed), library);
      said.set(words, (said.get(words) ?? 0) + 1);
      const { look } = sky as SceneSky;
      if (night) expect(words).toBe('at night');
      if (words === 'on an overcast day') expect(look).toBe('overcast');
      if (words === 'on a sunny day') expect(look).toBe('clear');
      if (words === 'in low sun') expect(look).toMatch(/clear|low sun/);
      // The light fits as well: little sun, much sun.
      if (words === 'on an overcast day') expect(sun!.radiance[0]).toBeLessThan(0.6);
      if (words === 'on a sunny day' || words === 'in low sun') expect(sun!.radiance[0]).toBeGreaterThan(1);
    }
    expect([...said.keys()].sort()).toEqual(['at night', 'in daylight', 'in low sun', 'on a sunny day', 'on an overcast day']);
  });

  it('says nothing of the light by day under a sky of the night', () => {
    expect(daylightWords('night', false, false)).toBe('');
    expect(daylightWords(undefined, true, false)).toBe('in daylight');
  });
});
