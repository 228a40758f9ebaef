import { ERROR_CODES, SextantError } from '../errors.js';
import { malformed } from './byte-cursor.js';
import { flag, integer, list, number, oneOf, optional, shape, text } from './check.js';
import type { Check } from './check.js';
import { MASK_KINDS, MAX_CLASS_NAME, MAX_CONTROL_BYTES, MAX_ID, MAX_PHRASE } from './constants.js';
import type { ControlBodies, ControlMessage, StreamRequest, Subscribe } from './control-messages.js';
import { openEnvelope, wrap } from './envelope.js';
import type { Envelope } from './envelope.js';

/** Of every browser and Node; core is compiled against neither. */
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (label: string, options: { fatal: boolean }) => { decode(bytes: Uint8Array): string };

const id = integer(1, MAX_ID);
const count = integer(0, Number.MAX_SAFE_INTEGER);
const kind = oneOf(...MASK_KINDS);
const kinds = list(kind, MASK_KINDS.length);
const version = integer(0, 0xffff);
const side = integer(1, 0xffff);
const byte = integer(0, 255);
const color: Check<readonly [number, number, number]> = (value, path) => {
  const [r, g, b, ...more] = list(byte, 3)(value, path);
  if (b === undefined || more.length > 0) throw malformed(`${path} is no colour of three numbers`);
  return [r, g, b];
};
const className = text(MAX_CLASS_NAME);
const classWord: Check<number | string> = (value, path) => (typeof value === 'string' ? className : byte)(value, path);
const phrase = text(MAX_PHRASE);
const focal = number(1e-6, 1e6);
const place = number(-1e6, 1e6);

const want = shape({
  kind,
  camera: optional(integer(0, MAX_ID)),
  maxWidth: optional(side),
  maxHeight: optional(side),
  rate: optional(number(0.01, 1000)),
  priority: optional(integer(0, 9)),
  group: optional(integer(0, MAX_ID)),
  confidence: optional(flag),
  classes: optional(list(classWord, 256)),
  instances: optional(flag),
  intrinsics: optional(flag),
  referred: optional(flag),
  mapping: optional(oneOf('linear', 'log', 'inverse')),
  encoding: optional(oneOf('q16', 'half')),
  quality: optional(integer(1, 100)),
});

/**
 * Checks what is asked of a stream, and leaves out fields that the protocol does not know.
 * @throws SextantError `bad-argument`, naming the field, the value seen and what may be given.
 */
export function checkRequest(request: unknown): StreamRequest {
  try {
    return want(request, 'want');
  } catch (cause) {
    const { path, seen, expected } = SextantError.from(cause).details;
    throw new SextantError('bad-argument', `${String(path).replace(/^want\./, '')} of a stream is ${String(seen)}`, { hint: `Give ${String(expected)}.`, details: { path, seen }, cause });
  }
}

/** Whoever asks for what cannot be is answered with the number of the stream, so that this one fails alone. */
const subscribe: Check<Subscribe> = (value, path) => {
  const { id: stream } = shape({ id })(value, path);
  try {
    return { id: stream, want: checkRequest((value as { readonly want?: unknown }).want) };
  } catch (cause) {
    const { code, message, hint, details } = SextantError.from(cause);
    throw new SextantError(code, message, { hint, details: { ...details, stream }, cause });
  }
};

/** What each control message's JSON must be. */
const BODIES: { readonly [K in keyof ControlBodies]: Check<ControlBodies[K]> } = {
  hello: shape({ version, client: optional(text(100)), token: optional(text(4096)), flow: optional(oneOf('ack', 'none')), prompts: optional(flag), kinds: optional(flag) }),
  welcome: shape({
    version,
    server: text(200),
    session: text(100),
    kinds,
    limits: shape({ maxStreams: count, maxCameras: count, maxMessageBytes: count, maxCameraPixels: count }),
    prompts: optional(flag),
  }),
  subscribe,
  subscribed: shape({ id }),
  unsubscribe: shape({ id }),
  error: shape({
    code: oneOf(...ERROR_CODES, 'version'),
    message: text(4000),
    hint: text(4000),
    stream: optional(id),
    camera: optional(id),
    versions: optional(list(version, 100)),
    final: optional(flag),
  }),
  classes: shape({ table: byte, phrase: optional(phrase), classes: list(shape({ id: byte, name: className, color, thing: flag, superset: optional(shape({ name: className, color })) }), 256) }),
  stats: shape({ streams: list(shape({ id, sent: count, bytes: count, dropped: count, rate: number(0, 1e6) }), 1024), bandwidth: optional(number(0, 1e15)) }),
  openCamera: shape({ camera: id, intrinsics: optional(shape({ fx: focal, fy: focal, cx: place, cy: place, width: side, height: side })) }),
  closeCamera: shape({ camera: id }),
  cameraState: shape({ camera: id, received: count, estimated: count, dropped: count }),
  prompt: shape({ phrase }),
  prompted: shape({ phrase, note: optional(text(4000)), refused: optional(flag) }),
  kinds: shape({ kinds }),
};

/** True for the messages whose body is JSON. */
export function isControl(name: Envelope['name']): name is keyof ControlBodies {
  return name in BODIES;
}

/** The bytes of a control message. */
export function encodeControl<K extends keyof ControlBodies>(type: K, body: ControlBodies[K]): Uint8Array<ArrayBuffer> {
  return wrap(type, 0, new TextEncoder().encode(JSON.stringify(body)));
}

/**
 * Reads a control message; fields that the protocol does not know are left out.
 * @throws SextantError `protocol`, naming the field and the value seen; `bad-argument` where a `subscribe` asks for what cannot be, with its number as `details.stream`.
 */
export function decodeControl(message: Uint8Array | Envelope): ControlMessage {
  const { name, body } = message instanceof Uint8Array ? openEnvelope(message) : message;
  if (!isControl(name)) throw malformed(`${name} is no control message`);
  if (body.length > MAX_CONTROL_BYTES) throw malformed(`${name} has ${body.length} bytes, the limit is ${MAX_CONTROL_BYTES}`, { name, length: body.length });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (error) {
    throw malformed(`the body of ${name} is no JSON: ${(error as Error).message}`, { name });
  }
  return { type: name, ...BODIES[name](value, name) } as ControlMessage;
}
