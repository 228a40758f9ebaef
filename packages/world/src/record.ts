import type { GBuffer } from './render/types.js';

/**
 * One record of the training pipe. Layout, little endian: 'SXW1', u32 length of a JSON text, the
 * JSON, then per frame rgb u8 [H,W,3], depth f32 [H,W] (NaN sky), flow f32 [H,W,2] (NaN on the first frame), occlusion
 * u8, labels u8, instances u16, part u8, partU u8, partV u8 (all [H,W]). The buffer is the caller's.
 */
export function encodeRecord(meta: object, frames: readonly GBuffer[]): Uint8Array {
  const json = new TextEncoder().encode(JSON.stringify(meta));
  const planes = frames.flatMap((f) => [f.rgb, f.depth, f.flow, f.occlusion, f.labels, f.instances, f.part, f.partU, f.partV]);
  const total = 8 + json.length + planes.reduce((sum, plane) => sum + plane.byteLength, 0);
  const out = new Uint8Array(total);
  out.set([0x53, 0x58, 0x57, 0x31]);
  new DataView(out.buffer).setUint32(4, json.length, true);
  out.set(json, 8);
  let at = 8 + json.length;
  for (const plane of planes) {
    out.set(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength), at);
    at += plane.byteLength;
  }
  return out;
}
