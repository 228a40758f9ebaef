import { describe, expect, it, jest } from '@jest/globals';
import { TINY, sextant } from '../../packages/cli/test/command.js';

jest.setTimeout(180_000);
const small = ['bench', '--json', '--model', TINY, '--size', '96x64', '--camera', '160x120'];

describe('sextant bench', () => {
  it('compares the pipeline with a bare loop, and its client hears every topic', async () => {
    const { code, lines, stderr } = await sextant(...small, '--frames', '60');
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(lines.map(({ event }) => event)).toEqual(['machine', 'throughput', 'throughput']);
    expect(lines[0]).toMatchObject({ cpu: expect.any(String), cores: expect.any(Number), node: process.versions.node, onnxruntime: expect.stringMatching(/^\d+\./) });
    for (const line of lines.slice(1)) {
      const { fps, bareFps, ratio, dropped, eventLoopDelayMs } = line as unknown as { fps: number; bareFps: number; ratio: number; dropped: object; eventLoopDelayMs: { p99: number } };
      expect(ratio).toBeCloseTo(fps / bareFps, 10);
      expect(fps).toBeGreaterThan(0);
      expect(eventLoopDelayMs.p99).toBeGreaterThanOrEqual(0);
      expect(dropped).not.toHaveProperty('model'); // the source waits for the model
    }
    expect(lines[1]).toMatchObject({ case: 'depth', modalities: ['depth'], frames: 60 });
    expect(lines[2]).toMatchObject({ case: 'all', frames: 60 });
  });

  it('compares sizes of the grid: depth alone and everything', async () => {
    const { code, lines } = await sextant('bench', '--json', '--model', TINY, '--sizes', '128x96', '--frames', '10');
    expect(code).toBe(0);
    expect(lines.map(({ event }) => event)).toEqual(['machine', 'size']);
    const { depth, all, ...size } = lines[1] as unknown as Record<'depth' | 'all', { msPerFrame: number; p50: number; bareMs: number }>;
    expect(size).toEqual({ event: 'size', size: '128x96', frames: 10 });
    for (const { msPerFrame, p50, bareMs } of [depth, all]) for (const ms of [msPerFrame, p50, bareMs]) expect(ms).toBeGreaterThan(0);
  });

  it('finds memory flat over half a minute of everything', async () => {
    const { code, lines } = await sextant(...small, '--minutes', '0.5');
    expect(code).toBe(0);
    const memory = lines.find(({ event }) => event === 'memory') as unknown as { frames: number; rssMiB: { first: number; last: number } };
    expect(memory.frames).toBeGreaterThan(100);
    // A frame of this size is 58 kB, and its messages as much again: a leak of all frames would show.
    const leak = (memory.frames * 160 * 120 * 3) / 2 ** 20;
    expect(memory.rssMiB.last - memory.rssMiB.first).toBeLessThan(Math.max(64, leak / 2));
  });
});
