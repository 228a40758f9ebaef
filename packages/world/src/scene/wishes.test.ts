import { describe, expect, it } from '@jest/globals';
import { CLASSES } from '../classes.js';
import type { WorldFrame, WorldOptions } from '../types.js';
import { createWorld } from '../world.js';
import type { WorldWishes } from './wishes.js';
import { isUnmetWish, kindOf } from './wishes.js';

const SMALL = { width: 40, height: 30, supersampling: 1 } as const;

/** The first world from `seed` on that meets the wishes. */
function wished(wishes: WorldWishes, seed = 1, more: Partial<WorldOptions> = {}): ReturnType<typeof createWorld> {
  for (let tried = 0; ; tried++) {
    try {
      return createWorld({ seed: seed + tried, ...SMALL, ...more, wishes });
    } catch (error) {
      if (!isUnmetWish(error) || tried > 5) throw error;
    }
  }
}

const share = (frame: WorldFrame, names: readonly string[]): number => frame.labels.filter((id) => names.includes(CLASSES[id].name)).length / frame.labels.length;
const ANIMALS = ['dog', 'cat', 'horse', 'cow', 'sheep', 'bird', 'animal'];

describe('wishes', () => {
  it.each(['beach', 'corridor'] as const)('make the place a %s', (place) => {
    const world = wished({ place });
    expect(world.facts.place).toBe(place);
    expect(world.caption.toLowerCase()).toContain(` ${place} `);
    expect(world.options.scene).toBe(kindOf({ place }));
  });

  it.each([['ceiling', /surveillance/], ['webcam', /by a webcam/], ['tabletop', /tabletop/], ['selfie', /at arm's length/]] as const)('put the camera on a %s', (rig, words) => {
    expect(wished({ rig }).facts.camera).toMatch(words);
  });

  it('hold a selfie before a face that is known, and go with who walks', () => {
    for (const seed of [3, 21]) {
      const world = wished({ rig: 'selfie', place: 'street' }, seed);
      for (const index of [12, 72]) {
        const { people, labels } = world.render(index);
        expect(labels.filter((id) => CLASSES[id].name === 'person').length).toBeGreaterThan(0.1 * labels.length);
        const heads = people.map(({ keypoints }) => keypoints.slice(0, 5).filter(({ x, y }) => x > 0 && y > 0 && x < SMALL.width && y < SMALL.height).length);
        expect(Math.max(...heads)).toBeGreaterThan(2);
      }
    }
  });

  it('bound the people from both sides', () => {
    const world = wished({ people: [2, 3] });
    expect(world.facts.people).toBeGreaterThanOrEqual(2);
    expect(world.facts.people).toBeLessThanOrEqual(3);
    const seen = world.render(12).people.filter(({ box }) => box[2] > 0).length; // 0.4 s, as the trial rendering
    expect(seen).toBeGreaterThanOrEqual(2);
    expect(wished({ people: [0, 0] }).facts.people).toBe(0);
  });

  it('decide between day and night', () => {
    const night = wished({ light: 'night' }, 1, { scene: 'indoor' }), day = wished({ light: 'day' }, 1, { scene: 'outdoor' });
    expect([night.facts.light, day.facts.light]).toEqual(['night', 'day']);
    expect(night.caption).toMatch(/in the evening/);
    expect(day.caption).not.toMatch(/at night|in the evening/);
  });

  it('show an animal, or have none at all', () => {
    expect(share(wished({ animals: true }).render(12), ANIMALS)).toBeGreaterThan(0.001);
    const world = wished({ animals: false, place: 'park' });
    expect(world.facts.animals).toBe(false);
    expect(share(world.render(0), ANIMALS)).toBe(0);
  });

  it('give the same bytes for the same seed, and are all in the options', () => {
    const wishes = { place: 'kitchen', people: [1, 2], light: 'day' } as const;
    const [a, b] = [wished(wishes), wished(wishes)];
    expect(a.render(3).rgb).toEqual(b.render(3).rgb);
    expect(a.options.wishes).toEqual(wishes);
    expect(createWorld({ seed: 1, ...SMALL }).options.wishes).toBeUndefined();
  });

  it.each<[string, Partial<WorldOptions>, string]>([
    ['a place that is none', { wishes: { place: 'moon' as 'park' } }, 'the wished place is "moon"'],
    ['a wish that is none', { wishes: { places: 'park' } as WorldWishes }, 'a wish is named "places"'],
    ['a number of people', { wishes: { people: 3 as unknown as [number, number] } }, 'the wished people are 3'],
    ['one bound of people', { wishes: { people: [1] as unknown as [number, number] } }, 'the wished people are [1]'],
    ['three bounds of people', { wishes: { people: [1, 2, 3] as unknown as [number, number] } }, 'the wished people are [1,2,3]'],
    ['people in words', { wishes: { people: ['1', '2'] as unknown as [number, number] } }, 'the wished people are ["1","2"]'],
    ['people the wrong way round', { wishes: { people: [3, 1] } }, 'people are wished from 3 to 1'],
    ['too many people', { wishes: { people: [0, 400] } }, 'people are wished from 0 to 400'],
    ['a webcam in the street', { wishes: { rig: 'webcam', place: 'street' } }, 'a webcam camera is wished for in a street'],
    ['a portrait of nobody', { wishes: { rig: 'portrait', people: [0, 0] } }, 'a portrait camera is wished for, and no people'],
    ['an animal camera without animals', { wishes: { rig: 'animal', animals: false } }, 'and no animals'],
    ['a kitchen outdoors', { scene: 'outdoor', wishes: { place: 'kitchen' } }, 'a kitchen is wished for, and outdoor'],
  ])('that no seed can meet are refused: %s', (_, options, message) => {
    expect(() => createWorld({ seed: 1, ...SMALL, ...options })).toThrow(expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(message) }));
  });

  it('that this seed cannot meet are an error that names them', () => {
    // No bathroom holds thirty people.
    const impossible = (): unknown => createWorld({ seed: 1, ...SMALL, wishes: { place: 'bathroom', people: [30, 40] } });
    expect(impossible).toThrow(expect.objectContaining({ code: 'unsupported', message: 'the world of seed 1 cannot have what is wished for: people [30,40]', details: expect.objectContaining({ unmetWishes: ['people'] }) }));
    try {
      impossible();
    } catch (error) {
      expect(isUnmetWish(error)).toBe(true);
    }
    expect(isUnmetWish(new Error('other'))).toBe(false);
  });
});
