import type { Drawable, Mat4, Sky, SunLight, Vec3 } from '../render/types.js';
import type { Held } from './held.js';
import type { PersonActor } from './library.js';

/** Where something is at a time; smooth wherever it can be seen, periodic or endless, so that every frame of a world is defined. */
export interface Path {
  at(t: number): Mat4;
}

export interface ScenePerson {
  readonly actor: PersonActor;
  readonly path: Path;
  readonly activity: string;
  /** What it has in its hands. */
  readonly held?: Held;
}

/** A thing that changes over time. */
export interface Mover {
  drawable(t: number, previous: number): Drawable;
}

export interface Lighting {
  readonly sun?: SunLight;
  readonly ambientUp: Vec3;
  readonly ambientDown: Vec3;
  readonly sky: Sky;
  readonly fog?: { readonly density: number; readonly color: Vec3 };
  readonly exposure: number;
  /** For captions: "at night", "on a sunny day"; empty where nothing is to be said. */
  readonly words: string;
}

/** Something a camera may look at. */
export interface Focus {
  readonly position: Vec3;
  /** Metres across. */
  readonly size: number;
  readonly kind: 'person' | 'thing' | 'tabletop' | 'animal' | 'roadside' | 'webcam';
  /** The way it faces, if that matters. */
  readonly yaw?: number;
  /** Where the camera that belongs to it stands (a webcam on its screen). */
  readonly from?: Vec3;
}

/** Where cameras may be. */
export interface Bounds {
  readonly minX: number;
  readonly maxX: number;
  readonly minY: number;
  readonly maxY: number;
  readonly minZ: number;
  readonly maxZ: number;
}

/** Where a camera is and looks; radians. */
export interface CameraPose {
  readonly position: Vec3;
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
}

export interface CameraPath {
  /** "from a phone", "from a car". */
  readonly words: string;
  /** What `words` say is before it, which may go out of view. */
  readonly subject?: 'person' | 'animal';
  at(t: number): CameraPose;
}
