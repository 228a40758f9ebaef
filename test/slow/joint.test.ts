import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { lastValueFrom } from 'rxjs';
import { joint, loadModel } from '@sextant/model';
import type { WorkerModel } from '@sextant/model';

jest.setTimeout(120_000);

describe('joint generation of models/nano', () => {
  let model: WorkerModel;
  beforeAll(async () => {
    model = await loadModel(fileURLToPath(new URL('../../models/nano', import.meta.url)), { device: 'cpu', isolation: 'thread' });
  });
  afterAll(() => model.close());
  const peopleOf = async (prompt: string, seed: number): Promise<number> => {
    const { maps } = await lastValueFrom(joint(model, { frames: 1, modalities: ['skeleton'], prompt, seed }));
    return maps.skeleton!.people.filter(({ keypoints }) => keypoints.filter(({ score }) => score > 0.3).length >= 4).length;
  };

  it.each([1, 3])('puts people where the sentence has some, and none on a road (seed %i)', async (seed) => {
    expect(await peopleOf('two persons stand in a living room', seed)).toBeGreaterThan(0);
    expect(await peopleOf('a country road on a sunny day with several trees', seed)).toBe(0);
  });

  it('shows the sky above the ground outdoors, in the picture and in its depth', async () => {
    const { maps, frame } = await lastValueFrom(joint(model, { frames: 1, modalities: ['depth'], prompt: 'a country road on a sunny day with several trees', seed: 1 }));
    const { width, height, rgb } = frame;
    const { metres } = maps.depth!;
    const half = (width * height) / 2;
    const shareOfSky = (from: number): number => metres.subarray(from, from + half).filter(Number.isNaN).length / half;
    expect(shareOfSky(0)).toBeGreaterThan(shareOfSky(half) + 0.3);
    const brightness = (from: number): number => rgb.subarray(3 * from, 3 * (from + half)).reduce((a, b) => a + b, 0) / (3 * half);
    expect(brightness(0)).toBeGreaterThan(brightness(half) + 20);
  });
});
