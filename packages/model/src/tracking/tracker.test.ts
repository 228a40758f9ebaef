import { deserialize, serialize } from 'node:v8';
import { describe, expect, it } from '@jest/globals';
import type { Perception } from '@sextant/core';
import { movingThings, type SceneOptions, type Thing } from '../../test/moving-things.js';
import { scaleSkeletons } from '../codecs/scale-skeletons.js';
import { IdPool } from './ids.js';
import { Tracker } from './tracker.js';
import type { TrackerState } from './tracker.js';

/** Per frame the ids that the pixels of each thing carry: one entry where the tracker is right. */
function follow(things: readonly Thing[], frames: number, options: SceneOptions = {}, tracker = new Tracker()): Set<number>[][] {
  return Array.from({ length: frames }, (_, index) => {
    const { perception, thing } = movingThings(things, index, options);
    const { instances } = tracker.update(perception).segmentation!;
    return things.map((_t, k) => new Set([...instances].filter((_id, i) => thing[i] === k)));
  });
}
const only = (sets: Set<number>[][], k: number): number[] => [...new Set(sets.flatMap((frame) => [...frame[k]]))];

const WALKERS: Thing[] = [
  { label: 1, x: 2, y: 4, w: 8, h: 24, vx: 50 },
  { label: 1, x: 50, y: 6, w: 8, h: 24, vx: -40 },
  { label: 2, x: 26, y: 22, w: 10, h: 8 },
];

