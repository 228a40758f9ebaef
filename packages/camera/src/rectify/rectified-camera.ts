import type { CameraModel } from '@sextant/core';

/** R of a camera that is not turned. */
export const IDENTITY: readonly number[] = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** P of a camera whose rectified picture has the intrinsics K, without a stereo baseline. */
export function projectionOf(k: readonly number[]): readonly number[] {
  return [k[0], k[1], k[2], 0, k[3], k[4], k[5], 0, k[6], k[7], k[8], 0];
}

/** The left 3x3 of P, or K where a driver left P empty. */
export function newCameraMatrix({ k, p }: CameraModel): readonly number[] {
  return p[0] === 0 ? k : [p[0], p[1], p[2], p[4], p[5], p[6], p[8], p[9], p[10]];
}

/** True when rectifying would change no pixel: no lens coefficients, no rotation, and P repeats K. */
export function isRectified(camera: CameraModel): boolean {
  const straight = camera.distortionModel === 'none' || (camera.distortionModel !== 'equidistant' && camera.d.every((c) => c === 0));
  const same = (a: readonly number[], b: readonly number[]): boolean => a.every((value, i) => Math.abs(value - b[i]) < 1e-9);
  return straight && same(camera.r, IDENTITY) && same(newCameraMatrix(camera), camera.k);
}

/** The ideal camera whose picture rectification makes: pinhole, K from P, P kept (it holds a stereo baseline). */
export function rectifiedCamera(camera: CameraModel): CameraModel {
  const k = newCameraMatrix(camera);
  const p = camera.p[0] === 0 ? projectionOf(k) : camera.p;
  return { ...camera, distortionModel: 'none', d: [], r: IDENTITY, k, p };
}
