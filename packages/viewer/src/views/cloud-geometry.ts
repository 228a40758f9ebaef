import type { DepthResult } from '@sextant/client';

/** Half the extent of the picture at distance 1: across and down. */
function halfExtent(aspect: number, fieldOfView: number): [number, number] {
  const across = Math.tan((fieldOfView * Math.PI) / 360);
  return [across, across / aspect];
}

/**
 * Puts each pixel of a depth map where it is, in three.js axes (x right, y up, z towards the viewer, the camera at 0): pinhole
 * with its principal point in the middle. Pixels without depth make no point.
 * @param positions 3 numbers for each point, written from the start
 * @param pixels each point's pixel, written likewise
 * @returns how many points there are and their median distance
 */
export function placePoints(
  positions: Float32Array, pixels: Uint32Array, { width, height, metres }: Pick<DepthResult, 'width' | 'height' | 'metres'>, fieldOfView: number,
): { count: number; median: number } {
  const [tx, ty] = halfExtent(width / height, fieldOfView);
  const sample: number[] = [];
  let count = 0;
  for (let y = 0, i = 0; y < height; y++) {
    const dy = -(((2 * (y + 0.5)) / height) - 1) * ty;
    for (let x = 0; x < width; x++, i++) {
      const z = metres[i];
      if (!(z > 0 && z < Infinity)) continue;
      positions[3 * count] = ((2 * (x + 0.5)) / width - 1) * tx * z;
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
export function frustumLines(aspect: number, fieldOfView: number, z: number): Float32Array {
  const [tx, ty] = halfExtent(aspect, fieldOfView);
  const corners = [[-tx, ty], [tx, ty], [tx, -ty], [-tx, -ty]].map(([x, y]) => [x * z, y * z, -z]);
  const lines = corners.flatMap((corner, i) => [[0, 0, 0], corner, corner, corners[(i + 1) % 4]]);
  return Float32Array.from(lines.flat());
}
