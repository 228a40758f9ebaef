import { cos, sin } from '../math/deterministic.js';
import { classId } from '../classes.js';
import type { Rng } from '../math/rng.js';
import type { Drawable, Geometry, Mat4, Material, PointLight, Vec3 } from '../render/types.js';
import type { Footprint } from './footprint.js';
import { disc, overlaps } from './footprint.js';
import { drawHeld } from './held.js';
import type { Activity, ModelLibrary, ObjectModel } from './library.js';
import { circling, pacing, still } from './motion.js';
import { standing, tipped } from './pose.js';
import { recoloured } from './recolour.js';
import type { Focus, Mover, Path, ScenePerson } from './scene.js';

/** Triangles a scene may hold before it stops adding things (people have their own allowance). */
const TRIANGLE_BUDGET = 85_000;

/** A thing that has been put somewhere. */
export interface Placed {
  readonly model: ObjectModel;
  readonly className: string;
  readonly instanceId: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly yaw: number;
  readonly scale: number;
}

export interface PutOptions {
  /** Takes no floor and never collides (things on a table, on a wall). */
  readonly free?: boolean;
  /** Metres to keep from other things. Default 0.02. */
  readonly gap?: number;
  readonly scale?: number;
  /** Lies on its side or leans: pitch and roll in radians. */
  readonly tip?: readonly [number, number];
}

export interface ObjectFilter {
  readonly minHeight?: number;
  readonly maxHeight?: number;
  /** Longest horizontal extent. */
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly accept?: (model: ObjectModel) => boolean;
}

/** Collects what a scene consists of; one per world. Scene files call it, nothing else writes to it. */
export class SceneBuilder {
  readonly statics: Drawable[] = [];
  readonly movers: Mover[] = [];
  readonly people: ScenePerson[] = [];
  readonly lights: PointLight[] = [];
  readonly focuses: Focus[] = [];
  readonly taken: Footprint[] = [];
  private triangles = 0;
  private instances = 0;

  constructor(readonly rng: Rng, readonly library: ModelLibrary) {}

  nextInstance(): number {
    return ++this.instances;
  }

  /** Whether there is room for another thing of `count` triangles. */
  affords(count: number): boolean {
    return this.triangles + count <= TRIANGLE_BUDGET;
  }

  /** A model of a class that passes the filter, or undefined after a few tries. */
  pick(className: string, filter: ObjectFilter = {}, rng: Rng = this.rng): ObjectModel | undefined {
    for (let attempt = 0; attempt < 7; attempt++) {
      const model = this.library.object(rng, className);
      if (!model) return undefined;
      const length = Math.max(model.size[0], model.size[1]);
      if (model.size[2] < (filter.minHeight ?? 0) || model.size[2] > (filter.maxHeight ?? Infinity)) continue;
      if (length < (filter.minLength ?? 0) || length > (filter.maxLength ?? Infinity)) continue;
      if (filter.accept && !filter.accept(model)) continue;
      if (this.affords(model.geometry.indices.length / 3)) return model;
    }
    return undefined;
  }

  /** Adds something that is part of the place (wall, floor, road): no instance unless asked for. */
  stuff(geometry: Geometry, className: string, options: { transform?: Mat4; instance?: boolean; castsShadow?: boolean } = {}): void {
    const transform = options.transform ?? standing(0, 0, 0, 0);
    this.triangles += geometry.indices.length / 3;
    this.statics.push({
      geometry, transform, previousTransform: transform, classId: classId(className),
      instanceId: options.instance ? this.nextInstance() : 0,
      ...(options.castsShadow === false ? { castsShadow: false } : {}),
    });
  }

  footprintOf(model: ObjectModel, x: number, y: number, z: number, yaw: number, scale = 1): Footprint {
    return {
      x, y, yaw, halfX: (model.size[0] * scale) / 2, halfY: (model.size[1] * scale) / 2, bottom: z, top: z + model.size[2] * scale,
    };
  }

  isFree(footprint: Footprint, gap = 0.02): boolean {
    return !this.taken.some((other) => overlaps(other, footprint, gap));
  }

  /** Puts a model down if nothing stands there; undefined if something does. */
  put(model: ObjectModel, className: string, x: number, y: number, z: number, yaw: number, options: PutOptions = {}): Placed | undefined {
    const scale = options.scale ?? 1;
    const footprint = this.footprintOf(model, x, y, z, yaw, scale);
    if (!options.free) {
      if (!this.isFree(footprint, options.gap)) return undefined;
      this.taken.push(footprint);
    }
    const instanceId = this.nextInstance();
    const transform = options.tip ? tipped(x, y, z, yaw, options.tip[0], options.tip[1]) : standing(x, y, z, yaw, scale);
    const materials = model.materials ?? recoloured(this.rng, model, className);
    this.triangles += model.geometry.indices.length / 3;
    this.statics.push({
      geometry: model.geometry, transform, previousTransform: transform, classId: model.classId, instanceId,
      ...(materials ? { materials } : {}),
    });
    return { model, className, instanceId, x, y, z, yaw, scale };
  }

