import type { ErrorCode, Modality, StreamReset } from '@sextant/core';
import type { DecodedMaps } from '../codecs/decode.js';
import type { Manifest } from '../manifest/schema.js';
import type { DeviceCheck, DeviceName } from './device.js';
import type { Size } from './grid.js';

/** All that the worker is ever told. `id` comes back in the answer. */
export type ToWorker =
  | { readonly type: 'open'; readonly id: number; readonly options: OpenOptions }
  | { readonly type: 'run'; readonly id: number; readonly frame: WireFrame; readonly modalities: readonly Modality[]; readonly stream?: StreamKey; readonly memory: boolean }
  /** Forgets what a stream kept of its previous frame; has no answer. */
  | { readonly type: 'forget'; readonly stream: StreamKey };

/** All that the worker ever says. */
export type FromWorker =
  | { readonly type: 'opened'; readonly id: number; readonly check?: DeviceCheck }
  | { readonly type: 'result'; readonly id: number; readonly maps: DecodedMaps; readonly timing: Timing; readonly reset?: ResetReason }
  | { readonly type: 'failed'; readonly id: number; readonly error: WireError };

/** Which sequence of frames a frame belongs to; `previous.*` and `state.*` never cross between two. */
export type StreamKey = number | string;

/**
 * Why a stream did not continue with a frame: everything it remembered was void (`StreamReset`), or, with another set of
 * `modalities`, the states of the graphs that depend on which are asked for.
 */
export type ResetReason = StreamReset | 'modalities';

export interface OpenOptions {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly device: DeviceName;
  /** Whether to compare with the CPU first. */
  readonly check: boolean;
  /** Threads of one graph's run; 0 is onnxruntime's own choice. */
  readonly threads: number;
  readonly size?: Size;
}

/** What inference needs of a frame. `rgb` is copied (or, if shared, read) by the transport. */
export interface WireFrame {
  readonly stamp: bigint;
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
  /** fx in pixels of the frame. */
  readonly focal?: number;
  readonly focalKnown: boolean;
}

/** Where the time of one run went, milliseconds in the worker. */
export interface Timing {
  readonly resampleMs: number;
  readonly inferenceMs: number;
  readonly decodeMs: number;
}

/** A SextantError without its class. */
export interface WireError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string;
  readonly details: Readonly<Record<string, unknown>>;
}
