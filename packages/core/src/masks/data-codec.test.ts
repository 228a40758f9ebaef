import { describe, expect, it } from '@jest/globals';
import { constants, deflateRawSync, inflateRawSync } from 'node:zlib';
import { COCO_KEYPOINTS } from '../types/perception.js';
import { decodePayload, encodeDataBody, openData } from './data-codec.js';
import type { EncodeOptions } from './data-codec.js';
import type { DataPayload } from './data-messages.js';
import { wrap } from './envelope.js';

const [WIDTH, HEIGHT] = [37, 23];
const SIZE = WIDTH * HEIGHT;
const deflate = (raw: Uint8Array): Uint8Array => deflateRawSync(raw, { level: 6, strategy: constants.Z_DEFAULT_STRATEGY });
const header = { stamp: 1_700_000_000_123_456_789n, sequence: 41, clip: 3, reference: 41, ready: 1_700_000_000_223_000_000n, modelMicros: 98_765, key: true };

/** Blobs that look like a scene: discs of ids on a background. */
function blobs(shift: number, ids: readonly number[]): number[] {
  return Array.from({ length: SIZE }, (_, i) => {
    const [x, y] = [(i % WIDTH) - shift, Math.floor(i / WIDTH)];
    return ids.find((_id, k) => (x - 8 - 9 * k) ** 2 + (y - 10) ** 2 < 30 + 10 * k) ?? 0;
  });
}

function roundTrip(payload: DataPayload, options: Partial<EncodeOptions> = {}, head = header): { readonly back: DataPayload; readonly bytes: number } {
  const body = encodeDataBody(head, payload, { deflate, ...options });
  const opened = openData(wrap('data', 9, body));
  expect(opened.header).toEqual({ ...head, kind: payload.kind, stream: 9 });
  const raw = opened.compressed ? inflateRawSync(opened.packed, { maxOutputLength: opened.rawLength }) : opened.packed;
  return { back: decodePayload(opened, raw, options.reference), bytes: body.length };
}

