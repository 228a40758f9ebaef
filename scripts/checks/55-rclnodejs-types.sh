#!/usr/bin/env bash
# Proves that packages/ros/src/native/rcl.ts, what Sextant uses of rclnodejs, fits the real types of rclnodejs 2.2, which is an optional
# peer dependency and is not installed here. Of the types, interfaces.d.ts is generated on the robot from its messages; a
# stand-in of the names that the others mention takes its place.
set -euo pipefail
cd "$(dirname "$0")/../.."
root="$PWD"
folder="$(mktemp -d "${SEXTANT_CI_WORK:-${TMPDIR:-/tmp}}/rclnodejs-types-XXXXXX")"
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm pack --silent rclnodejs@2.2.0 >/dev/null
tar xzf rclnodejs-2.2.0.tgz
cat >package/types/interfaces.d.ts <<'TS'
declare module 'rclnodejs' {
  type MessageTypeClassName = string;
  type ServiceTypeClassName = string;
  type ActionTypeClassName = string;
  type TypeClass<T = string> = T;
  type TypeClassName = string;
  type Message = object;
  type MessageType<T> = T extends string ? object : object;
  type ServiceRequestMessage<T> = T extends string ? object : object;
  type ServiceResponseMessage<T> = T extends string ? object : object;
  type ActionGoal<T> = T extends string ? object : object;
  type ActionFeedback<T> = T extends string ? object : object;
  type ActionResult<T> = T extends string ? object : object;
  namespace rcl_interfaces { namespace msg {
    interface SetParametersResult { successful: boolean; reason: string }
    type Parameter = object; type ParameterValue = object; type ParameterDescriptor = object; type ParameterEvent = object; type ListParametersResult = object;
  } }
}
TS
cat >check.ts <<TS
/// <reference path="./package/types/index.d.ts" />
import type * as real from 'rclnodejs';
import type { Rcl } from '$root/packages/ros/src/native/rcl.js';
// Method parameters of a class are compared both ways round: what we pass must be what they take, or the other way about.
declare const theirs: typeof real;
export const ours: Rcl = theirs as Pick<typeof real, 'init' | 'shutdown' | 'removeSignalHandlers' | 'QoS' | 'QoSOverridingOptions' | 'Parameter' | 'ParameterDescriptor' | 'FloatingPointRange' | 'IntegerRange' | 'lifecycle'>;
TS
"$root/node_modules/.bin/tsc" --noEmit --strict --skipLibCheck --module nodenext --moduleResolution nodenext --target es2022 --types node --typeRoots "$root/node_modules/@types" check.ts
echo 'rclnodejs-types: packages/ros/src/native/rcl.ts fits rclnodejs 2.2.0'

# Without a sourced ROS 2 nothing asks for rclnodejs: its import alone would rebuild the addon for minutes.
cd "$root"
node --input-type=module - <<'JS'
import { register } from 'node:module';
import { loadRcl } from './packages/ros/dist/index.js';

// In place of rclnodejs, a module that says that it was loaded.
const standIn = 'data:text/javascript,globalThis.rclnodejsLoaded=true;export const init=async()=>{};export const removeSignalHandlers=()=>{}';
register(`data:text/javascript,${encodeURIComponent(`export function resolve(name, context, next) { return name === 'rclnodejs' ? { url: ${JSON.stringify(standIn)}, shortCircuit: true } : next(name, context); }`)}`);
for (const env of [{}, { ROS_DISTRO: 'jazzy' }, { AMENT_PREFIX_PATH: '/opt/ros/jazzy' }]) {
  const refused = await loadRcl(env).then(() => undefined, (error) => error);
  if (refused?.code !== 'unsupported' || globalThis.rclnodejsLoaded) throw new Error(`loaded with ${JSON.stringify(env)}: ${refused}`);
}
await loadRcl({ AMENT_PREFIX_PATH: '/opt/ros/jazzy', ROS_DISTRO: 'jazzy' });
if (!globalThis.rclnodejsLoaded) throw new Error('not loaded with ROS 2 sourced');
console.log('rclnodejs-types: rclnodejs is imported with ROS 2 sourced and not without');
JS
