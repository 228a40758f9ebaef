import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CLASSES, classId } from '../classes.js';
import { Rng } from '../math/rng.js';
import { createProceduralLibrary } from '../procedural/library.js';
import { createWorld } from '../world.js';
import { SceneBuilder } from './builder.js';
import { caption } from './caption.js';
import type { Composition } from './compose.js';
import { still } from './motion.js';
import { standing } from './pose.js';
import type { CameraPath } from './scene.js';

const CAMERA = { words: 'from a car' } as CameraPath;
const place = (light: string): Composition => ({ builder: { people: [] }, place: { words: 'a street', lighting: { words: light } } }) as unknown as Composition;

/** The caption of a picture of 1000 pixels with `count` of each class, 100 pixels each. */
function say(names: readonly string[], count: number, light = 'at night', camera = CAMERA): string {
  const seen = names.flatMap((name) => Array.from({ length: count }, () => classId(name))).map((id, i) => [i + 1, [id, 100]] as const);
  return caption(place(light), camera, new Map(seen), 1000);
}

describe('caption', () => {
  it('counts things as English does', () => {
    expect(say(['bench', 'shelf', 'appliance'], 1)).toBe('A street at night seen from a car, with a bench, a shelf and an appliance.');
    expect(say(['bench', 'shelf', 'appliance'], 2)).toBe('A street at night seen from a car, with two benches, two shelves and two appliances.');
    expect(say(['sheep', 'food'], 1)).toBe('A street at night seen from a car, with a sheep and food.');
    expect(say(['sheep', 'food'], 2)).toBe('A street at night seen from a car, with two sheep and food.');
    expect(say(['sheep', 'food'], 3)).toBe('A street at night seen from a car, with several sheep and food.');
  });

  it('leaves out the light where nothing is to be said of it', () => {
    expect(say([], 1, '')).toBe('A street seen from a car.');
  });

  it('says what is before the camera only where it is', () => {
    const portrait = { words: 'with a person close to the camera', subject: 'person' } as CameraPath;
    const animal = { words: 'with an animal before the camera', subject: 'animal' } as CameraPath;
    expect(say(['person'], 1, 'at night', portrait)).toBe('A street at night seen with a person close to the camera.');
    expect(say(['pole'], 1, 'at night', portrait)).toBe('A street at night, with a pole.');
    expect(say([], 1, 'at night', portrait)).toBe('A street at night.');
    expect(say(['dog'], 1, 'at night', animal)).toBe('A street at night seen with an animal before the camera, with a dog.');
    expect(say(['person'], 1, 'at night', animal)).toBe('A street at night.');
    // Of a whole world: its camera looks back and forth.
    const world = createWorld({ seed: 2000026, width: 40, height: 30, supersampling: 1 });
    expect([0, 60].map((n) => world.captionOf(world.render(n)).includes('person close'))).toEqual([true, false]);
  });

  it('says of nobody with empty hands what would be held', () => {
    const b = new SceneBuilder(new Rng(11), createProceduralLibrary());
    for (let i = 0; i < 30; i++) b.person(i % 2 ? 'carry' : 'gesture', () => still(standing(0, 0, 0, 0)));
    const told = b.people.filter(({ actor }) => actor.grip).map((person) => ({
      held: person.held !== undefined,
      words: caption({ ...place(''), builder: { people: [person] } } as unknown as Composition, CAMERA, new Map([[person.actor.instanceId, [classId('person'), 100]]]), 1000),
    }));
    const holding = /carrying|holding|phone|drinking|taking/;
    expect(told.filter(({ held }) => !held).length).toBeGreaterThan(2);
    expect(told.filter(({ held }) => held).length).toBeGreaterThan(2);
    for (const { held, words } of told) expect([words, holding.test(words)]).toEqual([words, held]);
  });

  it('names things in words that the model knows', () => {
    const known = new Set(readFileSync(new URL('../../../../training/sextant_nano/caption_words.txt', import.meta.url), 'utf8').split(/\s+/));
    for (const { name } of CLASSES) {
      for (const count of [1, 2, 3]) for (const word of say([name], count).toLowerCase().match(/[a-z]+/g)!) expect(known).toContain(word);
    }
  });
});
