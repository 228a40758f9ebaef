import type { Image } from '../messages/types.js';

/** Where the stamp sits: after the 4-byte encapsulation header. */
const STAMP_OFFSET = 4;

interface Prefix {
  readonly bytes: Uint8Array;
}

/** Headers by everything in them but the stamp; a run has a handful, a stream of changing sizes must not grow it for ever. */
const prefixes = new Map<string, Prefix>();
const MAX_PREFIXES = 64;

/**
 * sensor_msgs/msg/Image as little-endian CDR, byte for byte what the generic writer gives: a prebuilt header, the stamp
 * patched in, and one copy of the pixels. The returned buffer is new and the caller's own.
 */
export function encodeImageCdr(image: Image): Uint8Array {
  const prefix = prefixOf(image).bytes;
  // Not zero-filled: every byte is written below.
  const slab = Buffer.allocUnsafeSlow(prefix.length + image.data.length);
  const out = new Uint8Array(slab.buffer, slab.byteOffset, slab.length);
  out.set(prefix);
  out.set(image.data, prefix.length);
  return stamped(out, image);
}

/** What goes before the pixels in `encodeImageCdr`'s bytes; new, with the image's stamp. */
export function imageCdrPrefix(image: Image): Uint8Array {
  return stamped(prefixOf(image).bytes.slice(), image);
}

function stamped(bytes: Uint8Array, { header: { stamp } }: Image): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  view.setInt32(STAMP_OFFSET, stamp.sec, true);
  view.setUint32(STAMP_OFFSET + 4, stamp.nanosec, true);
  return bytes;
}

function prefixOf(image: Image): Prefix {
  const key = `${image.width} ${image.height} ${image.step} ${image.is_bigendian} ${image.data.length} ${image.encoding} ${image.header.frame_id}`;
  const known = prefixes.get(key);
  if (known !== undefined) return known;
  if (prefixes.size >= MAX_PREFIXES) prefixes.clear();
  const prefix = { bytes: buildPrefix(image) };
  prefixes.set(key, prefix);
  return prefix;
}

function buildPrefix(image: Image): Uint8Array {
  const frameId = Buffer.from(image.header.frame_id, 'utf8');
  const encoding = Buffer.from(image.encoding, 'utf8');
  const bytes = Buffer.alloc(64 + frameId.length + encoding.length);
  let at = 0;
  // CDR aligns to the body, which starts after the encapsulation header.
  const align = (size: number): void => {
    at += (size - ((at - 4) % size)) % size;
  };
  const uint32 = (value: number): void => {
    align(4);
    at = bytes.writeUInt32LE(value, at);
  };
  const string = (text: Buffer): void => {
    uint32(text.length + 1);
    at += text.copy(bytes, at) + 1;
  };
  at = bytes.writeUInt32BE(0x00010000, at); // CDR_LE, no options
  at += 8; // stamp
  string(frameId);
  uint32(image.height);
  uint32(image.width);
  string(encoding);
  at = bytes.writeUInt8(image.is_bigendian, at);
  uint32(image.step);
  uint32(image.data.length);
  return new Uint8Array(bytes.subarray(0, at));
}
