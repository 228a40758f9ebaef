import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseSourceSpec } from '@sextant/camera';
import { createBridge } from '@sextant/ros';
import { nativeTransport } from './native.js';

describe('nativeTransport with --ros-args, without ROS 2', () => {
  const { argv, env } = process;
  const bridge = createBridge();
  const source = parseSourceSpec('sim:7');
  const told: string[] = [];
  const open = (choice: 'auto' | 'off') => nativeTransport(choice, source, bridge, (message) => told.push(message));
  beforeEach(() => {
    told.length = 0;
    process.argv = [...argv, '--ros-args', '-p', 'use_sim_time:=true'];
    process.env = { ...env, AMENT_PREFIX_PATH: '', ROS_DISTRO: '' };
  });
  afterEach(() => {
    Object.assign(process, { argv, env });
  });

  it('refuses them where there is to be no node', async () => {
    await expect(open('off')).rejects.toMatchObject({ code: 'bad-argument', message: '--ros-args are for a ROS 2 node, which --ros off forbids' });
  });

  it('says that nobody heeds them where there can be no node', async () => {
    expect(await open('auto')).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('--ros-args are not heeded')]);
  });

  it('says nothing where none were given', async () => {
    process.argv = argv;
    expect([await open('off'), await open('auto'), told]).toEqual([undefined, undefined, []]);
  });
});
