import { describe, expect, it } from '@jest/globals';
import { readManifest } from './manifest/read.js';
import { TASKS, noiseTensor, promptIds, promptTensor, requireTask, selectTensor, startTime, timeTensor } from './tasks.js';
import { fixture } from '../test/helpers.js';

describe('the task table', () => {
  it('is the one of the paper', () => {
    expect(TASKS).toEqual({
      estimate: { rgb: 'clean', modality: 'noised' },
      generate: { rgb: 'noised', modality: 'clean' },
      joint: { rgb: 'noised', modality: 'noised' },
    });
    expect([startTime('clean'), startTime('noised')]).toEqual([0, 1]);
  });

  it('gives the inputs of estimation', () => {
    expect(timeTensor('estimate')).toEqual({ type: 'float32', data: Float32Array.of(1), dims: [1] });
    expect(timeTensor('generate').data).toEqual(Float32Array.of(0));
    const noise = noiseTensor(64, 96, 4);
    expect(noise.dims).toEqual([1, 15, 16, 24]);
    expect(noise.data).toEqual(new Float32Array(15 * 16 * 24));
    expect(selectTensor(new Set(['flow', 'densepose']))).toEqual({ type: 'float32', data: Float32Array.of(0, 1, 0, 0, 1), dims: [1, 5] });
  });
});

describe('prompts', () => {
  const text = { vocabulary: ['<pad>', 'body', 'depth', 'map'], promptLength: 2 };
  it('are word ids', () => {
    expect(promptIds('Depth map.', text)).toEqual({ ids: [2, 3] });
    expect(promptIds('depth chart', text)).toEqual({ ids: [2], unknown: 'chart' });
    expect(promptIds('depth map body', text)).toEqual({ ids: [2, 3], unknown: 'body' });
  });

  it('are given for the selected modalities only', async () => {
    const manifest = await readManifest(fixture('tiny-unified'));
    const { data, dims } = promptTensor(manifest, new Set(['depth', 'densepose']));
    const id = (word: string) => BigInt(manifest.text?.vocabulary.indexOf(word) ?? -1);
    expect(dims).toEqual([1, 5, 4]);
    expect([...data].slice(0, 4)).toEqual([id('depth'), id('map'), 0n, 0n]);
    expect([...data].slice(4, 16)).toEqual(new Array(12).fill(0n));
    expect([...data].slice(16)).toEqual([id('body'), id('surface'), 0n, 0n]);
  });
});

describe('requireTask', () => {
  it('refuses what the manifest does not offer, naming what it does', async () => {
    const manifest = await readManifest(fixture('tiny-unified'));
    expect(requireTask(manifest, 'estimate')).toEqual({ available: true, sampler: { type: 'one-step' } });
    for (const task of ['generate', 'joint'] as const) {
      expect(() => requireTask(manifest, task)).toThrow(expect.objectContaining({ code: 'unsupported', hint: 'Its tasks: estimate.' }));
    }
    const euler = { ...manifest, tasks: { ...manifest.tasks!, estimate: { available: true, sampler: { type: 'euler' as const, steps: 20, shift: 5, timeScale: 1000, predicts: 'velocity' as const, block: 1, continueAt: 1 } } } };
    expect(() => requireTask(euler, 'estimate')).toThrow('wants the "euler" sampler');
    const estimator = await readManifest(fixture('tiny-depth-estimator'));
    expect(() => requireTask(estimator, 'generate')).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });
});
