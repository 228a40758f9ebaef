import { malformed } from './byte-cursor.js';
import { decodePayload, openData } from './data-codec.js';
import type { DataHeader, DataPayload } from './data-messages.js';
import { openEnvelope } from './envelope.js';

/**
 * Inflates raw deflate (RFC 1951) to `size` bytes and never allocates more, whatever the data says: node:zlib's `inflateRawSync` with
 * `maxOutputLength`, or a `DecompressionStream('deflate-raw')` that is cancelled beyond `size`.
 */
export type Inflate = (packed: Uint8Array, size: number) => Uint8Array | Promise<Uint8Array>;

/** A decoded data message. */
export interface DecodedData {
  readonly header: DataHeader;
  readonly payload: DataPayload;
}

/** Options of `MaskDecoder`. */
export interface MaskDecoderOptions {
  readonly inflate: Inflate;
  /** @default 4096 x 2304 */
  readonly maxPixels?: number;
}

/**
 * Decodes the data messages of one connection, in the order in which they came, and keeps of each stream the last key that deltas may
 * refer to. Arrays of results belong to the caller; keys are copies.
 */
export class MaskDecoder {
  readonly #options: MaskDecoderOptions;
  readonly #keys = new Map<number, { readonly clip: number; readonly sequence: number; readonly payload: DataPayload }>();

  constructor(options: MaskDecoderOptions) {
    this.#options = options;
  }

  /**
   * Decodes a whole message. Calls may not overlap for one stream: wait for the result before the next.
   * @throws SextantError `protocol` for damaged messages and for deltas whose key is not there; `too-large` beyond `maxPixels`.
   */
  async decode(message: Uint8Array): Promise<DecodedData> {
    const opened = openData(openEnvelope(message), this.#options);
    const { header, compressed, packed, rawLength } = opened;
    let raw = packed;
    if (compressed) {
      try {
        const inflated = this.#options.inflate(packed, rawLength);
        raw = inflated instanceof Uint8Array ? inflated : await inflated;
      } catch (error) {
        throw malformed(`${header.kind} cannot be inflated: ${error instanceof Error ? error.message : String(error)}`, { kind: header.kind, length: packed.length });
      }
    }
    const key = this.#keys.get(header.stream);
    // Nothing continues over a clip's end, where numbers may begin anew.
    const held = key?.clip === header.clip && key.sequence === header.reference;
    const payload = decodePayload(opened, raw, held ? key.payload : undefined);
    if (header.key && (payload.kind === 'segmentation' || payload.kind === 'densepose')) this.#keys.set(header.stream, { clip: header.clip, sequence: header.sequence, payload: keyOf(payload) });
    return { header, payload };
  }

  /** Forgets a stream that ended. */
  forget(stream: number): void {
    this.#keys.delete(stream);
  }
}

/** A copy of what deltas refer to: the ids. */
function keyOf(payload: Extract<DataPayload, { readonly kind: 'segmentation' | 'densepose' }>): DataPayload {
  if (payload.kind === 'segmentation') {
    const { kind, width, height, table, labels, instances } = payload;
    return { kind, width, height, table, labels: labels.slice(), ...(instances && { instances: instances.slice() }) };
  }
  const { kind, width, height, part, person } = payload;
  const none = new Uint8Array(0);
  return { kind, width, height, part: part.slice(), u: none, v: none, ...(person && { person: person.slice() }) };
}
