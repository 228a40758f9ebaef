import type { CameraModel, DistortionModel, ErrorCode } from '@sextant/core';
import type { SensorModel } from '@sextant/world';

/** A lens for the simulated camera: what `rectify()` will take out again. */
export interface SimLens {
  readonly model: Exclude<DistortionModel, 'none'>;
  /** Coefficients in OpenCV's order. */
  readonly d: readonly number[];
}

/** What the simulated camera sees and how. */
export interface SimScene {
  readonly seed: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number;
  readonly fovDegrees: number;
  readonly scene?: 'indoor' | 'outdoor';
  readonly supersampling?: 1 | 2;
  readonly lens?: SimLens;
  /** What the electronics do to the picture; `random` draws a plausible camera from the seed; absent = the ideal picture. */
  readonly sensor?: SensorModel | 'random';
  /** Folder of open assets; without it the procedural library builds everything. */
  readonly assets?: string;
}

/** To the worker: compose a scene (replaces the one before), or render an instant of it. */
export type SimRequest = { readonly kind: 'open'; readonly scene: SimScene } | { readonly kind: 'render'; readonly index: number };

/** From the worker, one reply per request and in their order; `rgb` is transferred. */
export type SimReply =
  | { readonly kind: 'opened'; readonly camera: CameraModel; readonly caption: string }
  | { readonly kind: 'frame'; readonly index: number; readonly rgb: Uint8Array<ArrayBuffer> }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string; readonly hint: string };

/** Whatever draws for the simulated camera, one request at a time. */
export interface SimRenderer {
  /** Composes a scene; later renderings are of it. */
  open(scene: SimScene): Promise<{ readonly camera: CameraModel; readonly caption: string }>;
  /** rgb8 of instant `index`; the receiver's own. */
  render(index: number): Promise<Uint8Array>;
  /** Lets go of the worker; a request under way never answers. */
  close(): void;
}
