import type { Perception } from '@sextant/core';
import type { Scene } from './observe.js';

/** A perception with the ids of its instances, people and bodies replaced by those of their observations. Copies the maps it changes. */
export function relabel(perception: Perception, scene: Scene, ids: readonly number[]): Perception {
  const { segmentation, skeleton, densepose } = perception;
  return {
    ...perception,
    ...(segmentation && { segmentation: { ...segmentation, instances: translated(segmentation.instances, scene.instances, ids) } }),
    ...(skeleton && { skeleton: { ...skeleton, people: skeleton.people.map((person, i) => ({ ...person, id: ids[scene.people[i]] })) } }),
    ...(densepose?.person && { densepose: { ...densepose, person: translated(densepose.person, scene.bodies, ids) } }),
  };
}

function translated(map: Uint16Array, observations: ReadonlyMap<number, number>, ids: readonly number[]): Uint16Array {
  const table = new Uint16Array(65_536);
  for (const [id, k] of observations) table[id] = ids[k];
  return map.map((id) => table[id]);
}
