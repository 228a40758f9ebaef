import { describe, expect, it } from '@jest/globals';
import { records } from './stream.js';
import { createWorld } from './world.js';

describe('records', () => {
  it('writes the layout that training reads', () => {
    const failed: number[] = [];
    const list = [...records({ seedStart: 3, seedStep: 5, count: 2, sizes: [[40, 32], [48, 36]], frames: 2, frameStep: [1, 3], instants: 2, supersampling: 1 }, (seed) => failed.push(seed))];
    expect(failed).toEqual([]);
    expect(list).toHaveLength(4);
    expect(list.map((record) => parse(record).seed)).toEqual([3, 3, 8, 8]);
    for (const record of list) {
      const meta = parse(record);
      const pixels = meta.width * meta.height;
      const size = 8 + new DataView(record.buffer).getUint32(4, true) + meta.frames * pixels * (3 + 4 + 8 + 1 + 1 + 2 + 1 + 1 + 1);
      expect(record.byteLength).toBe(size);
      expect(String.fromCharCode(...record.subarray(0, 4))).toBe('SXW1');
      expect([40 * 32, 48 * 36]).toContain(pixels);
      expect(meta.people).toHaveLength(2);
      expect(meta.camToWorld.map((m) => m.length)).toEqual([16, 16]);
      expect(meta.frameStep).toBeGreaterThanOrEqual(1);
      expect(meta.frameStep).toBeLessThanOrEqual(3);
      expect(meta.caption).toMatch(/\.$/);
    }
  });

  it('goes beyond the last seed to none of those that are kept for evaluation', () => {
    const all = records({ seedStart: 2 ** 32 - 1, count: 2, sizes: [[40, 32]], supersampling: 1 }, (_, error) => { throw error; });
    expect(() => all.next()).toThrow(expect.objectContaining({ code: 'bad-argument', message: 'seeds go from 4294967295 to 4294967296, beyond the last one, 4294967295' }));
  });

  it('says in each record what its own first frame shows', () => {
    // Of seed 8, 160 instants after the start, other things are in view than at the start.
    const captions = [...records({ seedStart: 8, count: 1, sizes: [[40, 32]], frames: 1, instants: 3, supersampling: 1 }, (_, error) => { throw error; })].map(parse);
    const world = createWorld({ seed: 8, width: 40, height: 32, supersampling: 1 });
    for (const { caption, start } of captions) expect(caption).toBe(world.captionOf(world.render(start)));
    expect(captions.some(({ caption }) => caption !== world.caption)).toBe(true);
  });
});

interface Meta {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly frameStep: number;
  readonly start: number;
  readonly caption: string;
  readonly people: readonly unknown[];
  readonly camToWorld: readonly number[][];
}

function parse(record: Uint8Array): Meta {
  const length = new DataView(record.buffer).getUint32(4, true);
  return JSON.parse(new TextDecoder().decode(record.subarray(8, 8 + length))) as Meta;
}
