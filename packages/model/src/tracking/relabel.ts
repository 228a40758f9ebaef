import type { DensePoseMap, Perception, Person } from '@sextant/core';
import { onTheirSides } from '../codecs/facing.js';
import { turn } from '../codecs/turned.js';
import type { Scene } from './observe.js';

/** What is known of an observation over time. */
export interface Known {
  readonly id: number;
  /** How surely a person is seen from the front. */
  readonly front: number | undefined;
}

/**
 * A perception with the ids of its instances, people and bodies replaced by those of their observations, and the sides of people by what is known of
 * them over time. Copies the maps it changes.
 */
export function relabel(perception: Perception, scene: Scene, known: readonly Known[]): Perception {
  const ids = known.map(({ id }) => id);
  const { segmentation, skeleton, densepose } = perception;
  return {
    ...perception,
    ...(segmentation && { segmentation: { ...segmentation, instances: translated(segmentation.instances, scene.instances, ids) } }),
    ...(skeleton && { skeleton: { ...skeleton, people: skeleton.people.map((person, i) => lasting(person, known[scene.people[i]])) } }),
    ...(densepose?.person && { densepose: lastingBodies({ ...densepose, person: densepose.person }, scene.bodies, known) }),
  };
}

function lasting(person: Person, { id, front }: Known): Person {
  return person.front === undefined || front === undefined ? { ...person, id } : { ...person, id, front, keypoints: onTheirSides({ ...person, front }) };
}

/** Parts of people who are seen from another side over time than in this frame are turned round. */
function lastingBodies(map: DensePoseMap & { person: Uint16Array }, bodies: ReadonlyMap<number, number>, known: readonly Known[]): DensePoseMap {
  const person = translated(map.person, bodies, known.map(({ id }) => id));
  if (!map.fronts) return { ...map, person };
  const other = new Set<number>();
  const fronts = new Map<number, number>();
  for (const [id, now] of map.fronts) {
    const body = bodies.get(id);
    if (body === undefined) continue;
    const front = known[body].front ?? now;
    if (front >= 0.5 !== now >= 0.5) other.add(id);
    fronts.set(known[body].id, front);
  }
  const part = other.size === 0 ? map.part : map.part.slice();
  turn(part, map.person, other);
  return { ...map, part, person, fronts };
}

function translated(map: Uint16Array, observations: ReadonlyMap<number, number>, ids: readonly number[]): Uint16Array {
  const table = new Uint16Array(65_536);
  for (const [id, k] of observations) table[id] = ids[k];
  return map.map((id) => table[id]);
}
