import type { GBuffer } from '../render/types.js';
import { CLASSES, classId } from '../classes.js';

/** What a small trial rendering says about a camera. */
export interface Look {
  /** Pixels per instance (0 = stuff), with the instance's class. */
  readonly seen: ReadonlyMap<number, readonly [classId: number, pixels: number]>;
  /** 0 = fine; larger = worse. Above 1 the camera is not acceptable. */
  readonly badness: number;
  /** 0 = nothing in the way; above 1 something stands right before the lens. */
  readonly blocked: number;
  /** Shares of the picture. */
  readonly personShare: number;
  readonly animalShare: number;
  /** Poles, signs, lights, fences, hydrants, cones. */
  readonly structureShare: number;
  /** Mean sRGB luminance 0..1. */
  readonly brightness: number;
}

const PERSON = classId('person');
export const ANIMALS = ['dog', 'cat', 'horse', 'cow', 'sheep', 'bird', 'animal'].map(classId);
const STRUCTURE = ['pole', 'fence', 'sign', 'traffic light', 'street light', 'hydrant', 'cone'].map(classId);
const SKY = classId('sky');
/** Surfaces of rooms: a view of little else is dull. */
const BARE = ['wall', 'floor', 'ceiling'].map(classId);
const GROUND = ['road', 'sidewalk', 'grass', 'ground', 'sky', 'water'].map(classId);
/** Shares of a picture from which it shows the person or the animal that a camera is drawn for. */
export const SUBJECT_SHARE = { person: 0.01, animal: 0.015 } as const;
/** Nearer than this (metres) counts as too near. */
const NEAR = 0.25;

/** Judges a rendering: nothing in the way, no single thing or surface filling it, something to see. */
export function judge(frame: GBuffer): Look {
  const pixels = frame.width * frame.height;
  const seen = new Map<number, [number, number]>();
  const perClass = new Uint32Array(CLASSES.length);
  let near = 0, light = 0;
  for (let i = 0; i < pixels; i++) {
    const instance = frame.instances[i], label = frame.labels[i];
    const entry = seen.get(instance);
    if (entry) entry[1]++;
    else seen.set(instance, [label, 1]);
    perClass[label]++;
    if (frame.depth[i] < NEAR) near++;
    light += 0.3 * frame.rgb[i * 3] + 0.6 * frame.rgb[i * 3 + 1] + 0.1 * frame.rgb[i * 3 + 2];
  }
  let largest = 0;
  for (const [instance, [, count]] of seen) if (instance > 0) largest = Math.max(largest, count);
  let stuff = 0;
  perClass.forEach((count, id) => (stuff = id === PERSON ? stuff : Math.max(stuff, count)));
  const share = (ids: readonly number[]): number => ids.reduce((sum, id) => sum + perClass[id], 0) / pixels;
  const bare = share(BARE), ground = share(GROUND);
  const blocked = Math.max(near / pixels / 0.35, largest / pixels / 0.85);
  return {
    seen,
    blocked,
    badness: Math.max(blocked, stuff / pixels / 0.88, perClass[SKY] / pixels / 0.55, bare / 0.76, ground / 0.9),
    personShare: perClass[PERSON] / pixels, animalShare: share(ANIMALS), structureShare: share(STRUCTURE),
    brightness: light / pixels / 255,
  };
}