describe('Tracker', () => {
  it('goes on from the state of another as that one would, people who are out of sight included', () => {
    const scene = (index: number): Perception => movingThings(index === 5 ? WALKERS.slice(1) : WALKERS, index, { flow: true }).perception;
    const tracker = new Tracker();
    for (let index = 0; index <= 5; index++) tracker.update(scene(index));
    const other = Tracker.from(deserialize(serialize(tracker.state)) as TrackerState);
    for (let index = 6; index < 20; index++) expect(other.update(scene(index)).segmentation!.instances).toEqual(tracker.update(scene(index)).segmentation!.instances);
    expect(other.lastId).toBe(3);
  });

  it.each([['with flow', true], ['without flow', false]])('keeps ids while things move and people cross, %s', (_name, flow) => {
    const sets = follow(WALKERS, 30, { flow });
    const ids = WALKERS.map((_, k) => only(sets, k));
    for (const id of ids) expect(id).toHaveLength(1);
    expect(new Set(ids.flat()).size).toBe(3);
  });

  it('does not follow flow that is counted from a frame which it has not seen', () => {
    // A queue in single file: every second frame each stands where, by the flow of one frame alone, the one behind it was.
    const queue = [0, 20, 40, 60].map((x): Thing => ({ label: 1, x, y: 4, w: 10, h: 24, vx: 600 }));
    const tracker = new Tracker();
    const ids = [0, 1, 2, 3, 5, 7, 9, 11].map((index) => {
      const { perception, thing } = movingThings(queue, index, { flow: true, width: 300 });
      const { flow } = perception;
      const since = BigInt(Math.round(((index - 1) * 1e9) / 30));
      const { instances } = tracker.update({ ...perception, ...(flow && { flow: { ...flow, since } }) }).segmentation!;
      return queue.map((_thing, k) => instances[thing.indexOf(k)]);
    });
    for (const seen of ids) expect(seen).toEqual(ids[0]);
  });

  it.each([5, 30, 60])('remembers by time, not by frames: a person behind a pillar at %i Hz', (rate) => {
    const things = (vx: number): Thing[] => [{ label: 1, x: 2, y: 4, w: 8, h: 24, vx }, { label: 3, x: 24, y: 0, w: 14, h: 32 }];
    // Hidden for 6 pixels: 0.3 s at 20 pixels/s, 1.5 s at 4 pixels/s.
    const short = follow(things(20), Math.ceil(2.4 * rate), { rate });
    expect(only(short, 0)).toHaveLength(1);
    expect(short.at(-1)![0].size).toBe(1);
    const long = follow(things(4), Math.ceil(9.5 * rate), { rate });
    expect(only(long, 0)).toHaveLength(2);
  });

  it.each([
    ['while no map comes', [[0, true], [0.5, undefined], [1, undefined], [1.4, true]], 2],
    ['while it is not there', [[0, true], [0.79, false], [1.78, true]], 2],
    ['but not what each frame shows, once a second', [[0, true], [1, true], [2, true]], 1],
    ['but not what comes back in time, with frames between that have no map', [[0, true], [0.3, undefined], [0.6, undefined], [0.75, true]], 1],
  ] as const)('forgets by time %s', (_name, frames, ids) => {
    const tracker = new Tracker();
    const seen = new Set<number>();
    for (const [seconds, there] of frames) {
      const { perception } = movingThings(there === false ? [] : WALKERS.slice(2), 0, { maps: there === undefined ? [] : ['segmentation'] });
      const { segmentation } = tracker.update({ ...perception, frame: { ...perception.frame, stamp: BigInt(Math.round(seconds * 1e9)) } });
      for (const id of segmentation?.instances ?? []) if (id > 0) seen.add(id);
    }
    expect(seen.size).toBe(ids);
  });

  it('follows a thing that never overlaps itself, once it has seen it', () => {
    const sets = follow([{ label: 2, x: 2, y: 10, w: 4, h: 4, vx: 35 }], 15, { rate: 10 });
    expect(only(sets, 0)).toHaveLength(1);
  });

  it('takes no thing of another class for the same', () => {
    const tracker = new Tracker();
    const [chair] = follow([{ label: 2, x: 10, y: 10, w: 10, h: 10 }], 1, {}, tracker);
    const { perception } = movingThings([{ label: 1, x: 10, y: 10, w: 10, h: 10 }], 1);
    expect([...chair[0]]).not.toContain(tracker.update(perception).segmentation!.instances[11 * 64 + 11]);
  });

  it.each([
    ['the perception says so', (p: Perception): Perception => ({ ...p, reset: 'cut' })],
    ['the stamps jump', (p: Perception): Perception => ({ ...p, frame: { ...p.frame, stamp: p.frame.stamp + 2_000_000_000n } })],
    ['the stamps go back', (p: Perception): Perception => ({ ...p, frame: { ...p.frame, stamp: -1n } })],
    ['the picture has another size', (p: Perception): Perception => ({ ...p, frame: { ...p.frame, width: 128 } })],
  ])('begins anew where %s, with new ids', (_name, change) => {
    const tracker = new Tracker();
    const still: Thing[] = [{ label: 1, x: 10, y: 4, w: 8, h: 20 }];
    const first = only(follow(still, 3, {}, tracker), 0);
    const { perception } = movingThings(still, 3);
    const then = tracker.update(change(perception)).segmentation!.instances[10 * 64 + 12];
    expect(first).toHaveLength(1);
    expect(then).toBeGreaterThan(first[0]);
  });

  it('gives a person one id in all maps, and the skeleton alone keeps it', () => {
    const tracker = new Tracker();
    const seen = new Set<number>();
    for (let index = 0; index < 12; index++) {
      // In the second half nobody listens to the masks.
      const maps = index < 6 ? (['segmentation', 'skeleton', 'densepose'] as const) : (['skeleton'] as const);
      const { perception, thing } = movingThings(WALKERS.slice(0, 1), index, { maps });
      const { segmentation, skeleton, densepose } = tracker.update(perception);
      const pixel = thing.indexOf(0);
      for (const id of [skeleton!.people[0].id, segmentation?.instances[pixel], densepose?.person?.[pixel]]) if (id !== undefined) seen.add(id);
    }
    expect([...seen]).toEqual([1]);
  });

  it.each([['with flow', true], ['without flow', false]])('keeps ids when maps on other grids are asked for and no longer, %s', (_name, flow) => {
    const tracker = new Tracker();
    const people = WALKERS.slice(0, 2);
    const ids = people.map(() => new Set<number>());
    for (let index = 0; index < 24; index++) {
      // Skeletons come on a quarter of the picture's grid, DensePose on a half, masks on the whole; the people cross in the meantime.
      const [half, whole] = [Math.floor(index / 3) % 4 > 1, Math.floor(index / 3) % 2 === 1];
      const { perception, thing } = movingThings(people, index, { maps: whole ? ['segmentation'] : [], flow });
      const { frame } = perception;
      const skeleton = scaleSkeletons(movingThings(people, index, { maps: ['skeleton'] }).perception.skeleton!, { width: frame.width / 4, height: frame.height / 4 });
      const person = Uint16Array.from({ length: (frame.width * frame.height) / 4 }, (_, i) => 1 + thing[2 * Math.floor(i / 32) * frame.width + 2 * (i % 32)]);
      const body = { width: 32, height: 16, part: Uint8Array.from(person, Math.sign), u: new Uint8Array(person.length), v: new Uint8Array(person.length), person };
      const seen = tracker.update({ ...perception, skeleton, ...(half && { densepose: body }) });
      for (const one of seen.skeleton!.people) ids[people.findIndex(({ y }) => y === 4 * one.box[1])].add(one.id);
    }
    expect(ids.map((set) => set.size)).toEqual([1, 1]);
    expect([...ids[0]]).not.toEqual([...ids[1]]);
  });

  it('keeps a thing that is out of sight while the grid changes', () => {
    const tracker = new Tracker();
    const chair: Thing[] = [{ label: 2, x: 20, y: 8, w: 10, h: 8 }];
    const big = chair.map((t) => ({ ...t, x: 2 * t.x, y: 2 * t.y, w: 2 * t.w, h: 2 * t.h }));
    const shown = [[chair, 64], [[], 64], [[], 128], [big, 128]] as const;
    const ids = shown.map(([things, width], index) => {
      const { perception } = movingThings(things, index, { width, height: width / 2 });
      const { frame } = perception;
      return Math.max(...tracker.update({ ...perception, frame: { ...frame, width: 64, height: 32 } }).segmentation!.instances);
    });
    expect(ids).toEqual([1, 0, 0, 1]);
  });

  it('tells people apart by DensePose alone and by skeletons alone', () => {
    for (const map of ['densepose', 'skeleton'] as const) {
      const tracker = new Tracker();
      const ids = WALKERS.slice(0, 2).map(() => new Set<number>());
      for (let index = 0; index < 30; index++) {
        const { perception, thing } = movingThings(WALKERS.slice(0, 2), index, { maps: [map] });
        const { skeleton, densepose } = tracker.update(perception);
        ids.forEach((set, k) => {
          if (densepose) set.add(densepose.person![thing.indexOf(k)]);
          // The figures differ in height above ground: that is how the truth is told from the result.
          const person = skeleton?.people.find(({ box }) => box[1] === WALKERS[k].y);
          if (person) set.add(person.id);
        });
      }
      ids.forEach((set) => {
        set.delete(0);
        expect(set.size).toBe(1);
      });
      expect([...ids[0]]).not.toEqual([...ids[1]]);
    }
  });

  it('links maps of two models by where they are, not by ids that mean nothing', () => {
    const { perception, thing } = movingThings(WALKERS, 0, { maps: ['segmentation', 'skeleton'] });
    const people = perception.skeleton!.people.map((person) => ({ ...person, id: 4 - person.id }));
    const { segmentation, skeleton } = new Tracker().update({ ...perception, skeleton: { ...perception.skeleton!, people } });
    for (const person of skeleton!.people) {
      const k = WALKERS.findIndex((t) => t.y === person.box[1]);
      expect(person.id).toBe(segmentation!.instances[thing.indexOf(k)]);
    }
  });
});

