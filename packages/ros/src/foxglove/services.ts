import type { RosBridge } from '../bridge/bridge.js';
import { decodeCdr, encodeCdr } from '../encoding/cdr.js';
import { encodeJson } from '../encoding/json.js';
import { definitionText } from '../messages/definition-text.js';
import { messageFromJson } from '../messages/from-json.js';
import { NODE_SERVICES } from '../services/node-services.js';
import { serviceResponse, type ServiceRequest } from './protocol.js';

const schema = (schemaName: string): object => ({ encoding: 'cdr', schemaName, schemaEncoding: 'ros2msg', schema: definitionText(schemaName) });

/** The `advertiseServices` operation; a service's id is its place in the list, from 1. */
export function advertiseServices(): object {
  return {
    op: 'advertiseServices',
    services: NODE_SERVICES.map(({ name, type }, i) => ({ id: i + 1, name, type, request: schema(`${type}_Request`), response: schema(`${type}_Response`) })),
  };
}

/** Answers one call: a binary response, or `serviceCallFailure` with what is wrong. Never throws. */
export function callService(bridge: RosBridge, { service: serviceId, call: callId, encoding, payload }: ServiceRequest): object | Uint8Array {
  try {
    const service = NODE_SERVICES.at(serviceId - 1);
    if (serviceId < 1 || service === undefined) throw new Error(`service ${serviceId} is not advertised`);
    const { type } = service;
    const head = { service: serviceId, call: callId, encoding };
    if (encoding === 'cdr') return serviceResponse(head, encodeCdr(`${type}_Response`, service.call(bridge, decodeCdr<object>(`${type}_Request`, payload))));
    if (encoding === 'json') {
      const request = messageFromJson(`${type}_Request`, JSON.parse(Buffer.from(payload).toString('utf8')));
      return serviceResponse(head, Buffer.from(encodeJson(service.call(bridge, request))));
    }
    throw new Error(`encoding ${JSON.stringify(encoding)} is not understood: use cdr or json`);
  } catch (error) {
    return { op: 'serviceCallFailure', serviceId, callId, message: error instanceof Error ? error.message : String(error) };
  }
}
