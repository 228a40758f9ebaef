import type { McapTypes } from '@mcap/core';

/** First bytes of a zstd frame, little-endian; a CDR message begins with 0. */
const MAGIC = 0xfd2fb528;
/** More than a message can have, bytes: a damaged one can claim any size. */
const LARGEST = 1 << 30;
/** Bytes of a frame header's dictionary id and content size, by their flags (RFC 8878, 3.1.1.1). */
const [DICTIONARY, CONTENT] = [[0, 1, 2, 4], [0, 2, 4, 8]] as const;

/**
 * A message as it was sent: rosbag2's `--compression-mode message` packs each one with zstd, which only its metadata.yaml says. What is
 * not packed is returned as it is, anything else is a copy.
 * @throws Error for a frame that cannot be decompressed.
 */
export function unpackMessage(data: Uint8Array, { zstd }: McapTypes.DecompressHandlers): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 6 || view.getUint32(0, true) !== MAGIC || zstd === undefined) return data;
  const size = contentSize(view);
  if (size === undefined || size > LARGEST) throw new Error(`it is compressed with zstd, to ${size ?? 'an unknown number of'} bytes`);
  return zstd(data, BigInt(size));
}

/** Bytes of a frame's content; undefined where its header does not say. */
function contentSize(view: DataView): number | undefined {
  const descriptor = view.getUint8(4);
  const single = (descriptor & 0x20) !== 0; // then there is no byte for the window
  const bytes = CONTENT[descriptor >> 6] || (single ? 1 : 0);
  const at = 5 + (single ? 0 : 1) + DICTIONARY[descriptor & 3];
  if (bytes === 0 || view.byteLength < at + bytes) return undefined;
  if (bytes === 1) return view.getUint8(at);
  if (bytes === 2) return view.getUint16(at, true) + 256;
  return bytes === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}
