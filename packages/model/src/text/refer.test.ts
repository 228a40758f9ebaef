import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { of } from 'rxjs';
import { lastValueFrom } from 'rxjs';
import { fixture, frame } from '../../test/helpers.js';
import { decodeReferred } from '../codecs/referred.js';
import { estimate } from '../estimate.js';
import { loadModel } from '../load-model.js';
import type { WorkerModel } from '../model.js';

jest.setTimeout(60_000);

describe('a phrase', () => {
  let model: WorkerModel;
  beforeAll(async () => {
    model = await loadModel(fixture('tiny-generator'), { device: 'cpu', threads: 1, isolation: 'thread' });
  });
  afterAll(() => model.close());

  it('is read whole, with its number', async () => {
    expect(await model.phraseOf('Segmentation of two dogs')).toMatchObject({ words: ['segmentation', 'of', 'two', 'dogs'], asked: 2, replaced: [] });
    expect(await model.phraseOf('2 dogs')).toMatchObject({ words: ['segmentation', 'of', 'two', 'dogs'], asked: 2 });
    expect((await model.phraseOf('the puppy')).replaced).toEqual([{ word: 'puppy', by: 'dog', likeness: expect.any(Number) }]);
    expect((await model.phraseOf('mask of the dog')).asked).toBeUndefined();
    await expect(model.phraseOf('a quark')).rejects.toMatchObject({ code: 'bad-argument', message: expect.stringContaining('the phrase says "quark"') });
    await expect(model.phraseOf(' ! ')).rejects.toThrow('the phrase is empty');
  });

  it('is found beside the modalities, and changes nothing of them', async () => {
    const plain = await model.run(frame(3), ['depth', 'segmentation'], {});
    const found = await model.run(frame(3), ['depth', 'segmentation'], { prompts: { segmentation: 'two dogs' } });
    expect(found.referred).toMatchObject({ phrase: 'two dogs', asked: 2, count: expect.any(Number) });
    expect(found.referred!.probability).toHaveLength(found.referred!.width * found.referred!.height);
    expect(found.depth).toEqual(plain.depth);
    expect(found.segmentation).toEqual(plain.segmentation);
    expect(plain.referred).toBeUndefined();
    const other = await model.run(frame(3), ['depth'], { prompts: { segmentation: 'the red kitchen' } });
    expect(other.referred!.probability).not.toEqual(found.referred!.probability);
    const streamed = await lastValueFrom(of(frame(3)).pipe(estimate(model, ['depth'], { prompts: { segmentation: 'two dogs' } })));
    expect(streamed.referred!.probability).toEqual(found.referred!.probability);
  });

  it('is refused by a model that finds nothing by name', async () => {
    const other = await loadModel(fixture('tiny-unified'), { device: 'cpu', threads: 1, isolation: 'thread' });
    await expect(other.run(frame(0), ['depth'], { prompts: { segmentation: 'dogs' } })).rejects.toMatchObject({ code: 'unsupported' });
    await other.close();
  });
});

describe('decodeReferred', () => {
  it('numbers regions by size and passes over specks', () => {
    const [w, h] = [10, 6];
    const data = new Float32Array(w * h);
    const fill = (x0: number, x1: number, y0: number, y1: number): void => {
      for (let y = y0; y < y1; y++) for (let x = x0; x < x1; x++) data[y * w + x] = 0.9;
    };
    fill(0, 4, 0, 3); // 12 pixels
    fill(5, 10, 0, 4); // 20
    fill(0, 2, 5, 6); // 2
    const { regions, count, width, height } = decodeReferred({ name: 'x', type: 'float32', data, dims: [1, 1, h, w] });
    expect([width, height, count]).toEqual([w, h, 2]);
    expect([regions[0], regions[6], regions[5 * w]]).toEqual([2, 1, 0]);
  });
});
