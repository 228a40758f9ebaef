import type { Geometry, Vec3 } from '../render/types.js';

/** Measures that tests of both kinds of people share. */
export function distance(a: Vec3, b: Vec3): number {
  return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2);
}

/** DensePose parts that occur, ascending. */
export function partsUsed({ parts }: Geometry): number[] {
  return [...new Set(parts)].sort((a, b) => a - b);
}

const LEFT = [4, 5, 8, 10, 12, 14, 15, 17, 19, 21, 24];
const RIGHT = [3, 6, 7, 9, 11, 13, 16, 18, 20, 22, 23];
const FRONT_OF_BACK = [[2, 1], [9, 7], [10, 8], [13, 11], [14, 12]] as const;

/** Parts of a standing body (rest pose) whose mean lies on the wrong side; empty if all is well. */
export function partSides({ parts, positions, indices }: Geometry): string[] {
  const sum = new Float64Array(25 * 3);
  const count = new Float64Array(25);
  parts!.forEach((part, t) => {
    for (let k = 0; k < 3; k++) {
      const v = 3 * indices[3 * t + k];
      for (let axis = 0; axis < 3; axis++) sum[3 * part + axis] += positions[v + axis];
      count[part]++;
    }
  });
  const mean = (part: number, axis: number): number => sum[3 * part + axis] / count[part];
  return [
    ...LEFT.filter((part) => count[part] > 0 && !(mean(part, 1) > 0)).map((part) => `part ${part} is not on the left`),
    ...RIGHT.filter((part) => count[part] > 0 && !(mean(part, 1) < 0)).map((part) => `part ${part} is not on the right`),
    ...FRONT_OF_BACK.filter(([front, back]) => count[front] > 0 && count[back] > 0 && !(mean(front, 0) > mean(back, 0)))
      .map(([front, back]) => `part ${front} is not in front of ${back}`),
  ];
}
