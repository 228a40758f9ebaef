import { describe, expect, it } from '@jest/globals';
import { crowd, fortyPeople, type Crowd, type Figure } from '../../test/crowd.js';
import { decodeSkeleton } from './skeleton.js';

const codec = { type: 'centre-offset-pose', offsetScale: 32, centreThreshold: 0.25, jointThreshold: 0.1, voteRadius: 0.35, frontThreshold: 0.5, frontWeight: 1 } as const;
const decoded = (scene: Crowd, w: number) => decodeSkeleton(codec, [scene.output], { width: 4 * w });

/** Share of the true joints that some person, each used for one figure, has within `pixels`. */
function found(scene: Crowd, people: ReturnType<typeof decoded>['skeletons']['people'], figures: readonly Figure[], pixels: number): number[] {
  const free = new Set(people);
  return scene.joints.map((joints, f) => {
    const hits = [...free].map((person) => {
      const near = joints.map((joint, j) => joint && Math.hypot(person.keypoints[j].x - joint[0], person.keypoints[j].y - joint[1]) <= pixels && person.keypoints[j].score >= 0.1);
      return { person, hits: near.filter(Boolean).length };
    });
    const best = hits.sort((a, b) => b.hits - a.hits).at(0);
    if (!best || figures[f] === undefined) return 0;
    free.delete(best.person);
    return best.hits / Math.max(1, joints.filter(Boolean).length);
  });
}

describe('skeletons of crowds', () => {
  it('finds 40 people and their joints through noise, and whose each pixel is', () => {
    const [w, h] = [128, 96];
    const figures = fortyPeople(w, h);
    const scene = crowd(w, h, figures, 0.4);
    const { skeletons, owners } = decoded(scene, w);
    expect(skeletons.people).toHaveLength(40);
    const shares = found(scene, skeletons.people, figures, 1.5);
    expect(shares.reduce((a, b) => a + b) / 40).toBeGreaterThan(0.97);
    expect(Math.min(...shares)).toBeGreaterThan(0.8);
    // Pixels of one figure have one owner, another one for every figure.
    const votes = figures.map(() => new Map<number, number>());
    let people = 0;
    scene.mask.forEach((figure, i) => {
      if (figure === 0) return;
      people++;
      const owner = owners.at(i % w, Math.floor(i / w), w, h);
      votes[figure - 1].set(owner, (votes[figure - 1].get(owner) ?? 0) + 1);
    });
    const major = votes.map((counts) => [...counts].sort((a, b) => b[1] - a[1])[0]);
    expect(new Set(major.map(([owner]) => owner)).size).toBe(40);
    expect(major.reduce((sum, [, count]) => sum + count, 0) / people).toBeGreaterThan(0.98);
  });

  it('gives the hidden joints of a person behind another to the person behind', () => {
    const [w, h] = [48, 40];
    const figures = [{ x: 18, y: 4, height: 32 }, { x: 25, y: 5, height: 32 }];
    const scene = crowd(w, h, figures, 0.2);
    const { skeletons } = decoded(scene, w);
    expect(skeletons.people).toHaveLength(2);
    // The left arm of the one behind lies on the pixels of the one in front.
    const hidden = [7, 9].map((j) => scene.joints[0][j] as readonly [number, number]);
    for (const [x, y] of hidden) expect(scene.mask[Math.round(y) * w + Math.round(x)]).toBe(2);
    for (const share of found(scene, skeletons.people, figures, 1.5)) expect(share).toBeGreaterThan(0.9);
  });

  it('finds people cut by every border, with boxes inside the picture', () => {
    const [w, h] = [64, 48];
    const figures = [{ x: 0, y: 8, height: 30 }, { x: 63, y: 10, height: 30 }, { x: 20, y: -16, height: 32 }, { x: 42, y: 28, height: 40 }];
    const scene = crowd(w, h, figures, 0.2);
    const { skeletons } = decoded(scene, w);
    expect(skeletons.people).toHaveLength(4);
    for (const share of found(scene, skeletons.people, figures, 1.5)) expect(share).toBeGreaterThan(0.9);
    for (const { box: [x, y, bw, bh] } of skeletons.people) {
      expect(x).toBeGreaterThanOrEqual(0);
      expect(y).toBeGreaterThanOrEqual(0);
      expect(x + bw).toBeLessThanOrEqual(w);
      expect(y + bh).toBeLessThanOrEqual(h);
    }
  });

  it('takes a centre with a flat, noisy top for one person', () => {
    const [w, h] = [48, 40];
    const scene = crowd(w, h, [{ x: 20, y: 2, height: 36 }]);
    const centre = scene.output.data.subarray(17 * w * h, 18 * w * h);
    // Two maxima seven pixels apart on one plateau.
    for (let x = 17; x <= 24; x++) centre[20 * w + x] = 2;
    centre[20 * w + 17] = centre[20 * w + 24] = 2.2;
    expect(decoded(scene, w).skeletons.people).toHaveLength(1);
  });
});
