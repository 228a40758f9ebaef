import { z } from 'zod';
import { parseJson } from '../encoding/json.js';

/** Compressions of rosbridge's `subscribe`. */
export const COMPRESSIONS = ['none', 'png', 'cbor', 'cbor-raw'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** Levels of `status` messages, the noisiest last; `none` silences them. */
export const STATUS_LEVELS = ['none', 'error', 'warning', 'info'] as const;
export type StatusLevel = (typeof STATUS_LEVELS)[number];

// null is none, as for rosbridge_suite: clients write the fields that they do not use that way.
const id = z.union([z.string(), z.number()]).nullish().transform((value) => value ?? undefined).optional();
const name = z.string().min(1).max(256);
const LONGEST_QUEUE = 1000;

/** What a client may send (rosbridge protocol 2.1; fields it does not name are ignored). */
const OPERATIONS = {
  subscribe: z.object({
    op: z.literal('subscribe'),
    id,
    topic: name,
    type: z.string().max(256).nullish(),
    throttle_rate: z.number().min(0).max(86_400_000).default(0),
    queue_length: z.number().int().min(0).max(LONGEST_QUEUE).default(0),
    fragment_size: z.number().int().min(64).nullish(),
    compression: z.enum(COMPRESSIONS).default('none'),
  }),
  unsubscribe: z.object({ op: z.literal('unsubscribe'), id, topic: name }),
  advertise: z.object({ op: z.literal('advertise'), id, topic: name, type: z.string().min(1).max(256), latch: z.boolean().default(false) }),
  unadvertise: z.object({ op: z.literal('unadvertise'), id, topic: name }),
  publish: z.object({ op: z.literal('publish'), id, topic: name, msg: z.unknown() }),
  call_service: z.object({ op: z.literal('call_service'), id, service: name, args: z.unknown().optional() }),
  fragment: z.object({ op: z.literal('fragment'), id: z.union([z.string(), z.number()]), data: z.string(), num: z.number().int().min(0), total: z.number().int().min(1).max(10_000) }),
  // rosauth's; who may connect is decided before, by the token of the connection
  auth: z.object({ op: z.literal('auth'), id }),
  set_level: z.object({ op: z.literal('set_level'), id, level: z.enum(STATUS_LEVELS) }),
} as const;

type Schemas = typeof OPERATIONS;
export type Operation = { [K in keyof Schemas]: z.infer<Schemas[K]> }[keyof Schemas];
export type SubscribeOperation = z.infer<Schemas['subscribe']>;

/** A message that is not an operation; `id` is the client's, where one could be read. */
export class ProtocolError extends Error {
  readonly id: string | number | undefined;

  constructor(message: string, id?: string | number) {
    super(message);
    this.name = 'ProtocolError';
    this.id = id;
  }
}

/**
 * Reads one operation from the text of a WebSocket message.
 * @throws ProtocolError saying what is wrong with it.
 */
export function parseOperation(text: string): Operation {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    throw new ProtocolError(`not JSON: ${(error as Error).message}`);
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new ProtocolError('an operation is a JSON object');
  const { op, id: given } = json as Record<string, unknown>;
  const seenId = typeof given === 'string' || typeof given === 'number' ? given : undefined;
  if (typeof op !== 'string') throw new ProtocolError('an operation needs a string "op"', seenId);
  if (!Object.hasOwn(OPERATIONS, op))
    throw new ProtocolError(`unknown op ${JSON.stringify(op.slice(0, 60))} (known: ${Object.keys(OPERATIONS).join(', ')})`, seenId);
  const result = OPERATIONS[op as keyof Schemas].safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new ProtocolError(`${op}: ${problems}`, seenId);
}
