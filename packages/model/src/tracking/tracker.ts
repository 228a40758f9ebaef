import { SextantError, type Perception } from '@sextant/core';
import { finiteLogit } from '../codecs/peaks.js';
import { sigmoid } from '../runtime/tensor.js';
import { affinity, sideOf, type Expected } from './affinity.js';
import { assign } from './assignment.js';
import { IdPool, type IdPoolState } from './ids.js';
import { followBack, masksOf, overlapMoved, type FlowEvidence } from './motion.js';
import { observe, type Box, type Observation, type Scene } from './observe.js';
import { relabel } from './relabel.js';

/** How long a thing that is not seen keeps its id. */
const DEFAULT_MEMORY_S = 0.8;
/** Longest memory, an hour: longer than that nothing comes back. */
const MOST_MEMORY_S = 3600;
/** A longer pause between two frames is another stream: what moved over it is anybody's guess. */
const MAX_GAP_NS = 1_000_000_000n;
/** Time over which a velocity is averaged, seconds: boxes jump by whole pixels. */
const VELOCITY_S = 0.15;
/** Time in which the memory of a size that is no longer seen fades to 1/e, seconds. */
const FADE_S = 2;
/** Time over which it is averaged which side of a person is seen, seconds: who stands between front and profile must not flicker. */
const FRONT_S = 0.5;

export interface TrackOptions {
  /** Seconds that a thing may be out of sight and keep its id, 0 to 3600. @default 0.8 */
  readonly memory?: number;
  /** The first id to give, 1 to 65535: where ids go on after those of an earlier tracker. Larger ones give smaller ids again. @default 1 */
  readonly firstId?: number;
}

/** The options as given. @throws SextantError `bad-argument` for a memory outside 0..3600 and a first id that is no whole number from 1. */
export function checkTrackOptions(options: TrackOptions): TrackOptions {
  const { memory = DEFAULT_MEMORY_S, firstId = 1 } = options;
  if (!(memory >= 0 && memory <= MOST_MEMORY_S)) {
    throw new SextantError('bad-argument', `track cannot have a memory of ${memory}`, { hint: `Give seconds from 0 to ${MOST_MEMORY_S}.`, details: { memory } });
  }
  if (!(Number.isSafeInteger(firstId) && firstId >= 1)) {
    throw new SextantError('bad-argument', `track cannot begin with an id of ${firstId}`, { hint: 'Give a whole number from 1 to 65535: 0 is no thing.', details: { firstId } });
  }
  return options;
}

interface Track {
  readonly id: number;
  readonly label: number;
  /** The last sighting. */
  box: Box;
  mask: Int32Array;
  joints: Float32Array | undefined;
  stamp: bigint;
  /** Pixels of the scene per second, as all places here are pixels of the last scene. */
  vx: number;
  vy: number;
  /** Sightings so far. */
  seen: number;
  side: number;
  /** How surely a person is seen from the front: mean over time of its logit, as a probability. */
  front: number | undefined;
}

/** One perception's scene with the track of each of its observations. */
interface Before {
  readonly scene: Scene;
  readonly tracks: readonly Track[];
  readonly stamp: bigint;
}

/** What is kept of the last perception, with maps or without. */
interface Source {
  readonly stamp: bigint;
  readonly width: number;
  readonly height: number;
}

/** All that a tracker knows, opaque: what `structuredClone` and `v8.serialize` take as one value, for this version of the package only. */
export interface TrackerState {
  readonly ids: IdPoolState;
  readonly tracks: readonly Track[];
  readonly before: Before | undefined;
  readonly source: Source | undefined;
}

/** Gives the things and people of a stream of perceptions ids that stay. See `track()`. */
export class Tracker {
  readonly #memory: bigint;
  #ids: IdPool;
  #tracks: Track[] = [];
  #before: Before | undefined;
  #source: Source | undefined;

  /** @throws SextantError `bad-argument` for options outside their ranges. */
  constructor(options: TrackOptions = {}) {
    const { memory = DEFAULT_MEMORY_S, firstId } = checkTrackOptions(options);
    this.#memory = BigInt(Math.round(memory * 1e9));
    this.#ids = new IdPool(undefined, firstId);
  }

