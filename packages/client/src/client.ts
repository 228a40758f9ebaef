import type { MaskKind, MaskLimits, Prompted, SegmentationClass, SextantError } from '@sextant/core';
import type { Observable } from 'rxjs';
import type { CameraOptions, DensePoseOptions, DepthOptions, FlowOptions, FrameOptions, MaskOptions, PictureOptions, ReferredOptions, StreamOptions } from './requests.js';
import type { DensePoseResult, DepthResult, FlowResult, FrameOf, MaskResult, PictureResult, ReferredResult, SkeletonResult } from './results.js';
import type { Stream } from './stream.js';

/**
 * Where the connection stands. `waiting` is between two attempts; `failed` is final: the token is wrong, the versions do not
 * meet, the attempts are used up; `error` says it in words.
 */
export type ConnectionState =
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'open'; readonly server: ServerInfo }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryMs: number; readonly error: SextantError }
  | { readonly kind: 'failed'; readonly error: SextantError }
  | { readonly kind: 'closed' };

/** What the server said about itself. */
export interface ServerInfo {
  readonly version: number;
  readonly server: string;
  readonly session: string;
  /** What can be asked for here now; when that changes, `state$` says `open` again. A stream of a kind that goes fails with `unsupported`. */
  readonly kinds: readonly MaskKind[];
  readonly limits: MaskLimits;
  /** Something can be looked for by name: see `Client.prompt`. */
  readonly prompts: boolean;
}

/** Milliseconds over the last seconds. */
export interface LatencyStats {
  readonly p50: number;
  readonly p99: number;
}

/** Counters of one stream, since it was subscribed; rates and latencies over the last second or so. */
export interface StreamStats {
  /** `masks`, `depth`, ... as in a result's `kind`. */
  readonly kind: string;
  /** Camera id, 0 for the server's source. */
  readonly camera: number;
  readonly fps: number;
  readonly bytesPerSecond: number;
  readonly received: number;
  /** Not sent by the server, since this client or its line was behind. */
  readonly droppedByServer: number;
  /** Received and not handed on: the decoder or the reader was behind, or a camera's picture was kept no longer (30 s). */
  readonly droppedHere: number;
  readonly decodeMs: LatencyStats;
  readonly deliveryMs: LatencyStats;
  readonly totalMs: LatencyStats;
}

/** What `stats$` says once a second. */
export interface ClientStats {
  readonly streams: readonly StreamStats[];
  /** Round trip to the server, milliseconds; the smallest of the last samples. */
  readonly roundTripMs?: number;
  /** Server's clock minus this one, milliseconds. */
  readonly clockOffsetMs?: number;
  /** Bytes per second that the server found the line to carry; absent while the line was never the limit. */
  readonly bandwidth?: number;
  /** `worker` or `inline`. */
  readonly decoder: 'worker' | 'inline';
  readonly reconnects: number;
}

/**
 * The streams of one camera: the server's own, or one that this client sends. Each call makes a new cold `Stream`; nothing is
 * computed or sent before it is subscribed to. Streams go on over reconnections. They fail with a SextantError where an
 * option cannot be (`bad-argument`) or the server refuses the subscription, and where the connection has failed for good; once the client is closed they complete. Subscribing after that ends
 * the same way, at once.
 */
export interface Streams {
  /** Segmentation: class and instance per pixel. */
  masks(options?: MaskOptions): Stream<MaskResult>;
  /** What the server's prompt names; silent while that is nothing. */
  referred(options?: ReferredOptions): Stream<ReferredResult>;
  depth(options?: DepthOptions): Stream<DepthResult>;
  /** Optical flow on the newest frame's grid. */
  flow(options?: FlowOptions): Stream<FlowResult>;
  skeletons(options?: StreamOptions): Stream<SkeletonResult>;
  densePose(options?: DensePoseOptions): Stream<DensePoseResult>;
  /** The camera's picture. */
  pictures(options?: PictureOptions): Stream<PictureResult>;
  /** Several of these at once, all of one frame: a frame comes when everything asked for has come. */
  frames<const O extends FrameOptions>(options: O): Stream<FrameOf<O>>;
}

/** What became of a camera's pictures. */
export interface CameraStats {
  /** Pictures sent, and not sent: the line or the server was behind, they could not be encoded, or are larger than the server takes (`errors$` says so). */
  readonly sent: number;
  readonly skipped: number;
  /** At the server: received, estimated, overtaken before the model was free or refused. */
  readonly received: number;
  readonly estimated: number;
  readonly dropped: number;
}

/**
 * This browser's camera on its way through the server's model. `frames({ picture: true, ... })` gives each result with the very
 * picture it belongs to, kept here and never sent back. Sends only while a stream of it is subscribed to. When its track ends, by the page or
 * by the browser, `errors$` says so (`source-ended`) and its streams complete.
 */
export interface CameraLink extends Streams {
  /** Number of this camera in `StreamStats.camera`. */
  readonly id: number;
  readonly stats: CameraStats;
  /** Stops sending; streams end. The MediaStream is yours: it goes on. */
  close(): void;
}

/** A connection to a Sextant server. */
export interface Client extends Streams {
  readonly url: string;
  readonly state: ConnectionState;
  /** The state now and whenever it changes; completes when the client is closed. */
  readonly state$: Observable<ConnectionState>;
  /** The class table, once known, and whenever it changes. */
  readonly classes$: Observable<readonly SegmentationClass[]>;
  /** What is looked for by name now, for everybody, and what became of wishes; silent with servers that find nothing by name. */
  readonly prompt$: Observable<Prompted>;
  /** What went wrong and was survived: messages that could not be decoded, lost connections, refused streams. */
  readonly errors$: Observable<SextantError>;
  /** Once a second while connected. */
  readonly stats$: Observable<ClientStats>;
  /** Statistics now. */
  readonly stats: ClientStats;
  /**
   * Asks the server to look for something by name from now on ("the two dogs"), for everybody; empty: for nothing. While there is no connection the last
   * wish is kept until there is one. What became of it comes by `prompt$`, also that a phrase of more than 2000 characters is refused; a server that finds nothing by name, and a connection that has failed for good,
   * refuse it on `errors$`.
   */
  prompt(phrase: string): void;
  /** Milliseconds since the epoch on the server's clock, as well as it is known. */
  serverNow(): number;
  /**
   * Sends a camera of this browser (`navigator.mediaDevices.getUserMedia`) to the server and gets its perception back.
   * @throws SextantError `unsupported` where the browser cannot make pictures of a stream; `bad-argument` for a stream without video and for an option that cannot be.
   */
  camera(stream: MediaStream | MediaStreamTrack, options?: CameraOptions): CameraLink;
  /** Ends everything: streams complete, the socket and the worker close. Closing twice is fine. */
  close(): void;
}
