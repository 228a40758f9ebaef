import { describe, expect, it } from '@jest/globals';
import { classId } from '../../classes.js';
import { Rng } from '../../math/rng.js';
import { createProceduralLibrary } from '../../procedural/library.js';
import { SceneBuilder } from '../builder.js';
import { street } from './street.js';

/** Metres from the middle of the road to its kerb: where the sidewalks' upper sides begin. */
function kerbOf({ statics }: SceneBuilder): number {
  let kerb = Infinity;
  for (const { geometry: { positions }, classId: id } of statics) {
    if (id !== classId('sidewalk')) continue;
    for (let i = 0; i < positions.length; i += 3) if (Math.abs(positions[i + 2] - 0.12) < 1e-3) kerb = Math.min(kerb, Math.abs(positions[i + 1]));
  }
  return kerb;
}

describe('street', () => {
  it('has who crosses it walk on the road, never in the sidewalk', () => {
    const library = createProceduralLibrary();
    let crossing = 0;
    for (let seed = 0; seed < 40 && crossing < 3; seed++) {
      const b = new SceneBuilder(new Rng(seed), library);
      street(b, { people: 8, crowd: 0, webcam: false });
      const kerb = kerbOf(b);
      for (const { path } of b.people) {
        const ways = Array.from({ length: 200 }, (_, i) => path.at(i / 5));
        const across = ways.map((m) => m[7]);
        if (Math.max(...across) - Math.min(...across) < 1 || ways[0][11] > 0.05) continue;
        crossing++;
        expect(Math.max(...across.map(Math.abs))).toBeLessThan(kerb);
        // Nearly to the kerb on both sides.
        expect(Math.max(...across)).toBeGreaterThan(kerb - 0.8);
        expect(Math.min(...across)).toBeLessThan(-kerb + 0.8);
      }
    }
    expect(crossing).toBeGreaterThanOrEqual(3);
  });
});
