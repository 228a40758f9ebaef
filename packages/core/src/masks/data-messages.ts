import type { Intrinsics } from '../camera/intrinsics.js';
import type { DensePoseMap, DepthMap, FlowField, Skeletons } from '../types/perception.js';
import type { MaskKind } from './constants.js';

/** What every data message says before its payload. */
export interface DataHeader {
  readonly kind: MaskKind;
  /** The subscription's id. */
  readonly stream: number;
  /** Capture time of the frame, nanoseconds of the source's clock. Equal stamps are one frame. */
  readonly stamp: bigint;
  /** The source's picture number: a gap is a drop. */
  readonly sequence: number;
  /** Counts the clips of a source: another number means that nothing before it belongs to this. */
  readonly clip: number;
  /** Server's Unix time at which the result was ready, nanoseconds. */
  readonly ready: bigint;
  /** From the frame's arrival at the model to the result, microseconds. */
  readonly modelMicros: number;
  /** Needs nothing before it. */
  readonly key: boolean;
  /** Deltas: the `sequence` of the key message that they change; a key's own sequence. */
  readonly reference: number;
}

/** Labels and, if asked for, instances. `table` names the class table. */
export interface LabelPayload {
  readonly kind: 'segmentation';
  readonly width: number;
  readonly height: number;
  readonly labels: Uint8Array;
  readonly instances?: Uint16Array;
  /** 0..1. */
  readonly confidence?: Float32Array;
  readonly table: number;
}

/** A compressed picture. */
export interface PicturePayload {
  readonly kind: 'rgb';
  readonly width: number;
  readonly height: number;
  readonly mediaType: 'image/jpeg';
  /** The picture's file; a view of the message. */
  readonly data: Uint8Array;
}

/** Depth and, if asked for, the camera that the map is seen by. */
export interface DepthPayload extends DepthMap {
  readonly kind: 'depth';
  readonly intrinsics?: Intrinsics;
}

/** What a data message carries once decoded. */
export type DataPayload =
  | LabelPayload
  | PicturePayload
  | DepthPayload
  | ({ readonly kind: 'flow' } & FlowField)
  | ({ readonly kind: 'skeleton' } & Skeletons)
  | ({ readonly kind: 'densepose' } & DensePoseMap);

/** A picture that a client sends of its own camera. */
export interface CameraPicture {
  readonly camera: number;
  /** Capture time on the client's clock, nanoseconds since the Unix epoch. */
  readonly stamp: bigint;
  readonly sequence: number;
  readonly width: number;
  readonly height: number;
  readonly mediaType: 'image/jpeg';
  readonly data: Uint8Array;
}
