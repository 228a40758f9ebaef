import { describe, expect, it } from '@jest/globals';
import type { Perception } from '@sextant/core';
import { movingThings, type SceneOptions, type Thing } from '../../test/moving-things.js';
import { observe, type Scene } from './observe.js';

const LARGE: Thing = { label: 1, x: 8, y: 2, w: 36, h: 28 };
const SMALL: Thing = { label: 1, x: 20, y: 10, w: 8, h: 16 };

/** What is seen of things with the given maps, and for each skeleton the observations of it and of the body under its id. */
function seen(things: readonly Thing[], maps: NonNullable<SceneOptions['maps']>, change = (p: Perception): Perception => p): { scene: Scene; pairs: (number | undefined)[][] } {
  const perception = change(movingThings(things, 0, { maps }).perception);
  const scene = observe(perception)!;
  return { scene, pairs: perception.skeleton!.people.map(({ id }, i) => [scene.people[i], scene.bodies.get(id)]) };
}
const backwards = (p: Perception): Perception => ({ ...p, skeleton: { ...p.skeleton!, people: [...p.skeleton!.people].reverse() } });
/** The segmentation takes the figure with the most pixels for a chair. */
const asChair = (p: Perception): Perception => ({ ...p, segmentation: { ...p.segmentation!, labels: p.segmentation!.labels.map((label) => (label === 1 ? 2 : label)) } });

describe('observe', () => {
  it.each([['', (p: Perception): Perception => p], [' backwards', backwards]])('takes skeletons and bodies of one id for one person, one in front of the other%s', (_name, change) => {
    const { scene, pairs } = seen([LARGE, SMALL], ['skeleton', 'densepose'], change);
    for (const [person, body] of pairs) expect(person).toBe(body);
    expect(scene.observations).toHaveLength(2);
  });

  it('knows the whole place of a person whose pixels are all another thing\'s', () => {
    const { scene, pairs: [[person, body]] } = seen([LARGE], ['segmentation', 'skeleton', 'densepose'], asChair);
    expect(person).toBe(body);
    expect(scene.observations.map(({ label, box, area }) => [label, ...box, area])).toEqual([[2, 8, 2, 36, 28, 36 * 28], [-1, 8, 2, 36, 28, 0]]);
    expect(scene.observations[1].joints).toHaveLength(3 * 17);
  });

  it('gives nobody\'s mask to a skeleton that has none while another\'s id names it', () => {
    // The small one has a skeleton alone, and comes first.
    const { perception } = movingThings([LARGE, SMALL], 0, { maps: ['segmentation', 'skeleton'] });
    const order = [...perception.skeleton!.people].sort((a, b) => a.box[2] - b.box[2]);
    const [small, large] = order;
    const instances = perception.segmentation!.instances.map((id) => (id === small.id ? 0 : id));
    const scene = observe({ ...perception, skeleton: { ...perception.skeleton!, people: order }, segmentation: { ...perception.segmentation!, instances } })!;
    expect(scene.people[1]).toBe(scene.instances.get(large.id));
    expect(scene.observations[scene.people[0]].area).toBe(0);
  });
});
