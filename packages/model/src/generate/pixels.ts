/** rgb8 of a planar picture [3, h, w] in [-1, 1]; what lies beyond is cut. Returns a fresh array. */
export function toRgb8(planar: Float32Array): Uint8Array {
  const n = planar.length / 3;
  const rgb = new Uint8Array(planar.length);
  for (let c = 0; c < 3; c++) for (let i = 0; i < n; i++) rgb[3 * i + c] = toByte(planar[c * n + i]);
  return rgb;
}

/** Writes rgb8 as a planar picture in [-1, 1] into `out` at `offset`, and returns `out`. */
export function fromRgb8(rgb: Uint8Array, out: Float32Array, offset = 0): Float32Array {
  const n = rgb.length / 3;
  for (let c = 0; c < 3; c++) for (let i = 0; i < n; i++) out[offset + c * n + i] = rgb[3 * i + c] / 127.5 - 1;
  return out;
}

/** Streams as they are remembered: on the 256 levels of a byte, so that a file of them is enough to go on. */
export function quantised(streams: Float32Array): Float32Array {
  return bytesToStreams(streamsToBytes(streams));
}

/** Streams, values in [-1, 1], as bytes: -1 is 0, 1 is 255; what lies beyond is cut. Returns a fresh array of the same layout. */
export function streamsToBytes(streams: Float32Array): Uint8Array {
  const bytes = new Uint8Array(streams.length);
  for (let i = 0; i < streams.length; i++) bytes[i] = toByte(streams[i]); // Uint8Array.from takes ten times as long
  return bytes;
}

/** The inverse of {@link streamsToBytes}: values in [-1, 1]. Returns a fresh array. */
export function bytesToStreams(bytes: Uint8Array): Float32Array {
  return new Float32Array(bytes).map((byte) => byte / 127.5 - 1);
}

function toByte(x: number): number {
  return Math.max(0, Math.min(255, Math.round((x + 1) * 127.5)));
}

/** Means of blocks of `block` x `block` values: planes [C,h,width] to [C,h/block,width/block]. Returns a fresh array. */
export function reduced(planes: Float32Array, width: number, block: number): Float32Array {
  const out = new Float32Array(planes.length / block ** 2);
  const across = width / block;
  for (let i = 0; i < planes.length; i++) out[Math.floor(i / width / block) * across + Math.floor((i % width) / block)] += planes[i] / block ** 2;
  return out;
}

/** Planes [C,h,width/block] at `block` times the size: every value `block` x `block` times. Returns `planes` itself for block 1. */
export function enlarged(planes: Float32Array, width: number, block: number): Float32Array {
  if (block === 1) return planes;
  const out = new Float32Array(planes.length * block * block);
  const across = width / block;
  for (let row = 0; row < planes.length / across; row++) {
    const to = row * block * width;
    for (let x = 0; x < across; x++) out.fill(planes[row * across + x], to + x * block, to + (x + 1) * block);
    for (let copy = 1; copy < block; copy++) out.copyWithin(to + copy * width, to, to + width);
  }
  return out;
}
