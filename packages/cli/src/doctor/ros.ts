import { SextantError } from '@sextant/core';
import { loadRcl, missingRosVariables } from '@sextant/ros';
import { ok } from './check.js';
import type { Finding } from './check.js';

/** What works with ROS and without. */
const ALWAYS = 'rosbridge, Foxglove and MCAP work without it';

/** Whether the native ROS 2 node could run: ROS 2 is sourced, and rclnodejs loads. */
export async function ros(env: NodeJS.ProcessEnv = process.env, load: (env: NodeJS.ProcessEnv) => Promise<{ shutdown(): void }> = loadRcl): Promise<readonly Finding[]> {
  const missing = missingRosVariables(env);
  if (missing.length > 0) return [{ name: 'ros2', status: 'warn', message: `no ROS 2 environment: ${missing.join(' and ')} not set`, hint: `Only for the native node (--ros native): source /opt/ros/<distro>/setup.bash. ${ALWAYS}.` }];
  try {
    (await load(env)).shutdown();
    return [ok('ros2', `ROS 2 ${env.ROS_DISTRO} is sourced and rclnodejs loads: --ros native runs a node of it`)];
  } catch (error) {
    const { message, hint } = SextantError.from(error);
    return [{ name: 'ros2', status: 'warn', message: `ROS 2 ${env.ROS_DISTRO} is sourced, but there is no native node: ${message}`, hint: `${hint} ${ALWAYS}.` }];
  }
}
