import { describe, expect, it } from '@jest/globals';
import type { Settings } from './settings.js';
import { shownLayers, wanted } from './wanted.js';

const ALL = ['rgb', 'depth', 'flow', 'segmentation', 'skeleton', 'densepose'] as const;
const settings: Settings = {
  view: 'overlay',
  on: { picture: true, depth: false, flow: false, masks: true, referred: true, densePose: false, skeletons: false },
  opacity: { picture: 1, depth: 1, flow: 1, masks: 1, referred: 1, densePose: 1, skeletons: 1 },
  size: 0, rate: 0, colorBy: 'class', hidden: [], cloudColor: 'picture', fieldOfView: 60, theme: 'auto',
};
const nothing = { picture: false, depth: false, flow: false, masks: false, referred: false, densePose: false, skeletons: false };

describe('wanted', () => {
  it('asks for what is switched on and nothing else', () => {
    expect(wanted(settings, ALL)).toEqual({ picture: {}, masks: {} });
    expect(wanted({ ...settings, on: nothing }, ALL)).toBeUndefined();
  });

  it('asks for what is looked for by name once something is', () => {
    expect(wanted(settings, ALL, true)).toEqual({ picture: {}, masks: {}, referred: {} });
    expect(wanted(settings, ['rgb'], true)).toEqual({ picture: {} });
  });

  it('passes size and rate on', () => {
    expect(wanted({ ...settings, size: 320, rate: 5 }, ALL)).toEqual({ picture: { maxWidth: 320, maxHeight: 320 }, masks: { maxWidth: 320, maxHeight: 320 }, rate: 5 });
  });

  it('asks for nothing that the server does not offer', () => {
    expect(wanted(settings, ['rgb'])).toEqual({ picture: {} });
    expect(wanted(settings, ['depth'])).toBeUndefined();
  });

  it('makes the cloud of depth, whatever is switched on', () => {
    expect(wanted({ ...settings, view: 'cloud', on: nothing }, ALL)).toEqual({ picture: {}, depth: {} });
    expect(shownLayers({ ...settings, view: 'cloud', cloudColor: 'masks' })).toEqual(['picture', 'depth', 'masks']);
  });

  it('gives a skeleton by itself the picture behind it', () => {
    expect(wanted({ ...settings, view: 'grid', on: { ...nothing, skeletons: true } }, ALL)).toEqual({ skeletons: {}, picture: {} });
  });
});
