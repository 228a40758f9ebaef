import { colorizeDensepose, colorizeDepth, colorizeFlow, colorizeSegmentation, drawSkeleton, type Modality, type RgbImage, type SegmentationClass } from '@sextant/core';
import type { Condition } from '../generate/conditions.js';
import { refused } from '../generate/conditions.js';

/** Values looked at for the range of a clip. */
const SAMPLES = 1 << 16;

/**
 * The pictures of one modality of a clip, coloured as the released model's prompts describe them: depth near warm and far cool, flow in the Middlebury wheel
 * that RAFT's tools use, instances on black, limbs on black, DensePose parts. One range for all frames, so that colours keep their meaning. The palettes that the
 * model was trained with are not published; give coloured pictures of your own where they matter (docs/unityvideo.md). Returns fresh pictures.
 * @throws SextantError `bad-argument` for a frame without the modality, or depth without any distance.
 */
export function colourConditions(modality: Modality, conditions: readonly Condition[], classes: readonly SegmentationClass[]): readonly RgbImage[] {
  const maps = <K extends Modality>(name: K): readonly NonNullable<Condition[K]>[] => conditions.map((condition, index) => {
    const map = condition[name];
    if (!map) throw refused(name, index, 'is not there', 'Give a map for every frame.');
    return map;
  });
  switch (modality) {
    case 'depth': {
      const depths = maps('depth');
      const metres = pooled(depths.map((depth) => depth.metres)).filter((z) => z > 0 && z < Infinity).sort();
      if (metres.length === 0) throw refused('depth', 0, 'and those after it hold no distance at all: every value is NaN, 0 or negative', 'Look at the files: 0 means "no depth", and NaN a hole.');
      const range = { near: metres[Math.floor(0.02 * (metres.length - 1))], far: metres[Math.ceil(0.98 * (metres.length - 1))] };
      return depths.map((depth) => colorizeDepth({ ...depth, provenance: 'relative' }, range));
    }
    case 'flow': {
      const flows = maps('flow');
      const lengths = pooled(flows.map(({ pixels }) => Float32Array.from({ length: pixels.length / 2 }, (_, i) => Math.hypot(pixels[2 * i], pixels[2 * i + 1])))).filter((r) => r < Infinity).sort();
      return flows.map((flow) => colorizeFlow(flow, { maxPixels: Math.max(1, lengths.at(-1) ?? 1) }));
    }
    case 'segmentation':
      return maps('segmentation').map((map) => {
        const instances = map.instances ?? new Uint16Array(map.labels.length);
        // Foreground against background, where the map tells things apart; its classes where it does not.
        return colorizeSegmentation({ ...map, instances, classes }, { by: instances.some((id) => id > 0) ? 'instances' : 'classes' });
      });
    case 'skeleton':
      return maps('skeleton').map((people) => drawSkeleton(people));
    case 'densepose':
      return maps('densepose').map((map) => colorizeDensepose(map));
  }
}

/** Regular samples of all arrays together. */
function pooled(arrays: readonly Float32Array[]): Float32Array {
  const step = Math.max(1, Math.floor(arrays.reduce((sum, a) => sum + a.length, 0) / SAMPLES));
  return Float32Array.from(arrays.flatMap((values) => [...values.filter((_, i) => i % step === 0)]));
}
