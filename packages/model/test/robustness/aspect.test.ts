import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { WorkerModel } from '../../src/model.js';
import { expectSane, loadNano, painted, room } from './nano.js';

jest.setTimeout(180_000); // on a busy machine; seconds otherwise

describe('pictures of unusual shape', () => {
  let model: WorkerModel;
  beforeAll(async () => {
    model = await loadNano();
  });
  afterAll(() => model.close());

  it.each([['portrait', 96, 320], ['panoramic', 720, 100], ['one row of', 200, 1], ['one pixel of', 1, 1]])('%s %ix%i gives sane maps of its orientation', async (_, width, height) => {
    for (const i of [0, 1]) {
      const p = await model.run(painted(i, room(i, width, height), { width, height }), model.modalities, { stream: `${width}x${height}` });
      expectSane(p);
      expect(Math.sign(p.depth!.width - p.depth!.height)).toBe(Math.sign(width - height));
      expect(p.flow === undefined).toBe(i === 0);
    }
  });
});
