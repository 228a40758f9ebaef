import { describe, expect, it, jest } from '@jest/globals';
import { expectSane, loadNano, painted, room } from './nano.js';
import type { Paint } from './nano.js';

jest.setTimeout(60_000);

/** 40 people of 26 x 40 pixels in four rows: head, shirt and arms, trousers. */
const crowd = (step: number): Paint => (px, py, c) => {
  const [column, row] = [Math.floor(px / 32), Math.floor(py / 48)];
  const [x, y] = [(px % 32) - 16 + (((row + column + step) % 3) - 1), (py % 48) - 4];
  if (Math.hypot(x, y - 5) < 5) return [205, 160, 130][c];
  if (y >= 10 && y < 26 && Math.abs(x) < 8) return [(60 * column) % 256, (90 * row + 40) % 256, 130][c];
  if (y >= 12 && y < 26 && Math.abs(x) < 11) return [205, 160, 130][c];
  if (y >= 26 && y < 42 && Math.abs(x) < 8 && Math.abs(x) > 1) return [40, 45, 70 + 10 * row][c];
  return room(0, 320, 192)(px, py, c);
};

describe('40 people in the picture', () => {
  it('give sane maps in bounded time, frame after frame', async () => {
    const model = await loadNano();
    for (const i of [0, 1, 2]) {
      const p = await model.run(painted(i, crowd(i), { width: 320, height: 192 }), model.modalities, { stream: 1 });
      expectSane(p);
      expect(p.reset).toBe(i === 0 ? 'start' : undefined);
      const ids = p.skeleton!.people.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids.length).toBeLessThanOrEqual(200);
    }
    expect(model.health.lastTiming!.decodeMs).toBeLessThan(5000); // a blow-up of the association, not a busy machine
    await model.close();
  });
});
