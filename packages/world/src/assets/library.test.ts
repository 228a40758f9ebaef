import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Rng } from '../math/rng.js';
import { classOfEntry, loadObject } from './object.js';
import { createStaticPerson } from '../people/static-person.js';
import { standing } from '../scene/pose.js';
import { bounds } from './glb.js';
import { readAssetIndex } from './index-file.js';
import { loadAssets } from './library.js';
import { loadScans } from './scans.js';

// The open assets lie beside the checkout; they are never part of it. Jest runs in the repository's root.
const FOLDER = resolve(process.cwd(), '../shared/assets');
const withAssets = existsSync(join(FOLDER, 'index.json'));
if (!withAssets) console.warn('asset tests are skipped: ../shared/assets is not there');

describe('loadAssets', () => {
  it('says that a folder is not one of assets', async () => {
    const empty = await mkdtemp(join(tmpdir(), 'sextant-assets-'));
    try {
      await expect(loadAssets(empty)).rejects.toMatchObject({ code: 'source-missing' });
      await writeFile(join(empty, 'index.json'), '{"not": "a list"}');
      await expect(loadAssets(empty)).rejects.toMatchObject({ code: 'source-corrupt' });
      await writeFile(join(empty, 'index.json'), '[{');
      await expect(loadAssets(empty)).rejects.toMatchObject({ code: 'source-corrupt' });
    } finally {
      await rm(empty, { recursive: true });
    }
  });

  it('names a file that is not there or damaged, and an object of no known class', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sextant-assets-'));
    const failure = async (...paths: string[]): Promise<unknown> => {
      await writeFile(join(folder, 'index.json'), JSON.stringify(paths.map((path) => ({ path, kind: 'x', category: 'wood' }))));
      return loadAssets(folder).catch(({ code, message }: { code: unknown; message: unknown }) => [code, message]);
    };
    const [chair, wood] = ['objects/chair/chair_1.glb', 'textures/wood/board.jpg'];
    try {
      await mkdir(join(folder, 'objects/chair'), { recursive: true });
      await mkdir(join(folder, 'textures/wood'), { recursive: true });
      for (const path of [chair, wood]) expect(await failure(path)).toEqual(['source-missing', expect.stringContaining(join(folder, path))]);
      for (const path of [chair, wood]) {
        await writeFile(join(folder, path), 'version https://git-lfs.github.com/spec/v1\n');
        expect(await failure(path)).toEqual(['source-corrupt', expect.stringContaining(`${join(folder, path)} is damaged`)]);
      }
      expect(await failure('objects/drone/drone_1.glb')).toEqual(['source-corrupt', 'objects/drone/drone_1.glb: objects of a folder "drone" are of no known class']);
      expect(await failure('objects/chair/chair_2.glb', 'humans/makehuman/base.obj')).toEqual(['source-missing', expect.any(String)]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

(withAssets ? describe : describe.skip)('the open assets', () => {
  const entry = async (path: string) => (await readAssetIndex(FOLDER)).find((e) => e.path === path)!;

  it('has a class for every object', async () => {
    const objects = (await readAssetIndex(FOLDER)).filter((e) => e.path.startsWith('objects/'));
    expect(objects.length).toBeGreaterThan(300);
    expect(() => objects.forEach(classOfEntry)).not.toThrow();
  });

  it('reads a car in its real size, front along x, on the ground', async () => {
    const car = await loadObject(FOLDER, await entry('objects/car/smart_car_1.glb'), 'car');
    expect(car.size[0]).toBeCloseTo(2.528, 1);
    expect(car.size[1]).toBeCloseTo(1.708, 1);
    expect(Math.min(...car.geometry.positions.filter((_, i) => i % 3 === 2))).toBeCloseTo(0, 3);
  });

  it('finds the top of a table', async () => {
    const table = await loadObject(FOLDER, await entry('objects/table/table_1.glb'), 'table');
    expect(table.surfaces).toHaveLength(1);
    expect(table.surfaces![0].z).toBeCloseTo(0.75, 1);
  });

  it('gives animals in arbitrary units their size, and lets them walk', async () => {
    const dog = await loadObject(FOLDER, await entry('objects/dog/q_husky.glb'), 'dog');
    expect(Math.max(dog.size[0], dog.size[1])).toBeCloseTo(1, 5);
    expect(dog.size[0]).toBeGreaterThan(dog.size[1]);
    const a = dog.animation!.at(0).positions, b = dog.animation!.at(0.3).positions;
    const moved = Math.max(...a.map((value, i) => Math.abs(value - b[i])));
    expect(moved).toBeGreaterThan(0.03);
    expect(moved).toBeLessThan(0.8);
  });

  it('reads specular-glossiness colours', async () => {
    const pig = await loadObject(FOLDER, await entry('objects/pig/q_pig.glb'), 'animal');
    expect(pig.geometry.materials.some((m) => m.color[0] < 0.99)).toBe(true);
  });

  it('knows where the joints of scans are: in the body, the way round it stands, wherever that is', async () => {
    const index = await readAssetIndex(FOLDER);
    const people = [...await loadScans(FOLDER, index, 'standing'), ...await loadScans(FOLDER, index, 'sitting')];
    for (const { geometry, joints, words } of people) {
      const actor = createStaticPerson(geometry, { instanceId: 1, words, ...(joints && { joints }) });
      const { keypoints } = actor.pose(0, standing(3, 4, 0.5, Math.PI / 2), 0, standing(3, 4, 0.5, Math.PI / 2));
      expect([words, keypoints.length]).toEqual([words, 17]);
      const [nose, , , , , leftShoulder, rightShoulder, , , , , leftHip, rightHip, leftKnee, , leftAnkle] = keypoints;
      expect(nose[2] - 0.5).toBeGreaterThan(0.8 * actor.height);
      expect(nose[2]).toBeGreaterThan(leftShoulder[2]);
      expect(leftShoulder[2]).toBeGreaterThan(leftHip[2]);
      expect(leftKnee[2]).toBeGreaterThan(leftAnkle[2]);
      // Facing +y: the left is at lower x, the nose before the shoulders.
      expect(leftShoulder[0]).toBeLessThan(rightShoulder[0]);
      expect(leftHip[0]).toBeLessThan(rightHip[0]);
      expect(nose[1]).toBeGreaterThan((leftShoulder[1] + rightShoulder[1]) / 2 - 0.05); // who leans back
      const { low, high } = bounds(geometry.positions);
      for (const [x, y, z] of joints!) expect([x >= low[0], x <= high[0], y >= low[1], y <= high[1], z >= low[2], z <= high[2]]).toEqual([true, true, true, true, true, true]);
    }
    expect(people.length).toBeGreaterThanOrEqual(16);
  });

  it('draws the same thing from the same random numbers', async () => {
    const assets = await loadAssets(FOLDER);
    const names = ['chair', 'table', 'car', 'dog', 'bottle'];
    const draw = (): unknown[] => { const rng = new Rng(5); return names.map((name) => assets.object(rng, name)?.size); };
    expect(draw()).toEqual(draw());
  }, 90_000);
});
