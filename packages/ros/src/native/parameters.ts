import { SextantError } from '@sextant/core';
import type { Subscription } from 'rxjs';
import type { ParameterSpec, ParameterValue } from '../parameters/parameter.js';
import type { ParameterStore } from '../parameters/store.js';
import { PARAMETER_TYPES } from '../services/node-services.js';
import type { Rcl, RclLifecycleNode, RclParameter } from './rcl.js';

/**
 * Keeps the node's ROS parameters and the bridge's one and the same: values of launch files win over the run's at the start, `ros2
 * param set` goes through the store's checks, and what another transport sets is set on the node. Returns what ends it.
 */
export function mirrorParameters(rcl: Rcl, node: RclLifecycleNode, store: ParameterStore): Subscription {
  const { specs } = store;
  const parameter = (spec: ParameterSpec, value: ParameterValue): RclParameter => new rcl.Parameter(spec.name, PARAMETER_TYPES[spec.type], toRcl(spec, value));
  const declared = node.declareParameters(specs.map((spec) => parameter(spec, store.get(spec.name))), specs.map((spec) => descriptor(rcl, spec)));
  const known = new Map(specs.map((spec) => [spec.name, spec]));
  const fromRcl = (list: readonly RclParameter[]): Record<string, unknown> =>
    Object.fromEntries(list.flatMap(({ name, value }) => (known.has(name) ? [[name, typeof value === 'bigint' ? Number(value) : value]] : [])));
  // What nobody gave stays so: `declared` has the defaults too.
  const overridden = new Set(node.getParameterOverrides().map(({ name }) => name));
  store.set(fromRcl(declared.filter(({ name }) => overridden.has(name))));
  let inside = false; // a change that came from ROS is not sent back to it
  node.addOnSetParametersCallback((list) => {
    if (inside) return { successful: true, reason: '' };
    inside = true;
    try {
      store.set(fromRcl(list));
      return { successful: true, reason: '' };
    } catch (error) {
      const { message, hint } = SextantError.from(error);
      return { successful: false, reason: `${message}. ${hint}` };
    } finally {
      inside = false;
    }
  });
  let before = Object.fromEntries(specs.map(({ name }) => [name, store.get(name)]));
  return store.values$.subscribe((values) => {
    const changed = specs.filter(({ name }) => values[name] !== before[name]);
    before = { ...values };
    if (inside || changed.length === 0) return;
    inside = true;
    try {
      node.setParameters(changed.map((spec) => parameter(spec, values[spec.name])));
    } finally {
      inside = false;
    }
  });
}

/** rclnodejs keeps ROS integers, which have 64 bits, as bigint. */
function toRcl(spec: ParameterSpec, value: ParameterValue): unknown {
  return spec.type === 'integer' ? BigInt(value as number) : Array.isArray(value) ? [...(value as readonly string[])] : value;
}

function descriptor(rcl: Rcl, spec: ParameterSpec): unknown {
  const choices = 'choices' in spec && spec.choices ? ` (${spec.choices.join(', ')})` : '';
  const range: unknown = spec.type === 'double' ? new rcl.FloatingPointRange(...spec.range, 0) : spec.type === 'integer' ? new rcl.IntegerRange(BigInt(spec.range[0]), BigInt(spec.range[1])) : undefined;
  return new rcl.ParameterDescriptor(spec.name, PARAMETER_TYPES[spec.type], spec.description + choices, spec.readOnly === true, ...(range === undefined ? [] : [range]));
}
