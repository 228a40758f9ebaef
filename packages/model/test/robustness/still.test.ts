import { describe, expect, it, jest } from '@jest/globals';
import type { Perception } from '@sextant/core';
import { expectSane, loadNano, painted, room } from './nano.js';

jest.setTimeout(180_000); // on a busy machine; seconds otherwise

describe('a camera that stands still', () => {
  it('sees no motion and the same depth in every frame', async () => {
    const model = await loadNano();
    const seen: Perception[] = [];
    for (let i = 0; i < 5; i++) seen.push(await model.run(painted(i, room()), model.modalities, { stream: 1 }));
    seen.forEach(expectSane);
    for (const [i, { flow, depth }] of seen.entries()) {
      if (i === 0) continue;
      const pixels = Array.from(flow!.pixels, Math.abs);
      expect(pixels.reduce((sum, v) => sum + v, 0) / pixels.length).toBeLessThan(0.25);
      const before = seen[i - 1].depth!.metres;
      const change = Array.from(depth!.metres, (z, k) => Math.abs(Math.log(z / before[k]))).filter((v) => !Number.isNaN(v));
      expect(change.reduce((sum, v) => sum + v, 0) / change.length).toBeLessThan(0.05);
    }
    await model.close();
  });
});
