import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { of } from 'rxjs';
import { lastValueFrom } from 'rxjs';
import { fixture, frame } from '../../test/helpers.js';
import { decodeGroup, decodeReferred, type FoundMap } from '../codecs/referred.js';
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

  it('is read with its colours, which the network is not told', async () => {
    expect(await model.phraseOf('mask of the red dog')).toMatchObject({ words: ['mask', 'of', 'dog'], colours: ['red'] });
    expect(await model.phraseOf('two Gray violet dogs')).toMatchObject({ asked: 2, colours: ['grey', 'purple'], replaced: [] });
    expect(await model.phraseOf('the white objects')).toMatchObject({ colours: ['white'], group: { name: 'objects' } });
    expect((await model.phraseOf('dogs')).colours).toBeUndefined();
    await expect(model.phraseOf('the red')).rejects.toMatchObject({ code: 'bad-argument', message: 'the phrase "the red" names nothing' });
  });

  it('with a colour finds of what it finds without one the regions of that colour, and no phrase about another', async () => {
    const picture = frame(3);
    const rgb = picture.rgb.map((_, i) => (i % 3 === 0 ? 190 : 40));
    const found = async (phrase: string) => (await model.run({ ...picture, rgb }, ['depth'], { prompts: { segmentation: phrase } })).referred!;
    const [any, red, green] = [await found('the objects'), await found('the red objects'), await found('the green objects')];
    expect(any.count).toBeGreaterThan(0);
    expect(red).toEqual({ ...any, phrase: 'the red objects' });
    expect(green).toMatchObject({ phrase: 'the green objects', count: 0 });
    expect(green.regions.some((region) => region > 0)).toBe(false);
  });

  it('about a group is read with its classes, and one that names nothing is refused', async () => {
    const things = model.classes.filter(({ thing, name }) => thing && name !== 'person').map(({ id }) => id);
    expect(things).not.toEqual([]);
    expect(await model.phraseOf('segmentation of two objects')).toEqual({ ids: [], words: ['segmentation', 'of', 'two', 'objects'], replaced: [], cut: [], asked: 2, group: { name: 'objects', classes: things } });
    for (const phrase of ['segmentation of the two', 'a mask', 'all of the 3']) await expect(model.phraseOf(phrase)).rejects.toMatchObject({ code: 'bad-argument', message: `the phrase "${phrase}" names nothing` });
    expect(await model.phraseOf('the objects and the person')).toMatchObject({ group: { name: 'objects and person', classes: [...things, model.classes.find(({ name }) => name === 'person')!.id].sort((a, b) => a - b) } });
    await expect(model.phraseOf('depth map')).rejects.toMatchObject({ code: 'bad-argument', message: 'the phrase "depth map" names a modality, not a thing' });
  });

  it('about a group finds what segmentation takes for one of it, and changes nothing', async () => {
    const plain = await model.run(frame(3), ['depth', 'segmentation'], {});
    const { group } = await model.phraseOf('objects');
    for (const modalities of [['depth', 'segmentation'], ['depth']] as const) {
      const { referred, ...rest } = await model.run(frame(3), modalities, { prompts: { segmentation: 'objects' } });
      expect(referred).toMatchObject({ phrase: 'objects', width: plain.segmentation!.width });
      expect(rest.depth).toEqual(modalities.length === 2 ? plain.depth : (await model.run(frame(3), ['depth'], {})).depth);
      const wanted = new Set(group!.classes);
      if (rest.segmentation) expect(rest.segmentation).toEqual(plain.segmentation);
      const alone = await model.run(frame(3), ['segmentation'], {});
      expect(Array.from(referred!.probability, (p) => p >= referred!.threshold)).toEqual(Array.from(alone.segmentation!.labels, (label) => wanted.has(label)));
    }
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

  it('does not let a later frame without one get ahead, nor does one that cannot be read', async () => {
    const fresh = await loadModel(fixture('tiny-generator'), { device: 'cpu', threads: 1, isolation: 'thread' }); // whose words are not read yet
    const phrases = ['two dogs', undefined, 'a quark', undefined, 'the puppy', undefined];
    const runs = phrases.map((segmentation, i) =>
      fresh.run({ ...frame(3), stamp: BigInt(i) * 33_000_000n }, ['depth'], { stream: 's', ...(segmentation !== undefined && { prompts: { segmentation } }) }).then(
        ({ reset, referred }) => reset ?? referred?.phrase ?? 'goes on',
        (error: unknown) => (error as Error).message.split(',')[0],
      ));
    expect(await Promise.all(runs)).toEqual(['start', 'goes on', expect.stringContaining('quark'), 'goes on', 'the puppy', 'goes on']);
    await fresh.close();
  });

  it('is refused by a model that finds nothing by name', async () => {
    const other = await loadModel(fixture('tiny-unified'), { device: 'cpu', threads: 1, isolation: 'thread' });
    await expect(other.run(frame(0), ['depth'], { prompts: { segmentation: 'dogs' } })).rejects.toMatchObject({ code: 'unsupported' });
    await other.close();
  });
});