describe('the side that a person is seen from', () => {
  /** Left shoulder's x minus the right one's, and `front`, of somebody of whom each frame says this. */
  const sides = (fronts: readonly (number | undefined)[], rate = 20): (readonly [number, number | undefined])[] => {
    const tracker = new Tracker();
    return fronts.map((front, index) => {
      const { perception } = movingThings([{ label: 1, x: 20, y: 4, w: 8, h: 24 }], index, { maps: ['segmentation', 'skeleton'], rate });
      const people = perception.skeleton!.people.map((person) => ({ ...person, ...(front !== undefined && { front }) }));
      const [person] = tracker.update({ ...perception, skeleton: { ...perception.skeleton!, people } }).skeleton!.people;
      return [Math.sign(person.keypoints[5].x - person.keypoints[6].x), person.front];
    });
  };

  it('does not flicker, and follows who turns round', () => {
    const walk = [...new Array<number>(10).fill(0.1), 0.7, 0.1, 0.1, 0.7, 0.1, ...new Array<number>(15).fill(0.9)];
    const seen = sides(walk).map(([side]) => side);
    expect(seen.slice(0, 15)).toEqual(new Array(15).fill(-1));
    expect(seen.at(-1)).toBe(1);
    expect(seen.indexOf(1)).toBeGreaterThan(18);
  });

  it('is averaged over time, not over frames, and survives certainty', () => {
    expect(sides([0.2, 0.9], 2)[1][1]).toBeGreaterThan(sides([0.2, 0.9], 20)[1][1]!);
    expect(sides([0, 1, 1], 2).map(([, front]) => Number.isFinite(front))).toEqual([true, true, true]);
  });

  it('turns the body parts of who is seen from another side over time, with skeletons and without', () => {
    const things: Thing[] = [{ label: 1, x: 4, y: 4, w: 8, h: 24 }, { label: 1, x: 40, y: 4, w: 8, h: 24 }];
    for (const maps of [['densepose'], ['segmentation', 'skeleton', 'densepose']] as const) {
      const tracker = new Tracker();
      const seen = [0.9, 0.9, 0.9, 0.3, 0.9].map((other, index) => {
        const { perception, thing } = movingThings(things, index, { maps });
        const { person } = perception.densepose!;
        const of = (k: number): number => person![thing.indexOf(k)];
        // As the decoder gives it: torsos seen from behind are part 1, from the front 2.
        const fronts = new Map([[of(0), 0.1], [of(1), other]]);
        const part = perception.densepose!.part.map((p, i) => (p === 0 ? 0 : fronts.get(person![i])! < 0.5 ? 1 : 2));
        const skeleton = perception.skeleton && { ...perception.skeleton, people: perception.skeleton.people.map((one) => ({ ...one, front: fronts.get(one.id)! })) };
        const { densepose } = tracker.update({ ...perception, ...(skeleton && { skeleton }), densepose: { ...perception.densepose!, part, fronts } });
        const [first, second] = [0, 1].map((k) => thing.indexOf(k));
        return [densepose!.part[first], densepose!.part[second], densepose!.fronts!.get(densepose!.person![first])! < 0.5, densepose!.fronts!.get(densepose!.person![second])! < 0.5];
      });
      expect(seen).toEqual(new Array(5).fill([1, 2, true, false]));
    }
  });

  it('stays open where the model does not say it', () => {
    expect(sides([undefined, undefined])).toEqual([[1, undefined], [1, undefined]]);
  });
});

