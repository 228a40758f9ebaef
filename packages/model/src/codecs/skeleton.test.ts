import { describe, expect, it } from '@jest/globals';
import { scaleSkeletons } from './scale-skeletons.js';
import { decodeSkeleton } from './skeleton.js';

const [W, H] = [16, 12];
const codec = { type: 'centre-offset-pose', offsetScale: 32, centreThreshold: 0.3, jointThreshold: 0.1, voteRadius: 0.15, frontThreshold: 0.5, frontWeight: 1 } as const;

/** Heat maps of people given by centre and joints; every pixel points to the nearest centre. Grid = 4 x map. */
function scene(people: { centre: [number, number]; joints: Record<number, [number, number]> }[]) {
  const n = W * H;
  const data = new Float32Array(20 * n).fill(0).fill(-8, 0, 18 * n);
  const bump = (channel: number, [px, py]: [number, number], height: number): void => {
    for (let i = 0; i < n; i++) {
      const d2 = ((i % W) - px) ** 2 + (Math.floor(i / W) - py) ** 2;
      data[channel * n + i] = Math.max(data[channel * n + i], height - d2);
    }
  };
  for (const person of people) {
    bump(17, person.centre, 3);
    for (const [joint, place] of Object.entries(person.joints)) bump(Number(joint), place, 2);
  }
  for (let i = 0; i < n; i++) {
    const [x, y] = [i % W, Math.floor(i / W)];
    const nearest = people.map((p) => p.centre).sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y))[0];
    if (!nearest) continue;
    data[18 * n + i] = ((nearest[0] - x) * 4) / 32;
    data[19 * n + i] = ((nearest[1] - y) * 4) / 32;
  }
  return { name: 'skeleton.skeleton', type: 'float32', data, dims: [1, 20, H, W] };
}

