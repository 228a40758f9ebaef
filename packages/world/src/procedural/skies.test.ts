import { describe, expect, it } from '@jest/globals';
import { Rng } from '../math/rng.js';
import { daylight, gradientSky } from './skies.js';

describe('skies', () => {
  it('are those of the daylight drawn from an equal rng, with a sun above the horizon', () => {
    const names = new Set<string>();
    for (let seed = 0; seed < 120; seed++) {
      const day = daylight(new Rng(seed));
      names.add(day.name);
      expect(gradientSky(new Rng(seed))).toEqual(day.sky);
      const [x, y, z] = day.sun.towards;
      expect(Math.abs(x * x + y * y + z * z - 1)).toBeLessThan(1e-9);
      expect(z).toBeGreaterThan(0);
      // Low suns are redder than high ones.
      if (day.name === 'golden hour' || day.name === 'dusk') expect(day.sun.radiance[0] / day.sun.radiance[2]).toBeGreaterThan(2);
    }
    expect(names.size).toBe(6);
  });
});
