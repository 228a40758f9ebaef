import { SextantError } from '../errors.js';
import { checkSize } from '../image/rgb-image.js';
import type { DensePoseMap } from '../types/perception.js';
import { ByteCursor, malformed } from './byte-cursor.js';
import { ByteSink } from './byte-sink.js';
import { DEFAULT_MAX_PIXELS, MASK_KINDS, MAX_PEOPLE } from './constants.js';
import type { MaskKind } from './constants.js';
import type { DepthMapping } from './control-messages.js';
import type { DataHeader, DataPayload, LabelPayload } from './data-messages.js';
import { appendDensePose, readDensePose } from './densepose-codes.js';
import { appendDepth, readDepth } from './depth-codes.js';
import { openEnvelope } from './envelope.js';
import type { Envelope } from './envelope.js';
import { appendFlow, readFlow } from './flow-codes.js';
import type { FlowEncoding } from './flow-codes.js';
import { appendIds, readIds16, readIds8 } from './id-codes.js';
import { INTRINSICS_BYTES, appendIntrinsics, readIntrinsics } from './intrinsics-codes.js';
import { readProbabilities, appendProbabilities } from './planes.js';
import { appendSkeletons, readSkeletons } from './skeleton-codes.js';

/** Compresses bytes as raw deflate (RFC 1951): node:zlib's `deflateRawSync`, fflate's `deflateSync`. */
export type Deflate = (raw: Uint8Array) => Uint8Array;

/** How `encodeDataBody` encodes. */
export interface EncodeOptions {
  readonly deflate: Deflate;
  /** @default 'log' */
  readonly mapping?: DepthMapping;
  /** @default 'q16' */
  readonly encoding?: FlowEncoding;
  /** Send the map's confidence, where it has one. @default false */
  readonly confidence?: boolean;
  /** Depth: send the camera's intrinsics, where the payload has them. @default false */
  readonly intrinsics?: boolean;
  /** Send instance (person) ids, where the map has them. @default true */
  readonly instances?: boolean;
  /** Ids are coded as they differ from this key payload; of the same kind and size, or it is not used. */
  readonly reference?: DataPayload;
}

/** A data message whose header was read and checked; the payload may still be compressed. */
export interface OpenedData {
  readonly header: DataHeader;
  readonly width: number;
  readonly height: number;
  readonly confidence: boolean;
  readonly instances: boolean;
  readonly intrinsics: boolean;
  /** Whether `packed` must be inflated (raw deflate) to exactly `rawLength` bytes. */
  readonly compressed: boolean;
  readonly rawLength: number;
  /** A view of the message. */
  readonly packed: Uint8Array;
}

/** Bytes of a data body before its payload. */
export const DATA_HEADER_BYTES = 44;
const FLAG = { key: 1, confidence: 2, instances: 4, intrinsics: 8 } as const;
/** Flags that a kind can have. */
const flagsOf = (kind: MaskKind): number => FLAG.key | FLAG.confidence | FLAG.instances | (kind === 'depth' ? FLAG.intrinsics : 0);
/** Below this, deflate costs more than it saves. */
const WORTH_DEFLATING = 48;

/** Most bytes that a payload can have before compression. */
function rawLimit(kind: MaskKind, width: number, height: number): number {
  const ids = 8 * width * height + 16 * height + 16;
  const plane = width * height;
  switch (kind) {
    case 'rgb':
      return 0xffffffff; // never compressed again: bounded by the message
    case 'segmentation':
      return 1 + 2 * ids + plane;
    case 'densepose':
      return 2 * ids + 2 * plane;
    case 'depth':
      return 12 + 3 * plane + INTRINSICS_BYTES;
    case 'flow':
      return 8 + 5 * plane;
    case 'skeleton':
      return 8 + 96 * MAX_PEOPLE;
  }
}

const scratch = new ByteSink(1 << 16);

/**
 * The body of a data message, without the envelope, which carries the subscription's id: one body serves all clients that asked for
 * the same. The body is a copy. A header's `key` and `reference` must fit `options.reference`.
 * @throws SextantError `bad-argument` for maps whose arrays do not fit their size, `too-large` for sizes beyond 65535.
 */