  /** Adds a thing that follows a path: a moving car, a walking horse. */
  move(model: ObjectModel, className: string, path: Path): void {
    const instanceId = this.nextInstance();
    const materials: readonly Material[] | undefined = model.materials ?? recoloured(this.rng, model, className);
    this.triangles += model.geometry.indices.length / 3;
    const phase = this.rng.range(0, 10);
    this.movers.push({
      drawable: (t, previous) => {
        const now = model.animation?.at(t + phase);
        const then = model.animation?.at(previous + phase);
        return {
          geometry: model.geometry, transform: path.at(t), previousTransform: path.at(previous), classId: model.classId, instanceId,
          ...(materials ? { materials } : {}),
          ...(now && then ? { positions: now.positions, normals: now.normals, previousPositions: then.positions } : {}),
        };
      },
    });
  }

  /** A person on a path. The caller has made sure that the way is free. */
  person(activity: Activity, pathOf: (speed: number) => Path, coarse = false): ScenePerson {
    return this.addPerson(this.library.person(this.rng.fork(`person${this.instances}`), this.nextInstance(), activity, coarse), activity, pathOf);
  }

  addPerson(actor: ScenePerson['actor'], activity: Activity, pathOf: (speed: number) => Path): ScenePerson {
    const held = actor.labelled && actor.grip && this.rng.chance(0.85) ? drawHeld(this, actor.grip) : undefined;
    const person: ScenePerson = { actor, activity, path: pathOf(actor.speed), ...(held ? { held } : {}) };
    this.people.push(person);
    return person;
  }

  /** A person who stays at a free place; undefined if it is taken. */
  personAt(activity: Activity, x: number, y: number, z: number, yaw: number, radius = 0.32, coarse = false): ScenePerson | undefined {
    const footprint = disc(x, y, radius, z, z + 1.9);
    if (!this.isFree(footprint)) return undefined;
    this.taken.push(footprint);
    const person = this.person(activity, () => still(standing(x, y, z, yaw)), coarse);
    this.focuses.push({ position: [x, y, z + person.actor.height * 0.62], size: person.actor.height, kind: 'person', yaw });
    return person;
  }

  /** A person who walks round a circle, if the ring is free. */
  personCircling(activity: Activity, x: number, y: number, z: number, radius: number, coarse = false): ScenePerson | undefined {
    const ring: Footprint[] = [];
    const count = Math.ceil((2 * Math.PI * radius) / 0.4);
    for (let i = 0; i < count; i++) {
      const angle = (2 * Math.PI * i) / count;
      ring.push(disc(x + radius * cos(angle), y + radius * sin(angle), 0.32, z, z + 1.9));
    }
    if (!ring.every((footprint) => this.isFree(footprint))) return undefined;
    this.taken.push(...ring);
    const phase = this.rng.range(0, 2 * Math.PI);
    const sign = this.rng.chance(0.5) ? 1 : -1;
    const person = this.person(activity, (speed) =>
      speed > 0.05 ? circling(x, y, z, radius, phase, sign * speed) : still(standing(x, y, z, phase)), coarse);
    const at = person.path.at(1);
    this.focuses.push({ position: [at[3], at[7], z + person.actor.height * 0.62], size: person.actor.height, kind: 'person', yaw: phase });
    return person;
  }

  /** A person who walks straight past, and back. */
  personPassing(activity: Activity, x: number, y: number, z: number, yaw: number, length: number): ScenePerson {
    const person = this.person(activity, (speed) => (speed > 0.05 ? pacing(x, y, z, yaw, speed, length) : still(standing(x, y, z, yaw))));
    this.focuses.push({ position: [x, y, z + person.actor.height * 0.62], size: person.actor.height, kind: 'person', yaw });
    return person;
  }

  /** An animal: it walks a circle of `radius` if it can walk and the ring is free, otherwise it stands there. */
  animal(model: ObjectModel, className: string, x: number, y: number, radius: number, z = 0): boolean {
    const reach = Math.max(model.size[0], model.size[1]) / 2;
    const whole = disc(x, y, model.animation ? radius + reach * 0.7 : reach, z, z + model.size[2]);
    if (!this.isFree(whole)) return false;
    this.taken.push(whole);
    const phase = this.rng.range(0, 2 * Math.PI);
    if (model.animation) this.move(model, className, circling(x, y, z, radius, phase, model.animation.speed * (this.rng.chance(0.5) ? 1 : -1)));
    else this.put(model, className, x, y, z, phase, { free: true });
    // Cameras look at the middle of its round, from outside of it.
    this.focuses.push({ position: [x, y, z + model.size[2] * 0.6], size: Math.max(...model.size) + (model.animation ? radius : 0), kind: 'animal', yaw: phase });
    return true;
  }

  /** An animal that stays where it is, if the place is free. */
  animalAt(model: ObjectModel, className: string, x: number, y: number, z: number): boolean {
    const yaw = this.rng.range(-Math.PI, Math.PI);
    if (!this.put(model, className, x, y, z, yaw, { gap: 0 })) return false;
    this.focuses.push({ position: [x, y, z + model.size[2] * 0.6], size: Math.max(...model.size), kind: 'animal', yaw });
    return true;
  }

  light(position: Vec3, intensity: Vec3): void {
    this.lights.push({ position, intensity });
  }
}
