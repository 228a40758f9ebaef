import type { SceneKind } from '../types.js';
import type { SceneBuilder } from './builder.js';
import type { Bounds, Lighting } from './scene.js';

/** The kinds of carriers a camera can have; each has its heights and ways of moving (camera.ts). */
export type Rig = 'robot' | 'hand' | 'head' | 'car' | 'ceiling' | 'tabletop' | 'portrait' | 'webcam' | 'animal' | 'roadside' | 'selfie';

/** Those whose motion is not somebody's own. */
export type CarriedRig = Exclude<Rig, 'selfie'>;

/** What a scene file returns beside what it has put into the builder. */
export interface Place {
  readonly kind: SceneKind;
  /** "a living room". */
  readonly words: string;
  readonly lighting: Lighting;
  readonly bounds: Bounds;
  /** Carriers that suit the place, repeated by weight. */
  readonly rigs: readonly Rig[];
  /** For cars: the lane's start and direction. */
  readonly lane?: { readonly x: number; readonly y: number; readonly yaw: number; readonly length: number };
}

/** What the composition asks of a scene. */
export interface Brief {
  /** How many people, 0 for none. */
  readonly people: number;
  /** How many more of few triangles each, where there is room for a crowd. */
  readonly crowd: number;
  /** Whether somebody is to sit at a desk before a webcam. */
  readonly webcam: boolean;
}

export type SceneMaker = (b: SceneBuilder, brief: Brief) => Place;
