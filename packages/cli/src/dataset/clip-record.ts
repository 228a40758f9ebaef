import type { WorldFacts, WorldFrame } from '@sextant/world';
import type { CameraModel } from '@sextant/core';
import type { WorldWishes } from '@sextant/world';
import type { Checked } from '../generate/check.js';

/** A seed that was tried and not taken. */
export interface Rejection {
  readonly seed: number;
  /** The world cannot have what was wished for; a frame without any distance; the check. */
  readonly why: 'wishes' | 'empty' | 'check';
  readonly message: string;
}

/** What the manifest says of a finished clip. */
export interface ClipRecord {
  readonly index: number;
  readonly split: string;
  /** Its folder, relative to the data set's. */
  readonly path: string;
  readonly seed: number;
  readonly wishes: WorldWishes;
  readonly facts: WorldFacts;
  /** What its first frame shows. */
  readonly caption: string;
  readonly frames: number;
  /** Intrinsics as in camera_info.yaml. */
  readonly camera: Pick<CameraModel, 'width' | 'height' | 'k' | 'd' | 'distortionModel'> & { readonly fovDegrees: number };
  readonly ranges: ClipRanges;
  readonly agreement?: Checked | undefined;
  readonly files: number;
  readonly bytes: number;
  /** Over names and bytes of all files but previews and the clip's manifest.json: the same for the same recipe, version and seed. */
  readonly sha256: string;
}

/** What became of one planned clip. */
export interface ClipResult {
  readonly index: number;
  /** Absent where none of its seeds would do. */
  readonly record?: ClipRecord | undefined;
  readonly rejected: readonly Rejection[];
}

/** Ranges of a clip's labels. */
export interface ClipRanges {
  /** Nearest and farthest distance that the depth files hold, metres. */
  readonly depthMetres: readonly [number, number];
  /** Longest motion that the flow files hold (up to 512 across and down), pixels per frame. */
  readonly flowPixels: number;
  /** Fewest and most people in view, of whom at least a pixel is seen. */
  readonly peopleInView: readonly [number, number];
}

/** Farthest distance that 16 bits of millimetres hold. */
const FARTHEST = 65.535;
/** Beyond this KITTI's 16 bits hold no motion; a lens makes such out of what was far outside the picture. */
const MOST_FLOW = 511.98;

/** Collects the ranges of a clip, frame by frame. */
export class RangeTally {
  #near = Infinity;
  #far = 0;
  #flow = 0;
  #fewest = Infinity;
  #most = 0;
  /** A frame in which nothing is near enough to have a depth. */
  empty = false;

  add({ depth, flow, people, index }: WorldFrame): void {
    let any = false;
    for (const z of depth) {
      if (!(z > 0 && z <= FARTHEST)) continue;
      any = true;
      if (z < this.#near) this.#near = z;
      if (z > this.#far) this.#far = z;
    }
    if (!any) this.empty = true;
    for (let i = 0; index > 0 && i < flow.length; i += 2) {
      const u = flow[i], v = flow[i + 1];
      if (Math.abs(u) < MOST_FLOW && Math.abs(v) < MOST_FLOW) this.#flow = Math.max(this.#flow, Math.hypot(u, v));
    }
    const seen = people.filter(({ box }) => box[2] > 0).length;
    this.#fewest = Math.min(this.#fewest, seen);
    this.#most = Math.max(this.#most, seen);
  }

  result(): ClipRanges {
    const round = (x: number): number => Math.round(x * 1000) / 1000;
    return { depthMetres: [round(this.#near), round(this.#far)], flowPixels: round(this.#flow), peopleInView: [this.#fewest, this.#most] };
  }
}
