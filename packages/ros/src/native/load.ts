import { SextantError } from '@sextant/core';
import type { Rcl } from './rcl.js';

/** What a sourced ROS 2 leaves in the environment. */
const VARIABLES = ['AMENT_PREFIX_PATH', 'ROS_DISTRO'] as const;

/** The variables of a sourced ROS 2 that are missing; none when it is sourced. */
export function missingRosVariables(env: NodeJS.ProcessEnv = process.env): readonly string[] {
  return VARIABLES.filter((name) => !env[name]);
}

/**
 * Loads rclnodejs, an optional peer dependency, and starts its context. Nothing is imported unless ROS 2 is sourced: without it the
 * import alone would try to rebuild the addon for minutes. Signals stay with the caller, who ends the context by closing its transport.
 * @throws SextantError `unsupported` saying what is missing.
 */
export async function loadRcl(env: NodeJS.ProcessEnv = process.env, importer: () => Promise<unknown> = importRclnodejs): Promise<Rcl> {
  const missing = missingRosVariables(env);
  if (missing.length > 0) {
    throw new SextantError('unsupported', `ROS 2 is not sourced: ${missing.join(' and ')} ${missing.length > 1 ? 'are' : 'is'} not set`, {
      hint: 'Run `source /opt/ros/<distro>/setup.bash` in this shell first, or use --ros auto for rosbridge and Foxglove without ROS 2.', details: { missing },
    });
  }
  let loaded: { readonly default?: unknown };
  try {
    loaded = (await importer()) as { readonly default?: unknown };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const absent = code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
    throw new SextantError('unsupported', absent ? 'rclnodejs is not installed' : `rclnodejs cannot be loaded: ${message}`, {
      hint: absent ? `Run \`npm install rclnodejs\` beside Sextant, with ROS 2 ${env.ROS_DISTRO ?? ''} sourced.` : 'Rebuild it with this ROS 2 sourced: npm rebuild rclnodejs.', details: { distro: env.ROS_DISTRO }, cause,
    });
  }
  const rcl = (loaded.default ?? loaded) as Rcl;
  // Theirs would destroy the node before the run has closed it: whoever runs closes.
  rcl.removeSignalHandlers();
  await rcl.init();
  return rcl;
}

/** The name is put together so that neither bundlers nor type checkers look for what is not installed. */
function importRclnodejs(): Promise<unknown> {
  return import(['rcl', 'nodejs'].join(''));
}
