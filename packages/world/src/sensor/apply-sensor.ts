import { SextantError } from '@sextant/core';
import { exp } from '../math/deterministic.js';
import type { Rng } from '../math/rng.js';
import { LINEAR_OF_BYTE, linearToSrgb } from '../render/color.js';
import { bayerDemosaic } from './bayer.js';
import { gaussianBlur, motionBlur } from './blur.js';
import type { SensorModel } from './sensor-model.js';

/** The part of a rendered frame that a sensor sees. */
export interface SensorInput {
  readonly width: number;
  readonly height: number;
  /** rgb8, sRGB. */
  readonly rgb: Uint8Array;
  /** Position now - before, pixels; needed for a shutter. */
  readonly flow?: Float32Array;
}

const STEPS = 4095;
/** sRGB byte by square root of the linear signal. */
const ENCODE: Uint8Array = Uint8Array.from({ length: STEPS + 1 }, (_, i) => Math.floor(linearToSrgb((i / STEPS) * (i / STEPS)) * 255 + 0.5));
/** Deviation of the sum of four uniform bytes. */
const FOUR_BYTES = Math.sqrt((4 * (256 * 256 - 1)) / 12);

/**
 * The picture as a real camera would have recorded it: smear, blur, light fall-off, gains, photon and read noise, colour
 * filter, converter. Works in linear light; a fresh rgb8 array. The same model, frame and state of `rng` give the same bytes.
 * Lens distortion, which moves the truth too, is `Lens`.
 */
export function applySensor(frame: SensorInput, model: SensorModel, rng: Rng): Uint8Array {
  const { width, height } = frame;
  if (frame.rgb.length !== width * height * 3) {
    throw new SextantError('bad-argument', `rgb holds ${frame.rgb.length} bytes, ${width}x${height} needs ${width * height * 3}`, { hint: 'Pass rgb8.' });
  }
  let light: Float32Array = linear(frame.rgb), spare: Float32Array = new Float32Array(light.length);
  if (model.shutter && frame.flow) {
    motionBlur(light, frame.flow, width, height, model.shutter, spare);
    [light, spare] = [spare, light];
  }
  if (model.defocus && model.defocus > 0.15) gaussianBlur(light, spare, width, height, model.defocus);
  expose(light, width, height, model);
  addNoise(light, model, rng);
  if (model.bayer) {
    bayerDemosaic(light, width, height, spare);
    light = spare;
  }
  return encode(light, model.bits === undefined ? 0 : (1 << model.bits) - 1);
}

function linear(rgb: Uint8Array): Float32Array {
  const out = new Float32Array(rgb.length);
  for (let i = 0; i < out.length; i++) out[i] = LINEAR_OF_BYTE[rgb[i]];
  return out;
}

/** sRGB bytes of linear light; `levels` are the converter's highest step, 0 for none of its own. */
function encode(light: Float32Array, levels: number): Uint8Array {
  const out = new Uint8Array(light.length);
  for (let i = 0; i < out.length; i++) {
    let signal = Math.sqrt(Math.min(1, Math.max(0, light[i])));
    if (levels > 0) signal = Math.floor(signal * levels + 0.5) / levels;
    out[i] = ENCODE[Math.floor(signal * STEPS + 0.5)]!;
  }
  return out;
}

/** Vignetting, exposure and white balance. */
function expose(light: Float32Array, width: number, height: number, model: SensorModel): void {
  const gain = exp((model.exposureStops ?? 0) * 0.6931471805599453);
  const [r, g, b] = model.whiteBalance ?? [1, 1, 1];
  const loss = model.vignetting ?? 0;
  const cx = (width - 1) / 2, cy = (height - 1) / 2;
  const corner = 1 / Math.max(1, cx * cx + cy * cy);
  for (let y = 0, o = 0; y < height; y++) {
    for (let x = 0; x < width; x++, o += 3) {
      const k = gain * (1 - loss * ((x - cx) * (x - cx) + (y - cy) * (y - cy)) * corner);
      light[o] *= k * r;
      light[o + 1] *= k * g;
      light[o + 2] *= k * b;
    }
  }
}

/** One draw per value: four bytes of it, summed, are normal enough for noise. */
function addNoise(light: Float32Array, model: SensorModel, rng: Rng): void {
  const shot = model.shotNoise ?? 0, read = (model.readNoise ?? 0) * (model.readNoise ?? 0);
  if (shot === 0 && read === 0) return;
  for (let i = 0; i < light.length; i++) {
    const draw = rng.uint32();
    const normal = ((draw & 255) + ((draw >>> 8) & 255) + ((draw >>> 16) & 255) + (draw >>> 24) - 510) / FOUR_BYTES;
    light[i] += normal * Math.sqrt(shot * light[i] + read);
  }
}
