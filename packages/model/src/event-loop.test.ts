import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { fixture } from '../test/helpers.js';

// Runs the built package in a plain Node process: onnxruntime does not run on jest's own thread. See measure-delay.mjs.
const script = fileURLToPath(new URL('../test/measure-delay.mjs', import.meta.url));

describe('the event loop', () => {
  it('stays free while the worker infers, unlike with a bare loop on this thread', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [script, fixture('tiny-unified')], { env: { ...process.env, NODE_OPTIONS: '' } });
    const { bare, thread, process: separate } = JSON.parse(stdout) as Record<string, { meanDelayMs: number; frameMs: number }>;
    // The bare loop blocks for a whole frame at a time; the worker's caller never does.
    expect(bare?.meanDelayMs).toBeGreaterThan(0.2 * (bare?.frameMs ?? Infinity));
    expect(thread?.meanDelayMs).toBeLessThan(0.3 * (bare?.meanDelayMs ?? 0));
    expect(separate?.meanDelayMs).toBeLessThan(0.3 * (bare?.meanDelayMs ?? 0));
  }, 60_000);
});
