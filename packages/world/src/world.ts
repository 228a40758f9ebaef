import { pow, tan } from './math/deterministic.js';
import type { CameraModel } from '@sextant/core';
import { SextantError, pinholeCamera } from '@sextant/core';
import { CLASSES } from './classes.js';
import { Rng } from './math/rng.js';
import { keypointVisibility, projected, tightBoxes } from './people/visibility.js';
import { createProceduralLibrary } from './procedural/library.js';
import { renderScene } from './render/renderer.js';
import type { Drawable, GBuffer, Pinhole, RenderScene, Vec3 } from './render/types.js';
import { drawCamera, facesSomeone } from './scene/camera.js';
import { caption } from './scene/caption.js';
import { heldDrawable } from './scene/held.js';
import type { Composition } from './scene/compose.js';
import { compose, composeWished } from './scene/compose.js';
import type { ModelLibrary } from './scene/library.js';
import type { Look } from './scene/look.js';
import { SUBJECT_SHARE, judge } from './scene/look.js';
import { opticalPose } from './scene/pose.js';
import type { Rig } from './scene/place.js';
import type { CameraPath } from './scene/scene.js';
import type { WishName } from './scene/wishes.js';
import { checkWishes, hasAnimals, isNight, kindOf, unmetByPlace, unmetByView, unmetWishes } from './scene/wishes.js';
import type { StepFrame, StepPerson, World, WorldFacts, WorldFrame, WorldOptions } from './types.js';

let procedural: ModelLibrary | undefined;

/**
 * Composes the world of a seed.
 * @throws SextantError `bad-argument` for an option out of its range or wishes that no seed can meet, `unsupported` where this
 * seed cannot (`isUnmetWish` tells it).
 */
export function createWorld(options: WorldOptions): SimulatedWorld {
  return new SimulatedWorld(options);
}

/** How often a place is composed and cameras are tried before the best one so far is taken. */
const COMPOSITIONS = 3;
const CAMERA_DRAWS = 60;
const TRIAL_RENDERINGS = 6;
/** How often a place is composed before a seed cannot meet its wishes. */
const WISHED_COMPOSITIONS = 40;

/** The world of one seed; see `World`. `renderStep` is for streams whose frames are not neighbours. */
export class SimulatedWorld implements World {
  readonly options: World['options'];
  readonly camera: CameraModel;
  readonly caption: string;
  readonly classes = CLASSES;
  /** "a kitchen", "a street". */
  readonly place: string;
  readonly facts: WorldFacts;
  private readonly composition: Composition;
  private readonly path: CameraPath;
  private readonly exposure: number;

  constructor(options: WorldOptions) {
    const rng = new Rng(checked(options).seed);
    const draw = rng.fork('options');
    const scene = draw.chance(0.5) ? 'indoor' : 'outdoor';
    const fov = draw.chance(0.75) ? draw.range(46, 88) : draw.range(88, 110);
    this.options = {
      seed: options.seed, width: options.width ?? 320, height: options.height ?? 240, fps: options.fps ?? 30, supersampling: options.supersampling ?? 2,
      scene: options.scene ?? (options.wishes && kindOf(options.wishes)) ?? scene, fovDegrees: options.fovDegrees ?? fov,
      ...(options.wishes ? { wishes: options.wishes } : {}),
    };
    this.camera = cameraModel(this.options);
    const library = options.assets ?? (procedural ??= createProceduralLibrary());
    const found = this.compose(rng, library);
    this.composition = found.composition;
    this.path = found.path;
    this.place = found.composition.place.words;
    this.exposure = found.exposure;
    const { builder, place } = found.composition;
    this.facts = {
      place: place.words.replace(/^an? /, ''), light: isNight(place.lighting.words) ? 'night' : 'day', camera: found.path.words,
      people: builder.people.length, animals: hasAnimals(builder),
    };
    this.caption = caption(found.composition, found.path, found.look.seen, TRIAL.width * TRIAL.height);
  }

  render(index: number): WorldFrame {
    if (!Number.isInteger(index) || index < 0) {
      throw new SextantError('bad-argument', `frame index ${index} is not a whole number from 0`, { hint: 'Ask for frames 0, 1, 2, ...' });
    }
    const frame = this.renderStep(index, index > 0 ? index - 1 : undefined);
    return { ...frame, people: frame.people.map(({ previousKeypoints: _, ...person }) => person) };
  }

  /**
   * Renders instant `index` with flow and occlusion relative to instant `previous` (none if absent), by another camera
   * than the world's own where `intrinsics` are given (the larger picture that a lens needs).
   */
  renderStep(index: number, previous: number | undefined, intrinsics?: Intrinsics): StepFrame {
    const { fps, supersampling } = this.options;
    const t = index / fps;
    const { scene, people } = instant(this.composition, this.path, intrinsics ?? intrinsicsOf(this.camera), this.exposure, t, previous === undefined ? undefined : previous / fps);
    const buffer = renderScene(scene, { supersampling });
    return {
      ...buffer, index, stamp: BigInt(Math.round(t * 1e9)), camera: this.camera, camToWorld: scene.camera.camToWorld,
      people: describePeople(buffer, scene, people),
    };
  }

