import { describe, expect, it } from '@jest/globals';
import { MeanPoseFit, RowPriorFit, centredEllipse, constantDepth, constantLabels, gradientFit, meanPose, rowPriorDepth, zeroFlow } from './baselines.js';
import { scoreDepth } from './depth.js';
import { pck } from './skeleton.js';

describe('depth baselines', () => {
  it('constant depth is constant', () => {
    expect(Array.from(constantDepth(2, 2, 5))).toEqual([5, 5, 5, 5]);
  });

  it('the row prior gives back the geometric mean of each row and fills rows without truth', () => {
    const fit = new RowPriorFit(3);
    fit.add([1, 4, Number.NaN, 0, 9, 9], 2, 3);
    fit.add([2, 2, Number.NaN, 0, 9, 9], 2, 3);
    const depth = rowPriorDepth(fit.result()!, 1, 3);
    expect(depth[0]).toBeCloseTo(2, 6);
    expect(depth[1]).toBeCloseTo(2, 6); // empty: the first of its two neighbours
    expect(depth[2]).toBeCloseTo(9, 5);
    expect(new RowPriorFit().result()).toBeUndefined();
  });

  it('the row prior is linear in log depth between its rows, at any size', () => {
    const depth = rowPriorDepth({ logDepth: [0, Math.log(4)] }, 1, 4);
    // Rows lie at 0.25 and 0.75 of the height; targets at 0.125, 0.375, 0.625, 0.875.
    [1, Math.sqrt(2), 2 * Math.sqrt(2), 4].forEach((expected, y) => expect(depth[y]).toBeCloseTo(expected, 5));
    expect(Array.from(rowPriorDepth({ logDepth: [0] }, 1, 2))).toEqual([1, 1]);
  });

  it('the fitted gradient is exact for a vertical exponential, around holes', () => {
    const truth = Float32Array.from({ length: 12 }, (_, i) => 2 * 0.5 ** Math.floor(i / 3));
    truth[4] = Number.NaN;
    truth[11] = 0;
    expect(scoreDepth(gradientFit(truth, 3, 4), truth)!.absRel).toBeLessThan(1e-6);
    expect(gradientFit([4, 1], 2, 1)[0]).toBeCloseTo(2, 6); // one row: the geometric mean
    expect(gradientFit([0, 0], 1, 2)[0]).toBeNaN();
  });
});

describe('other baselines', () => {
  it('no motion, one class, and an ellipse of pi/4 of its box', () => {
    expect(Array.from(zeroFlow(2, 1))).toEqual([0, 0, 0, 0]);
    expect(Array.from(constantLabels(2, 1, 7))).toEqual([7, 7]);
    const ellipse = centredEllipse(200, 100, 1, [0.5, 0.8]);
    const share = ellipse.reduce((sum, id) => sum + id, 0) / ellipse.length;
    expect(share).toBeCloseTo((Math.PI / 4) * 0.4, 2);
    expect(ellipse[50 * 200 + 100]).toBe(1);
    expect(ellipse[0]).toBe(0);
  });

  it('the mean pose is the mean place in the box, put into another', () => {
    const fit = new MeanPoseFit();
    const joints = (x: number, y: number): { x: number; y: number; visible: 0 | 2 }[] =>
      Array.from({ length: 17 }, (_, j) => ({ x, y, visible: j === 0 ? 2 : 0 }));
    fit.add({ box: [0, 0, 10, 20], keypoints: joints(5, 2) }); // 0.5, 0.1
    fit.add({ box: [10, 10, 10, 10], keypoints: joints(11, 13) }); // 0.1, 0.3
    fit.add({ box: [0, 0, 0, 0], keypoints: joints(99, 99) }); // no box, not counted
    const pose = meanPose(fit.result(), [100, 100, 50, 100]);
    expect(pose.keypoints[0].x).toBeCloseTo(115, 9);
    expect(pose.keypoints[0].y).toBeCloseTo(120, 9);
    expect(pose.keypoints[1]).toEqual({ x: 125, y: 150, score: 1 });
    expect(pck(pose, { box: [100, 100, 50, 100], keypoints: [{ x: 115, y: 129, visible: 2 }] })).toEqual({ found: 1, labelled: 1 });
  });
});
