import { Encoder } from 'cbor-x';

/**
 * rosbridge's CBOR: maps with string keys, `uint8[]` as plain byte strings, other numeric arrays as little-endian typed
 * arrays (RFC 8746 tags 64..87). Records and the Uint8Array tag are cbor-x extensions that other decoders refuse.
 */
const encoder = new Encoder({ useRecords: false, tagUint8Array: false });

/** A value as CBOR. The returned bytes are never written again. */
export function encodeCbor(value: unknown): Uint8Array {
  return encoder.encode(value);
}
