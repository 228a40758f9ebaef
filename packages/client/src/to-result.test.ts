import { expect, it } from '@jest/globals';
import type { Decoded } from './decoder/messages.js';
import { toResult } from './to-result.js';

const header = { stream: 1, kind: 'segmentation', key: true, stamp: 5n, sequence: 5, clip: 0, reference: 5, ready: 0n, modelMicros: 0, width: 1, height: 1 } as const;
const decoded = { header, payload: { kind: 'segmentation', width: 1, height: 1, table: 3, labels: Uint8Array.of(1) } } as unknown as Decoded;
const latency = { modelMs: 0, deliveryMs: 0, decodeMs: 0, totalMs: 0 };

it('calls masks what was asked for, whether or not their table came: frames would wait for them forever', () => {
  expect(toResult(decoded, latency, 1, { classes: [] }, true)).toMatchObject({ kind: 'referred', phrase: '', classes: [] });
  expect(toResult(decoded, latency, 1, { classes: [], phrase: 'a dog' }, true)).toMatchObject({ kind: 'referred', phrase: 'a dog' });
  expect(toResult(decoded, latency, 1, { classes: [] }, false)).toMatchObject({ kind: 'masks' });
});
