import type { Rng } from '../math/rng.js';
import type { Vec3 } from '../render/types.js';

/** How a camera's electronics and optics fall short of the ideal picture. Everything left out is perfect. */
export interface SensorModel {
  /** Share of light lost in the corners, 0..1 (falls with the square of the distance from the centre). */
  readonly vignetting?: number;
  /** Brightness change in stops; 1 doubles the light. */
  readonly exposureStops?: number;
  /** Linear gain of red, green and blue. */
  readonly whiteBalance?: Vec3;
  /** Share of the frame time the shutter is open, 0..1: smears along the flow, half of it before this frame's time and half after. */
  readonly shutter?: number;
  /** Deviation of the optical blur, pixels. */
  readonly defocus?: number;
  /** Variance of the photon noise per unit of linear signal: deviation = sqrt(shotNoise * signal), signal 0..1. */
  readonly shotNoise?: number;
  /** Deviation of the read noise, linear signal. */
  readonly readNoise?: number;
  /** One colour per photosite (RGGB) and bilinear demosaicing. */
  readonly bayer?: boolean;
  /** Bits of the converter, 4..16, on the square root of the signal. Default: no steps of its own. */
  readonly bits?: number;
}

/** A plausible camera between a good webcam and a poor one. */
export function randomSensor(rng: Rng): SensorModel {
  const gain = rng.unit() * rng.unit();
  return {
    vignetting: rng.range(0, 0.3),
    exposureStops: rng.range(-0.6, 0.5),
    whiteBalance: [rng.range(0.88, 1.14), 1, rng.range(0.86, 1.16)],
    shutter: rng.range(0.05, 0.6),
    defocus: rng.range(0, 0.7),
    shotNoise: 0.0002 + 0.004 * gain,
    readNoise: 0.0005 + 0.006 * gain,
    bayer: rng.chance(0.4),
    bits: rng.int(8, 10),
  };
}
