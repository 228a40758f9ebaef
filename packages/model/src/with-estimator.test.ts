import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { fixture, frame } from '../test/helpers.js';
import { loadModel } from './load-model.js';
import type { Model } from './model.js';
import { withEstimator } from './with-estimator.js';

// Starting workers takes its time on a busy machine.
jest.setTimeout(30_000);

describe('withEstimator', () => {
  let model: Model;
  let both: Model;
  beforeAll(async () => {
    const load = (name: 'tiny-generator' | 'tiny-depth-estimator'): Promise<Model> => loadModel(fixture(name), { device: 'cpu', threads: 1, isolation: 'thread' });
    model = await load('tiny-generator');
    both = withEstimator(model, await load('tiny-depth-estimator'));
  });
  afterAll(() => both.close());
  const seen = frame(3, { grey: 120 });

  it('finds what a phrase names where all maps are the estimator\'s', async () => {
    const prompts = { segmentation: 'two dogs' };
    const { referred, depth, reset } = await both.run(seen, ['depth'], { prompts, stream: 1 });
    expect(referred).toEqual((await model.run(seen, ['segmentation'], { prompts })).referred);
    expect(referred).toMatchObject({ phrase: 'two dogs', asked: 2 });
    expect(depth!.metres[0]).toBeCloseTo(Math.sqrt(120 / 255 - 0.1), 5);
    expect(reset).toBe('start');
  });

  it('refuses a phrase that cannot be read', async () => {
    await expect(both.run(seen, ['depth'], { prompts: { segmentation: '...' } })).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('leaves the model alone where nothing is asked of it', async () => {
    const { resets } = model.health;
    await both.run(seen, ['depth'], { stream: 2 });
    expect(model.health.resets).toEqual(resets);
  });
});
