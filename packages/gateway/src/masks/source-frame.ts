import type { DataPayload, Perception, SegmentationMap, StreamRequest } from '@sextant/core';
import { DATA_HEADER_BYTES, encodeDataBody, referredSegmentation } from '@sextant/core';
import { constants, deflateRawSync } from 'node:zlib';
import type { IdKey, IdKeys, KeyNumber } from './id-keys.js';
import { encodeJpeg } from './jpeg.js';
import type { ClassTable } from './mask-source.js';
import { preparePayload } from './prepare-payload.js';

/** An encoded result: the body of a data message, shared by all clients that asked for the same. */
export interface EncodedResult {
  readonly body: Uint8Array;
  /** Deltas: which key they change; a key: its own number. */
  readonly reference: KeyNumber;
}

/** What is encoded alike is encoded once: everything of a request but who asked for it, how often and how urgently. */
export function encodingKey({ kind, maxWidth, maxHeight, confidence, classes, instances, intrinsics, referred, mapping, encoding, quality }: StreamRequest): string {
  return JSON.stringify([kind, maxWidth, maxHeight, confidence, classes && [...classes].sort(), instances, intrinsics, referred, mapping, encoding, quality]);
}

// Small planes of small numbers: more effort than level 6 saves nothing, less costs a tenth of the bytes for a tenth of a millisecond.
const deflateIds = (raw: Uint8Array): Uint8Array => deflateRawSync(raw, { level: 6 });
// Predicted values repeat rarely: Huffman coding alone is several times faster and not larger.
const deflateValues = (raw: Uint8Array): Uint8Array => deflateRawSync(raw, { level: 6, strategy: constants.Z_RLE });

/** One perception on its way to clients; encoded when the first of them can be sent it, and then for all. */
export class SourceFrame {
  readonly #encoded = new Map<string, Promise<EncodedResult> | EncodedResult>();
  readonly #prepared = new Map<string, DataPayload>();

  constructor(
    readonly perception: Perception,
    /** Number of the clip that the frame belongs to. */
    readonly clip: number,
    /** When the result was there, nanoseconds since the epoch. */
    readonly ready: bigint,
    /** The class tables of the segmentation and of what the prompt names, where there are any. */
    private readonly tables: { readonly classes: ClassTable | undefined; readonly referred: ClassTable | undefined },
    private readonly keys: (encoding: string) => IdKeys,
  ) {}

  /** True where the frame has what is asked for; what nobody wanted a moment ago was not computed. */
  has(want: StreamRequest): boolean {
    if (want.kind === 'segmentation') return this.segmentation(want) !== undefined;
    return want.kind === 'rgb' || this.perception[want.kind] !== undefined;
  }

  /** The segmentation that is asked for: of classes, or of what the prompt names. */
  segmentation({ referred }: StreamRequest): SegmentationMap | undefined {
    if (referred !== true) return this.perception.segmentation;
    return this.perception.referred && referredSegmentation(this.perception.referred);
  }

  /** Its class table. */
  table({ referred }: StreamRequest): ClassTable | undefined {
    return referred === true ? this.tables.referred : this.tables.classes;
  }

  /**
   * The encoded result. A client whose last key of this stream was `held` gets a delta where that pays, else a key.
   * Only pictures are promises.
   */
  encode(want: StreamRequest, held: KeyNumber | undefined): Promise<EncodedResult> | EncodedResult {
    const encoding = encodingKey(want);
    if (want.kind === 'rgb') return this.#once(encoding, () => this.#picture(want));
    if (want.kind !== 'segmentation' && want.kind !== 'densepose') return this.#once(encoding, () => this.#values(want, encoding));
    const keys = this.keys(encoding);
    const payload = this.#payload(want, encoding);
    const key = keys.find(held, payload, this.#number);
    return key === undefined ? this.#once(encoding, () => this.#key(want, payload, keys)) : this.#once(`${encoding} ${key.sequence}`, () => this.#delta(want, payload, keys, key));
  }

  get #number(): KeyNumber {
    return { clip: this.clip, sequence: this.perception.frame.sequence >>> 0 };
  }

  #once<T extends Promise<EncodedResult> | EncodedResult>(name: string, make: () => T): T {
    const known = this.#encoded.get(name) as T | undefined;
    if (known !== undefined) return known;
    const made = make();
    this.#encoded.set(name, made);
    return made;
  }

  #payload(want: StreamRequest, encoding: string): DataPayload {
    let payload = this.#prepared.get(encoding);
    if (payload === undefined) this.#prepared.set(encoding, (payload = preparePayload(this.#shown(want), want, this.table(want)?.number ?? 0)));
    return payload;
  }

  /** The perception whose segmentation is the one asked for. */
  #shown(want: StreamRequest): Perception {
    const segmentation = want.kind === 'segmentation' && want.referred === true ? this.segmentation(want) : undefined;
    return segmentation === undefined ? this.perception : { ...this.perception, segmentation };
  }

  #header(key: boolean, reference: number) {
    const { frame, latencyMs } = this.perception;
    return { stamp: frame.stamp, ...this.#number, ready: this.ready, modelMicros: Math.max(0, Math.round(latencyMs * 1000)), key, reference };
  }

  #keyHeader() {
    return this.#header(true, this.#number.sequence);
  }

  async #picture(want: StreamRequest): Promise<EncodedResult> {
    const payload = await encodeJpeg(this.perception.frame, want);
    return { body: encodeDataBody(this.#keyHeader(), payload, { deflate: deflateIds }), reference: this.#number };
  }

  #values(want: StreamRequest, encoding: string): EncodedResult {
    return { body: encodeDataBody(this.#keyHeader(), this.#payload(want, encoding), { ...want, deflate: deflateValues }), reference: this.#number };
  }

  #key(want: StreamRequest, payload: DataPayload, keys: IdKeys): EncodedResult {
    const body = encodeDataBody(this.#keyHeader(), payload, { ...want, deflate: deflateIds });
    keys.add(this.#number, payload, body.length - DATA_HEADER_BYTES);
    return { body, reference: this.#number };
  }

  #delta(want: StreamRequest, payload: DataPayload, keys: IdKeys, key: IdKey): EncodedResult {
    const body = encodeDataBody(this.#header(false, key.sequence), payload, { ...want, deflate: deflateIds, reference: key.payload });
    keys.measured(body.length - DATA_HEADER_BYTES);
    return { body, reference: { clip: key.clip, sequence: key.sequence } };
  }
}
