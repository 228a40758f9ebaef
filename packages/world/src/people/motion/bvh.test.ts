import { describe, expect, it } from '@jest/globals';
import { BONE, BONE_COUNT } from '../body/bones.js';
import { parseBvh } from './bvh.js';
import { createClip } from './clip.js';

const TEXT = `HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation
  JOINT LowerBack
  {
    OFFSET 0 10 0
    CHANNELS 3 Zrotation Yrotation Xrotation
    End Site
    {
      OFFSET 0 5 0
    }
  }
  JOINT LeftUpLeg
  {
    OFFSET 8 -2 0
    CHANNELS 3 Zrotation Yrotation Xrotation
    JOINT LeftLeg
    {
      OFFSET 0 -40 0
      CHANNELS 3 Zrotation Yrotation Xrotation
      End Site
      {
        OFFSET 0 -42 0
      }
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.04
0 90 0 0 0 0 0 0 0 0 0 0 0 0 0
1 91 30 0 90 0 0 0 0 0 0 -90 0 0 0
`;

describe('parseBvh', () => {
  it('reads joints, offsets, channels and frames', () => {
    const bvh = parseBvh(TEXT);
    expect(bvh.joints.map(({ name, parent }) => [name, parent])).toEqual([['Hips', -1], ['LowerBack', 0], ['LeftUpLeg', 0], ['LeftLeg', 2]]);
    expect(bvh.joints[3].offset).toEqual([0, -40, 0]);
    expect(bvh.joints[3].endSite).toEqual([0, -42, 0]);
    expect([bvh.frameCount, bvh.frameTime, bvh.channelCount]).toEqual([2, 0.04, 15]);
    expect(bvh.values[15 + 2]).toBe(30);
  });

  it('names the file and what was found in a damaged one', () => {
    expect(() => parseBvh(TEXT.replace('-42', 'oops'), 'x.bvh')).toThrow(/x\.bvh.*"oops"/);
    expect(() => parseBvh('hello', 'x.bvh')).toThrow(/HIERARCHY.*"hello"/);
    expect(() => parseBvh(TEXT.slice(0, 200), 'x.bvh')).toThrow(/x\.bvh/);
  });
});

describe('createClip', () => {
  const clip = createClip('x', parseBvh(TEXT), 'y-up', false);
  const quaternion = (frame: number, bone: number): number[] => [...clip.rotations.subarray(4 * (BONE_COUNT * frame + bone), 4 * (BONE_COUNT * frame + bone) + 4)];

  it('turns axes: up becomes z, the faced direction x, left y', () => {
    expect([...clip.roots.subarray(3, 6)]).toEqual([30, 1, 91]);
    const [x, y, z, w] = quaternion(1, BONE.pelvis);
    const half = Math.SQRT1_2;
    [0, 0, half, half].forEach((value, k) => expect([x, y, z, w][k]).toBeCloseTo(value, 12));
    clip.restDirections[BONE.thighL]!.forEach((value, k) => expect(value).toBeCloseTo([0, 0, -40][k], 12));
  });

  it('composes world rotations down the chain, and lets missing bones follow their parent', () => {
    // Hips turn left by 90 degrees, the thigh then about the source's x (left) by -90: forward and up.
    const [x, y, z, w] = quaternion(1, BONE.thighL);
    [0.5, -0.5, 0.5, 0.5].forEach((value, k) => expect([x, y, z, w][k]).toBeCloseTo(value, 12));
    expect(quaternion(1, BONE.head)).toEqual(quaternion(1, BONE.spine));
  });

  it('measures the legs, to scale the path', () => {
    expect(clip.legLength).toBeCloseTo(82, 6);
  });
});