  captionOf(frame: GBuffer): string {
    return caption(this.composition, this.path, judge(frame).seen, frame.width * frame.height);
  }

  /** Composes places and draws cameras until a trial rendering is good and meets the wishes, if there are any. */
  private compose(rng: Rng, library: ModelLibrary): { composition: Composition; path: CameraPath; look: Look; exposure: number } {
    const { wishes, scene } = this.options;
    let best: { composition: Composition; path: CameraPath; look: Look; badness: number } | undefined;
    const trial = trialCamera(this.camera);
    const unmet = new Map<WishName, number>();
    const miss = (names: readonly WishName[]): boolean => {
      for (const name of names) unmet.set(name, (unmet.get(name) ?? 0) + 1);
      return names.length > 0;
    };
    const most = wishes ? WISHED_COMPOSITIONS : COMPOSITIONS;
    for (let c = 0, suited = 0; c < most && (best === undefined || (best.badness > 1 && suited < COMPOSITIONS)); c++) {
      const composition = wishes ? composeWished(rng.fork(`composition${c}`), library, scene, wishes) : compose(rng.fork(`composition${c}`), library, scene);
      if (wishes && miss(unmetByPlace(composition, wishes))) continue;
      suited++;
      const { builder, place, rig } = composition;
      let left = TRIAL_RENDERINGS;
      for (let i = 0; i < CAMERA_DRAWS && left > 0; i++) {
        const drawn = wishes?.rig ?? (i < CAMERA_DRAWS / 2 ? rig : undefined);
        const path = drawCamera(builder, place, rng.fork(`camera${c}.${i}`), drawn);
        if (!path) continue;
        // A populated place should mostly show its people: cameras that face away are not worth a rendering.
        if (i < CAMERA_DRAWS / 2 && (!rig || rig === 'portrait') && builder.people.length > 0 && !facesSomeone(path.at(0.4), builder.focuses, this.options.fovDegrees)) continue;
        left--;
        const look = judge(renderScene(instant(composition, path, trial, 1, 0.4, undefined).scene, { supersampling: 1 }));
        const misses = missesSubject(look, drawn, builder.people.length > 0);
        if (wishes && miss([...unmetByView(composition, look, TRIAL.width * TRIAL.height, wishes), ...(wishes.rig && misses ? ['rig' as const] : [])])) continue;
        let badness = look.badness + (misses ? 0.7 : 0);
        if (badness <= 1) badness = Math.max(badness, judge(renderScene(instant(composition, path, trial, 1, 4.1, undefined, true).scene, { supersampling: 1 })).badness);
        if (!best || badness < best.badness) best = { composition, path, look, badness };
        if (badness <= 1) break;
      }
      if (wishes?.rig && left === TRIAL_RENDERINGS) miss(['rig']); // the place has nothing for such a camera
    }
    if (!best && wishes) throw unmetWishes(this.options.seed, wishes, unmet);
    if (!best) throw new SextantError('internal', `no camera found a place in the world of seed ${this.options.seed}`, { hint: 'Please report this seed.' });
    return { ...best, exposure: meter(rng.fork('meter'), best.composition, best.look.brightness) };
  }
}

/** Whether the trial rendering does not show what the camera was drawn for. */
function missesSubject(look: Look, rig: Rig | undefined, populated: boolean): boolean {
  switch (rig) {
    case 'animal': return look.animalShare < SUBJECT_SHARE.animal;
    case 'roadside': return look.structureShare < 0.012;
    case 'webcam': return look.personShare < 0.1;
    case 'selfie': return look.personShare < 0.18;
    case 'tabletop': return false;
    default: return populated && look.personShare < SUBJECT_SHARE.person;
  }
}

/** An automatic exposure with its errors: brings the mean to about 0.4 of full scale, less at night. */
function meter(rng: Rng, { place }: Composition, brightness: number): number {
  const wanted = (place.lighting.words.includes('night') ? 0.25 : 0.42) * rng.range(0.75, 1.3);
  // Brightness is display-referred: gain acts on linear light.
  const gain = pow(wanted / Math.max(0.02, brightness), 1.8);
  return Math.min(4, Math.max(0.35, gain));
}

const TRIAL = { width: 40, height: 30 };

function trialCamera(camera: CameraModel): Intrinsics {
  const sx = TRIAL.width / camera.width, sy = TRIAL.height / camera.height;
  return { ...TRIAL, fx: camera.k[0] * sx, fy: camera.k[4] * sy, cx: (TRIAL.width - 1) / 2, cy: (TRIAL.height - 1) / 2 };
}

