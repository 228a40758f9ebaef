import type { DepthMapping } from '@sextant/core';

/** What any stream can be asked for. */
export interface StreamOptions {
  /** Fit the result into this size: smaller, never larger, shape kept. @default the model's own size */
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  /** Most results per second. @default every result there is */
  readonly rate?: number;
  /** 0 first .. 9 last when the line is too slow for all streams. @default 5 */
  readonly priority?: number;
}

/** Options of `masks()`. */
export interface MaskOptions extends StreamOptions {
  /** Names or ids of the classes wanted, e.g. `['person']`; other pixels are 0. @default all */
  readonly classes?: readonly (string | number)[];
  /** Also the id of the thing that each pixel belongs to. @default true */
  readonly instances?: boolean;
  /** Also the probability of each pixel's label. @default false */
  readonly confidence?: boolean;
}

/** Options of `referred()`. */
export type ReferredOptions = Omit<MaskOptions, 'classes'>;

/** Options of `depth()`. */
export interface DepthOptions extends StreamOptions {
  /** Also the model's confidence. @default false */
  readonly confidence?: boolean;
  /** How metres travel: `log` and `inverse` keep a constant relative and disparity precision, `linear` millimetres. @default 'log' */
  readonly mapping?: DepthMapping;
  /** Also the camera's intrinsics, in pixels of the map. @default true */
  readonly intrinsics?: boolean;
}

/** Options of `flow()`. */
export interface FlowOptions extends StreamOptions {
  readonly confidence?: boolean;
  /** Steps of 1/32 pixel, or half floats. @default 'q16' */
  readonly encoding?: 'q16' | 'half';
}

/** Options of `densePose()`. */
export interface DensePoseOptions extends StreamOptions {
  /** Also the id of the person that each pixel belongs to. @default true */
  readonly instances?: boolean;
}

/** Options of `pictures()`. */
export interface PictureOptions extends StreamOptions {
  /** JPEG quality 1..100. @default 80 */
  readonly quality?: number;
}

/** What `frames()` puts together; `true` means the stream's defaults. At least one. */
export interface FrameOptions {
  readonly picture?: boolean | PictureOptions;
  readonly masks?: boolean | MaskOptions;
  readonly depth?: boolean | DepthOptions;
  readonly flow?: boolean | FlowOptions;
  readonly skeletons?: boolean | StreamOptions;
  readonly densePose?: boolean | DensePoseOptions;
  /** Nothing comes of a frame while nothing is looked for: ask for it only where `prompt$` names something. */
  readonly referred?: boolean | ReferredOptions;
  /** Most frames per second, of the whole. */
  readonly rate?: number;
  /** 0 first .. 9 last, of the whole. @default 5 */
  readonly priority?: number;
}

/** Options of `connect()`. */
export interface ConnectOptions {
  /** The server's `--token`. It travels in the first message, not in the address. */
  readonly token?: string;
  /**
   * Where messages are decoded. `auto`: in a worker where the page allows one, else inline. `inline`: on this thread. Or a
   * worker of your own that runs `@sextant/client/worker.js` (bundlers: `() => new Worker(new URL('@sextant/client/worker.js', import.meta.url), { type: 'module' })`).
   * @default 'auto' (Node: inline)
   */
  readonly decoder?: 'auto' | 'inline' | (() => Worker);
  /** Pauses between attempts after the connection was lost; false: give up at the first loss. @default { minMs: 250, maxMs: 10000 } */
  readonly reconnect?: false | { readonly minMs?: number; readonly maxMs?: number; /** @default no limit */ readonly attempts?: number };
  /** A connection that says nothing for so long is taken for lost, milliseconds. @default 10000 */
  readonly silenceMs?: number;
  /** Maps and pictures of more pixels are refused. @default 4096 x 2304 */
  readonly maxPixels?: number;
  /** The WebSocket class to use. @default the platform's; Node before 22: that of the package `ws` */
  readonly webSocket?: new (url: string, protocols: string[]) => WebSocket;
  /** Closes the client. */
  readonly signal?: AbortSignal;
}

/** Options of `camera()`. */
export interface CameraOptions {
  /** Most pictures per second sent. @default 15 */
  readonly rate?: number;
  /** Pictures are made smaller to fit, shape kept. @default 640 x 480 */
  readonly maxWidth?: number;
  readonly maxHeight?: number;
  /** JPEG quality 0..1. @default 0.8 */
  readonly quality?: number;
  /** Horizontal field of view in degrees, 1..179, if known: depth is then metric for a model that was trained for it. */
  readonly fieldOfView?: number;
}
