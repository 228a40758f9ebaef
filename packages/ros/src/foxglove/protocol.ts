import { z } from 'zod';

/** WebSocket subprotocols of Foxglove clients: ws-protocol's, and the one that the Foxglove SDK's servers speak. */
export const SUBPROTOCOLS = ['foxglove.sdk.v1', 'foxglove.websocket.v1'] as const;

/** Levels of `status`. */
export const LEVEL = { info: 0, warning: 1, error: 2 } as const;

const id = z.number().int().min(0).max(0xffff_ffff);
const names = z.array(z.string().max(256)).max(1000);
const parameterId = z.string().max(256).optional();

/** JSON operations of a client (github.com/foxglove/ws-protocol, docs/spec.md). */
const OPERATIONS = {
  subscribe: z.object({ op: z.literal('subscribe'), subscriptions: z.array(z.object({ id, channelId: id })).max(1000) }),
  unsubscribe: z.object({ op: z.literal('unsubscribe'), subscriptionIds: z.array(id).max(1000) }),
  advertise: z.object({
    op: z.literal('advertise'),
    channels: z.array(z.object({ id, topic: z.string().min(1).max(256), encoding: z.string().max(64), schemaName: z.string().min(1).max(256) })).max(100),
  }),
  unadvertise: z.object({ op: z.literal('unadvertise'), channelIds: z.array(id).max(1000) }),
  getParameters: z.object({ op: z.literal('getParameters'), parameterNames: names, id: parameterId }),
  setParameters: z.object({ op: z.literal('setParameters'), parameters: z.array(z.object({ name: z.string().max(256), value: z.unknown() })).max(1000), id: parameterId }),
  subscribeParameterUpdates: z.object({ op: z.literal('subscribeParameterUpdates'), parameterNames: names }),
  unsubscribeParameterUpdates: z.object({ op: z.literal('unsubscribeParameterUpdates'), parameterNames: names }),
  subscribeConnectionGraph: z.object({ op: z.literal('subscribeConnectionGraph') }),
  unsubscribeConnectionGraph: z.object({ op: z.literal('unsubscribeConnectionGraph') }),
  fetchAsset: z.object({ op: z.literal('fetchAsset'), uri: z.string().max(4096), requestId: id }),
} as const;

type Schemas = typeof OPERATIONS;
export type Operation = { [K in keyof Schemas]: z.infer<Schemas[K]> }[keyof Schemas];

/** Reads one operation. @throws Error saying what is wrong with it. */
export function parseOperation(text: string): Operation {
  const json: unknown = JSON.parse(text);
  const op = typeof json === 'object' && json !== null ? (json as { op?: unknown }).op : undefined;
  if (typeof op !== 'string' || !Object.hasOwn(OPERATIONS, op)) throw new Error(`unknown op ${JSON.stringify(op)?.slice(0, 60)} (known: ${Object.keys(OPERATIONS).join(', ')})`);
  const result = OPERATIONS[op as keyof Schemas].safeParse(json);
  if (result.success) return result.data;
  throw new Error(`${op}: ${result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`);
}

const MESSAGE_DATA = 1;
const TIME = 2;
const SERVICE_RESPONSE = 3;
const ASSET = 4;
const SERVICE_REQUEST = 2;

/** Binary `Message Data`: opcode 1, subscription, nanoseconds, the message. */
export function messageData(subscription: number, stamp: bigint, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(13 + payload.length);
  const view = new DataView(out.buffer);
  view.setUint8(0, MESSAGE_DATA);
  view.setUint32(1, subscription, true);
  view.setBigUint64(5, stamp, true);
  out.set(payload, 13);
  return out;
}

/** Binary `Time`: opcode 2, nanoseconds. */
export function time(stamp: bigint): Uint8Array {
  const out = new Uint8Array(9);
  const view = new DataView(out.buffer);
  view.setUint8(0, TIME);
  view.setBigUint64(1, stamp, true);
  return out;
}

/** Binary `Fetch Asset Response`: opcode 4, request, 0 and the bytes or 1 and what went wrong. */
export function assetResponse(request: number, result: Uint8Array | Error): Uint8Array {
  const message = result instanceof Error ? Buffer.from(result.message) : Buffer.alloc(0);
  const data = result instanceof Error ? Buffer.alloc(0) : result;
  const out = new Uint8Array(10 + message.length + data.length);
  const view = new DataView(out.buffer);
  view.setUint8(0, ASSET);
  view.setUint32(1, request, true);
  view.setUint8(5, result instanceof Error ? 1 : 0);
  view.setUint32(6, message.length, true);
  out.set(message, 10);
  out.set(data, 10 + message.length);
  return out;
}

/** Binary `Service Call Response`: opcode 3, the service, the call, the encoding, the response. */
export function serviceResponse({ service, call, encoding }: Omit<ServiceRequest, 'kind' | 'payload'>, payload: Uint8Array): Uint8Array {
  const word = Buffer.from(encoding);
  const head = Buffer.alloc(13);
  head.writeUInt8(SERVICE_RESPONSE, 0);
  head.writeUInt32LE(service, 1);
  head.writeUInt32LE(call, 5);
  head.writeUInt32LE(word.length, 9);
  return Buffer.concat([head, word, payload]);
}

/** Binary `Client Message Data`: the channel and the message. */
export interface ClientMessage {
  readonly kind: 'message';
  readonly channel: number;
  readonly payload: Uint8Array;
}

/** Binary `Service Call Request`. */
export interface ServiceRequest {
  readonly kind: 'service';
  readonly service: number;
  readonly call: number;
  readonly encoding: string;
  readonly payload: Uint8Array;
}

/** Reads a client's binary message. @throws Error for anything that is neither of the two. */
export function parseBinary(bytes: Uint8Array): ClientMessage | ServiceRequest {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes[0] === MESSAGE_DATA && bytes.length >= 5) return { kind: 'message', channel: view.getUint32(1, true), payload: bytes.subarray(5) };
  if (bytes[0] === SERVICE_REQUEST && bytes.length >= 13) {
    const length = view.getUint32(9, true);
    if (length > bytes.length - 13) throw new Error(`a service call of ${bytes.length} bytes says that its encoding's name has ${length}`);
    const encoding = Buffer.from(bytes.subarray(13, 13 + length)).toString('utf8');
    return { kind: 'service', service: view.getUint32(1, true), call: view.getUint32(5, true), encoding, payload: bytes.subarray(13 + length) };
  }
  throw new Error(`binary message of ${bytes.length} bytes with opcode ${String(bytes[0])}: only message data (1) and service calls (2) are understood`);
}
