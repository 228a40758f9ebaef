import type { CameraModel, RgbImage } from '@sextant/core';
import type { SourceIssue } from '../source-options.js';

/** One decoded picture on its way to becoming a frame. */
export interface Picture extends RgbImage {
  /** 0-based place in the source; pictures left out keep theirs, so a gap is a loss. */
  readonly index: number;
  /** Nanoseconds: since the source's start, or by the recording's own clock. */
  readonly stamp: bigint;
  /** Stamp of the source's first picture, where stamps do not count from its start. */
  readonly origin?: bigint;
  /** True where the clock of the stamps was set ahead since the picture before: that time is not to be waited for. */
  readonly clockSet?: true;
  /** Known intrinsics of this very picture. */
  readonly camera?: CameraModel;
}

/** What a reader of recorded pictures is given for one pass. */
export interface ReadContext {
  /** Index of the first picture wanted. */
  readonly start: number;
  /** Nanoseconds from the source's start that nobody wants; what lies there is dropped by its stamp, so a reader may leave it undecoded, and says so to `leftOut`. */
  readonly skip: bigint;
  /** Told of a picture before `skip` that was left undecoded: its stamp since the source's first, nanoseconds. */
  readonly leftOut: (since: bigint) => void;
  /** Aborted when nobody listens any more; the reader stops soon after. */
  readonly signal: AbortSignal;
  readonly maxPixels: number;
  readonly onIssue: (issue: SourceIssue) => void;
}

/** Reads a recording once from `start` to its end; releases what it holds when returned early. */
export type PictureReader = (context: ReadContext) => AsyncIterable<Picture>;
