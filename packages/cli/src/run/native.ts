import type { SourceSpec } from '@sextant/camera';
import { SextantError } from '@sextant/core';
import { NativeTransport, loadRcl, missingRosVariables } from '@sextant/ros';
import type { RosBridge } from '@sextant/ros';
import { rosArgsGiven } from '../cli/ros-args.js';
import type { RunSettings } from './settings.js';

/**
 * The native ROS 2 transport as `--ros` wants it: `native` insists, `auto` takes it where ROS 2 is sourced and says why where that
 * fails, `off` never tries. A `ros:` source needs it. Arguments for ROS 2 (`--ros-args`) that no node reads are refused or told of.
 * @throws SextantError `unsupported` where it is insisted on and cannot be had, saying what is missing.
 */
export async function nativeTransport(
  choice: RunSettings['ros'], source: SourceSpec, bridge: RosBridge, told: (message: string, details: Readonly<Record<string, unknown>>) => void,
): Promise<NativeTransport | undefined> {
  const needed = source.kind === 'ros' && source.transport === 'native';
  if (choice === 'off' && needed) {
    throw new SextantError('bad-argument', `the source ros:${source.topic} needs ROS 2, which --ros off forbids`, { hint: 'Use --ros native, or rosbridge: for what clients publish.', details: { topic: source.topic } });
  }
  if (choice === 'off' && rosArgsGiven()) {
    throw new SextantError('bad-argument', '--ros-args are for a ROS 2 node, which --ros off forbids', { hint: 'Leave out one of the two.' });
  }
  const insists = choice === 'native' || needed;
  if (choice === 'off') return undefined;
  if (!insists && missingRosVariables().length > 0) {
    if (rosArgsGiven()) told(`--ros-args are not heeded: there is no ROS 2 node, since ${missingRosVariables().join(' and ')} is not set. Source ROS 2 first.`, {});
    return undefined;
  }
  try {
    return bridge.attach(new NativeTransport(await loadRcl(), {
      onMissing: (topic, type, reason) => {
        told(`${topic} is not published natively: this ROS 2 lacks ${type}`, { topic, type, reason });
      },
    }));
  } catch (error) {
    if (insists) throw error;
    const { message, hint } = SextantError.from(error);
    told(`no native ROS 2: ${message}. ${hint}`, {});
    return undefined;
  }
}
