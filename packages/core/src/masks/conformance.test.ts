import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { SextantError } from '../errors.js';
import { decodeControl, isControl } from './control-codec.js';
import { openData } from './data-codec.js';
import { openEnvelope } from './envelope.js';
import { MaskDecoder } from './mask-decoder.js';
import { decodeAck, decodeCameraPicture, decodePing, decodePong } from './small-messages.js';

interface Vector {
  readonly name: string;
  readonly file: string;
  readonly needs?: readonly string[];
  readonly decoded?: { readonly header?: object; readonly payload?: object };
  readonly refused?: true;
}

const FOLDER = join(process.cwd(), 'test/conformance/masks');
const vectors = JSON.parse(readFileSync(join(FOLDER, 'vectors.json'), 'utf8')) as readonly Vector[];
const bytesOf = (name: string): Uint8Array => new Uint8Array(readFileSync(join(FOLDER, `${name}.bin`)));
const decoder = (): MaskDecoder => new MaskDecoder({ inflate: (packed, size) => inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }) });

/** As vectors.json has it. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return Number.isNaN(value) ? null : Number.isInteger(value) ? value : Number(value.toPrecision(7));
  if (ArrayBuffer.isView(value)) return Array.from(value as Uint8Array, plain);
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)])) : value;
}

describe('conformance vectors', () => {
  it.each(vectors.filter(({ refused }) => refused !== true))('$name decodes to its values', async ({ name, needs = [], decoded }) => {
    const message = bytesOf(name);
    const { name: type } = openEnvelope(message);
    if (isControl(type)) expect(decodeControl(message)).toEqual({ type, ...decoded });
    else if (type === 'ping') expect({ asked: String(decodePing(message)) }).toEqual(decoded);
    else if (type === 'pong') expect(plain(decodePong(message))).toEqual(decoded);
    else if (type === 'ack') expect({ consumed: decodeAck(message) }).toEqual(decoded);
    else if (type === 'camera') expect(plain(decodeCameraPicture(message))).toMatchObject(decoded!);
    else {
      const masks = decoder();
      for (const needed of needs) await masks.decode(bytesOf(needed));
      expect(plain(await masks.decode(message))).toEqual(decoded);
    }
  });

  it.each(vectors.filter(({ refused }) => refused === true))('$name is refused', async ({ name }) => {
    await expect(decoder().decode(bytesOf(name))).rejects.toBeInstanceOf(SextantError);
  });
});

describe('any bytes', () => {
  /** Mulberry32: the same bytes on every machine. */
  const generator = (seed: number) => (): number => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const MAX_PIXELS = 4096;

  /** Decodes whatever it is. Returns what a decoder allocated for it at most. */
  async function decodeAnything(message: Uint8Array, keys: readonly Uint8Array[]): Promise<{ readonly error?: unknown; readonly inflated: number; readonly bound: number }> {
    let inflated = 0;
    const masks = new MaskDecoder({
      maxPixels: MAX_PIXELS,
      inflate: (packed, size) => {
        inflated = Math.max(inflated, size);
        return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) });
      },
    });
    for (const key of keys) await masks.decode(key);
    inflated = 0;
    let bound = Infinity;
    try {
      const envelope = openEnvelope(message);
      if (envelope.name === 'data') {
        bound = openData(envelope, { maxPixels: MAX_PIXELS }).rawLength;
        await masks.decode(message);
      } else if (isControl(envelope.name)) decodeControl(envelope);
      else if (envelope.name === 'camera') decodeCameraPicture(envelope);
      else ({ ping: decodePing, pong: decodePong, ack: decodeAck })[envelope.name](envelope);
      return { inflated, bound };
    } catch (error) {
      return { error, inflated, bound };
    }
  }

  it('give a value or a typed error, and never more memory than declared and allowed', async () => {
    const random = generator(20_260_728);
    const seeds = vectors.map(({ name }) => bytesOf(name));
    const keys = [bytesOf('segmentation-key'), bytesOf('densepose-key')];
    let refused = 0;
    const rounds = 6000;
    for (let round = 0; round < rounds; round += 1) {
      let message = seeds[Math.floor(random() * seeds.length)].slice();
      const kind = random();
      if (kind < 0.1) message = Uint8Array.from({ length: Math.floor(random() * 300) }, () => random() * 256);
      else if (kind < 0.25) message = message.slice(0, Math.floor(random() * message.length));
      else {
        for (let flips = 1 + Math.floor(random() * 4); flips > 0 && message.length > 0; flips -= 1) {
          const at = Math.floor(random() * message.length);
          message[at] = random() < 0.5 ? message[at] ^ (1 << Math.floor(random() * 8)) : random() * 256;
        }
      }
      // Half of them with a right envelope, so that the rest of the decoder is reached.
      if (message.length >= 8 && random() < 0.7) new DataView(message.buffer).setUint32(4, message.length - 8, true);
      const { error, inflated, bound } = await decodeAnything(message, keys);
      if (error !== undefined) {
        refused += 1;
        if (!(error instanceof SextantError)) throw new Error(`round ${round} threw no SextantError`, { cause: error });
        expect(['protocol', 'too-large', 'bad-argument']).toContain(error.code);
      }
      if (inflated > 0) expect(inflated).toBeLessThanOrEqual(Math.min(bound, 1 + 2 * (8 * MAX_PIXELS + 16 * 65_535 + 16) + MAX_PIXELS));
    }
    expect(refused).toBeGreaterThan(rounds / 3);
    expect(refused).toBeLessThan(rounds);
  }, 60_000);

  it('in the payload itself, behind right headers', async () => {
    const random = generator(7);
    const raw = ['segmentation-noise', 'flow-q16', 'densepose-key', 'depth-log', 'skeleton-two', 'segmentation-delta'].map((name) => {
      const message = bytesOf(name);
      const { compressed, packed } = openData(message);
      return { message, payload: compressed ? new Uint8Array(inflateRawSync(packed)) : packed };
    });
    let decoded = 0;
    for (let round = 0; round < 3000; round += 1) {
      const { message, payload } = raw[round % raw.length];
      const changed = payload.slice();
      for (let flips = 1 + Math.floor(random() * 3); flips > 0; flips -= 1) changed[Math.floor(random() * changed.length)] = random() * 256;
      const plainMessage = new Uint8Array(52 + changed.length);
      plainMessage.set(message.subarray(0, 52));
      plainMessage.set(changed, 52);
      plainMessage[10] = 0; // not compressed
      new DataView(plainMessage.buffer).setUint32(4, plainMessage.length - 8, true);
      const { error } = await decodeAnything(plainMessage, [bytesOf('segmentation-key')]);
      if (error === undefined) decoded += 1;
      else if (!(error instanceof SextantError)) throw new Error(`round ${round} threw no SextantError`, { cause: error });
    }
    expect(decoded).toBeGreaterThan(300);
  }, 60_000);
});
