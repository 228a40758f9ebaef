import { SextantError } from '@sextant/core';
import type { RosBridge } from '../bridge/bridge.js';
import { checkParameter, type ParameterSpec, type ParameterValue } from '../parameters/parameter.js';
import type { ParameterStore } from '../parameters/store.js';

/** A service of the node; requests and responses are plain objects of the type's fields. */
export interface NodeService {
  /** Absolute name. */
  readonly name: string;
  /** e.g. `rcl_interfaces/srv/GetParameters`; with `_Request` and `_Response` the names of its definitions. */
  readonly type: string;
  call(bridge: RosBridge, request: object): object;
}

/** rcl_interfaces/msg/ParameterType. */
export const PARAMETER_TYPES = { bool: 1, integer: 2, double: 3, string: 4, string_array: 9 } as const;

interface RosValue {
  readonly type?: number;
  readonly bool_value?: boolean;
  readonly integer_value?: number | bigint;
  readonly double_value?: number;
  readonly string_value?: string;
  readonly string_array_value?: readonly string[];
}

interface RosParameter {
  readonly name?: string;
  readonly value?: RosValue;
}

const NOTHING = {
  type: 0, bool_value: false, integer_value: 0n, double_value: 0, string_value: '', byte_array_value: [], bool_array_value: [], integer_array_value: [], double_array_value: [], string_array_value: [],
};

function toRos({ type }: ParameterSpec, value: ParameterValue): object {
  switch (type) {
    case 'bool': return { ...NOTHING, type: PARAMETER_TYPES.bool, bool_value: value };
    case 'integer': return { ...NOTHING, type: PARAMETER_TYPES.integer, integer_value: BigInt(value as number) };
    case 'double': return { ...NOTHING, type: PARAMETER_TYPES.double, double_value: value };
    case 'string': return { ...NOTHING, type: PARAMETER_TYPES.string, string_value: value };
    case 'string_array': return { ...NOTHING, type: PARAMETER_TYPES.string_array, string_array_value: [...(value as readonly string[])] };
  }
}

/** What the field says that `type` names; the parameter's own check does the rest. */
function fromRos(value: RosValue = {}): unknown {
  switch (value.type) {
    case PARAMETER_TYPES.bool: return value.bool_value ?? false;
    case PARAMETER_TYPES.integer: return Number(value.integer_value ?? 0);
    case PARAMETER_TYPES.double: return value.double_value ?? 0;
    case PARAMETER_TYPES.string: return value.string_value ?? '';
    case PARAMETER_TYPES.string_array: return value.string_array_value ?? [];
    default: return undefined;
  }
}

function describe(spec: ParameterSpec): object {
  const { name, type, description, readOnly = false } = spec;
  const choices = 'choices' in spec && spec.choices ? `one of ${spec.choices.join(', ')}` : '';
  const range = 'range' in spec ? spec.range : undefined;
  return {
    name, type: PARAMETER_TYPES[type], description, additional_constraints: choices, read_only: readOnly, dynamic_typing: false,
    floating_point_range: type === 'double' && range ? [{ from_value: range[0], to_value: range[1], step: 0 }] : [],
    integer_range: type === 'integer' && range ? [{ from_value: BigInt(range[0]), to_value: BigInt(range[1]), step: 1n }] : [],
  };
}

function attempt(act: () => void): { successful: boolean; reason: string } {
  try {
    act();
    return { successful: true, reason: '' };
  } catch (error) {
    const { message, hint } = SextantError.from(error);
    return { successful: false, reason: `${message}. ${hint}` };
  }
}

const namesOf = (request: object): readonly string[] => (request as { names?: readonly string[] }).names ?? [];
const parametersOf = (request: object): readonly RosParameter[] => (request as { parameters?: readonly RosParameter[] }).parameters ?? [];
const specOf = (store: ParameterStore, name: string): ParameterSpec | undefined => (store.has(name) ? store.spec(name) : undefined);

/** Name without its node, type without its package, and what it does. */
const CALLS: readonly (readonly [name: string, type: string, call: NodeService['call']])[] = [
  ['get_parameters', 'GetParameters', ({ parameters }, request) => ({
    values: namesOf(request).map((name) => {
      const spec = specOf(parameters, name);
      return spec === undefined ? NOTHING : toRos(spec, parameters.get(name)); // rclcpp's "not set"
    }),
  })],
  ['get_parameter_types', 'GetParameterTypes', ({ parameters }, request) => ({
    types: Uint8Array.from(namesOf(request), (name) => {
      const spec = specOf(parameters, name);
      return spec === undefined ? 0 : PARAMETER_TYPES[spec.type];
    }),
  })],
  ['describe_parameters', 'DescribeParameters', ({ parameters }, request) => ({ descriptors: namesOf(request).map((name) => describe(parameters.spec(name))) })],
  ['list_parameters', 'ListParameters', ({ parameters }, request) => {
    const { prefixes = [] } = request as { prefixes?: readonly string[] };
    const names = parameters.specs.map(({ name }) => name).filter((name) => prefixes.length === 0 || prefixes.some((prefix) => name === prefix || name.startsWith(`${prefix}.`)));
    return { result: { names, prefixes: [...new Set(names.filter((name) => name.includes('.')).map((name) => name.slice(0, name.lastIndexOf('.'))))] } };
  }],
  ['set_parameters', 'SetParameters', ({ parameters }, request) => ({
    results: parametersOf(request).map(({ name = '', value }) => attempt(() => { parameters.set({ [name]: fromRos(value) }); })),
  })],
  ['set_parameters_atomically', 'SetParametersAtomically', ({ parameters }, request) => ({
    result: attempt(() => { parameters.set(Object.fromEntries(parametersOf(request).map(({ name = '', value }) => [name, checkParameter(parameters.spec(name), fromRos(value))]))); }),
  })],
];

/** The services that every ROS 2 node has for its parameters: rclnodejs serves them itself, rosbridge and Foxglove from here. */
export const NODE_SERVICES: readonly NodeService[] = CALLS.map(([name, type, call]) => ({ name: `/sextant/${name}`, type: `rcl_interfaces/srv/${type}`, call }));
