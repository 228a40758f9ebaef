import { malformed } from './byte-cursor.js';
import { ENVELOPE_BYTES, MESSAGE } from './constants.js';
import type { MessageName } from './constants.js';

/** A message before its body is looked at. */
export interface Envelope {
  readonly name: MessageName;
  readonly flags: number;
  /** Stream or camera number; 0 where the message is about neither. */
  readonly id: number;
  /** A view of the message. */
  readonly body: Uint8Array;
}

const NAMES = new Map(Object.entries(MESSAGE).map(([name, code]) => [code as number, name as MessageName]));

/**
 * Reads the envelope and checks its length against the message's.
 * @throws SextantError `protocol`.
 */
export function openEnvelope(message: Uint8Array): Envelope {
  if (message.length < ENVELOPE_BYTES) throw malformed(`a message of ${message.length} bytes is shorter than its envelope`, { length: message.length });
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  const name = NAMES.get(message[0]);
  if (name === undefined) throw malformed(`message type 0x${message[0].toString(16).padStart(2, '0')} does not exist`, { type: message[0] });
  const declared = view.getUint32(4, true);
  if (declared !== message.length - ENVELOPE_BYTES)
    throw malformed(`${name} declares a body of ${declared} bytes and has ${message.length - ENVELOPE_BYTES}`, { name, declared, length: message.length });
  return { name, flags: message[1], id: view.getUint16(2, true), body: message.subarray(ENVELOPE_BYTES) };
}

/** The eight bytes before a body of `length` bytes. */
export function envelope(name: MessageName, id: number, length: number, flags = 0): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(ENVELOPE_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = MESSAGE[name];
  bytes[1] = flags;
  view.setUint16(2, id, true);
  view.setUint32(4, length, true);
  return bytes;
}

/** A whole message, a copy of `body` behind its envelope. */
export function wrap(name: MessageName, id: number, body: Uint8Array, flags = 0): Uint8Array<ArrayBuffer> {
  const message = new Uint8Array(ENVELOPE_BYTES + body.length);
  message.set(envelope(name, id, body.length, flags));
  message.set(body, ENVELOPE_BYTES);
  return message;
}
