import { pow } from '../math/deterministic.js';

/** sRGB 0..1 -> linear 0..1 (IEC 61966-2-1). */
export function srgbToLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

/** Linear 0..1 -> sRGB 0..1. */
export function linearToSrgb(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * pow(value, 1 / 2.4) - 0.055;
}

/** Linear value of each sRGB byte. */
export const LINEAR_OF_BYTE: Float64Array = Float64Array.from({ length: 256 }, (_, i) => srgbToLinear(i / 255));

const ENCODE_STEPS = 4096;
/** sRGB byte of linear value i / 4096. */
const BYTE_OF_LINEAR: Uint8Array = Uint8Array.from({ length: ENCODE_STEPS + 1 }, (_, i) => Math.floor(linearToSrgb(i / ENCODE_STEPS) * 255 + 0.5));

/** sRGB byte of a linear value 0..1, exact to one step; for averages of bytes (mip levels), not for final pictures. */
export function byteOfLinear(value: number): number {
  return BYTE_OF_LINEAR[Math.floor(Math.min(1, value) * ENCODE_STEPS + 0.5)];
}

/** Scene radiance above this is white. */
export const TONE_WHITE = 16;
export const TONE_STEPS = 4095;

/**
 * sRGB bytes by index sqrt(radiance / TONE_WHITE) * TONE_STEPS. The curve is Narkowicz's rational fit of the ACES film
 * response (2016): a soft shoulder for highlights, a slight toe.
 */
export const TONE_TABLE: Uint8Array = Uint8Array.from({ length: TONE_STEPS + 1 }, (_, i) => {
  const x = TONE_WHITE * (i / TONE_STEPS) * (i / TONE_STEPS);
  const film = (x * (2.51 * x + 0.03)) / (x * (2.43 * x + 0.59) + 0.14);
  return Math.floor(linearToSrgb(Math.min(1, film)) * 255 + 0.5);
});
