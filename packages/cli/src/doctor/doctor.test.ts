import { afterEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { SextantError } from '@sextant/core';
import type { Work } from '../cli/session.js';
import { diagnose } from './doctor.js';
import { models } from './models.js';
import { ros } from './ros.js';

describe('the doctor on models', () => {
  const before = process.env.SEXTANT_MODELS;
  afterEach(() => {
    if (before === undefined) delete process.env.SEXTANT_MODELS;
    else process.env.SEXTANT_MODELS = before;
  });

  it('knows models over latents for healthy too', async () => {
    process.env.SEXTANT_MODELS = fileURLToPath(new URL('../../../model/test/fixtures', import.meta.url));
    const found = await models();
    for (const name of ['tiny-unified', 'unityvideo-mini']) expect(found.find((finding) => finding.name === `model ${name}`)).toMatchObject({ status: 'ok' });
  });
});

it('the doctor does not call a look that was stopped complete', async () => {
  const events: unknown[] = [];
  const printed: string[] = [];
  const output = { event: (event: string, fields: object) => events.push({ event, ...fields }), print: (text: string) => printed.push(text) } as unknown as Work['output'];
  await diagnose(0, { output, signal: AbortSignal.abort(), stoppedBy: () => 'SIGINT' });
  expect(events).toEqual([{ event: 'end', reason: 'SIGINT', ok: 0, warn: 0, fail: 0 }]);
  expect(printed).toEqual(['stopped after 0 ok, 0 warnings, 0 failures']);
});

describe('the doctor on ROS 2', () => {
  const env = { ROS_DISTRO: 'jazzy', AMENT_PREFIX_PATH: '/opt/ros/jazzy' };
  const load = (): Promise<never> => Promise.reject(new SextantError('unsupported', 'rclnodejs is not installed', { hint: 'Run `npm install rclnodejs`.' }));

  it('says what of it works', async () => {
    expect(await ros({}, load)).toEqual([{ name: 'ros2', status: 'warn', message: expect.stringContaining('no ROS 2 environment: AMENT_PREFIX_PATH and ROS_DISTRO'), hint: expect.stringContaining('rosbridge') }]);
    expect(await ros(env, load)).toEqual([{ name: 'ros2', status: 'warn', message: expect.stringContaining('rclnodejs is not installed'), hint: expect.stringMatching(/npm install rclnodejs.*rosbridge/) }]);
    let ended = 0;
    expect(await ros(env, () => Promise.resolve({ shutdown: () => void (ended += 1) }))).toEqual([{ name: 'ros2', status: 'ok', message: expect.stringContaining('--ros native') }]);
    expect(ended).toBe(1);
  });
});
