import { describe, expect, it, jest } from '@jest/globals';
import { expectSane, loadNano, painted } from './nano.js';
import type { Paint } from './nano.js';

jest.setTimeout(180_000); // on a busy machine; seconds otherwise

/** 40 people of 13 x 20 pixels in four rows: head, shirt and arms, trousers. */
const crowd = (step: number): Paint => (px, py, c) => {
  const [column, row] = [Math.floor(px / 16), Math.floor(py / 24)];
  const [x, y] = [(px % 16) - 8 + (((row + column + step) % 3) - 1), (py % 24) - 2];
  const skin = 205 - 40 * c;
  if (x * x + (y - 3) * (y - 3) < 7) return skin;
  if (y >= 5 && y < 13 && x > -4 && x < 4) return c === 0 ? (60 * column) % 256 : c === 1 ? (90 * row + 40) % 256 : 130;
  if (y >= 6 && y < 13 && x > -6 && x < 6) return skin;
  if (y >= 13 && y < 21 && x > -4 && x < 4 && x !== 0) return 40 + 10 * row;
  return 170 - (py >> 1) + ((px * 7 + py * 3) % 5);
};

describe('40 people in the picture', () => {
  it('give sane maps with distinct ids, frame after frame', async () => {
    const model = await loadNano();
    for (const i of [0, 1, 2]) {
      const p = await model.run(painted(i, crowd(i), { width: 160, height: 96 }), model.modalities, { stream: 1 });
      expectSane(p);
      expect(p.reset).toBe(i === 0 ? 'start' : undefined);
      const ids = p.skeleton!.people.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeLessThanOrEqual(200);
    }
    await model.close();
  });
});
