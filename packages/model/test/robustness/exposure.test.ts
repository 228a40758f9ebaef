import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkerModel } from '../../src/model.js';
import { expectSane, loadNano, meanConfidence, painted, room } from './nano.js';
import type { Paint } from './nano.js';

jest.setTimeout(180_000); // on a busy machine; seconds otherwise

describe('a picture with nothing in it', () => {
  let model: WorkerModel;
  let ordinary: number;
  beforeAll(async () => {
    model = await loadNano();
    const { depth } = await model.run(painted(0, room()), ['depth']);
    ordinary = meanConfidence(depth!);
  });
  afterAll(() => model.close());

  it.each<[string, Paint]>([
    ['a lens cap', () => 0], ['a noisy lens cap', (x, y) => (x * 7919 + y * 31) % 9], ['a lens cap whose noise is amplified', (x, y) => 12 + ((7 * x + 11 * y) % 19)],
    ['overexposure', () => 255], ['overexposure of a camera whose white is 240', () => 240], ['a blue screen without signal', (_x, _y, c) => (c === 2 ? 255 : 0)],
  ])('%s lowers every confidence', async (_, paint) => {
    const before = await model.run(painted(0, paint), model.modalities, { stream: 1 });
    const after = await model.run(painted(1, paint), model.modalities, { stream: 1 });
    for (const p of [before, after]) {
      expectSane(p);
      expect(meanConfidence(p.depth!)).toBeLessThan(0.5 * ordinary);
      expect(meanConfidence(p.segmentation!)).toBeLessThan(0.1);
    }
    expect(meanConfidence(after.flow!)).toBeLessThan(0.1);
    model.forget(1);
  });

  it('is no cut, and flow out of the dark is not believed', async () => {
    const pictures: Paint[] = [room(), () => 0, room(1)];
    const seen = [];
    for (const [i, paint] of pictures.entries()) seen.push(await model.run(painted(i, paint), ['flow'], { stream: 2 }));
    expect(seen.map((p) => p.reset)).toEqual(['start', undefined, undefined]);
    expect(meanConfidence(seen[2].flow!)).toBeLessThan(0.1);
  });
});

describe('a monochrome camera', () => {
  it('is one stream of sane maps (what it sees: test/e2e/odd-cameras)', async () => {
    const model = await loadNano();
    const grey = (shift: number): Paint => (x, y) => room(shift)(x, y, 1); // mono8 repeated in all channels
    for (const i of [0, 1, 2]) {
      const p = await model.run(painted(i, grey(i)), model.modalities, { stream: 1 });
      expectSane(p);
      expect(p.reset).toBe(i === 0 ? 'start' : undefined);
      expect(meanConfidence(p.depth!)).toBeGreaterThan(0);
    }
    await model.close();
  });
});
