import { pixelRays } from '@sextant/core';
import type { CameraModel, DepthMap, SegmentationMap } from '@sextant/core';

/** Fewer rows than this tell a height too coarsely. */
const LEAST_ROWS = 8;

/**
 * Height of each thing of a class in the depth map's own unit, as it would be upright and facing the camera: the rays
 * from its first row to its last, down its middle, times its median depth. `camera` is that of the segmentation's pixels. Things cut by the picture's edge are left out: nobody knows how tall they are.
 */
export function objectHeights(depth: DepthMap, segmentation: SegmentationMap, camera: CameraModel, name: string): number[] {
  const wanted = segmentation.classes.find((c) => c.name === name)?.id;
  if (wanted === undefined) return [];
  const { width, height, labels, instances } = segmentation;
  const seen = new Map<number, { top: number; bottom: number; left: number; right: number; cut: boolean; depths: number[] }>();
  const ray = pixelRays(camera);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const i = y * width + x;
      if (labels[i] !== wanted || instances[i] === 0) continue;
      let thing = seen.get(instances[i]);
      if (!thing) seen.set(instances[i], (thing = { top: y, bottom: y, left: x, right: x, cut: false, depths: [] }));
      thing.bottom = y;
      thing.left = Math.min(thing.left, x);
      thing.right = Math.max(thing.right, x);
      thing.cut ||= y === 0 || y === height - 1;
      const dx = Math.min(depth.width - 1, Math.floor(((x + 0.5) * depth.width) / width));
      const dy = Math.min(depth.height - 1, Math.floor(((y + 0.5) * depth.height) / height));
      const z = depth.metres[dy * depth.width + dx];
      if (z > 0) thing.depths.push(z);
    }
  }
  return [...seen.values()].flatMap(({ top, bottom, left, right, cut, depths }) => {
    if (cut || bottom - top + 1 < LEAST_ROWS || depths.length < LEAST_ROWS) return [];
    depths.sort((a, b) => a - b);
    const middle = (left + right) / 2;
    const tall = (ray(middle, bottom + 0.5)[1] - ray(middle, top - 0.5)[1]) * depths[depths.length >> 1];
    return tall > 0 ? [tall] : []; // NaN beyond the lens's reach
  });
}
