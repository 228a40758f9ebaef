import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, jest } from '@jest/globals';

// Node starts, on a machine that may be busy.
jest.setTimeout(120_000);
const bin = fileURLToPath(new URL('../bin/stream.mjs', import.meta.url));
const SMALL = ['--width', '40', '--height', '32', '--supersampling', '1'];

function pipe(args: readonly string[], ...node: readonly string[]): { code: number | null; bytes: number; errors: Record<string, unknown>[] } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [...node, bin, ...args], { maxBuffer: 1 << 26 });
  return { code: status, bytes: stdout.length, errors: stderr.toString().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('bin/stream.mjs', () => {
  it('ends at once with 2 at an option that no world takes, and says what it takes', () => {
    const { code, bytes, errors } = pipe(['--width', '4', '--count', '3']);
    expect({ code, bytes }).toEqual({ code: 2, bytes: 0 });
    expect(errors).toEqual([expect.objectContaining({ event: 'error', code: 'bad-argument', message: 'width is 4', hint: 'Give a whole number from 8 to 8192.' })]);
  });

  it('takes no seed that is none: an empty one was seed 0, which is kept for evaluation', () => {
    const { code, bytes, errors } = pipe([...SMALL, '--seed-start', '']);
    expect({ code, bytes, errors }).toEqual({ code: 2, bytes: 0, errors: [expect.objectContaining({ code: 'bad-argument', message: '--seed-start  is not a whole number from 0' })] });
  });

  it('tells of each world that failed, and ends with 1 where all did', () => {
    const broken = `data:text/javascript,${encodeURIComponent("Uint32Array.prototype.forEach = () => { throw new Error('broken'); };")}`;
    const { code, bytes, errors } = pipe([...SMALL, '--count', '2', '--seed-start', '7'], '--import', broken);
    expect({ code, bytes }).toEqual({ code: 1, bytes: 0 });
    expect(errors.map(({ code: said, seed }) => [said, seed])).toEqual([['internal', 7], ['internal', 8]]);
    expect(errors[0]).toMatchObject({ message: expect.stringMatching(/broken[^]*at /), hint: expect.stringMatching(/report/) });
  });

  it('ends with 0 where worlds were made', () => {
    const { code, bytes, errors } = pipe([...SMALL, '--seed-start', '3']);
    expect({ code, errors }).toEqual({ code: 0, errors: [] });
    expect(bytes).toBeGreaterThan(2 * 40 * 32 * 22);
  });
});
