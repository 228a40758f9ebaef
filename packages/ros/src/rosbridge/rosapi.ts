import type { RosBridge } from '../bridge/bridge.js';
import { definitionsOf, normaliseType, shortType } from '../messages/definitions.js';
import { definitionText } from '../messages/definition-text.js';
import { messageFromJson } from '../messages/from-json.js';
import { NODE_SERVICES } from '../services/node-services.js';
import { toTime } from '../topics/header.js';
import { PARAMETER_SERVICES } from './rosapi-parameters.js';

const NODE = '/sextant';
type Args = Readonly<Record<string, unknown>>;
type Service = (bridge: RosBridge, args: Args) => object;

/** The node's own services, their requests checked by their types. */
const OF_THE_NODE = Object.fromEntries(NODE_SERVICES.map((service) => [
  bare(service.name), { type: service.type, call: (bridge: RosBridge, args: Args) => service.call(bridge, messageFromJson(`${service.type}_Request`, args)) },
]));

/** The rosapi services that make sense without a ROS graph, by name without the leading slash. */
const SERVICES: Readonly<Record<string, { readonly type: string; readonly call: Service }>> = {
  'rosapi/topics': {
    type: 'rosapi_msgs/srv/Topics',
    call: ({ topics }) => ({ topics: topics.map((t) => t.name), types: topics.map((t) => t.type) }),
  },
  'rosapi/topics_for_type': {
    type: 'rosapi_msgs/srv/TopicsForType',
    call: ({ topics }, args) => ({ topics: topics.filter((t) => t.type === normaliseType(text(args, 'type'))).map((t) => t.name) }),
  },
  'rosapi/topics_and_raw_types': {
    type: 'rosapi_msgs/srv/TopicsAndRawTypes',
    call: ({ topics }) => ({
      topics: topics.map((t) => t.name),
      types: topics.map((t) => t.type),
      typedefs_full_text: topics.map((t) => definitionText(t.type)),
    }),
  },
  'rosapi/topic_type': {
    type: 'rosapi_msgs/srv/TopicType',
    call: (bridge, args) => ({ type: bridge.topic(text(args, 'topic'))?.type ?? '' }),
  },
  'rosapi/message_details': {
    type: 'rosapi_msgs/srv/MessageDetails',
    call: (_bridge, args) => ({ typedefs: definitionsOf(text(args, 'type')).map(typedef) }),
  },
  'rosapi/publishers': {
    type: 'rosapi_msgs/srv/Publishers',
    call: (bridge, args) => ({ publishers: bridge.isOwn(text(args, 'topic')) ? [NODE] : [] }),
  },
  'rosapi/subscribers': {
    type: 'rosapi_msgs/srv/Subscribers',
    call: (bridge, args) => ({ subscribers: Array.from({ length: bridge.stats()[text(args, 'topic')]?.subscribers ?? 0 }, () => NODE) }),
  },
  'rosapi/nodes': { type: 'rosapi_msgs/srv/Nodes', call: () => ({ nodes: [NODE] }) },
  'rosapi/node_details': {
    type: 'rosapi_msgs/srv/NodeDetails',
    call: (bridge) => ({
      publishing: bridge.topics.filter((t) => bridge.isOwn(t.name)).map((t) => t.name),
      subscribing: [],
      services: serviceNames(),
    }),
  },
  'rosapi/services': { type: 'rosapi_msgs/srv/Services', call: () => ({ services: serviceNames() }) },
  'rosapi/services_for_type': {
    type: 'rosapi_msgs/srv/ServicesForType',
    call: (_bridge, args) => ({ services: serviceNames().filter((name) => SERVICES[name.slice(1)]?.type === serviceType(text(args, 'type'))) }),
  },
  'rosapi/service_type': {
    type: 'rosapi_msgs/srv/ServiceType',
    call: (_bridge, args) => ({ type: SERVICES[bare(text(args, 'service'))]?.type ?? '' }),
  },
  'rosapi/action_servers': { type: 'rosapi_msgs/srv/GetActionServers', call: () => ({ action_servers: [] }) },
  'rosapi/service_request_details': {
    type: 'rosapi_msgs/srv/ServiceRequestDetails',
    call: (_bridge, args) => ({ typedefs: definitionsOf(`${serviceType(text(args, 'type'))}_Request`).map(typedef) }),
  },
  'rosapi/service_response_details': {
    type: 'rosapi_msgs/srv/ServiceResponseDetails',
    call: (_bridge, args) => ({ typedefs: definitionsOf(`${serviceType(text(args, 'type'))}_Response`).map(typedef) }),
  },
  ...PARAMETER_SERVICES,
  ...OF_THE_NODE,
  'rosapi/get_time': {
    type: 'rosapi_msgs/srv/GetTime',
    call: ({ scheduler }) => ({ time: toTime(BigInt(Math.round(scheduler.now())) * 1_000_000n) }),
  },
};

/**
 * Calls one rosapi service.
 * @throws Error for an unknown service or arguments it cannot use.
 */
export function callRosapi(bridge: RosBridge, service: string, args: unknown): object {
  const known = SERVICES[bare(service)];
  if (known === undefined || !Object.hasOwn(SERVICES, bare(service))) throw new Error(`Service ${service} does not exist`);
  return known.call(bridge, typeof args === 'object' && args !== null && !Array.isArray(args) ? (args as Args) : {});
}

function serviceNames(): string[] {
  return Object.keys(SERVICES).map((name) => `/${name}`);
}

/** `rcl_interfaces/GetParameters` -> `rcl_interfaces/srv/GetParameters`. */
function serviceType(type: string): string {
  const parts = type.split('/');
  return parts.length === 2 ? `${parts[0]}/srv/${parts[1]}` : type;
}

function bare(service: string): string {
  return service.replace(/^\//, '');
}

function text(args: Args, key: string): string {
  const value = args[key];
  if (typeof value !== 'string') throw new Error(`argument "${key}" must be a string`);
  return value;
}

/** rosapi_msgs/TypeDef: constants apart, -1 for single values, 0 for unbounded arrays. */
function typedef(definition: ReturnType<typeof definitionsOf>[number]): object {
  const fields = definition.definitions.filter((f) => f.isConstant !== true);
  const constants = definition.definitions.filter((f) => f.isConstant === true);
  return {
    type: shortType(definition.name),
    fieldnames: fields.map((f) => f.name),
    fieldtypes: fields.map((f) => f.type),
    fieldarraylen: fields.map((f) => (f.isArray === true ? (f.arrayLength ?? 0) : -1)),
    examples: fields.map((f) => (f.isArray === true ? '[]' : f.isComplex === true ? '{}' : f.type === 'string' ? '' : '0')),
    constnames: constants.map((f) => f.name),
    constvalues: constants.map((f) => f.valueText ?? String(f.value)),
  };
}
