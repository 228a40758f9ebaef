import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Perception } from '@sextant/core';
import type { WorkerModel } from '../../src/model.js';
import { expectSane, loadNano, meadow, painted, room } from './nano.js';

jest.setTimeout(180_000); // on a busy machine; seconds otherwise

describe('frames in time', () => {
  let model: WorkerModel;
  beforeAll(async () => {
    model = await loadNano();
  });
  afterAll(() => model.close());

  it.each([[5, 6], [120, 0.25]])('at %d Hz are one stream', async (hz, step) => {
    const seen: Perception[] = [];
    for (let i = 0; i < 4; i++) seen.push(await model.run(painted(i, room(i * step), { stamp: BigInt(Math.round((i * 1e9) / hz)) }), model.modalities, { stream: hz }));
    seen.forEach(expectSane);
    expect(seen.map((p) => p.reset)).toEqual(['start', undefined, undefined, undefined]);
    expect(seen.map((p) => p.flow !== undefined)).toEqual([false, true, true, true]);
    expect(seen.slice(1).map((p) => p.flow!.since)).toEqual(seen.slice(0, 3).map((p) => p.frame.stamp));
  });

  it('with a cut in every one are estimated each for itself', async () => {
    const before = model.health.resets.cut ?? 0;
    const alone = await model.run(painted(9, room()), ['depth']);
    const seen: Perception[] = [];
    for (let i = 0; i < 5; i++) seen.push(await model.run(painted(i, i % 2 === 0 ? room() : meadow), model.modalities, { stream: 'cuts' }));
    seen.forEach(expectSane);
    expect(seen.map((p) => p.reset)).toEqual(['start', 'cut', 'cut', 'cut', 'cut']);
    expect(seen.every((p) => p.flow === undefined)).toBe(true);
    expect((model.health.resets.cut ?? 0) - before).toBe(4);
    const again = await model.run(painted(5, meadow), ['depth'], { stream: 'cuts' });
    expect(again.reset).toBe('cut');
    // Nothing of the meadow is left in the room's depth.
    const last = await model.run(painted(6, room()), ['depth'], { stream: 'cuts' });
    expect(last.depth!.metres).toEqual(alone.depth!.metres);
  });
});
