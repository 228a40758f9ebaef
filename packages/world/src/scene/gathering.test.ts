import { describe, expect, it } from '@jest/globals';
import { Rng } from '../math/rng.js';
import { createProceduralLibrary } from '../procedural/library.js';
import { SceneBuilder } from './builder.js';
import { circleOfPeople, walkTogether } from './gathering.js';

const builder = (seed: number): SceneBuilder => new SceneBuilder(new Rng(seed), createProceduralLibrary());

describe('circleOfPeople', () => {
  it('has people apart from one another who face its middle', () => {
    const b = builder(5);
    expect(circleOfPeople(b, 2, -1, 0, 3)).toBe(3);
    const places = b.people.map((person) => person.path.at(0));
    for (const m of places) {
      const toX = 2 - m[3], toY = -1 - m[7], distance = Math.hypot(toX, toY);
      expect((m[0] * toX + m[4] * toY) / distance).toBeGreaterThan(0.8);
      for (const other of places) if (other !== m) expect(Math.hypot(other[3] - m[3], other[7] - m[7])).toBeGreaterThan(0.45);
    }
  });

  it('stays away where something stands', () => {
    const b = builder(6);
    b.taken.push({ x: 2, y: -1, yaw: 0, halfX: 0.5, halfY: 0.5, bottom: 0, top: 1 });
    expect(circleOfPeople(b, 2, -1, 0, 3)).toBe(0);
  });
});

describe('walkTogether', () => {
  it('keeps who walks abreast abreast', () => {
    const b = builder(7);
    walkTogether(b, 0, 0, 0, 0.4, 2, 90);
    const gap = (t: number): number => {
      const [p, q] = b.people.map((person) => person.path.at(t));
      return Math.hypot(p[3] - q[3], p[7] - q[7]);
    };
    expect(gap(0)).toBeGreaterThan(0.4);
    expect(gap(6)).toBeCloseTo(gap(0), 6);
  });
});
