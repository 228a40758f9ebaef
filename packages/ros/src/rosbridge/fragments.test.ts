import { describe, expect, it } from '@jest/globals';
import { FragmentBuffer } from './fragments.js';

describe('FragmentBuffer', () => {
  it('puts pieces together in whatever order they come', () => {
    const buffer = new FragmentBuffer(() => 0);
    expect(buffer.add({ id: 'a', data: 'c', num: 2, total: 3 })).toBeUndefined();
    expect(buffer.add({ id: 'a', data: 'a', num: 0, total: 3 })).toBeUndefined();
    expect(buffer.add({ id: 'a', data: 'a', num: 0, total: 3 })).toBeUndefined();
    expect(buffer.add({ id: 'b', data: 'x', num: 0, total: 1 })).toBe('x');
    expect(buffer.add({ id: 'a', data: 'b', num: 1, total: 3 })).toBe('abc');
  });

  it('refuses what contradicts itself or is too much, and forgets it', () => {
    const buffer = new FragmentBuffer(() => 0);
    buffer.add({ id: 1, data: 'a', num: 0, total: 2 });
    expect(() => buffer.add({ id: 1, data: 'b', num: 1, total: 3 })).toThrow(/does not belong to a message of 2 fragments/);
    expect(() => buffer.add({ id: 2, data: 'b', num: 5, total: 3 })).toThrow(/fragment 5 of 3/);
    buffer.add({ id: 3, data: 'x'.repeat(10_000_000), num: 0, total: 2 });
    expect(() => buffer.add({ id: 4, data: 'x'.repeat(10_000_000), num: 0, total: 2 })).toThrow(/under way/);
    for (let i = 0; i < 7; i += 1) buffer.add({ id: `m${i}`, data: 'x', num: 0, total: 2 });
    expect(() => buffer.add({ id: 'one more', data: 'x', num: 0, total: 2 })).toThrow(/more than 8/);
  });

  it('gives up a message that stopped coming', () => {
    let now = 0;
    const buffer = new FragmentBuffer(() => now);
    buffer.add({ id: 1, data: 'x'.repeat(15_000_000), num: 0, total: 2 });
    now = 11_000;
    expect(buffer.add({ id: 2, data: 'x'.repeat(15_000_000), num: 0, total: 1 })).toHaveLength(15_000_000);
  });
});
