import { describe, expect, it } from '@jest/globals';
import { from, lastValueFrom, map, toArray } from 'rxjs';
import { movingThings } from '../../test/moving-things.js';
import { track } from './track.js';
import { Tracker } from './tracker.js';

describe('track', () => {
  it('is a tracker for each subscription and leaves its input as it was', async () => {
    const things = [{ label: 1, x: 4, y: 4, w: 8, h: 20, vx: 30 }, { label: 1, x: 30, y: 4, w: 8, h: 20 }];
    const perceptions = Array.from({ length: 5 }, (_, i) => movingThings(things, i).perception);
    const before = perceptions.map(({ segmentation }) => segmentation!.instances.slice());
    const ids$ = from(perceptions).pipe(track(), map(({ segmentation }) => [...new Set(segmentation!.instances)].sort()), toArray());
    const runs = [await lastValueFrom(ids$), await lastValueFrom(ids$)];
    expect(runs[0]).toEqual(Array.from({ length: 5 }, () => [0, 1, 2]));
    expect(runs[1]).toEqual(runs[0]);
    perceptions.forEach(({ segmentation }, i) => expect(segmentation!.instances).toEqual(before[i]));
  });

  it.each([
    [{ memory: -1 }, 'memory of -1', '0 to 3600'], [{ memory: NaN }, 'memory of NaN', '0 to 3600'], [{ memory: Infinity }, 'memory of Infinity', '0 to 3600'],
    [{ firstId: 0 }, 'id of 0', '1 to 65535'], [{ firstId: -3 }, 'id of -3', '1 to 65535'], [{ firstId: 1.5 }, 'id of 1.5', '1 to 65535'],
  ])('refuses %j at once', (options, message, hint) => {
    const refused = expect.objectContaining({ code: 'bad-argument', message: expect.stringContaining(message), hint: expect.stringContaining(hint) });
    expect(() => track(options)).toThrow(refused);
    expect(() => new Tracker(options)).toThrow(refused);
  });

  it('takes a memory of 0 and ids from the one after the last', () => {
    expect(() => new Tracker({ memory: 0, firstId: 65_536 })).not.toThrow();
  });
});
