import { describe, expect, it } from '@jest/globals';
import { comparedModalities, planClips, recipeThresholds } from './plan.js';
import { recipeSchema } from './schema.js';

const read = (recipe: Readonly<Record<string, unknown>>) => recipeSchema.parse({ clips: 100, seeds: 2_000_000, ...recipe });
const plan = (recipe: Readonly<Record<string, unknown>> = {}) => planClips(read(recipe));
const count = <T>(list: readonly T[]): Map<T, number> => list.reduce((all, x) => all.set(x, (all.get(x) ?? 0) + 1), new Map<T, number>());

describe('planClips', () => {
  it('gives each clip seeds of its own, and a longer data set begins with the shorter one', () => {
    const short = plan({ clips: 10 }), long = plan({ clips: 100 });
    expect(long.slice(0, 10)).toEqual(short);
    expect(short[3]).toEqual({ index: 3, split: 'all', path: 'all/000003', seeds: [2000024, 2000025, 2000026, 2000027, 2000028, 2000029, 2000030, 2000031], wishes: {} });
    expect(new Set(long.flatMap(({ seeds }) => seeds)).size).toBe(800);
  });

  it('takes ranges and lists of seeds, with as many tries as they give', () => {
    expect(plan({ clips: 3, seeds: { first: 5_000_000, last: 5_000_006 } }).map(({ seeds }) => seeds)).toEqual([[5000000, 5000001], [5000002, 5000003], [5000004, 5000005]]);
    expect(plan({ clips: 2, seeds: [3_000_000, 7_000_000] }).map(({ seeds }) => seeds)).toEqual([[3000000], [7000000]]);
  });

  it('keeps the shares of splits exactly, at every length', () => {
    const clips = plan({ splits: { train: 0.8, val: 0.1, test: 0.1 } });
    expect(count(clips.map(({ split }) => split))).toEqual(new Map([['train', 80], ['val', 10], ['test', 10]]));
    expect(count(clips.slice(0, 10).map(({ split }) => split))).toEqual(new Map([['train', 8], ['val', 1], ['test', 1]]));
    expect(clips[0].path).toBe('train/000000');
    expect(plan({ layout: 'flat', splits: { train: 1 } })[0].path).toBe('clips/000000');
  });

  it('shares out places and the rest evenly, each without regard to the others', () => {
    const clips = plan({ clips: 400, splits: { train: 0.5, val: 0.5 }, shares: { place: { kitchen: 3, street: 1 }, light: { day: 1, night: 1 }, people: { 0: 1, '1-3': 1 }, animals: { some: 1, none: 3 } }, fov: [50, 90] });
    for (const split of ['train', 'val']) {
      const of = clips.filter((clip) => clip.split === split);
      const share = (is: (clip: (typeof of)[number]) => boolean): number => of.filter(is).length / of.length;
      expect(share(({ wishes }) => wishes.place === 'kitchen')).toBe(0.75);
      expect(share(({ wishes }) => wishes.light === 'night')).toBe(0.5);
      expect(share(({ wishes }) => wishes.people?.[1] === 3)).toBe(0.5);
      expect(share(({ wishes }) => wishes.animals === true)).toBe(0.25);
      expect(Math.abs(share(({ wishes }) => wishes.place === 'street' && wishes.light === 'night') - 0.125)).toBeLessThan(0.05);
      expect(Math.abs(share(({ wishes }) => wishes.people?.[1] === 3 && wishes.light === 'night') - 0.25)).toBeLessThan(0.05);
      for (let n = 4; n <= of.length; n += 4) expect(of.slice(0, n).filter(({ wishes }) => wishes.place === 'kitchen').length).toBe(n * 0.75);
      expect(share(({ fovDegrees }) => fovDegrees! < 60)).toBeCloseTo(0.25, 1);
    }
  });

  it('lets a camera that a place has not leave its share to the others', () => {
    const clips = plan({ shares: { place: { kitchen: 1, street: 1 }, rig: { car: 1, robot: 1 } } });
    expect(clips.every(({ wishes }) => wishes.place !== 'kitchen' || wishes.rig === 'robot')).toBe(true);
    expect(clips.filter(({ wishes }) => wishes.place === 'street' && wishes.rig === 'car').length).toBeGreaterThan(45); // nearly half of all
  });

  it('gives splits clips and seeds of their own', () => {
    const clips = planClips(recipeSchema.parse({ splits: { train: { clips: 3, seeds: 2_000_000 }, test: { clips: 1, seeds: [9_000_000] } } }));
    expect(clips.map(({ path, seeds: [first] }) => [path, first])).toEqual([['train/000000', 2000000], ['train/000001', 2000008], ['train/000002', 2000016], ['test/000003', 9000000]]);
  });

  it.each<[string, Readonly<Record<string, unknown>>, string, RegExp]>([
    ['seeds that are kept for evaluation', { seeds: 150 }, 'seeds', /seed 150 is kept for evaluation/],
    ['a range that begins there', { seeds: { first: 999_999, last: 1_500_000 } }, 'seeds', /seed 999999 is kept/],
    ['evaluation seeds for training', { evaluation: true, clips: undefined, seeds: undefined, splits: { train: { clips: 1, seeds: 10 } } }, 'splits.train.seeds', /train is not for that/],
    ['one seed in two splits', { clips: undefined, seeds: undefined, splits: { train: { clips: 10, seeds: 2_000_000 }, val: { clips: 1, seeds: 2_000_079 } } }, 'splits.val.seeds', /seed 2000079 is used twice: by splits.train.seeds too/],
    ['a seed twice in a list', { clips: 2, seeds: [2_000_000, 2_000_000] }, 'seeds', /used twice: it is in the list again/],
    ['a seed of a list within another split', { clips: undefined, seeds: undefined, splits: { val: { clips: 2, seeds: [9_000_000, 2_000_005] }, train: { clips: 1, seeds: 2_000_000 } } }, 'splits.val.seeds', /seed 2000005 is used twice: by splits.train.seeds too/],
    ['too few seeds', { clips: 3, seeds: [2_000_000] }, 'seeds', /1 seeds for 3 clips/],
    ['seeds beyond the last one', { clips: 1000, seeds: 4_294_967_000 }, 'seeds', /beyond the last seed/],
    ['no seeds', { seeds: undefined }, 'seeds', /is missing/],
    ['no clips', { clips: undefined }, 'clips', /is missing/],
    ['splits of two kinds', { splits: { train: 1, val: { clips: 1, seeds: 3_000_000 } } }, 'splits', /some are shares/],
    ['clips said twice', { splits: { val: { clips: 1, seeds: 3_000_000 } } }, 'clips', /is said twice/],
    ['shares of nothing', { shares: { place: { kitchen: 0 } } }, 'shares.place', /all shares are 0/],
    ['a camera that no place has', { shares: { place: { kitchen: 1 }, rig: { car: 1 } } }, 'shares.rig', /none of car goes with \{"place":"kitchen"\}/],
    ['people the wrong way round', { shares: { people: { '3-1': 1 } } }, 'shares.people', /from 3 to 1/],
    ['generate without saying how', { source: 'generate' }, 'source', /nothing says how/],
    ['generate unused', { generate: {} }, 'generate', /is not used/],
    ['a lens that folds the picture', { sensor: { lens: [-0.1, 0, 0, 0, 0] } }, 'sensor.lens', /fold the picture at pixel .* at 110 degrees/],
    ['a readout longer than a frame', { fps: 30, sensor: { readoutMs: 33.4 } }, 'sensor.readoutMs', /33.4 is longer than a frame at 30 fps, 33.333 ms/],
    ['one that is longer by more than rounding', { fps: 60, sensor: { readoutMs: 16.67 } }, 'sensor.readoutMs', /16.67 is longer than a frame at 60 fps, 16.667 ms/],
    ['a shutter that is open for longer than a frame', { fps: 4, sensor: { exposureMs: 250.5 } }, 'sensor.exposureMs', /250.5 is longer than a frame at 4 fps, 250 ms/],
    ['a split in the folder of the COCO files', { splits: { train: 1, annotations: 1 } }, 'splits.annotations', /is the folder of the COCO files/],
    ['one there by another spelling', { splits: { Annotations: 1 } }, 'splits.Annotations', /is the folder of the COCO files/],
    ['a bound on what is not there', { modalities: ['depth'], check: { reject: { flow: 1 } } }, 'check.reject', /flow is not among/],
    ['a bound on no figure', { check: { reject: { 'depth.rmse': 1 } } }, 'check.reject', /no figure "rmse"/],
    ['a bound on flow in one frame', { frames: 1, check: { reject: { depth: 1, flow: 1 } } }, 'check.reject', /flow, which a clip of 1 frame has not/],
    ['painting one frame from flow', { frames: 1, source: 'generate', generate: { conditions: ['depth', 'flow'] } }, 'generate.conditions', /flow, which a clip of 1 frame has not/],
    ['a check of nothing', { check: { reject: {} } }, 'check.reject', /bounds nothing/],
  ])('refuses %s', (_, recipe, key, message) => {
    expect(() => plan(recipe)).toThrow(expect.objectContaining({ code: 'bad-config', message: expect.stringMatching(message), hint: expect.any(String), details: expect.objectContaining({ key }) }));
  });
});

