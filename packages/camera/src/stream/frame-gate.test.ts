import { describe, expect, it } from '@jest/globals';
import { FrameGate } from './frame-gate.js';

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('FrameGate', () => {
  it('lets the next one through where the one that was woken no longer wants to', async () => {
    const gate = new FrameGate(1);
    const [first, leaving, next] = [new AbortController(), new AbortController(), new AbortController()];
    const through: string[] = [];
    await gate.acquire(first.signal);
    void gate.acquire(leaving.signal).then(() => through.push('leaving'));
    void gate.acquire(next.signal).then(() => through.push('next'));
    await settle();
    expect(through).toEqual([]);
    gate.release();
    leaving.abort(); // before it could go on
    await settle();
    expect(through).toEqual(['leaving', 'next']);
    expect(gate.underWay).toBe(1); // the one who left is not counted
  });
});