export function encodeDataBody(header: Omit<DataHeader, 'kind' | 'stream'>, payload: DataPayload, options: EncodeOptions): Uint8Array<ArrayBuffer> {
  const { kind, width, height } = payload;
  const raw = scratch;
  raw.length = 0;
  const flags = appendPayload(payload, options, raw);
  let packed: Uint8Array = raw.bytes;
  let compressed = false;
  if (kind !== 'rgb' && raw.length >= WORTH_DEFLATING) {
    const deflated = options.deflate(raw.bytes);
    if (deflated.length < raw.length) [packed, compressed] = [deflated, true];
  }
  const body = new Uint8Array(DATA_HEADER_BYTES + packed.length);
  const view = new DataView(body.buffer);
  body[0] = MASK_KINDS.indexOf(kind);
  body[1] = flags | (header.key ? FLAG.key : 0);
  body[2] = compressed ? 1 : 0;
  view.setBigInt64(4, header.stamp, true);
  view.setUint32(12, header.sequence, true);
  view.setUint32(16, header.clip, true);
  view.setUint32(20, header.key ? header.sequence : header.reference, true);
  view.setBigUint64(24, header.ready, true);
  view.setUint32(32, Math.min(0xffffffff, header.modelMicros), true);
  view.setUint16(36, width, true);
  view.setUint16(38, height, true);
  view.setUint32(40, raw.length, true);
  body.set(packed, DATA_HEADER_BYTES);
  return body;
}

/** Appends the payload and returns the flags that say what is in it. */
function appendPayload(payload: DataPayload, options: EncodeOptions, out: ByteSink): number {
  const { kind, width, height } = payload;
  const { confidence = false, instances = true, reference } = options;
  const fitting = reference?.kind === kind && reference.width === width && reference.height === height ? reference : undefined;
  const sure = (map: { readonly confidence?: Float32Array }): boolean => confidence && map.confidence !== undefined;
  if (kind !== 'rgb' && kind !== 'skeleton') checkSize(`${kind} map`, pixelsOf(payload), width, height, kind === 'flow' ? 2 : 1);
  switch (kind) {
    case 'rgb':
      out.u8(1); // JPEG
      out.append(payload.data);
      return 0;
    case 'segmentation': {
      const { labels, instances: things, confidence: probabilities, table } = payload;
      const before = fitting as LabelPayload | undefined;
      const withThings = instances && things !== undefined;
      out.u8(table);
      appendIds(labels, width, height, before?.labels, out);
      if (withThings) appendIds(things, width, height, before?.instances, out);
      if (sure(payload)) appendProbabilities(probabilities!, width, height, out);
      return (withThings ? FLAG.instances : 0) | (sure(payload) ? FLAG.confidence : 0);
    }
    case 'depth':
      appendDepth(payload, options.mapping ?? 'log', sure(payload), out);
      if (options.intrinsics === true && payload.intrinsics !== undefined) appendIntrinsics(payload.intrinsics, out);
      return (sure(payload) ? FLAG.confidence : 0) | (options.intrinsics === true && payload.intrinsics !== undefined ? FLAG.intrinsics : 0);
    case 'flow':
      appendFlow(payload, options.encoding ?? 'q16', sure(payload), out);
      return sure(payload) ? FLAG.confidence : 0;
    case 'skeleton':
      appendSkeletons(payload, out);
      return 0;
    case 'densepose':
      appendDensePose(payload, instances, fitting as DensePoseMap | undefined, out);
      return instances && payload.person !== undefined ? FLAG.instances : 0;
  }
}

function pixelsOf(payload: Exclude<DataPayload, { readonly kind: 'rgb' | 'skeleton' }>): number {
  switch (payload.kind) {
    case 'segmentation':
      return payload.labels.length;
    case 'depth':
      return payload.metres.length;
    case 'flow':
      return payload.pixels.length;
    case 'densepose':
      return payload.part.length;
  }
}

/**
 * Reads and checks the header of a data message; nothing is allocated yet, and what will be is bounded by `maxPixels`.
 * @param limits.maxPixels default 4096 x 2304
 * @throws SextantError `protocol` for a damaged message, `too-large` for more pixels.
 */
