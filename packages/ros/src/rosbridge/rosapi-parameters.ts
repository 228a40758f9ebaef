import type { RosBridge } from '../bridge/bridge.js';
import type { ParameterSpec } from '../parameters/parameter.js';

const NODE = '/sextant';
type Args = Readonly<Record<string, unknown>>;
interface Service {
  readonly type: string;
  readonly call: (bridge: RosBridge, args: Args) => object;
}

/**
 * rosapi's parameter services over the run's parameter store. ROS 2's rosapi names a parameter `/node:parameter` and carries its
 * value as JSON text (rosapi_msgs/srv/GetParam, SetParam); a bare name is taken too.
 */
export const PARAMETER_SERVICES: Readonly<Record<string, Service>> = {
  'rosapi/get_param_names': { type: 'rosapi_msgs/srv/GetParamNames', call: ({ parameters }) => ({ names: parameters.specs.map(({ name }) => `${NODE}:${name}`) }) },
  'rosapi/has_param': { type: 'rosapi_msgs/srv/HasParam', call: ({ parameters }, args) => ({ exists: parameters.has(parameterName(args)) }) },
  'rosapi/get_param': {
    type: 'rosapi_msgs/srv/GetParam',
    call: ({ parameters }, args) => {
      const name = parameterName(args);
      const fallback = typeof args.default_value === 'string' && args.default_value !== '' ? args.default_value : typeof args.default === 'string' && args.default !== '' ? args.default : undefined;
      if (!parameters.has(name) && fallback !== undefined) return { value: fallback, successful: true, reason: '' };
      return { value: JSON.stringify(parameters.get(name)), successful: true, reason: '' };
    },
  },
  'rosapi/set_param': {
    type: 'rosapi_msgs/srv/SetParam',
    call: ({ parameters }, args) => {
      if (typeof args.value !== 'string') throw new Error('argument "value" must be a string of JSON');
      const { name, type } = parameters.spec(parameterName(args));
      parameters.set({ [name]: parameterValue(type, args.value) });
      return { successful: true, reason: '' };
    },
  },
  'rosapi/delete_param': {
    type: 'rosapi_msgs/srv/DeleteParam',
    call: (_bridge, args) => {
      throw new Error(`parameter ${parameterName(args)} is declared and cannot be deleted`);
    },
  },
};

/** What the text stands for: people type a text parameter without quotes, also one of digits (a scale of 1.5). */
function parameterValue(type: ParameterSpec['type'], text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  return type === 'string' && typeof value !== 'string' ? text : value;
}

function parameterName(args: Args): string {
  const { name } = args;
  if (typeof name !== 'string') throw new Error('argument "name" must be a string');
  const [node, parameter] = name.includes(':') ? [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)] : [NODE, name];
  if (node !== NODE) throw new Error(`there is no node ${node}: the parameters are those of ${NODE}`);
  return parameter;
}
