import { describe, expect, it } from '@jest/globals';
import { checkThresholds, inWords, judge, parseThresholds } from './thresholds.js';

const SCORES = { depth: { absRelScale: 0.25, delta1Scale: 0.6 }, segmentation: { mIoU: 0.5, pixelAccuracy: 0.9, personIoU: Number.NaN }, flow: { epe: 1 }, frames: 4 };

describe('parseThresholds', () => {
  it('takes the usual figure of a modality, or a named one', () => {
    expect(parseThresholds(['depth=.2', ' segmentation = 0.5 ', 'depth.delta1Scale=0.8'])).toEqual([
      { modality: 'depth', figure: 'absRelScale', bound: 0.2 }, { modality: 'segmentation', figure: 'mIoU', bound: 0.5 }, { modality: 'depth', figure: 'delta1Scale', bound: 0.8 },
    ]);
    expect(['flow=2', 'skeleton=.6', 'densepose=.5'].map((text) => parseThresholds([text])[0].figure)).toEqual(['epe', 'pck01', 'partAccuracy']);
    expect(parseThresholds(['densepose.bodyIoU=.5'])).toEqual([{ modality: 'densepose', figure: 'bodyIoU', bound: 0.5 }]);
  });

  it.each([
    [['deep=1'], 'the threshold "deep=1" is none'], [['depth'], 'is none'], [['depth='], 'is none'], [['depth=x'], 'the bound of depth absRelScale is x'], [['depth=-1'], 'is -1'],
    [['skeleton=60'], 'the bound of skeleton pck01 is 60'], [['depth.rmse=1'], 'depth has no figure "rmse"'], [['depth=.1', 'depth.absRelScale=.2'], 'bounded twice'],
  ])('refuses %j', (texts, message) => {
    expect(() => parseThresholds(texts)).toThrow(expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(message) }));
  });
});

describe('judge', () => {
  it('fails errors above and shares below their bounds, not on them', () => {
    expect(judge(SCORES, parseThresholds(['depth=0.25', 'segmentation=0.5', 'flow=1']))).toEqual({ accepted: true, failed: [], unjudged: [] });
    const { accepted, failed } = judge(SCORES, parseThresholds(['depth=0.2', 'depth.delta1Scale=0.7', 'segmentation=0.4']));
    expect(accepted).toBe(false);
    expect(failed.map(inWords)).toEqual(['depth absRelScale is 0.250, 0.2 is the most', 'depth delta1Scale is 0.600, 0.7 is the least']);
  });

  it('does not judge what could not be compared', () => {
    expect(judge(SCORES, parseThresholds(['skeleton=0.6', 'segmentation.personIoU=0.5']))).toEqual({ accepted: true, failed: [], unjudged: ['skeleton', 'segmentation'] });
  });
});

it('checkThresholds refuses a bound on what the clip has not', () => {
  expect(() => checkThresholds(parseThresholds(['flow=1']), ['depth'])).toThrow(expect.objectContaining({ code: 'bad-argument', message: 'there is a threshold on flow, which is not compared' }));
  expect(() => checkThresholds(parseThresholds(['flow=1']), ['depth', 'flow'])).not.toThrow();
});
