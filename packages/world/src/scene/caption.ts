import { CLASSES, classId } from '../classes.js';
import type { Composition } from './compose.js';
import { ANIMALS, SUBJECT_SHARE } from './look.js';
import type { CameraPath } from './scene.js';

const STUFF = new Set(['background', 'person', 'wall', 'floor', 'ceiling', 'sky', 'road', 'sidewalk', 'grass', 'ground', 'object']);
const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Classes of what a camera's words may name. */
const SUBJECTS = { person: [classId('person')], animal: ANIMALS } as const;

const article = (noun: string): string => `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
/** Nouns without a number: the vocabulary of the model has no "some". */
const UNCOUNTED: ReadonlySet<string> = new Set(['food']);
const UNCHANGED: ReadonlySet<string> = new Set(['sheep']);
const plural = (noun: string): string => (UNCHANGED.has(noun) ? noun : /(s|sh|ch|x)$/.test(noun) ? `${noun}es` : /shelf$/.test(noun) ? 'shelves' : `${noun}s`);

/** "a cup", "two cups", "several cups", "food". */
function counted(noun: string, count: number): string {
  if (UNCOUNTED.has(noun)) return noun;
  return count === 1 ? article(noun) : `${count === 2 ? 'two' : 'several'} ${plural(noun)}`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/**
 * One English sentence about what a frame shows: the place, its light, the camera (but where its words name somebody who is not in view), up to
 * four kinds of things by visible area, the people. `seen` maps instance ids to [class id, pixels].
 */
export function caption(composition: Composition, camera: CameraPath, seen: ReadonlyMap<number, readonly [classId: number, pixels: number]>, pixels: number): string {
  const byClass = new Map<string, { count: number; area: number }>();
  for (const [instance, [id, area]] of seen) {
    const name = CLASSES[id].name;
    if (STUFF.has(name) || instance === 0 || area < 0.004 * pixels) continue;
    const entry = byClass.get(name) ?? { count: 0, area: 0 };
    byClass.set(name, { count: entry.count + 1, area: entry.area + area });
  }
  const things = [...byClass].sort((p, q) => q[1].area - p[1].area).slice(0, 4)
    .map(([name, { count }]) => counted(name, count));
  const people = composition.builder.people.filter((p) => (seen.get(p.actor.instanceId)?.[1] ?? 0) > 0.003 * pixels)
    .sort((p, q) => seen.get(q.actor.instanceId)![1] - seen.get(p.actor.instanceId)![1]);
  const described = people.slice(0, 2).map(({ actor, held }) => (held ? actor.words : (actor.emptyHanded ?? actor.words)));
  if (people.length > 2) described.push(`${NUMBERS[people.length - 2] ?? 'many'} more ${people.length === 3 ? 'person' : 'people'}`);
  const { place } = composition;
  const opening = place.words[0].toUpperCase() + place.words.slice(1);
  const parts = [...things, ...described];
  const view = showsSubject(camera, seen, pixels) ? `seen ${camera.words}` : '';
  return `${[opening, place.lighting.words, view].filter(Boolean).join(' ')}${parts.length > 0 ? `, with ${listed(parts)}` : ''}.`;
}

/** Whether what a camera's words name is in view. */
function showsSubject({ subject }: CameraPath, seen: Parameters<typeof caption>[2], pixels: number): boolean {
  if (subject === undefined) return true;
  const ids: readonly number[] = SUBJECTS[subject];
  const shown = [...seen.values()].reduce((sum, [id, area]) => sum + (ids.includes(id) ? area : 0), 0);
  return shown >= SUBJECT_SHARE[subject] * pixels;
}
