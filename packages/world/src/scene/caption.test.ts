import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { CLASSES, classId } from '../classes.js';
import { caption } from './caption.js';
import type { Composition } from './compose.js';
import type { CameraPath } from './scene.js';

const CAMERA = { words: 'from a car' } as CameraPath;
const place = (light: string): Composition => ({ builder: { people: [] }, place: { words: 'a street', lighting: { words: light } } }) as unknown as Composition;

/** The caption of a picture of 1000 pixels with `count` of each class, 100 pixels each. */
function say(names: readonly string[], count: number, light = 'at night'): string {
  const seen = names.flatMap((name) => Array.from({ length: count }, () => classId(name))).map((id, i) => [i + 1, [id, 100]] as const);
  return caption(place(light), CAMERA, new Map(seen), 1000);
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

  it('names things in words that the model knows', () => {
    const known = new Set(readFileSync(new URL('../../../../training/sextant_nano/caption_words.txt', import.meta.url), 'utf8').split(/\s+/));
    for (const { name } of CLASSES) {
      for (const count of [1, 2, 3]) for (const word of say([name], count).toLowerCase().match(/[a-z]+/g)!) expect(known).toContain(word);
    }
  });
});
