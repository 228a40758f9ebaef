import { createRequire } from 'node:module';
import type cvTypes from '@techstark/opencv-js';

/** An object in OpenCV's memory. */
interface Owned {
  delete(): void;
}

type Mat = InstanceType<typeof cvTypes.Mat>;

/** What the module has at run time and its types do not name. */
interface Untyped {
  readonly aruco_CharucoDetector: new (board: Owned, charuco: Owned, detector: Owned, refine: Owned) => Owned & { detectBoard(image: Mat, corners: Mat, ids: Mat, markers: unknown, markerIds: Mat): void };
  readonly aruco_CharucoBoard: new (size: unknown, square: number, marker: number, dictionary: Owned, ids: Mat) => Owned & { generateImage(size: unknown, image: Mat, margin: number, borderBits: number): void };
  readonly aruco_DetectorParameters: new () => Owned;
  readonly aruco_CharucoParameters: new () => Owned;
  readonly aruco_RefineParameters: new (minRepDistance: number, errorCorrectionRate: number, checkAllOrders: boolean) => Owned;
  getPredefinedDictionary(index: number): Owned;
  calibrateCameraExtended(objects: unknown, images: unknown, size: unknown, k: Mat, d: Mat, rotations: unknown, translations: unknown, stdIntrinsics: Mat, stdExtrinsics: Mat, errors: Mat, flags: number, criteria: unknown): number;
}

/** OpenCV compiled to WebAssembly. */
export type OpenCv = typeof cvTypes & Untyped;

let loading: Promise<{ readonly cv: OpenCv }> | undefined;

/**
 * Loads OpenCV once, when somebody needs it (0.4 s, 125 MB). The module is a thenable that never resolves, so neither it nor an
 * `import()` of it may be awaited nor returned from an async function: hence `require`, and the box around it.
 */
export function openCv(): Promise<{ readonly cv: OpenCv }> {
  loading ??= (async () => {
    const cv = createRequire(import.meta.url)('@techstark/opencv-js') as OpenCv;
     
    if (!cv.Mat) {
      await new Promise<void>((resolve) => {
        (cv as unknown as { onRuntimeInitialized: () => void }).onRuntimeInitialized = resolve;
      });
    }
    return { cv };
  })();
  return loading;
}
