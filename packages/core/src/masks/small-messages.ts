import { ByteCursor, malformed } from './byte-cursor.js';
import { ByteSink } from './byte-sink.js';
import { MAX_ID } from './constants.js';
import type { CameraPicture } from './data-messages.js';
import { openEnvelope, wrap } from './envelope.js';
import type { Envelope } from './envelope.js';

/** Times of one exchange, nanoseconds: the client's when it asked, the server's when it heard and when it answered. */
export interface Pong {
  readonly asked: bigint;
  readonly heard: bigint;
  readonly answered: bigint;
}

const bodyOf = (message: Uint8Array | Envelope, name: Envelope['name']): ByteCursor => {
  const opened = message instanceof Uint8Array ? openEnvelope(message) : message;
  if (opened.name !== name) throw malformed(`${opened.name} is no ${name}`);
  return new ByteCursor(opened.body);
};

/** Client: asks for the time. */
export function encodePing(asked: bigint): Uint8Array<ArrayBuffer> {
  const body = new ByteSink(8);
  body.u64(asked);
  return wrap('ping', 0, body.bytes);
}

/** @throws SextantError `protocol`. */
export function decodePing(message: Uint8Array | Envelope): bigint {
  const cursor = bodyOf(message, 'ping');
  const asked = cursor.u64('ping time');
  cursor.end('ping');
  return asked;
}

/** Server: the answer to a ping. */
export function encodePong({ asked, heard, answered }: Pong): Uint8Array<ArrayBuffer> {
  const body = new ByteSink(24);
  for (const time of [asked, heard, answered]) body.u64(time);
  return wrap('pong', 0, body.bytes);
}

/** @throws SextantError `protocol`. */
export function decodePong(message: Uint8Array | Envelope): Pong {
  const cursor = bodyOf(message, 'pong');
  const pong = { asked: cursor.u64('pong time'), heard: cursor.u64('pong time'), answered: cursor.u64('pong time') };
  cursor.end('pong');
  return pong;
}

/** Client: data messages consumed on this connection so far, modulo 2^32. */
export function encodeAck(consumed: number): Uint8Array<ArrayBuffer> {
  const body = new ByteSink(4);
  body.u32(consumed >>> 0);
  return wrap('ack', 0, body.bytes);
}

/** @throws SextantError `protocol`. */
export function decodeAck(message: Uint8Array | Envelope): number {
  const cursor = bodyOf(message, 'ack');
  const consumed = cursor.u32('count');
  cursor.end('ack');
  return consumed;
}

/** Client: one picture of its camera. */
export function encodeCameraPicture(picture: CameraPicture): Uint8Array<ArrayBuffer> {
  const { camera, stamp, sequence, width, height, data } = picture;
  const body = new ByteSink(20 + data.length);
  body.u8(1); // JPEG
  body.u8(0);
  body.u16(0);
  body.u64(stamp);
  body.u32(sequence >>> 0);
  body.u16(width);
  body.u16(height);
  body.append(data);
  return wrap('camera', camera, body.bytes);
}

/** The picture's data is a view of the message. @throws SextantError `protocol`. */
export function decodeCameraPicture(message: Uint8Array | Envelope): CameraPicture {
  const opened = message instanceof Uint8Array ? openEnvelope(message) : message;
  const cursor = bodyOf(opened, 'camera');
  const format = cursor.u8('picture format');
  if (format !== 1) throw malformed(`picture format ${format} does not exist`, { format });
  cursor.slice(3, 'padding');
  const picture = {
    camera: opened.id, stamp: cursor.i64('stamp'), sequence: cursor.u32('sequence'), width: cursor.u16('width'), height: cursor.u16('height'),
    mediaType: 'image/jpeg' as const, data: cursor.rest(),
  };
  if (picture.camera === 0 || picture.camera > MAX_ID) throw malformed(`camera ${picture.camera} cannot be a client's`);
  if (picture.width === 0 || picture.height === 0 || picture.data.length === 0) throw malformed(`a picture of ${picture.width}x${picture.height} in ${picture.data.length} bytes`);
  return picture;
}
