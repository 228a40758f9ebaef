import type { Rng } from '../math/rng.js';
import { cos, sin } from '../math/deterministic.js';
import type { Sky, SunLight, Vec3 } from '../render/types.js';

/** A sky and the light that goes with it. */
export interface Daylight {
  readonly name: string;
  readonly sky: Sky;
  readonly sun: SunLight;
  readonly ambientUp: Vec3;
  readonly ambientDown: Vec3;
}

interface Hour {
  readonly name: string;
  readonly zenith: Vec3;
  readonly horizon: Vec3;
  readonly ground: Vec3;
  readonly clouds: readonly [number, number];
  /** Elevation of the sun (at night: the moon) in radians, and its irradiance. */
  readonly elevation: readonly [number, number];
  readonly sun: Vec3;
  readonly ambient: number;
}

const HOURS: readonly (readonly [weight: number, hour: Hour])[] = [
  [4, { name: 'noon', zenith: [0.2, 0.42, 0.78], horizon: [0.72, 0.82, 0.92], ground: [0.42, 0.4, 0.36], clouds: [0, 0.6], elevation: [0.8, 1.35], sun: [2.6, 2.5, 2.3], ambient: 0.5 }],
  [4, { name: 'morning', zenith: [0.28, 0.48, 0.78], horizon: [0.84, 0.84, 0.82], ground: [0.4, 0.38, 0.34], clouds: [0, 0.7], elevation: [0.35, 0.8], sun: [2.3, 2.05, 1.7], ambient: 0.45 }],
  [2, { name: 'golden hour', zenith: [0.3, 0.42, 0.66], horizon: [0.96, 0.74, 0.5], ground: [0.36, 0.3, 0.26], clouds: [0.1, 0.6], elevation: [0.1, 0.3], sun: [1.9, 1.25, 0.65], ambient: 0.35 }],
  [1, { name: 'dusk', zenith: [0.14, 0.18, 0.38], horizon: [0.72, 0.44, 0.4], ground: [0.16, 0.14, 0.16], clouds: [0.1, 0.5], elevation: [0.03, 0.1], sun: [0.5, 0.25, 0.14], ambient: 0.25 }],
  [3, { name: 'overcast', zenith: [0.62, 0.65, 0.7], horizon: [0.78, 0.79, 0.8], ground: [0.4, 0.4, 0.4], clouds: [0.8, 1], elevation: [0.5, 1.2], sun: [0.35, 0.35, 0.36], ambient: 0.9 }],
  [0.5, { name: 'night', zenith: [0.02, 0.03, 0.08], horizon: [0.08, 0.09, 0.14], ground: [0.04, 0.04, 0.05], clouds: [0, 0.4], elevation: [0.5, 1.2], sun: [0.12, 0.14, 0.2], ambient: 0.12 }],
];

/** A time of day with sky, sun and ambient light that fit each other. Draws the same sky as `gradientSky` from an equal rng. */
export function daylight(rng: Rng): Daylight {
  const total = HOURS.reduce((sum, [weight]) => sum + weight, 0);
  let at = rng.range(0, total);
  const hour = (HOURS.find(([weight]) => (at -= weight) < 0) ?? HOURS[0])[1];
  const vary = (c: Vec3): Vec3 => {
    const gain = rng.range(0.9, 1.08);
    return [Math.min(1, c[0] * gain), Math.min(1, c[1] * gain), Math.min(1, c[2] * gain)];
  };
  const sky: Sky = { kind: 'gradient', zenith: vary(hour.zenith), horizon: vary(hour.horizon), ground: vary(hour.ground), clouds: rng.range(...hour.clouds) };
  const azimuth = rng.range(-Math.PI, Math.PI), elevation = rng.range(...hour.elevation);
  const k = hour.ambient, tone = (c: Vec3, gain: number): Vec3 => [c[0] * gain, c[1] * gain, c[2] * gain];
  const up: Vec3 = [0.4 + 0.6 * sky.zenith[0], 0.4 + 0.6 * sky.zenith[1], 0.4 + 0.6 * sky.zenith[2]];
  return {
    name: hour.name, sky,
    sun: { towards: [cos(azimuth) * cos(elevation), sin(azimuth) * cos(elevation), sin(elevation)], radiance: hour.sun },
    ambientUp: tone(up, k), ambientDown: tone([0.9, 0.85, 0.78], k * 0.5),
  };
}

/** The sky of a random time of day. */
export function gradientSky(rng: Rng): Sky {
  return daylight(rng).sky;
}
