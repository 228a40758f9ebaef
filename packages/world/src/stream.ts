import { SextantError } from '@sextant/core';
import { Rng } from './math/rng.js';
import type { AssetLibrary } from './assets/library.js';
import { judge } from './scene/look.js';
import type { WorldFrame } from './types.js';
import { ClipCamera } from './clip-camera.js';
import { encodeRecord } from './record.js';
import type { WorldWishes } from './scene/wishes.js';
import { createWorld } from './world.js';

/** The training pipe's parameters. */
export interface StreamOptions {
  readonly seedStart: number;
  /** Default 1. */
  readonly seedStep?: number;
  /** How many worlds. */
  readonly count: number;
  /** Picture sizes; each seed picks one. */
  readonly sizes: readonly (readonly [width: number, height: number])[];
  /** Frames of a record. Default 2. */
  readonly frames?: number;
  /** Instants between the frames of a record, drawn per record between both. Default [1, 1]. */
  readonly frameStep?: readonly [number, number];
  /** Records per world at most (blocked views are left out), spread over its first ten seconds. Default 1. */
  readonly instants?: number;
  /** Default 30. */
  readonly fps?: number;
  readonly supersampling?: 1 | 2;
  /** A camera with lens distortion, rolling shutter, blur, noise and changing exposure instead of the ideal one. Default false. */
  readonly sensor?: boolean;
  readonly assets?: AssetLibrary;
  /** What every world shall be like; seeds that cannot be so are reported and left out. */
  readonly wishes?: WorldWishes;
}

/** Seeds are 32 bits. */
const MOST_SEED = 0xffff_ffff;
/** Seconds of a world from which records are taken. */
const SPAN = 10;

/**
 * Training records of many worlds, one after another (layout: record.ts). The yielded buffer is the caller's.
 * A world that fails is reported to `onError` and left out.
 * @throws SextantError `bad-argument` for seeds beyond the last one: from 0 on they are kept for evaluation.
 */
export function* records(options: StreamOptions, onError: (seed: number, error: unknown) => void): Generator<Uint8Array> {
  const { seedStart, seedStep = 1, count, instants = 1 } = options;
  const last = seedStart + Math.max(0, count - 1) * seedStep;
  if (!(last <= MOST_SEED)) throw new SextantError('bad-argument', `seeds go from ${seedStart} to ${last}, beyond the last one, ${MOST_SEED}`, { hint: 'Begin at a smaller seed, or take fewer.', details: { seedStart, last } });
  for (let n = 0; n < count; n++) {
    const seed = seedStart + n * seedStep;
    let made: Uint8Array[];
    try {
      made = recordsOfWorld(options, seed, instants);
    } catch (error) {
      onError(seed, error);
      continue;
    }
    yield* made;
  }
}

function recordsOfWorld(options: StreamOptions, seed: number, instants: number): Uint8Array[] {
  const { frames = 2, frameStep = [1, 1], fps = 30 } = options;
  const rng = new Rng(seed).fork('stream');
  const [width, height] = rng.pick(options.sizes);
  const world = createWorld({
    seed, width, height, fps, supersampling: options.supersampling ?? 2, ...(options.assets ? { assets: options.assets } : {}),
    ...(options.wishes ? { wishes: options.wishes } : {}),
  });
  const out: Uint8Array[] = [];
  for (let i = 0; i < instants; i++) {
    const step = rng.int(...frameStep);
    const start = Math.floor(((i + rng.unit()) / instants) * SPAN * fps);
    const list: WorldFrame[] = [];
    const camera = options.sensor ? new ClipCamera(world, rng.fork(`camera${i}`), step / fps) : undefined;
    for (let f = 0; f < frames; f++) {
      const now = start + f * step, before = now - step;
      const shot = camera?.shoot(now, before) ?? world.renderStep(now, f === 0 ? undefined : before);
      // The first frame's flow, which its motion blur needs, leads to no frame of the record.
      const frame = f === 0 && camera ? { ...shot, flow: new Float32Array(shot.flow.length).fill(NaN) } : shot;
      // Something that moves has come right before the camera: nothing to learn there.
      if (f === 0 && judge(frame).blocked > 1) break;
      list.push(frame);
    }
    if (list.length < frames) continue;
    const { k } = world.camera;
    out.push(encodeRecord({
      seed, scene: world.options.scene, place: world.place, width, height, frames, frameStep: step, start,
      fx: k[0], fy: k[4], cx: k[2], cy: k[5], d: list[0].camera.d, fps, caption: world.captionOf(list[0]),
      people: list.map((frame) => frame.people.map((p) => ({
        id: p.instanceId, labelled: p.labelled, box: p.box, keypoints: p.keypoints.map(({ x, y, visibility }) => [round(x), round(y), visibility]),
      }))),
      camToWorld: list.map((frame) => Array.from(frame.camToWorld)),
    }, list));
  }
  return out;
}

const round = (value: number): number => Math.round(value * 100) / 100;
