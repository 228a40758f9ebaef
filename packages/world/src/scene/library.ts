import type { Rng } from '../math/rng.js';
import type { Drawable, Geometry, Mat4, Material, Sky, Texture, Vec3 } from '../render/types.js';

/** A model ready to stand: origin at the middle of its base, x forward, y left, z up, metres. */
export interface ObjectModel {
  readonly geometry: Geometry;
  /** Recoloured materials for this copy, if any. */
  readonly materials?: readonly Material[];
  readonly classId: number;
  /** Extent along x, y, z. */
  readonly size: Vec3;
  /** Height of a surface on which small things can stand (tables, shelves, cabinets); absent where none. */
  readonly surfaces?: readonly { readonly z: number; readonly halfX: number; readonly halfY: number }[];
  /** Things that move by themselves (a horse walks): local vertices and normals at time t in seconds, and the speed in m/s along +x that suits them. */
  readonly animation?: { readonly speed: number; at(t: number): { positions: Float32Array; normals: Float32Array } };
}

export type Activity = 'stand' | 'walk' | 'run' | 'sit' | 'gesture' | 'carry' | 'any';

/** What a motion's hands are shaped to hold. */
export interface Grip {
  readonly hands: 'left' | 'right' | 'both';
  /** `load` is carried before the body, `hanging` from the hand, `shoulder` and `arm` beside the trunk; the others are held up. */
  readonly load: 'load' | 'hanging' | 'shoulder' | 'arm' | 'cup' | 'phone';
}

/** A person with a body and a motion; where it stands is the scene's business. */
export interface PersonActor {
  readonly instanceId: number;
  /** Whether joints and parts are exact; false of static scans. */
  readonly labelled: boolean;
  readonly height: number;
  /** m/s along local +x that matches the stride (0 for motions on the spot). */
  readonly speed: number;
  /** For `sit`: height of the seat under the hips, metres; the local origin is on the floor under the hips. */
  readonly seatHeight?: number;
  /** Present where the motion is one of holding something. */
  readonly grip?: Grip;
  /** A few words for captions: "a man in a red shirt walking". */
  readonly words: string;
  /** The same where the hands are empty, if `words` tell of what they hold. */
  readonly emptyHanded?: string;
  /**
   * The body at `time` seconds with its placement (local x forward, y left, z up, origin on the floor under the body)
   * and the same one frame earlier. `keypoints`: 17 COCO joints in world metres at `time`, empty where nobody knows them.
   */
  pose(time: number, placement: Mat4, previousTime: number, previousPlacement: Mat4): { drawables: Drawable[]; keypoints: Vec3[] };
}

export const TEXTURE_CATEGORIES = [
  'wood', 'brick', 'asphalt', 'grass', 'carpet', 'plaster', 'tile', 'fabric', 'concrete', 'stone', 'soil', 'metal', 'bark', 'leaves',
  'poster', 'paper', 'water',
] as const;
export type TextureCategory = (typeof TEXTURE_CATEGORIES)[number];

/** What one sees of a sky: blue, a sun near the horizon or its colours, grey all over, the night's. */
export type SkyLook = 'clear' | 'low sun' | 'overcast' | 'night';

/** A sky, and how it looks; absent where it is of two kinds or of none. */
export type SceneSky = Sky & { readonly look?: SkyLook };

/** Where scenes get their things from: the procedural library, or a folder of open assets that falls back to it. */
export interface ModelLibrary {
  readonly name: string;
  /** An object of a fine class (classes.ts), or undefined if this library has none of it. */
  object(rng: Rng, className: string): ObjectModel | undefined;
  /** `coarse` asks for a body of few triangles, for crowds. */
  person(rng: Rng, instanceId: number, activity: Activity, coarse?: boolean): PersonActor;
  texture(rng: Rng, category: TextureCategory): Texture;
  sky(rng: Rng, scene: 'indoor' | 'outdoor'): SceneSky;
}
