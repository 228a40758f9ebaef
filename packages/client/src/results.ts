import type { DensePoseMap, DepthMap, FlowField, Intrinsics, SegmentationClass, SegmentationMap, Skeletons } from '@sextant/core';
import type { FrameOptions } from './requests.js';

/** Where the time of one result went, milliseconds. Clocks of server and client are aligned to about half the difference of both ways. */
export interface Latency {
  /** From the frame's arrival at the server's model to the result. */
  readonly modelMs: number;
  /** From the result to here: encoding, waiting, the line, decoding. This is what the bridge adds. */
  readonly deliveryMs: number;
  /** The part of `deliveryMs` spent decoding here, waiting for the decoder included. */
  readonly decodeMs: number;
  /** `modelMs + deliveryMs`. */
  readonly totalMs: number;
  /** From the capture stamp to here; absent where the source's stamps are no wall-clock time (files, simulation). */
  readonly captureMs?: number;
}

/** What every result says about its frame. Results with equal `stamp` and `clip` are of one frame. */
export interface Result {
  /** Capture time, nanoseconds of the source's clock. */
  readonly stamp: bigint;
  /** The source's picture number; a gap is a drop. */
  readonly sequence: number;
  /** Another number means another clip: nothing before it continues here. */
  readonly clip: number;
  readonly latency: Latency;
  /** Bytes that the result took on the line. */
  readonly bytes: number;
}

/** Class id per pixel and, unless switched off, the thing each pixel belongs to. Arrays are yours to keep, write or transfer. */
export interface MaskResult extends Result, Omit<SegmentationMap, 'instances'> {
  readonly kind: 'masks';
  readonly instances?: Uint16Array;
  /** The class table by id; name -> id by `classes.find`. */
  readonly classes: readonly SegmentationClass[];
}

/** What the server's prompt names: label 1 and `phrase`, instances are its regions. */
export interface ReferredResult extends Omit<MaskResult, 'kind'> {
  readonly kind: 'referred';
  /** The phrase that it was found by; empty where the server's class table could not be read. */
  readonly phrase: string;
}

/** Distance along the optical axis, NaN where there is none. `provenance` says whether `metres` are metres. */
export interface DepthResult extends Result, DepthMap {
  readonly kind: 'depth';
  /** The camera in pixels of this map, `guessed` where nobody told it; absent where it was switched off, or from a server that does not tell. */
  readonly intrinsics?: Intrinsics;
}

/** Motion since the frame before, pixels of this map, u and v interleaved; NaN where unknown. */
export interface FlowResult extends Result, FlowField {
  readonly kind: 'flow';
}

/** The people of the frame; coordinates are pixels of this `width` x `height`. */
export interface SkeletonResult extends Result, Skeletons {
  readonly kind: 'skeletons';
}

/** Body part, u and v per pixel. */
export interface DensePoseResult extends Result, DensePoseMap {
  readonly kind: 'densePose';
}

/** The camera's picture. */
export interface PictureResult extends Result {
  readonly kind: 'picture';
  readonly width: number;
  readonly height: number;
  /** The picture as the server sent it (JPEG); for a camera of your own, absent. */
  readonly jpeg?: Uint8Array;
  /**
   * Decoded, in browsers. You own it: `close()` it when drawn, or the page keeps its memory until the garbage collector comes by.
   * Absent in Node, where `jpeg` is what there is.
   */
  readonly bitmap?: ImageBitmap;
}

/** Everything asked of `frames()` for one frame, all of one stamp. */
export interface FrameResult extends Result {
  readonly kind: 'frame';
  readonly picture?: PictureResult;
  readonly masks?: MaskResult;
  readonly depth?: DepthResult;
  readonly flow?: FlowResult;
  readonly skeletons?: SkeletonResult;
  readonly densePose?: DensePoseResult;
  readonly referred?: ReferredResult;
}

/** A frame as `frames(options)` gives it: what `options` surely ask for is there, for a frame comes when all of it has come. */
export type FrameOf<O extends FrameOptions> = FrameResult & {
  readonly [K in keyof FrameOptions & keyof FrameResult as O[K] extends true | object ? K : never]-?: NonNullable<FrameResult[K]>;
};

/** Any one stream's result. */
export type AnyResult = MaskResult | DepthResult | FlowResult | SkeletonResult | DensePoseResult | PictureResult | ReferredResult;
