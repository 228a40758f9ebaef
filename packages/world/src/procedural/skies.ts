import type { Rng } from '../math/rng.js';
import type { Vec3 } from '../render/types.js';
import type { SceneSky, SkyLook } from '../scene/library.js';

interface Hour {
  readonly look: SkyLook;
  readonly zenith: Vec3;
  readonly horizon: Vec3;
  readonly ground: Vec3;
  readonly clouds: readonly [number, number];
}

/** Noon, morning, the golden hour, dusk, an overcast day, night. */
const HOURS: readonly (readonly [weight: number, hour: Hour])[] = [
  [4, { look: 'clear', zenith: [0.2, 0.42, 0.78], horizon: [0.72, 0.82, 0.92], ground: [0.42, 0.4, 0.36], clouds: [0, 0.6] }],
  [4, { look: 'clear', zenith: [0.28, 0.48, 0.78], horizon: [0.84, 0.84, 0.82], ground: [0.4, 0.38, 0.34], clouds: [0, 0.7] }],
  [2, { look: 'low sun', zenith: [0.3, 0.42, 0.66], horizon: [0.96, 0.74, 0.5], ground: [0.36, 0.3, 0.26], clouds: [0.1, 0.6] }],
  [1, { look: 'low sun', zenith: [0.14, 0.18, 0.38], horizon: [0.72, 0.44, 0.4], ground: [0.16, 0.14, 0.16], clouds: [0.1, 0.5] }],
  [3, { look: 'overcast', zenith: [0.62, 0.65, 0.7], horizon: [0.78, 0.79, 0.8], ground: [0.4, 0.4, 0.4], clouds: [0.8, 1] }],
  [0.5, { look: 'night', zenith: [0.02, 0.03, 0.08], horizon: [0.08, 0.09, 0.14], ground: [0.04, 0.04, 0.05], clouds: [0, 0.4] }],
];

/** The sky of a random time of day. */
export function gradientSky(rng: Rng): SceneSky {
  const total = HOURS.reduce((sum, [weight]) => sum + weight, 0);
  let at = rng.range(0, total);
  const hour = (HOURS.find(([weight]) => (at -= weight) < 0) ?? HOURS[0])[1];
  const vary = (c: Vec3): Vec3 => {
    const gain = rng.range(0.9, 1.08);
    return [Math.min(1, c[0] * gain), Math.min(1, c[1] * gain), Math.min(1, c[2] * gain)];
  };
  const sky: SceneSky = { kind: 'gradient', zenith: vary(hour.zenith), horizon: vary(hour.horizon), ground: vary(hour.ground), clouds: rng.range(...hour.clouds), look: hour.look };
  // A sun was drawn here once: what is drawn after a sky keeps its place, and every world its bytes.
  rng.unit();
  rng.unit();
  return sky;
}