describe('a tracker that goes on after another', () => {
  it('gives none of its ids', () => {
    const first = new Tracker();
    first.update(movingThings(WALKERS, 0, { maps: ['segmentation'] }).perception);
    expect(first.lastId).toBe(WALKERS.length);
    const next = new Tracker({ firstId: first.lastId + 1 });
    const { segmentation } = next.update(movingThings(WALKERS, 1, { maps: ['segmentation'] }).perception);
    expect(Math.min(...segmentation!.instances.filter((id) => id > 0))).toBe(WALKERS.length + 1);
    expect(next.lastId).toBe(2 * WALKERS.length);
  });
});

describe('IdPool', () => {
  it('never gives an id twice before all were used, then the one retired longest ago', () => {
    const pool = new IdPool(3);
    expect([pool.take(), pool.take()]).toEqual([1, 2]);
    pool.retire(2);
    pool.retire(1);
    expect([pool.take(), pool.take(), pool.take(), pool.take()]).toEqual([3, 2, 1, 0]);
  });

  it('goes on after the ids of an earlier one, which come again last', () => {
    const pool = new IdPool(4, 3);
    expect(pool.last).toBe(2);
    expect([pool.take(), pool.take(), pool.last, pool.take(), pool.take(), pool.take()]).toEqual([3, 4, 4, 1, 2, 0]);
    expect(new IdPool(2, 9).take()).toBe(1);
  });
});
