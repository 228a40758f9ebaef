import type { CameraModel, Frame } from '@sextant/core';
import { SextantError } from '@sextant/core';
import type { SensorModel } from '@sextant/world';
import { Observable } from 'rxjs';
import { cameraLookup } from '../calibration/camera-lookup.js';
import type { SimLens, SimRenderer, SimScene } from '../sim/protocol.js';
import { workerRenderer } from '../sim/worker-renderer.js';
import { DEFAULT_SEED } from '../source-spec.js';
import { DEFAULT_FRAME_ID, checkOptions, requirePositive } from '../source-options.js';
import type { CommonOptions } from '../source-options.js';
import { systemClock } from '../stream/clock.js';
import type { Clock } from '../stream/clock.js';
import type { FrameGate } from '../stream/frame-gate.js';

/** Options of `simulated`. */
export interface SimulatedOptions extends Omit<CommonOptions, 'rate' | 'onIssue'> {
  /** Which world; 0 .. 2^32 - 1. Default 36, a room with people. */
  readonly seed?: number;
  /** Pixels. Default 320 x 240. */
  readonly width?: number;
  readonly height?: number;
  /** Frames per second of world time. Default 15: rendering shares the machine with the model. */
  readonly fps?: number;
  /** Horizontal field of view, 30..120 degrees. Default 70, which calibration/sim.yaml describes. */
  readonly fovDegrees?: number;
  /** Indoor or outdoor; the seed chooses when absent. */
  readonly scene?: 'indoor' | 'outdoor';
  /** Colour samples per pixel side; default 1, for speed. */
  readonly supersampling?: 1 | 2;
  /** A lens, for `rectify()` to take out; without it the picture is ideal. */
  readonly lens?: SimLens;
  /** Noise, blur, exposure and colour of a real camera: `random` (the default) draws one from the seed, `ideal` is none. */
  readonly sensor?: SensorModel | 'random' | 'ideal';
  /** Folder of open assets to build the worlds from. */
  readonly assets?: string;
  /** Another world (seed + 1, + 2, ...) every so many seconds of world time. Default: one world for good. */
  readonly sceneSeconds?: number;
  /** True (default): world time is wall time, and what cannot be rendered in time is skipped. False: every instant. */
  readonly realtime?: boolean;
  /** First instant, 0-based. */
  readonly start?: number;
  /** Back-pressure for consumers that must see every frame. */
  readonly gate?: FrameGate;
  /** Draws the pictures; default a worker thread. For tests. */
  readonly renderer?: () => SimRenderer;
}

/** Picture size, rate and field of view of a simulated camera that is told none. */
export const SIM_DEFAULTS = { width: 320, height: 240, fps: 15, fovDegrees: 70 } as const;

function settled(options: SimulatedOptions): SimScene & { readonly framesPerScene: number } {
  const { seed = DEFAULT_SEED, assets, lens, scene, sensor = 'random', supersampling = 1, sceneSeconds } = options;
  const { width, height, fps, fovDegrees } = { ...SIM_DEFAULTS, ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) };
  checkOptions(options);
  requirePositive('fps', fps);
  requirePositive('sceneSeconds', sceneSeconds);
  const bad = (name: string, value: unknown, hint: string): SextantError =>
    new SextantError('bad-argument', `the simulated camera cannot have a ${name} of ${String(value)}`, { hint, details: { [name]: value } });
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) throw bad('seed', seed, 'Give a whole number from 0 to 4294967295.');
  for (const [name, value] of [['width', width], ['height', height]] as const) {
    if (!Number.isInteger(value) || value < 1 || value > 16384) throw bad(name, value, 'Give a whole number of pixels from 1 to 16384.');
  }
  if (!(fovDegrees >= 30 && fovDegrees <= 120)) throw bad('fovDegrees', fovDegrees, 'Give 30 to 120 degrees.');
  return {
    seed, width, height, fps, fovDegrees, supersampling, ...(scene && { scene }), ...(lens && { lens }),
    ...(sensor !== 'ideal' && { sensor }), ...(assets !== undefined && { assets }),
    framesPerScene: sceneSeconds === undefined ? Infinity : Math.max(1, Math.round(sceneSeconds * fps)),
  };
}

/**
 * A camera in a procedural world, reproducible from its seed, with exact intrinsics (`simulated`). It renders in a
 * worker thread, one picture at a time and one ahead: when rendering or a consumer is slow, world time goes on and
 * `sequence` shows the instants that were skipped; nothing queues up. It never completes by itself.
 *
 * Errors: `worker-lost`, and those of the world (`source-missing` for the assets' folder).
 * @throws SextantError `bad-argument` for an option out of range.
 */
export function simulated(options: SimulatedOptions = {}, clock: Clock = systemClock): Observable<Frame> {
  const { framesPerScene, ...scene } = settled(options);
  const { frameId = DEFAULT_FRAME_ID, realtime = true, start = 0, gate } = options;
  const { width, height, fps } = scene;
  return new Observable<Frame>((subscriber) => {
    const abort = new AbortController();
    const { signal } = abort;
    let renderer: SimRenderer | undefined;

    const run = async (): Promise<void> => {
      const known = (await cameraLookup(options.calibration))(width, height);
      if (signal.aborted) return;
      const draw = (options.renderer ?? workerRenderer)();
      renderer = draw;
      let openScene = -1;
      let own: CameraModel | undefined;
      const render = async (index: number): Promise<{ rgb: Uint8Array; camera: CameraModel | undefined }> => {
        const number = framesPerScene === Infinity ? 0 : Math.floor(index / framesPerScene);
        if (number !== openScene) {
          own = (await draw.open({ ...scene, seed: (scene.seed + number) % 2 ** 32 })).camera;
          openScene = number;
        }
        return { rgb: await draw.render(number === 0 ? index : index - number * framesPerScene), camera: own };
      };
      let index = start;
      let next = render(index);
      let startedAt: number | undefined;
      while (!signal.aborted) {
        const { rgb, camera } = await next;
        startedAt ??= clock.now() - (index * 1000) / fps; // composing the first world takes no world time
        const wait = startedAt + (index * 1000) / fps - clock.now();
        if (realtime && wait > 0) await clock.sleep(wait, signal);
        await gate?.acquire(signal);
        if (signal.aborted) return;
        const shown = index;
        const elapsed = realtime ? Math.floor(((clock.now() - startedAt) * fps) / 1000 + 1e-6) : 0;
        index = Math.max(index + 1, elapsed);
        next = render(index); // while the consumer works
        next.catch(() => {}); // looked at in the next round, or never
        const intrinsics = known ?? camera;
        subscriber.next({
          stamp: BigInt(Math.round((shown * 1e9) / fps)), frameId, sequence: shown, width, height, rgb, ...(intrinsics && { camera: intrinsics }),
        });
        // A consumer that works inside `next` holds the loop up; timers and messages get their turn all the same.
        await new Promise((resolve) => setImmediate(resolve));
      }
    };

    run().then(
      () => subscriber.complete(),
      (error: unknown) => subscriber.error(error),
    );
    return () => {
      abort.abort();
      renderer?.close();
    };
  });
}
