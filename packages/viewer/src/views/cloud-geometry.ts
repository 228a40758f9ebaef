import type { DepthResult } from '@sextant/client';

/** A pinhole camera in pixels of a depth map, from the centre of its top left pixel. */
export interface Pinhole {
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
}

/** The camera of a depth map: what the server knows of it, else a principal point in the middle and the horizontal field of view (degrees) that was set. */
export function pinholeOf({ width, height, intrinsics }: Pick<DepthResult, 'width' | 'height' | 'intrinsics'>, fieldOfView: number): Pinhole & { readonly known: boolean } {
  if (intrinsics !== undefined && intrinsics.provenance !== 'guessed') return { ...intrinsics, known: true };
  const f = width / 2 / Math.tan((fieldOfView * Math.PI) / 360);
  return { fx: f, fy: f, cx: (width - 1) / 2, cy: (height - 1) / 2, known: false };
}

/** Horizontal field of view in degrees. */
export function fieldOfViewOf({ fx, cx }: Pinhole, width: number): number {
  return ((Math.atan((cx + 0.5) / fx) + Math.atan((width - 0.5 - cx) / fx)) * 180) / Math.PI;
}

/**
 * Puts each pixel of a depth map where it is, in three.js axes (x right, y up, z towards the viewer, the camera at 0). Pixels without depth make no point.
 * @param positions 3 numbers for each point, written from the start
 * @param pixels each point's pixel, written likewise
 * @returns how many points there are and their median distance
 */
export function placePoints(
  positions: Float32Array, pixels: Uint32Array, { width, height, metres }: Pick<DepthResult, 'width' | 'height' | 'metres'>, { fx, fy, cx, cy }: Pinhole,
): { count: number; median: number } {
  const sample: number[] = [];
  let count = 0;
  for (let y = 0, i = 0; y < height; y++) {
    const dy = (cy - y) / fy;
    for (let x = 0; x < width; x++, i++) {
      const z = metres[i];
      if (!(z > 0 && z < Infinity)) continue;
      positions[3 * count] = ((x - cx) / fx) * z;
      positions[3 * count + 1] = dy * z;
      positions[3 * count + 2] = -z;
      pixels[count] = i;
      if (count % 16 === 0) sample.push(z);
      count++;
    }
  }
  sample.sort((a, b) => a - b);
  return { count, median: sample[sample.length >> 1] ?? 1 };
}

/** Line segments of a camera: four edges from its centre and the picture at distance `z`. */
export function frustumLines(width: number, height: number, { fx, fy, cx, cy }: Pinhole, z: number): Float32Array {
  const [left, right, top, bottom] = [(-0.5 - cx) / fx, (width - 0.5 - cx) / fx, (cy + 0.5) / fy, (cy + 0.5 - height) / fy];
  const corners = [[left, top], [right, top], [right, bottom], [left, bottom]].map(([x, y]) => [x * z, y * z, -z]);
  const lines = corners.flatMap((corner, i) => [[0, 0, 0], corner, corner, corners[(i + 1) % 4]]);
  return Float32Array.from(lines.flat());
}