describe('decodeReferred', () => {
  const SMALL = [10, 6] as const;

  it('of a group: each region is of one class, and as probable as the class seen there', () => {
    const labels = Uint8Array.from({ length: 60 }, (_, i) => (i % 10 < 4 ? 2 : i % 10 < 7 ? 3 : 1));
    const found = decodeGroup({ width: 10, height: 6, labels, instances: new Uint16Array(60), confidence: new Float32Array(60).fill(0.4) }, [2, 3]);
    expect(found.count).toBe(2);
    expect([found.regions[0], found.regions[5], found.regions[9]]).toEqual([1, 2, 0]);
    expect(found.probability[0]).toBeCloseTo(0.4);
    expect(found.probability[9]).toBe(0);
    expect(found.threshold).toBeCloseTo(0.4);
    expect(decodeGroup({ width: 10, height: 6, labels, instances: new Uint16Array(60) }, [7])).toMatchObject({ count: 0, threshold: 0.5 });
  });

  /** Rectangles [x0, x1, y0, y1, probability] on a ground. */
  const decoded = ([w, h]: readonly [number, number], ground: number, ...parts: readonly (readonly [number, number, number, number, number])[]): FoundMap => {
    const data = new Float32Array(w * h).fill(ground);
    for (const [x0, x1, y0, y1, p] of parts) for (let y = y0; y < y1; y++) data.fill(p, y * w + x0, y * w + x1);
    return decodeReferred({ name: 'x', type: 'float32', data, dims: [1, 1, h, w] });
  };

  it('numbers regions by size and passes over specks', () => {
    const { regions, count, width, height } = decoded(SMALL, 0, [0, 4, 0, 3, 0.9], [5, 10, 0, 4, 0.9], [0, 2, 5, 6, 0.9]); // 12, 20 and 2 pixels
    expect([width, height, count]).toEqual([10, 6, 2]);
    expect([regions[0], regions[6], regions[50]]).toEqual([2, 1, 0]);
  });

  it('finds what is doubtful where nothing is sure, and not beside what is', () => {
    const doubtful = [0, 4, 0, 3, 0.35] as const;
    const alone = decoded(SMALL, 0, doubtful);
    expect([alone.count, alone.regions[0]]).toEqual([1, 1]);
    expect(alone.threshold).toBeCloseTo(0.35 / 1.35, 5);
    const beside = decoded(SMALL, 0, doubtful, [5, 10, 0, 6, 0.95]);
    expect([beside.count, beside.regions[0], beside.regions[6]]).toEqual([1, 0, 1]);
    expect(beside.threshold).toBeGreaterThan(0.35);
  });

  it('finds nothing where too little is to be expected, but what is likelier there than not', () => {
    expect(decoded(SMALL, 0, [0, 4, 0, 3, 0.19])).toMatchObject({ count: 0, threshold: 0.5 });
    expect(decoded(SMALL, 0, [0, 4, 0, 3, 0.21])).toMatchObject({ count: 1 });
    // 12 of a sure thing far away, in the haze of a large picture: 10.8 / (12 + 1588 * 0.04) is little, and still it is there.
    expect(decoded([40, 40], 0.04, [0, 4, 0, 3, 0.9])).toMatchObject({ count: 1, threshold: 0.5 });
    expect(decoded(SMALL, 0, [0, 4, 0, 3, 0])).toMatchObject({ count: 0, threshold: 0.5 });
  });
});
