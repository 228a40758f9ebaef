import { MessageReader, MessageWriter } from '@foxglove/rosmsg2-serialization';
import { definitionsOf, normaliseType } from '../messages/definitions.js';
import type { Image } from '../messages/types.js';
import { encodeImageCdr } from './image-cdr.js';

const writers = new Map<string, MessageWriter>();
const readers = new Map<string, MessageReader>();

/**
 * A message as little-endian XCDR1 with its 4-byte encapsulation header: the bytes of
 * rcl_publish_serialized_message, of rosbag2 and of `cbor-raw`. The returned buffer is new and the caller's own.
 */
export function encodeCdr(type: string, message: object): Uint8Array {
  const name = normaliseType(type);
  return name === 'sensor_msgs/msg/Image' && (message as Partial<Image>).data instanceof Uint8Array
    ? encodeImageCdr(message as Image)
    : encodeCdrGeneric(name, message);
}

/** `encodeCdr` by the definition of the type alone; what the fast paths are tested against. */
export function encodeCdrGeneric(type: string, message: object): Uint8Array {
  const name = normaliseType(type);
  let writer = writers.get(name);
  if (writer === undefined) {
    writer = new MessageWriter(definitionsOf(name) as ConstructorParameters<typeof MessageWriter>[0]);
    writers.set(name, writer);
  }
  return writer.writeMessage(padStrings(message));
}

/** Reads what `encodeCdr` wrote. `uint8[]` fields are views of `bytes`. */
export function decodeCdr<T>(type: string, bytes: Uint8Array): T {
  const name = normaliseType(type);
  let reader = readers.get(name);
  if (reader === undefined) {
    reader = new MessageReader(definitionsOf(name) as ConstructorParameters<typeof MessageReader>[0], { timeType: 'sec,nanosec' });
    readers.set(name, reader);
  }
  return reader.readMessage<T>(bytes);
}

/**
 * The library sizes a string by its UTF-16 length but writes UTF-8, cutting off whatever does not fit. Trailing NULs that
 * make the two lengths equal are what gets cut instead. Copies only along paths that hold such a string.
 */
function padStrings<T>(value: T): T {
  if (typeof value === 'string') {
    const extra = Buffer.byteLength(value) - value.length;
    return (extra === 0 ? value : value + '\0'.repeat(extra)) as T;
  }
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    if (typeof value[0] === 'number') return value;
    const padded = value.map(padStrings);
    return (padded.some((item, i) => item !== value[i]) ? padded : value) as T;
  }
  let copy: Record<string, unknown> | undefined;
  for (const [key, item] of Object.entries(value)) {
    const padded = padStrings(item as unknown);
    if (padded !== item) (copy ??= { ...(value as Record<string, unknown>) })[key] = padded;
  }
  return (copy ?? value) as T;
}
