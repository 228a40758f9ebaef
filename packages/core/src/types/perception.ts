import type { Frame } from './frame.js';

/**
 * What depth values mean. `metric`: metres, from known intrinsics. `scaled`: metres by a scale somebody supplied.
 * `relative`: proportional to distance, unit unknown; never to be published as metres.
 */
export type DepthProvenance = 'metric' | 'scaled' | 'relative';

/** Every map is row-major at its own resolution, aligned with the frame's field of view. */
export interface MapSize {
  readonly width: number;
  readonly height: number;
}

/** Distance along the optical axis (z, not ray length; REP-118). NaN where there is none (sky, invalid). */
export interface DepthMap extends MapSize {
  readonly metres: Float32Array;
  readonly provenance: DepthProvenance;
  /**
   * 0..1 per pixel, where the model has one: the probability that the depth is within 10 % of the truth, up to the one
   * scale of a `relative` map. 0 where there is no depth (sky); low, not invalid, where the picture says nothing (black,
   * burnt out). Glass and mirrors are not known as such: the simulated worlds have none that one sees through.
   */
  readonly confidence?: Float32Array;
}

/**
 * Motion on the newest frame's grid: position now minus position in the previous frame, pixels of this map.
 * `pixels` interleaves (u, v) and is NaN where unknown.
 */
export interface FlowField extends MapSize {
  readonly pixels: Float32Array;
  /** Stamp of the frame that the motion is counted from, nanoseconds, where it is known: frames may have been dropped between it and this one. */
  readonly since?: bigint;
  /**
   * 0..1 per pixel, how far the motion can be believed: the probability that the surface seen here was visible in the previous frame too (below 0.5 it was
   * hidden or outside the picture, disoccluded), less where either picture is black or burnt out. Below 0.5 the motion is a guess.
   */
  readonly confidence?: Float32Array;
  /** That probability alone, where `confidence` is less somewhere. */
  readonly visibility?: Float32Array;
}

/** A group of classes: furniture, vehicles. */
export interface Superset {
  readonly name: string;
  /** Display colour, sRGB 0..255. */
  readonly color: readonly [number, number, number];
}

/** One class of a segmentation's vocabulary. */
export interface SegmentationClass {
  readonly id: number;
  readonly name: string;
  /** Display colour, sRGB 0..255. */
  readonly color: readonly [number, number, number];
  /** Countable things have instances, `stuff` has not. */
  readonly thing: boolean;
  /** The group it belongs to, where one is known. */
  readonly superset?: Superset;
}

/** Which class, and which thing of it, each pixel shows. */
export interface SegmentationMap extends MapSize {
  /** Class id per pixel; 0 is background (nothing known). */
  readonly labels: Uint8Array;
  /**
   * Instance id per pixel, 0 none. People carry the ids of `Person.id` and `DensePoseMap.person`. From one inference the
   * ids are those of the frame alone; after `track()` an id means the same thing for as long as the stream lasts.
   */
  readonly instances: Uint16Array;
  readonly classes: readonly SegmentationClass[];
  /** 0..1 per pixel: probability of the label. */
  readonly confidence?: Float32Array;
}

/** COCO's 17 keypoints, in COCO's order. */
export const COCO_KEYPOINTS = [
  'nose', 'left_eye', 'right_eye', 'left_ear', 'right_ear', 'left_shoulder', 'right_shoulder', 'left_elbow', 'right_elbow',
  'left_wrist', 'right_wrist', 'left_hip', 'right_hip', 'left_knee', 'right_knee', 'left_ankle', 'right_ankle',
] as const;

/** Limbs to draw between COCO keypoints (0-based index pairs). */
export const COCO_LIMBS: readonly (readonly [number, number])[] = [
  [15, 13], [13, 11], [16, 14], [14, 12], [11, 12], [5, 11], [6, 12], [5, 6], [5, 7], [6, 8], [7, 9], [8, 10],
  [1, 2], [0, 1], [0, 2], [1, 3], [2, 4], [3, 5], [4, 6],
];

/**
 * Joints count from this score on wherever they are drawn, written or compared. A score is the probability that the joint lies within a tenth of its person's size
 * of the truth, so at least seven in ten of those left out lie elsewhere; at half, many that are only a little off would go too.
 */
export const LEAST_JOINT_SCORE = 0.3;

/** One joint of a person. */
export interface Keypoint {
  /** Pixels of the skeleton's own `width` x `height`. */
  readonly x: number;
  readonly y: number;
  /** 0..1; 0 when the model has no opinion. */
  readonly score: number;
}

/** One person found in a frame. */
export interface Person {
  /** Shared with the segmentation's instances and the DensePose map of the same perception; 0 when unlinked. Stable over time after `track()`. */
  readonly id: number;
  readonly score: number;
  /** x, y, width, height in pixels, along their edges: the top-left pixel spans 0 to 1, so a joint at x, y is at x + 0.5, y + 0.5 of a box. */
  readonly box: readonly [number, number, number, number];
  /** 17 entries in COCO order. */
  readonly keypoints: readonly Keypoint[];
  /** How surely the person is seen from the front, 0 from behind to 1; at 0.5 left and right joints change places. Absent where the model does not say. */
  readonly front?: number;
}

/** The people of one frame; coordinates are pixels of this `width` x `height`, centre of the top-left pixel at 0, 0. */
export interface Skeletons extends MapSize {
  readonly people: readonly Person[];
}

/** DensePose: part 0 none, 1..24 by DensePose's numbering; u and v in 0..255 of that part's chart. */
export interface DensePoseMap extends MapSize {
  readonly part: Uint8Array;
  readonly u: Uint8Array;
  readonly v: Uint8Array;
  /** Person id per pixel, 0 none: `Person.id`, and the segmentation's instance id. */
  readonly person?: Uint16Array;
  /** How surely each person of `person` is seen from the front, as `Person.front`; left and right, front and back parts are by it. Absent where the model does not say. */
  readonly fronts?: ReadonlyMap<number, number>;
}

/** Where the picture shows what a phrase names: "the two dogs". */
export interface ReferredMap extends MapSize {
  /** The phrase as it was asked for. */
  readonly phrase: string;
  /** 0..1 per pixel: the probability that it shows what is named. */
  readonly probability: Float32Array;
  /** The probability from which on pixels were taken for what is named, 0 to 0.5; another one in each picture. */
  readonly threshold: number;
  /** What is found: the connected regions of at least `threshold`, 1 the largest, without specks; 0 elsewhere. */
  readonly regions: Uint16Array;
  /** How many regions there are. */
  readonly count: number;
  /** How many things the phrase speaks of, where it says a number. */
  readonly asked?: number;
}

/**
 * Why a stream has nothing before a frame: its `start`, another picture `size` (or focal length), a `gap` in time (or a step back), a `cut`
 * to another scene.
 */
export type StreamReset = 'start' | 'size' | 'gap' | 'cut';

/** Everything one pass of the model said about one frame. All members share `frame.stamp`. */
export interface Perception {
  readonly frame: Frame;
  readonly depth?: DepthMap;
  readonly flow?: FlowField;
  readonly segmentation?: SegmentationMap;
  readonly skeleton?: Skeletons;
  readonly densepose?: DensePoseMap;
  /** What the in-context prompt names, where there was one. */
  readonly referred?: ReferredMap;
  /** Set where the model began its memory afresh with this frame: whatever was carried over from earlier frames is void. */
  readonly reset?: StreamReset;
  /** Milliseconds from the frame's arrival at the model to this result. */
  readonly latencyMs: number;
}
