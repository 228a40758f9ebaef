import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from '@jest/globals';
import sharp from 'sharp';
import { identity } from '../../math/mat4.js';
import { Rng } from '../../math/rng.js';
import type { Activity } from '../../scene/library.js';
import { BONE } from '../body/bones.js';
import { copy, multiply, rotate } from '../body/quaternion.js';
import { createPose } from '../motion/motion.js';
import { distance, partSides, partsUsed } from '../testing.js';
import { loadPeople } from './load.js';
import type { PeopleAssets, TextureLoader } from './load.js';
import { createMakeHumanPerson } from './person.js';

const FOLDER = fileURLToPath(new URL('../../../../../../shared/assets', import.meta.url));
const present = existsSync(`${FOLDER}/humans/makehuman`);
const suite = present ? describe : describe.skip;
const REASON = present ? '' : ' (skipped: ../shared/assets is absent)';

const textures: TextureLoader = async (path, maxSize) => {
  const { data, info } = await sharp(path).resize(maxSize, maxSize, { fit: 'inside' }).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, rgba: new Uint8Array(data) };
};
const PLACE = identity();
const [SHOULDER_L, ELBOW_L, WRIST_L, HIP_L, KNEE_L, ANKLE_L] = [5, 7, 9, 11, 13, 15];

suite(`createMakeHumanPerson${REASON}`, () => {
  let assets: PeopleAssets;
  beforeAll(async () => {
    assets = await loadPeople(FOLDER, textures);
  }, 60_000);

  it('keeps limb lengths over time', () => {
    for (const activity of ['stand', 'walk', 'sit', 'gesture', 'carry', 'any'] as const) {
      const person = createMakeHumanPerson(assets, new Rng(4), 1, activity);
      const first = person.pose(0, PLACE, 0, PLACE).keypoints;
      expect(first).toHaveLength(17);
      for (const time of [0.2, 0.7, 3.3]) {
        const now = person.pose(time, PLACE, time, PLACE).keypoints;
        // Joint centres of MakeHuman are means of surface points, carried by one bone each: a length may breathe a little.
        for (const [a, b] of [[SHOULDER_L, ELBOW_L], [ELBOW_L, WRIST_L], [HIP_L, KNEE_L], [KNEE_L, ANKLE_L]] as const) {
          for (const side of [0, 1]) expect(Math.abs(distance(now[a + side], now[b + side]) - distance(first[a + side], first[b + side]))).toBeLessThan(0.01);
        }
      }
    }
  });

  it('walks towards +x on the ground with a standing foot that stays where it is', () => {
    const clips = new Set<string>();
    for (let seed = 0; seed < 8; seed++) {
      const person = createMakeHumanPerson(assets, new Rng(seed), 1, 'walk');
      clips.add(person.speed.toFixed(3));
      expect(person.speed).toBeGreaterThan(0.25);
      expect(person.speed).toBeLessThan(2.5);
      const slips: number[] = [];
      let before: Float32Array | undefined;
      for (let i = 0; i < 20; i++) {
        const { drawables, keypoints } = person.pose(i / 30, PLACE, i / 30, PLACE);
        expect(keypoints[HIP_L][1]).toBeGreaterThan(keypoints[HIP_L + 1][1]);
        const now = drawables[0].positions!;
        let lowest = 0;
        for (let v = 1; v < now.length / 3; v++) if (now[3 * v + 2] < now[3 * lowest + 2]) lowest = v;
        expect(Math.abs(now[3 * lowest + 2])).toBeLessThan(0.03);
        if (before) slips.push(Math.abs(now[3 * lowest] - before[3 * lowest] + person.speed / 30));
        before = now;
      }
      slips.sort((a, b) => a - b);
      expect(slips[slips.length >> 1]).toBeLessThan(0.02);
    }
    expect(clips.size).toBeGreaterThan(5);
  });

  it('carries DensePose parts on skin, clothes and hair, left ones on the left', () => {
    for (let seed = 0; seed < 8; seed++) {
      const { geometry } = createMakeHumanPerson(assets, new Rng(seed), 1, 'stand').pose(0, PLACE, 0, PLACE).drawables[0];
      expect(partsUsed(geometry)).toEqual(Array.from({ length: 24 }, (_, i) => i + 1));
      expect(partSides(geometry)).toEqual([]);
      expect(geometry.partUvs!.every((value) => value >= 0 && value <= 1)).toBe(true);
      expect(geometry.indices.every((v) => v < geometry.positions.length / 3)).toBe(true);
    }
  });

  it('has the size of people', () => {
    for (let seed = 0; seed < 12; seed++) {
      const { height } = createMakeHumanPerson(assets, new Rng(seed), 1, 'stand');
      expect(height).toBeGreaterThan(1);
      expect(height).toBeLessThan(2.15);
    }
  });

  it('repeats a motion without a jump at the seam', () => {
    const activities: readonly Activity[] = ['walk', 'run', 'gesture', 'any'];
    for (let seed = 0; seed < 4; seed++) {
      const person = createMakeHumanPerson(assets, new Rng(seed), 1, activities[seed % 4]);
      for (let i = 0; i < 40; i++) {
        const { drawables } = person.pose((i + 1) / 30, PLACE, i / 30, PLACE);
        const { positions, previousPositions } = drawables[0];
        let most = 0;
        for (let k = 0; k < positions!.length; k += 9) most = Math.max(most, Math.abs(positions![k] - previousPositions![k]));
        expect(most).toBeLessThan(0.45); // a fist in a punch moves 10 m/s
      }
    }
  });

  it('is the same, byte for byte, for the same seed', () => {
    const run = (): Buffer => Buffer.from(createMakeHumanPerson(assets, new Rng(9), 1, 'any').pose(1.3, PLACE, 1.2, PLACE).drawables[0].positions!.buffer);
    expect(run().equals(run())).toBe(true);
  });

  it('fits every recorded motion to a body with knees that bend backwards only', () => {
    const names = (['walk', 'run', 'stand', 'sit', 'act'] as const).flatMap((use) => assets.clips.names(use));
    expect(names).toHaveLength(98); // all but the T pose
    const skeleton = assets.rig.joints(assets.morpher.morph(new Map()));
    const pose = createPose();
    const inverse = new Float64Array(4);
    const shin = new Float64Array(3);
    for (const name of names) {
      const motion = assets.clips.motion(name)(skeleton);
      for (let i = 0; i < 5; i++) {
        motion.sample((i / 5) * motion.period, pose);
        for (const side of ['L', 'R'] as const) {
          const [thigh, bone] = [BONE[`thigh${side}`], BONE[`shin${side}`]];
          copy(inverse, 0, pose.rotations, thigh);
          for (let k = 0; k < 3; k++) inverse[k] *= -1;
          multiply(inverse, 0, inverse, 0, pose.rotations, bone);
          const [x, y, z] = skeleton.directions.subarray(3 * bone, 3 * bone + 3);
          rotate(shin, 0, inverse, 0, x, y, z);
          expect([name, i, side, shin[0] < 0.4 * Math.hypot(x, y, z)]).toEqual([name, i, side, true]);
        }
      }
    }
  });
});
