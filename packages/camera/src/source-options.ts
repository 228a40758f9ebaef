import { SextantError } from '@sextant/core';
import type { CameraModel } from '@sextant/core';
import type { FrameGate } from './stream/frame-gate.js';

/** The TF frame of a source that is told no other (REP-103: the optical one). */
export const DEFAULT_FRAME_ID = 'camera_optical_frame';

/** Pictures beyond this many pixels are refused by default: 64 megapixels. */
export const DEFAULT_MAX_PIXELS = 64e6;

/** Something that went wrong with a source and did not end it. */
export interface SourceIssue {
  /**
   * `corrupt-picture`: one picture could not be decoded and was left out. `truncated`: the file ends early.
   * `decode-errors`: the decoder complained, but most pictures came. `disconnected`: a live camera was lost and is
   * being tried again. `clock-jump`: stamps of a recording go back, or ahead of its log. `no-index`: a recording was written without one and is
   * read from its front. `no-camera`: what a recording says of its camera cannot be used and is left out.
   */
  readonly kind: 'corrupt-picture' | 'truncated' | 'decode-errors' | 'disconnected' | 'clock-jump' | 'no-index' | 'no-camera';
  /** One sentence for people. */
  readonly message: string;
  /** The picture concerned, 0-based, where it is one. */
  readonly index?: number;
  /** The evidence as fields. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** What every source takes. */
export interface CommonOptions {
  /** Intrinsics: a ROS camera_calibration file or the model itself. They are scaled to the pictures' size. */
  readonly calibration?: string | CameraModel;
  /** TF frame of the frames; default `camera_optical_frame`. */
  readonly frameId?: string;
  /** At most this many frames per second of capture time. */
  readonly rate?: number;
  /** Told of what went wrong and did not end the source. */
  readonly onIssue?: (issue: SourceIssue) => void;
}

/** What sources of recorded pictures take beside. */
export interface PlaybackOptions extends CommonOptions {
  /**
   * True (the default): frames come at the rate they were captured at. False: as fast as they can be decoded and as
   * `gate` allows.
   */
  readonly realtime?: boolean;
  /** Start again at the end. Stamps and sequence numbers go on rising. Default false. */
  readonly loop?: boolean;
  /** Index of the first picture to emit, 0-based, to go on where an earlier run stopped; `sequence` starts there too. */
  readonly start?: number;
  /** Leave out what was captured in the first so many seconds of a recording; the stream fails with `bad-argument` where that is all of it. Default 0. */
  readonly startSeconds?: number;
  /** How fast a recording is played: 2 is twice as fast, 0.5 half as fast. Stamps stay as they were captured. Default 1. */
  readonly speed?: number;
  /** Back-pressure for consumers that must see every frame. */
  readonly gate?: FrameGate;
  /** Largest picture accepted, in pixels; default 64e6. */
  readonly maxPixels?: number;
}

/** Checks a value that must be a positive number. */
export function requirePositive(name: string, value: number | undefined): void {
  if (value === undefined || (Number.isFinite(value) && value > 0)) return;
  throw new SextantError('bad-argument', `${name} cannot be ${value}`, { hint: `Give ${name} as a number above 0.`, details: { [name]: value } });
}

/** The slowest rate: a frame in 11.6 days. Stamps further apart than 24.8 days are a clock that was set, which nobody waits for. */
const LEAST_RATE = 1e-6;

/** Checks frames per second. */
export function requireRate(name: string, value: number | undefined): void {
  requirePositive(name, value);
  if (value === undefined || value >= LEAST_RATE) return;
  throw new SextantError('bad-argument', `${name} cannot be ${value}`, { hint: `Give ${name} in frames per second, at least 0.000001 (one in eleven days).`, details: { [name]: value } });
}

/** Checks the options every source takes, where a source is made and not first when it is subscribed. */
export function checkOptions(options: PlaybackOptions): void {
  requireRate('rate', options.rate);
  requirePositive('maxPixels', options.maxPixels);
  requirePositive('speed', options.speed);
  const { start = 0, startSeconds = 0 } = options;
  if (!(startSeconds >= 0) || startSeconds === Infinity) {
    throw new SextantError('bad-argument', `startSeconds cannot be ${startSeconds}`, { hint: 'Give seconds from the start of the recording.', details: { startSeconds } });
  }
  if (!Number.isInteger(start) || start < 0) {
    throw new SextantError('bad-argument', `start cannot be ${start}`, { hint: 'Give the 0-based index of a picture.', details: { start } });
  }
}