  /** A tracker that goes on as the one whose state this is would; the state is its own from then on. */
  static from({ ids, tracks, before, source }: TrackerState, options: Pick<TrackOptions, 'memory'> = {}): Tracker {
    const tracker = new Tracker(options);
    tracker.#ids = IdPool.from(ids);
    tracker.#tracks = [...tracks];
    tracker.#before = before;
    tracker.#source = source;
    return tracker;
  }

  /** What it knows after the last update: a view, to be copied as one value before the next one. */
  get state(): TrackerState {
    return { ids: this.#ids.state, tracks: this.#tracks, before: this.#before, source: this.#source };
  }

  /** The largest id given so far, also by the tracker that this one goes on after; 0 before the first. */
  get lastId(): number {
    return this.#ids.last;
  }

  /** The same perception with lasting ids; its maps are copied where they change. Perceptions come in the order of their stamps. */
  update(perception: Perception): Perception {
    const { frame: { stamp, width, height }, flow } = perception;
    const last = this.#source;
    const gap = last ? stamp - last.stamp : 0n;
    const afresh = perception.reset !== undefined || (last !== undefined && (gap <= 0n || gap > MAX_GAP_NS || last.width !== width || last.height !== height));
    // Whether there are maps or not. What the frame before shows is not out of sight, however long ago that was.
    this.#forget((track) => afresh || (track.stamp !== last?.stamp && stamp - track.stamp > this.#memory));
    this.#source = { stamp, width, height };
    const scene = observe(perception);
    if (!scene) return perception;
    this.#toGrid(scene);
    // Flow leads to the frame that it is counted from: if that one's scene is not known, as where perceptions are left out, it leads nowhere.
    const evidence = flow && this.#before && this.#before.stamp === (flow.since ?? last?.stamp) ? followBack(scene, this.#before.scene, flow) : undefined;
    const tracks = this.#associate(scene, stamp, evidence);
    this.#before = { scene, tracks, stamp };
    return relabel(perception, scene, tracks);
  }

  /** The track of every observation, old ones where they fit. */
  #associate(scene: Scene, stamp: bigint, evidence: FlowEvidence | undefined): Track[] {
    const { observations } = scene;
    const masks = masksOf(scene);
    const result: (Track | undefined)[] = observations.map(() => undefined);
    // Those seen a moment ago choose first: who was lost gets what they leave.
    const present = this.#tracks.filter((t) => t.stamp === this.#before?.stamp);
    const lost = this.#tracks.filter((t) => t.stamp !== this.#before?.stamp);
    for (const tracks of [present, lost]) {
      const cost = new Float64Array(tracks.length * observations.length).fill(1);
      tracks.forEach((track, t) => {
        this.#likeness(track, scene, stamp, evidence).forEach((value, k) => {
          if (value > 0 && !result[k]) cost[t * observations.length + k] = 1 - value;
        });
      });
      assign(cost, tracks.length, observations.length).forEach((k, t) => {
        if (k >= 0) result[k] = tracks[t];
      });
    }
    return observations.map((observation, k) => {
      const known = result[k];
      const motion = evidence && !Number.isNaN(evidence.motion[2 * k]) ? evidence.motion.subarray(2 * k, 2 * k + 2) : undefined;
      return known ? this.#renew(known, observation, masks[k], stamp, motion) : this.#begin(observation, masks[k], stamp, motion);
    });
  }

  /** How alike each observation is to a track that moved with the flow or with its own velocity, whichever fits better. */
  #likeness(track: Track, scene: Scene, stamp: bigint, evidence: FlowEvidence | undefined): number[] {
    const seconds = Number(stamp - track.stamp) / 1e9;
    const before = this.#before;
    const q = before && track.stamp === before.stamp ? before.tracks.indexOf(track) : -1;
    const [dx, dy] = [track.vx * seconds, track.vy * seconds];
    const moved = overlapMoved(scene, track.mask, dx, dy);
    const expect = (x: number, y: number): Expected => ({
      label: track.label, box: [track.box[0] + x, track.box[1] + y, track.box[2], track.box[3]], area: track.mask.length, joints: track.joints, dx: x, dy: y,
      side: track.side, lost: q < 0,
    });
    return scene.observations.map((seen, k) => {
      const own = affinity(expect(dx, dy), seen, moved[k]);
      if (!evidence || !before || q < 0 || Number.isNaN(evidence.motion[2 * k])) return own;
      const byFlow = expect(evidence.motion[2 * k], evidence.motion[2 * k + 1]);
      // Where the surface stretches, several pixels come from one: no more are shared than there were.
      return Math.max(own, affinity(byFlow, seen, Math.min(evidence.shared[k * before.tracks.length + q], track.mask.length)));
    });
  }

  #begin(observation: Observation, mask: Int32Array, stamp: bigint, motion: Float32Array | undefined): Track {
    const id = this.#ids.take();
    const seconds = this.#before ? Number(stamp - this.#before.stamp) / 1e9 : 0;
    const [vx, vy] = motion && seconds > 0 ? [motion[0] / seconds, motion[1] / seconds] : [0, 0];
    const track = { id, label: observation.label, box: observation.box, mask, joints: observation.joints, stamp, vx, vy, seen: 1, side: sideOf(observation), front: observation.front };
    this.#tracks.push(track);
    return track;
  }

  #renew(track: Track, observation: Observation, mask: Int32Array, stamp: bigint, motion: Float32Array | undefined): Track {
    const seconds = Number(stamp - track.stamp) / 1e9;
    const { box } = observation;
    // No scene before: the grid is another one, and boxes of outlines and of joints differ by more than motion.
    if (this.#before) {
      // Flow tells the motion since the frame before; without it the box does.
      const [dx, dy] = motion && track.stamp === this.#before.stamp ? motion : this.#shift(track, box, seconds);
      // A plain mean at first, then one that forgets.
      const newest = Math.max(1 / track.seen, 1 - Math.exp(-seconds / VELOCITY_S));
      track.vx += newest * (dx / seconds - track.vx);
      track.vy += newest * (dy / seconds - track.vy);
      track.seen++;
    }
    track.side = Math.max(sideOf(observation), Math.exp(-seconds / FADE_S) * track.side);
    if (observation.front !== undefined) track.front = track.front === undefined ? observation.front : between(track.front, observation.front, 1 - Math.exp(-seconds / FRONT_S));
    Object.assign(track, { box, mask, joints: observation.joints, stamp });
    return track;
  }

  #shift({ box: from, vx, vy, seen }: Track, to: Box, seconds: number): [number, number] {
    return [boxShift(from, to, 0, seen > 1 ? vx * seconds : undefined), boxShift(from, to, 1, seen > 1 ? vy * seconds : undefined)];
  }

  /**
   * Brings the tracks to another grid of the same picture, as comes with another set of maps: they are matched by boxes and joints then, since
   * masks, and the scene that flow leads to, are on the old one.
   */
  #toGrid({ width, height }: Scene): void {
    const { scene: old } = this.#before ?? {};
    if (!old || (old.width === width && old.height === height)) return;
    const [sx, sy] = [width / old.width, height / old.height];
    for (const track of this.#tracks) {
      const [x, y, w, h] = track.box;
      track.box = [x * sx, y * sy, w * sx, h * sy];
      track.mask = new Int32Array(0);
      track.joints = track.joints?.map((value, i) => (i % 3 === 2 ? value : (value + 0.5) * (i % 3 === 0 ? sx : sy) - 0.5));
      track.vx *= sx;
      track.vy *= sy;
      track.side *= Math.sqrt(sx * sy);
    }
    this.#before = undefined;
  }

  #forget(gone: (track: Track) => boolean): void {
    for (const track of this.#tracks) if (gone(track)) this.#ids.retire(track.id);
    this.#tracks = this.#tracks.filter((track) => !gone(track));
    if (this.#tracks.length === 0) this.#before = undefined;
  }
}

/** From one probability to another by a share of the way between their logits. */
function between(from: number, to: number, share: number): number {
  const [a, b] = [from, to].map(finiteLogit);
  return sigmoid(a + share * (b - a));
}

/**
 * Motion of a box along an axis. Where something hides or uncovers an edge, that edge tells nothing and the other one tells
 * the motion: it is the one nearer to what is `expected` (at the first step, where nothing is, the one that moves). Edges
 * that part or close in, as of a thing that comes nearer or goes away, move about their middle.
 */
function boxShift(from: Box, to: Box, axis: 0 | 1, expected: number | undefined): number {
  const low = to[axis] - from[axis];
  const high = low + to[axis + 2] - from[axis + 2];
  if (low * high < 0) return (low + high) / 2;
  if (expected === undefined) return Math.abs(low) > Math.abs(high) ? low : high;
  return Math.abs(low - expected) < Math.abs(high - expected) ? low : high;
}