describe('centre-offset-pose', () => {
  it('groups joints by the centre their pixels point to, between pixels', () => {
    const output = scene([
      { centre: [4, 6], joints: { 0: [4.25, 2], 15: [3, 10] } },
      { centre: [12, 6], joints: { 0: [12, 3], 15: [11, 9.75] } },
    ]);
    const { skeletons, owners } = decodeSkeleton(codec, [output], { width: 4 * W });
    expect(skeletons).toMatchObject({ width: W, height: H });
    const people = [...skeletons.people].sort((a, b) => a.box[0] - b.box[0]);
    expect(people).toHaveLength(2);
    // The maps are parabolas of logits, not the Gaussians that the decoder takes for granted.
    expect(people[0]?.keypoints[0]?.x).toBeCloseTo(4.25, 1);
    expect(people[0]?.keypoints[0]?.y).toBeCloseTo(2, 1);
    expect(people[1]?.keypoints[15]?.x).toBeCloseTo(11, 1);
    expect(people[1]?.keypoints[15]?.y).toBeCloseTo(9.75, 1);
    expect(people[0]?.keypoints).toHaveLength(17);
    expect(people[0]?.keypoints[15]?.score).toBeGreaterThan(0.95);
    expect(people[0]?.keypoints[5]?.score).toBeLessThan(0.001);
    // Joints at (4.25, 2) and (3, 10), counted from edges (4.75, 2.5) and (3.5, 10.5); a tenth of 8 and half a pixel of margin.
    [2.2, 1.2, 3.85, 10.6].forEach((value, i) => expect(people[0]?.box[i]).toBeCloseTo(value, 1));
    // Twice the resolution: pixels (8, 12) and (24, 12) lie in the halves of the first and the second.
    expect(owners.at(8, 12, 2 * W, 2 * H)).toBe(people[0]?.id);
    expect(owners.at(24, 12, 2 * W, 2 * H)).toBe(people[1]?.id);
  });

  it('prefers a peak of the own area to the flank of a neighbour', () => {
    // The left person's weak joint at x=2; the right one's strong joint at 8.6 slopes over the border at x=8.
    const output = scene([
      { centre: [4, 6], joints: { 9: [2, 6] } },
      { centre: [12, 6], joints: { 9: [8.6, 6] } },
    ]);
    const left = decodeSkeleton(codec, [output], { width: 4 * W }).skeletons.people.find((p) => p.box[0] < 4);
    expect(left?.keypoints[9]?.x).toBeCloseTo(2);
  });

  it('puts the box evenly around the joints, also in pixels of another size', () => {
    const output = scene([{ centre: [8, 6], joints: { 5: [6, 6], 6: [10, 6] } }]);
    const { skeletons } = decodeSkeleton(codec, [output], { width: 4 * W });
    for (const [scale, { people: [{ box: [x, y, w, h], keypoints }] }] of [[1, skeletons], [10, scaleSkeletons(skeletons, { width: 10 * W, height: 10 * H })]] as const) {
      const [left, right] = [keypoints[5].x + 0.5, keypoints[6].x + 0.5];
      expect(left - x).toBeCloseTo(x + w - right, 6);
      expect(x + w / 2).toBeCloseTo(8.5 * scale, 1);
      expect(y + h / 2).toBeCloseTo(6.5 * scale, 1);
    }
  });

  it('gives people the sides that a second output says they are seen from', () => {
    const output = scene([
      { centre: [4, 6], joints: { 5: [6, 3], 6: [2, 3], 11: [6, 8], 12: [2, 8] } },
      { centre: [12, 6], joints: { 5: [14, 3], 6: [10, 3], 11: [14, 8], 12: [10, 8] } },
    ]);
    const front = { name: 'skeleton.front', type: 'float32', data: Float32Array.from({ length: W * H }, (_, i) => (i % W < 8 ? 2 : -2)), dims: [1, 1, H, W] };
    const people = [...decodeSkeleton(codec, [output, front], { width: 4 * W }).skeletons.people].sort((a, b) => a.box[0] - b.box[0]);
    expect(people.map(({ front: seen }) => Math.round(10 * seen!))).toEqual([9, 1]);
    expect(people.map(({ keypoints }) => Math.sign(keypoints[5].x - keypoints[6].x))).toEqual([1, -1]);
    expect(people.map(({ keypoints }) => Math.sign(keypoints[11].x - keypoints[12].x))).toEqual([1, -1]);
    expect(decodeSkeleton(codec, [output], { width: 4 * W }).skeletons.people.map((person) => 'front' in person)).toEqual([false, false]);
    expect(() => decodeSkeleton(codec, [output, { ...front, dims: [1, 1, W, H] }], { width: 4 * W })).toThrow(/skeleton\.front is float32 \[1, 1, 16, 12\], expected float32 \[1, 1, 12, 16\]/);
  });

  it('gives joints whose pairs come in order the names that a third output says', () => {
    const output = scene([
      { centre: [4, 6], joints: { 5: [6, 3], 6: [2, 3], 15: [5, 10], 16: [3, 10] } },
      { centre: [12, 6], joints: { 5: [14, 3], 6: [10, 3], 15: [13, 10], 16: [11, 10] } },
    ]);
    const front = { name: 'skeleton.front', type: 'float32', data: Float32Array.from({ length: W * H }, (_, i) => (i % W < 8 ? 2 : -2)), dims: [1, 1, H, W] };
    // Ankles say it more surely than the body, and are crossed.
    const data = Float32Array.from({ length: 8 * W * H }, (_, i) => (i < 7 * W * H ? 0 : i % W < 8 ? -5 : 5));
    const sides = { name: 'skeleton.sides', type: 'float32', data, dims: [1, 8, H, W] };
    const people = [...decodeSkeleton(codec, [output, front, sides], { width: 4 * W }).skeletons.people].sort((a, b) => a.box[0] - b.box[0]);
    expect(people.map(({ front: seen }) => Math.round(10 * seen!))).toEqual([9, 1]);
    expect(people.map(({ keypoints }) => Math.sign(keypoints[5].x - keypoints[6].x))).toEqual([1, -1]);
    expect(people.map(({ keypoints }) => Math.sign(keypoints[15].x - keypoints[16].x))).toEqual([-1, 1]);
    expect(() => decodeSkeleton(codec, [output, front, { ...sides, dims: [1, 4, 2 * H, W] }], { width: 4 * W })).toThrow(/skeleton\.sides is float32 \[1, 4, 24, 16\], expected float32 \[1, 8, 12, 16\]/);
  });

  it('finds nobody in an empty picture', () => {
    const { skeletons, owners } = decodeSkeleton(codec, [scene([])], { width: 4 * W });
    expect(skeletons.people).toEqual([]);
    expect(owners.at(3, 3, W, H)).toBe(0);
  });
});
