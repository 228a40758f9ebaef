import { createRequire } from 'node:module';
import type cvTypes from '@techstark/opencv-js';

/** OpenCV compiled to WebAssembly. */
export type OpenCv = typeof cvTypes;

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