interface PersonInstant {
  readonly instanceId: number;
  readonly labelled: boolean;
  readonly keypoints: readonly Vec3[];
  /** The same one step before. */
  readonly previousKeypoints: readonly Vec3[];
}

/** Everything there is at time `t`; `bare` leaves light and shadow out (for trial renderings). */
function instant(composition: Composition, path: CameraPath, camera: Intrinsics, exposure: number, t: number, previous: number | undefined, bare = false): { scene: RenderScene; people: PersonInstant[] } {
  const { builder, place } = composition;
  const before = previous ?? t;
  const drawables: Drawable[] = [...builder.statics];
  for (const mover of builder.movers) drawables.push(mover.drawable(t, before));
  const people: PersonInstant[] = [];
  for (const { actor, path: way, held } of builder.people) {
    const posed = actor.pose(t, way.at(t), before, way.at(before));
    drawables.push(...posed.drawables);
    const { keypoints: then } = actor.pose(before, way.at(before), before, way.at(before));
    if (held) drawables.push(heldDrawable(held, posed.keypoints, way.at(t), then, way.at(before)));
    people.push({ instanceId: actor.instanceId, labelled: actor.labelled, keypoints: posed.keypoints, previousKeypoints: then });
  }
  const { lighting } = place;
  const scene: RenderScene = {
    drawables,
    lights: bare ? [] : builder.lights,
    ...(lighting.sun && !bare ? { sun: lighting.sun } : {}),
    ...(lighting.fog ? { fog: lighting.fog } : {}),
    ambientUp: lighting.ambientUp, ambientDown: lighting.ambientDown, sky: lighting.sky,
    exposure: exposure * lighting.exposure,
    camera: pinhole(camera, path, t),
    ...(previous === undefined ? {} : { previousCamera: pinhole(camera, path, previous) }),
  };
  return { scene, people };
}

type Intrinsics = Omit<Pinhole, 'camToWorld'>;

function intrinsicsOf({ width, height, k }: CameraModel): Intrinsics {
  return { width, height, fx: k[0], fy: k[4], cx: k[2], cy: k[5] };
}

function pinhole(camera: Intrinsics, path: CameraPath, t: number): Pinhole {
  const { position, yaw, pitch, roll } = path.at(t);
  return { ...camera, camToWorld: opticalPose(position, yaw, pitch, roll) };
}

function cameraModel({ width, height, fovDegrees }: World['options']): CameraModel {
  return pinholeCamera({ width, height }, { fx: width / 2 / tan((fovDegrees * Math.PI) / 360), provenance: 'simulated' });
}

/** Boxes from the visible pixels, keypoints with their visibility, and where they were before. */
function describePeople(buffer: GBuffer, { camera, previousCamera }: RenderScene, people: readonly PersonInstant[]): StepPerson[] {
  const boxes = tightBoxes(buffer, people.map((person) => person.instanceId));
  return people.map(({ instanceId, labelled, keypoints, previousKeypoints }) => ({
    instanceId, labelled, keypoints: keypointVisibility(keypoints, camera, buffer, instanceId), box: boxes.get(instanceId)!,
    ...(previousCamera && { previousKeypoints: previousKeypoints.map((point) => projected(point, previousCamera)) }),
  }));
}

/** Checks the ranges stated in `WorldOptions`. */
function checked(options: WorldOptions): WorldOptions {
  const range = (name: keyof WorldOptions, low: number, high: number, whole: boolean): void => {
    const value = options[name];
    if (value === undefined && name !== 'seed') return;
    if (typeof value !== 'number' || !(value >= low && value <= high) || (whole && !Number.isInteger(value))) {
      throw new SextantError('bad-argument', `${name} is ${JSON.stringify(value)}`, { hint: `Give ${whole ? 'a whole number' : 'a number'} from ${low} to ${high}.`, details: { [name]: value } });
    }
  };
  range('seed', 0, 0xffffffff, true);
  range('width', 8, 8192, true);
  range('height', 8, 8192, true);
  range('fps', 0.01, 1000, false);
  range('fovDegrees', 30, 120, false);
  if (options.supersampling !== undefined && options.supersampling !== 1 && options.supersampling !== 2) {
    throw new SextantError('bad-argument', `supersampling is ${String(options.supersampling)}`, { hint: 'Give 1 or 2.' });
  }
  if (options.scene !== undefined && options.scene !== 'indoor' && options.scene !== 'outdoor') {
    throw new SextantError('bad-argument', `scene is ${JSON.stringify(options.scene)}`, { hint: 'Give indoor or outdoor.' });
  }
  if (options.wishes) checkWishes(options.wishes, options.scene);
  return options;
}
