import { describe, expect, it } from '@jest/globals';
import { Rng } from '../math/rng.js';
import { gradientSky } from './skies.js';

describe('gradientSky', () => {
  it('looks as its clouds and colours are', () => {
    const looks = new Set<string>();
    for (let seed = 0; seed < 120; seed++) {
      const sky = gradientSky(new Rng(seed));
      if (sky.kind !== 'gradient') throw new Error(sky.kind);
      looks.add(sky.look!);
      expect(sky.look === 'overcast').toBe(sky.clouds! >= 0.8);
      // Blue above, or red at the horizon.
      if (sky.look === 'clear') expect(sky.zenith[2] / sky.zenith[0]).toBeGreaterThan(2);
      if (sky.look === 'low sun') expect(sky.horizon[0] / sky.horizon[2]).toBeGreaterThan(1.4);
    }
    expect([...looks].sort()).toEqual(['clear', 'low sun', 'night', 'overcast']);
  });

  it('draws as much as ever: what a world draws after its sky, and its bytes with it, depend on it', () => {
    const rng = new Rng(1), same = new Rng(1);
    gradientSky(rng);
    for (let i = 0; i < 7; i++) same.unit();
    expect(rng.unit()).toBe(same.unit());
  });
});