describe('data messages', () => {
  const labels = Uint8Array.from(blobs(0, [255, 7, 20]));
  const instances = Uint16Array.from(blobs(0, [1, 40_000, 2]));
  const masks: DataPayload = { kind: 'segmentation', width: WIDTH, height: HEIGHT, labels, instances, table: 4 };

  it('carry labels and instances without loss', () => {
    expect(roundTrip(masks).back).toEqual(masks);
    const { instances: _left, ...alone } = masks;
    expect(roundTrip(masks, { instances: false }).back).toEqual(alone);
  });

  it('carry a delta that only its key makes whole, and smaller', () => {
    const moved: DataPayload = { ...masks, labels: Uint8Array.from(blobs(1, [255, 7, 20])), instances };
    const next = { ...header, sequence: 42, key: false };
    const delta = roundTrip(moved, { reference: masks }, next);
    expect(delta.back).toEqual(moved);
    expect(delta.bytes).toBeLessThan(roundTrip(moved).bytes);
    const opened = openData(wrap('data', 9, encodeDataBody(next, moved, { deflate, reference: masks })));
    const raw = opened.compressed ? inflateRawSync(opened.packed) : opened.packed;
    expect(() => decodePayload(opened, raw)).toThrow('segmentation 42 changes 41, which is not there');
  });

  it('carry intrinsics where they are asked for and there', () => {
    const intrinsics = { fx: 212.5, fy: 213, cx: 17.75, cy: 11.5, provenance: 'calibrated' } as const;
    const depth: DataPayload = { kind: 'depth', width: WIDTH, height: HEIGHT, metres: new Float32Array(SIZE).fill(1), provenance: 'metric', intrinsics };
    expect(roundTrip(depth, { intrinsics: true }).back).toMatchObject({ intrinsics });
    expect(roundTrip(depth).back).not.toHaveProperty('intrinsics');
    const { intrinsics: _left, ...without } = depth;
    expect(roundTrip(without, { intrinsics: true }).back).not.toHaveProperty('intrinsics');
    const flagged = wrap('data', 9, encodeDataBody(header, masks, { deflate }));
    flagged[9] |= 8; // no other kind has them
    expect(() => openData(flagged)).toThrow('segmentation has flags 13');
    const impossible = encodeDataBody(header, { ...depth, intrinsics: { ...intrinsics, fx: -1 } }, { deflate, intrinsics: true });
    const opened = openData(wrap('data', 9, impossible));
    expect(() => decodePayload(opened, opened.compressed ? inflateRawSync(opened.packed) : opened.packed)).toThrow('intrinsics -1, 213, 17.75, 11.5 cannot be');
  });

  it('carry noise of every id', () => {
    const noise: DataPayload = { ...masks, labels: Uint8Array.from({ length: SIZE }, (_, i) => (i * 7919) >> 3), instances: Uint16Array.from({ length: SIZE }, (_, i) => (i * 104_729) >> 2) };
    expect(roundTrip(noise).back).toEqual(noise);
  });

  it.each(['linear', 'log', 'inverse'] as const)('carry depth as %s within its declared step', (mapping) => {
    const metres = Float32Array.from({ length: SIZE }, (_, i) => (i % 17 === 0 ? NaN : 0.4 + (i % 97) * 0.31));
    const confidence = Float32Array.from({ length: SIZE }, (_, i) => (i % 256) / 255);
    const depth: DataPayload = { kind: 'depth', width: WIDTH, height: HEIGHT, metres, confidence, provenance: 'relative' };
    const { back } = roundTrip(depth, { mapping, confidence: true });
    if (back.kind !== 'depth') throw new Error(back.kind);
    expect(back.provenance).toBe('relative');
    expect(back.confidence).toEqual(confidence);
    for (let i = 0; i < SIZE; i += 1) {
      const [z, got] = [metres[i], back.metres[i]];
      if (Number.isNaN(z)) expect(got).toBeNaN();
      else if (mapping === 'linear') expect(Math.abs(got - z)).toBeLessThan(0.00051);
      else if (mapping === 'log') expect(Math.abs(got / z - 1)).toBeLessThan(0.00101);
      else expect(Math.abs(1 / got - 1 / z)).toBeLessThan(1 / 0.4 / 4094);
    }
  });

  it('widens the step of depth that would not fit, and survives a map of nothing', () => {
    const depth = (metres: Float32Array): DataPayload => ({ kind: 'depth', width: WIDTH, height: HEIGHT, metres, provenance: 'metric' });
    const far = roundTrip(depth(new Float32Array(SIZE).fill(400)), { mapping: 'linear' }).back;
    expect(far.kind === 'depth' && far.metres[0]).toBeCloseTo(400, 2);
    const none = roundTrip(depth(new Float32Array(SIZE).fill(NaN))).back;
    expect(none.kind === 'depth' && none.metres.every(Number.isNaN)).toBe(true);
  });

  it.each(['q16', 'half'] as const)('carry flow as %s', (encoding) => {
    const pixels = Float32Array.from({ length: 2 * SIZE }, (_, i) => (Math.floor(i / 2) % 31 === 0 ? NaN : Math.sin(i) * 40));
    const { back } = roundTrip({ kind: 'flow', width: WIDTH, height: HEIGHT, pixels }, { encoding });
    if (back.kind !== 'flow') throw new Error(back.kind);
    const worst = Math.max(...Array.from(pixels, (value, i) => (Number.isNaN(value) ? (Number.isNaN(back.pixels[i]) ? 0 : 1) : Math.abs(value - back.pixels[i]))));
    expect(worst).toBeLessThanOrEqual(encoding === 'q16' ? 1 / 64 : 1 / 64 + 1e-9);
  });

  it('carry skeletons to 1/16 pixel', () => {
    const keypoints = COCO_KEYPOINTS.map((_, j) => ({ x: j * 7.3 - 3, y: 100 - j, score: (j * 15) / 255 }));
    const { back } = roundTrip({ kind: 'skeleton', width: WIDTH, height: HEIGHT, people: [{ id: 513, score: 1, box: [-1, 2, 30.5, 40], keypoints }] });
    if (back.kind !== 'skeleton') throw new Error(back.kind);
    expect(back.people[0]).toMatchObject({ id: 513, score: 1, box: [-1, 2, 30.5, 40] });
    back.people[0].keypoints.forEach(({ x, y, score }, j) => {
      expect(Math.abs(x - keypoints[j].x)).toBeLessThanOrEqual(1 / 32);
      expect(y).toBe(keypoints[j].y);
      expect(score).toBeCloseTo(keypoints[j].score, 9);
    });
  });

  it('carry DensePose without loss', () => {
    const part = Uint8Array.from(blobs(0, [24, 2, 15]));
    const chart = (k: number): Uint8Array => part.map((id, i) => (id === 0 ? 0 : (i * k) & 255));
    const map: DataPayload = { kind: 'densepose', width: WIDTH, height: HEIGHT, part, u: chart(3), v: chart(5), person: instances.map((id, i) => (part[i] === 0 ? 0 : id)) };
    expect(roundTrip(map).back).toEqual(map);
  });

  it('carry a picture as it is', () => {
    const data = Uint8Array.from({ length: 300 }, (_, i) => i);
    const picture: DataPayload = { kind: 'rgb', width: 640, height: 480, mediaType: 'image/jpeg', data };
    expect(roundTrip(picture).back).toEqual(picture);
  });

  it('refuse maps that do not fit their size, and sizes beyond the limit', () => {
    expect(() => encodeDataBody(header, { ...masks, width: WIDTH + 1 }, { deflate })).toThrow(/38x23/);
    const message = wrap('data', 9, encodeDataBody(header, masks, { deflate }));
    expect(() => openData(message, { maxPixels: SIZE - 1 })).toThrow(expect.objectContaining({ code: 'too-large' }));
  });
});
