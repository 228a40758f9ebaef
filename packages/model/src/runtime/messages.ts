import type { ErrorCode, Modality, Skeletons, StreamReset } from '@sextant/core';
import type { DecodedMaps } from '../codecs/decode.js';
import type { FoundMap } from '../codecs/referred.js';
import type { Guidance } from '../generate/guidance.js';
import type { SamplerName } from '../generate/samplers.js';
import type { Manifest } from '../manifest/schema.js';
import type { Colour } from '../text/colours.js';
import type { DeviceCheck, DeviceName } from './device.js';
import type { Size } from './grid.js';

/** What is to be found by name: word ids of a phrase for the network, padded, or ids of classes; of it only what is of one of `colours`, where there are any. */
export type Sought = ({ readonly prompt: readonly number[] } | { readonly classes: readonly number[] }) & { readonly colours?: readonly Colour[] };

/** All that the worker is ever told. `id` comes back in the answer. */
export type ToWorker =
  | { readonly type: 'open'; readonly id: number; readonly options: OpenOptions }
  | { readonly type: 'run'; readonly id: number; readonly frame: WireFrame; readonly modalities: readonly Modality[]; readonly stream?: StreamKey; readonly memory: boolean; readonly steps: number; readonly closeUps: number; readonly sought?: Sought }
  /** Makes one frame; `progress` after every step, then `painted` or `cancelled`. */
  | { readonly type: 'paint'; readonly id: number; readonly request: PaintRequest }
  /** Ends the painting `target` at its next step, or before it begins; has no answer of its own. */
  | { readonly type: 'cancel'; readonly target: number }
  /** Forgets what a stream kept of its previous frame; has no answer. */
  | { readonly type: 'forget'; readonly stream: StreamKey };

/** All that the worker ever says. */
export type FromWorker =
  | { readonly type: 'opened'; readonly id: number; readonly check?: DeviceCheck }
  | { readonly type: 'result'; readonly id: number; readonly maps: DecodedMaps; readonly timing: Timing; readonly reset?: ResetReason; readonly found?: FoundMap }
  | { readonly type: 'progress'; readonly id: number; readonly step: number; readonly preview?: Uint8Array }
  | { readonly type: 'painted'; readonly id: number; readonly painted: Painted }
  | { readonly type: 'cancelled'; readonly id: number }
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

/** One frame to be made, on the grid `width` x `height`. */
export interface PaintRequest extends Size {
  readonly task: 'generate' | 'joint';
  /** The clip that it continues. */
  readonly clip: StreamKey;
  readonly index: number;
  /** Condition (generate), or what is made beside the picture (joint). */
  readonly modalities: readonly Modality[];
  /** [15,H,W], the condition; zeros for what is not given. */
  readonly streams?: Float32Array;
  /** rgb8: every region in the colour it shall have. */
  readonly palette?: Uint8Array;
  /** Word ids, padded with 0. */
  readonly caption: readonly number[];
  readonly negative: readonly number[];
  readonly focal: number;
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly shift: number;
  readonly guidance: Guidance;
  /** joint: then make the picture once more, from the finished streams, as task generate does. */
  readonly repaint?: Pick<PaintRequest, 'sampler' | 'steps' | 'shift' | 'guidance'>;
  readonly seed: number;
  readonly previews: boolean;
  /** Frames before this one, oldest first, where the worker does not know them: their pictures and clean streams. */
  readonly prime: readonly { readonly rgb: Uint8Array; readonly streams: Float32Array }[];
}

/** A frame that was made. */
export interface Painted {
  /** rgb8. */
  readonly rgb: Uint8Array;
  /** [15,H,W] in [-1, 1], joint only. */
  readonly streams?: Float32Array;
  /** joint with skeletons: people, where the model says them beside the streams; coordinates of the frame. */
  readonly people?: Skeletons;
  readonly timing: PaintTiming;
}

/** Where the time of one frame went, milliseconds in the worker. */
export interface PaintTiming {
  /** All steps. */
  readonly sampleMs: number;
  /** What the next frame needs. */
  readonly rememberMs: number;
  /** Runs of the network in each look (1 without guidance). */
  readonly looks: number;
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
