import { describe, expect, it } from '@jest/globals';
import type { DataPayload } from '@sextant/core';
import { IdKeys } from './id-keys.js';

const ids = (label: number): DataPayload => ({ kind: 'segmentation', width: 2, height: 1, table: 0, labels: Uint8Array.of(label, 0) });

describe('IdKeys', () => {
  it('finds the key of the clip that the frame is of, where an older frame was encoded last', () => {
    const keys = new IdKeys();
    keys.add({ clip: 1, sequence: 3 }, ids(1), 100);
    keys.clear();
    keys.add({ clip: 1, sequence: 3 }, ids(1), 100); // it waited for a slow client
    keys.add({ clip: 2, sequence: 3 }, ids(2), 100);
    expect(keys.find({ clip: 2, sequence: 3 }, ids(5), { clip: 2, sequence: 4 })?.payload).toEqual(ids(2));
    expect(keys.find({ clip: 1, sequence: 3 }, ids(5), { clip: 2, sequence: 4 })).toBeUndefined();
  });
});
