import type { CameraModel, SegmentationClass } from '@sextant/core';
import type { AssetLibrary } from './assets/library.js';
import type { GBuffer, Mat4 } from './render/types.js';
import type { WorldWishes } from './scene/wishes.js';

export type SceneKind = 'indoor' | 'outdoor';

export interface WorldOptions {
  /** 0 .. 2^32 - 1. Same options and seed: the same bytes on any machine. */
  readonly seed: number;
  /** Picture size in pixels. Default 320 x 240. */
  readonly width?: number;
  readonly height?: number;
  /** Frames per second of world time. Default 30. */
  readonly fps?: number;
  /** Chosen by the seed when absent. */
  readonly scene?: SceneKind;
  /** Horizontal field of view in degrees, 30..120. Chosen by the seed (46..110) when absent. */
  readonly fovDegrees?: number;
  /** Colour samples per pixel side (1 or 2). Labels are always exact at pixel centres; a `ClipCamera` resamples them. Default 2. */
  readonly supersampling?: 1 | 2;
  /** Open assets to build from; without them the procedural library is used. */
  readonly assets?: AssetLibrary;
  /** What the world shall be like; whatever is not wished for the seed decides. */
  readonly wishes?: WorldWishes;
}

/** What a composed world is, in words and numbers. */
export interface WorldFacts {
  /** "kitchen". */
  readonly place: string;
  readonly light: 'day' | 'night';
  /** "from a low robot". */
  readonly camera: string;
  /** People in the whole world, in view or not. */
  readonly people: number;
  /** Whether there is an animal anywhere. */
  readonly animals: boolean;
}

export interface WorldKeypoint {
  readonly x: number;
  readonly y: number;
  /** COCO: 0 outside the picture or behind the camera, 1 hidden by something or by the own body, 2 visible. */
  readonly visibility: 0 | 1 | 2;
}

export interface WorldPerson {
  /** The instance id in `GBuffer.instances`. */
  readonly instanceId: number;
  /** Whether joints and parts are exact. False for static scans: mask and depth are true, keypoints a teacher's (good to some 2 cm) or empty, parts 0. */
  readonly labelled: boolean;
  /** 17 in COCO order, pixels (pixel centres at integers); empty where nobody knows them. */
  readonly keypoints: readonly WorldKeypoint[];
  /** Tight box of the visible pixels: x, y, width, height; zero size if unseen. */
  readonly box: readonly [number, number, number, number];
}

/** One instant of a world with all its truth. */
export interface WorldFrame extends GBuffer {
  /** 0-based. */
  readonly index: number;
  /** index / fps, nanoseconds. */
  readonly stamp: bigint;
  readonly camera: CameraModel;
  readonly camToWorld: Mat4;
  readonly people: readonly WorldPerson[];
}

/** A person of a frame, and where the joints were one step before. */
export interface StepPerson extends WorldPerson {
  /** In the picture that flow refers to, pixels and metres along the axis; NaN behind the camera. Absent without such a picture. */
  readonly previousKeypoints?: readonly (readonly [x: number, y: number, depth: number])[];
}

/** One instant of a world with all its truth, and with more of the instant that its flow refers to. */
export interface StepFrame extends WorldFrame {
  readonly people: readonly StepPerson[];
}

export interface World {
  readonly options: Required<Omit<WorldOptions, 'assets' | 'wishes'>> & Pick<WorldOptions, 'wishes'>;
  readonly camera: CameraModel;
  /** One English sentence that says what is seen near the start (at 0.4 s, by a trial rendering); of a frame: `captionOf`. */
  readonly caption: string;
  readonly facts: WorldFacts;
  /** Fine classes; `label` bytes index this list. */
  readonly classes: readonly SegmentationClass[];
  /** Renders instant `index`. Any order is allowed; flow refers to index - 1. Nothing is shared with earlier results. */
  render(index: number): WorldFrame;
  /** One English sentence that says what a frame of this world shows, rendered at whatever size or seen through whatever camera. */
  captionOf(frame: GBuffer): string;
}
