import type { ErrorCode } from '../errors.js';
import type { SegmentationClass } from '../types/perception.js';
import type { MaskKind } from './constants.js';

/** How depth's metres become 16-bit codes: see `DepthQuantisation`. */
export type DepthMapping = 'linear' | 'log' | 'inverse';

/** What a client asks of one stream. Two clients that ask for the same (but rate, priority, group) share one encoding. */
export interface StreamRequest {
  readonly kind: MaskKind;
  /** Whose: 0 the server's own source, else a camera that this client opened. @default 0 */
  readonly camera?: number;
  /** Largest width and height; the map is made smaller (never larger) to fit, its shape kept. @default the map's own size */
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  /** Most results per second. @default all there are */
  readonly rate?: number;
  /** 0 first .. 9 last when there is too little room. @default 5 */
  readonly priority?: number;
  /**
   * Streams of one group (1..65535) are sent together: all of one frame, or none of it. 0: on its own.
   * A group has the highest priority and the lowest rate among its members. @default 0
   */
  readonly group?: number;
  /** Send the model's confidence, 8 bits per pixel (depth, flow, segmentation). @default false */
  readonly confidence?: boolean;
  /** Segmentation: only these classes, by id or name; other pixels are 0. @default all */
  readonly classes?: readonly (number | string)[];
  /** Segmentation and DensePose: send the instance (person) ids too. @default true */
  readonly instances?: boolean;
  /** Depth: how metres are quantised. @default 'log' */
  readonly mapping?: DepthMapping;
  /** Depth: send the camera's intrinsics with every map, in pixels of it; of servers that know the field. @default false */
  readonly intrinsics?: boolean;
  /**
   * Segmentation: of what the server's prompt names (one class, called by the phrase) in place of the model's classes; from servers that say `prompts` in
   * `welcome`. @default false
   */
  readonly referred?: boolean;
  /** Flow: `q16` (steps of 1/32 pixel) or `half` (IEEE 754 half floats). @default 'q16' */
  readonly encoding?: 'q16' | 'half';
  /** RGB: JPEG quality 1..100. @default 80 */
  readonly quality?: number;
}

/** Client: the first message. */
export interface Hello {
  readonly version: number;
  /** Name and version of the program, for logs; at most 100 characters. */
  readonly client?: string;
  readonly token?: string;
  /** `ack`: this client acknowledges every data message, which lets the server keep it fresh over a slow line. @default 'none' */
  readonly flow?: 'ack' | 'none';
  /** Wants to be told what is looked for by name: see `Prompted`. @default false */
  readonly prompts?: boolean;
  /** Wants to be told when what can be asked for changes: see `Kinds`. @default false */
  readonly kinds?: boolean;
}

/** What a server allows one client. */
export interface MaskLimits {
  readonly maxStreams: number;
  /** Cameras one client may send at once; 0: no uplink here. */
  readonly maxCameras: number;
  /** Largest message a client may send, bytes (control messages: `MAX_CONTROL_BYTES`). */
  readonly maxMessageBytes: number;
  /** Largest uplink picture, pixels. */
  readonly maxCameraPixels: number;
}

/** Server: the answer to `hello`. */
export interface Welcome {
  readonly version: number;
  /** Name and version of the server. */
  readonly server: string;
  /** Unique to this connection. */
  readonly session: string;
  /** What can be asked for here; it may change: see `Kinds`. */
  readonly kinds: readonly MaskKind[];
  readonly limits: MaskLimits;
  /** Here something can be looked for by name. @default false */
  readonly prompts?: boolean;
}

/** Client: what the server's camera shall be searched for from now on, for everybody; empty: nothing. */
export interface Prompt {
  readonly phrase: string;
}

/** Server, to clients that asked in `hello`: what is looked for now, and what became of the last wish. */
export interface Prompted {
  /** Empty: nothing. */
  readonly phrase: string;
  /** The words that stand in for others, or why the last wish was refused and the phrase stayed. */
  readonly note?: string;
  readonly refused?: boolean;
}

/** Server, to clients that asked in `hello`: what can be asked for from now on. Streams of other kinds end with an `error` each, which comes next. */
export interface Kinds {
  readonly kinds: readonly MaskKind[];
}

/** Client: asks for a stream under a number of its own choice, 1..65535, which the stream's data messages carry. */
export interface Subscribe {
  readonly id: number;
  readonly want: StreamRequest;
}

/** Server: the subscription stands. */
export interface Subscribed {
  readonly id: number;
}

/** Client: ends a subscription; messages on their way still come. */
export interface Unsubscribe {
  readonly id: number;
}

/** Server: something was refused. With `final` the connection is closed next, else the rest goes on. */
export interface ErrorMessage {
  readonly code: ErrorCode | 'version';
  readonly message: string;
  readonly hint: string;
  /** The subscription that was refused or ended. */
  readonly stream?: number;
  readonly camera?: number;
  /** With `version`: what the server speaks. */
  readonly versions?: readonly number[];
  readonly final?: boolean;
}

/** Server: the class table that label messages with this `table` number mean. Sent before the first of them. */
export interface ClassTable {
  readonly table: number;
  /** Set where the labels are not the model's classes but what this phrase names. */
  readonly phrase?: string;
  readonly classes: readonly SegmentationClass[];
}

/** Server's counters of one subscription since it began. */
export interface StreamCounters {
  readonly id: number;
  /** Messages sent, and their bytes. */
  readonly sent: number;
  readonly bytes: number;
  /** Results that were due and not sent, because this client was behind. */
  readonly dropped: number;
  /** Results per second being sent now. */
  readonly rate: number;
}

/** Server: counters, once a second while something is subscribed. */
export interface StatsMessage {
  readonly streams: readonly StreamCounters[];
  /** Bytes per second that the line was found to carry; absent while it never was the limit. */
  readonly bandwidth?: number;
}

/** Client: wants to send a camera under this number (1..65535). */
export interface OpenCamera {
  readonly camera: number;
  /** Intrinsics of the pictures that will come, pixels of their own size; without them depth is relative. */
  readonly intrinsics?: { readonly fx: number; readonly fy: number; readonly cx: number; readonly cy: number; readonly width: number; readonly height: number };
}

/** Client: sends no more of this camera; its streams end. */
export interface CloseCamera {
  readonly camera: number;
}

/** Server: the camera is open; also after each picture, with what became of them so far. */
export interface CameraState {
  readonly camera: number;
  /** Pictures received, estimated, and overtaken by newer ones before the model was free. */
  readonly received: number;
  readonly estimated: number;
  readonly dropped: number;
}

/** Body of each JSON control message by its name. */
export interface ControlBodies {
  readonly hello: Hello;
  readonly welcome: Welcome;
  readonly subscribe: Subscribe;
  readonly subscribed: Subscribed;
  readonly unsubscribe: Unsubscribe;
  readonly error: ErrorMessage;
  readonly classes: ClassTable;
  readonly stats: StatsMessage;
  readonly openCamera: OpenCamera;
  readonly closeCamera: CloseCamera;
  readonly cameraState: CameraState;
  readonly prompt: Prompt;
  readonly prompted: Prompted;
  readonly kinds: Kinds;
}

/** A control message with its name. */
export type ControlMessage = { readonly [K in keyof ControlBodies]: { readonly type: K } & ControlBodies[K] }[keyof ControlBodies];

