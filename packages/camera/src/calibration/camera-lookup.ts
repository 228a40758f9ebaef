import type { CameraModel } from '@sextant/core';
import { readCameraInfo } from './camera-info-file.js';
import { scaleCamera } from './scale-camera.js';

/**
 * Resolves a calibration (a file, a model or none) to a function that gives the intrinsics for a picture size. The
 * same size gives the same object, so that tables built for it are found again.
 */
export async function cameraLookup(calibration: string | CameraModel | undefined): Promise<(width: number, height: number) => CameraModel | undefined> {
  if (calibration === undefined) return () => undefined;
  let current = typeof calibration === 'string' ? await readCameraInfo(calibration) : calibration;
  const original = current;
  return (width, height) => {
    if (current.width !== width || current.height !== height) current = scaleCamera(original, width, height);
    return current;
  };
}
