import { cos, PI, sin } from '../math/deterministic.js';
import { scaling } from '../math/mat4.js';
import type { Geometry, Vec3 } from '../render/types.js';
import { lathe, type LatheOptions } from './lathe.js';
import { transformed } from './transformed.js';

export interface CylinderOptions extends LatheOptions {
  /** Radius at the top. Default: as below. 0 makes a cone. */
  readonly topRadius?: number;
  /** False leaves the ends open. Default true. */
  readonly capped?: boolean;
}

/** A cylinder or truncated cone about z, from z = 0 to `height`. */
export function cylinder(radius: number, height: number, options: CylinderOptions = {}): Geometry {
  const top = options.topRadius ?? radius;
  const side: [number, number][] = [[radius, 0], [top, height]];
  return lathe(options.capped === false ? side : [[0, 0], ...side, [0, height]], options);
}

/** A closed cone about z: base of `radius` at z = 0, tip at `height`. */
export function cone(radius: number, height: number, options: LatheOptions = {}): Geometry {
  return cylinder(radius, height, { ...options, topRadius: 0 });
}

/** Half as many rings as segments; poles on z. */
export function sphere(radius: number, options: LatheOptions = {}): Geometry {
  return capsule(radius, 0, options);
}

/** An ellipsoid centred on the origin with half axes `radii`. */
export function ellipsoid(radii: Vec3, options: LatheOptions = {}): Geometry {
  const mean = (radii[0] + radii[1] + radii[2]) / 3;
  return transformed(sphere(mean, options), scaling(radii[0] / mean, radii[1] / mean, radii[2] / mean));
}

/** A cylinder of `length` with half spheres at its ends, about z, centred on the origin: its whole height is length + 2 radius. */
export function capsule(radius: number, length: number, options: LatheOptions = {}): Geometry {
  const rings = Math.max(2, Math.floor((options.segments ?? 20) / 4));
  const profile: [number, number][] = [];
  for (const side of [-1, 1]) {
    for (let k = side < 0 ? 0 : length > 0 ? 0 : 1; k <= rings; k++) {
      const angle = side < 0 ? -PI / 2 + (k * PI) / 2 / rings : (k * PI) / 2 / rings;
      const pole = (side < 0 && k === 0) || (side > 0 && k === rings);
      profile.push([pole ? 0 : radius * cos(angle), (side * length) / 2 + radius * sin(angle)]);
    }
  }
  return lathe(profile, { ...options, creaseDegrees: options.creaseDegrees ?? 80 });
}