it('lets a sensor take all of a frame, and a split have any name where it has no folder', () => {
  expect(plan({ fps: 4, sensor: { readoutMs: 250, exposureMs: 250 } })).toHaveLength(100);
  // As data sheets and a clip's `sensorUsed` round it.
  for (const ms of [16.667, 16.666667]) expect(plan({ fps: 60, sensor: { readoutMs: ms, exposureMs: ms } })).toHaveLength(100);
  expect(plan({ layout: 'flat', splits: { annotations: 1 } })[0].path).toBe('clips/000000');
});

it('recipeThresholds reads the bounds', () => {
  expect(recipeThresholds(read({ check: { reject: { depth: 0.3, 'segmentation.mIoU': 0.4 } } }))).toEqual([{ modality: 'depth', figure: 'absRelScale', bound: 0.3 }, { modality: 'segmentation', figure: 'mIoU', bound: 0.4 }]);
});

it('takes no drift that leaves a channel without light', () => {
  const drift = (stops: number, warmth: number) => recipeSchema.safeParse({ clips: 1, seeds: 2_000_000, sensor: { drift: { stops, warmth } } }).success;
  expect([drift(2, 0.25), drift(-2, -0.25), drift(3, 0), drift(0, 0.5)]).toEqual([true, true, false, false]);
});

it('comparedModalities leaves flow out where nothing can have moved', () => {
  expect(comparedModalities(read({ frames: 2 }))).toContain('flow');
  const one = read({ frames: 1, check: { reject: { depth: 5 } } });
  expect(comparedModalities(one)).toEqual(['depth', 'segmentation', 'skeleton', 'densepose']);
  expect(planClips(one)).toHaveLength(100);
});
