import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it, jest } from '@jest/globals';

// Node starts, on a machine that may be busy.
jest.setTimeout(120_000);
const bin = fileURLToPath(new URL('../bin/turntable.mjs', import.meta.url));

it.each([
  ['no file', [], 2, 'bad-argument', 'there is no file'],
  ['a file that is not there', ['nowhere.glb'], 1, 'source-missing', 'cannot read nowhere.glb'],
  ['a file that is no GLB', [bin], 1, 'source-corrupt', 'is no GLB file'],
])('bin/turntable.mjs says of %s what is wrong, in a line of JSON', (_what, args, exit, code, message) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...args]);
  expect([status, stdout.length]).toEqual([exit, 0]);
  expect(JSON.parse(stderr.toString())).toMatchObject({ event: 'error', code, message: expect.stringContaining(message), hint: expect.any(String) });
});