export function openData(message: Uint8Array | Envelope, limits: { readonly maxPixels?: number } = {}): OpenedData {
  const { name, id, body } = message instanceof Uint8Array ? openEnvelope(message) : message;
  if (name !== 'data') throw malformed(`${name} is no data message`);
  const { maxPixels = DEFAULT_MAX_PIXELS } = limits;
  const cursor = new ByteCursor(body);
  cursor.need(DATA_HEADER_BYTES, 'data header');
  const kind = MASK_KINDS[cursor.u8('kind')];
  const flags = cursor.u8('flags');
  const compression = cursor.u8('compression');
  if (kind === undefined) throw malformed(`kind ${body[0]} does not exist`, { kind: body[0] });
  if ((flags & ~flagsOf(kind)) !== 0 || compression > 1 || (kind === 'rgb' && compression !== 0)) throw malformed(`${kind} has flags ${flags} and compression ${compression}`, { flags, compression });
  cursor.u8('padding');
  const key = (flags & FLAG.key) !== 0;
  const header = {
    kind, stream: id, key,
    stamp: cursor.i64('stamp'), sequence: cursor.u32('sequence'), clip: cursor.u32('clip'), reference: cursor.u32('reference'),
    ready: cursor.u64('ready'), modelMicros: cursor.u32('model time'),
  };
  const [width, height, rawLength] = [cursor.u16('width'), cursor.u16('height'), cursor.u32('raw length')];
  if (width === 0 || height === 0) throw malformed(`${kind} is ${width}x${height}`, { width, height });
  if (width * height > maxPixels) {
    throw new SextantError('too-large', `${kind} of ${width}x${height} is more than ${maxPixels} pixels`, { hint: 'Ask for a smaller size, or raise maxPixels.', details: { kind, width, height, maxPixels } });
  }
  const packed = cursor.rest();
  if (compression === 0 && packed.length !== rawLength) throw malformed(`${kind} declares ${rawLength} bytes and has ${packed.length}`, { rawLength, length: packed.length });
  if (rawLength > rawLimit(kind, width, height)) throw malformed(`${kind} of ${width}x${height} cannot have ${rawLength} bytes`, { rawLength, width, height });
  return { header, width, height, confidence: (flags & FLAG.confidence) !== 0, instances: (flags & FLAG.instances) !== 0, intrinsics: (flags & FLAG.intrinsics) !== 0, compressed: compression === 1, rawLength, packed };
}

/**
 * Decodes the payload of an opened message. Arrays are new; only the picture is a view of the message.
 * @param raw the payload, inflated where `opened.compressed`
 * @param reference the key payload that a delta changes
 * @throws SextantError `protocol`.
 */
export function decodePayload(opened: OpenedData, raw: Uint8Array, reference?: DataPayload): DataPayload {
  const { header, rawLength, width, height } = opened;
  const { kind } = header;
  if (raw.length !== rawLength) throw malformed(`${kind} inflates to ${raw.length} bytes, it declared ${rawLength}`, { length: raw.length, rawLength });
  const before = header.key ? undefined : reference;
  if (!header.key && (before?.kind !== kind || before.width !== width || before.height !== height))
    throw malformed(`${kind} ${header.sequence} changes ${header.reference}, which is not there`, { sequence: header.sequence, reference: header.reference });
  const cursor = new ByteCursor(raw);
  const payload = readPayload(opened, cursor, before);
  cursor.end(kind);
  return payload;
}

function readPayload({ header: { kind }, width, height, confidence, instances, intrinsics }: OpenedData, cursor: ByteCursor, before: DataPayload | undefined): DataPayload {
  switch (kind) {
    case 'rgb': {
      const format = cursor.u8('picture format');
      if (format !== 1) throw malformed(`picture format ${format} does not exist`, { format });
      return { kind, width, height, mediaType: 'image/jpeg', data: cursor.rest() };
    }
    case 'segmentation': {
      const known = before as LabelPayload | undefined;
      const table = cursor.u8('class table');
      const labels = readIds8(cursor, width, height, 'labels', known?.labels);
      const things = instances ? readIds16(cursor, width, height, 'instances', known?.instances) : undefined;
      return { kind, width, height, table, labels, ...(things && { instances: things }), ...(confidence && { confidence: readProbabilities(cursor, width, height) }) };
    }
    case 'depth':
      return { kind, ...readDepth(cursor, width, height, confidence), ...(intrinsics && { intrinsics: readIntrinsics(cursor) }) };
    case 'flow':
      return { kind, ...readFlow(cursor, width, height, confidence) };
    case 'skeleton':
      return { kind, ...readSkeletons(cursor, width, height) };
    case 'densepose':
      return { kind, ...readDensePose(cursor, width, height, instances, before as DensePoseMap | undefined) };
  }
}
