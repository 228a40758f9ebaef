import type { RgbImage } from '../image/rgb-image.js';
import type { SegmentationMap } from '../types/perception.js';
import { labelColor } from './palette.js';

/**
 * A segmentation in its classes' own colours (`labelColor` for an id that `classes` does not list), or each instance
 * in a colour of its own. The picture is a new buffer at the map's size.
 *
 * @param options.by what is coloured; `instances` leaves pixels without one black; default `classes`
 */
export function colorizeSegmentation(map: SegmentationMap, options: { readonly by?: 'classes' | 'instances' } = {}): RgbImage {
  const { width, height, classes } = map;
  const instances = options.by === 'instances';
  const ids = instances ? map.instances : map.labels;
  const table = new Uint8Array(256 * 3);
  for (let id = 0; id < 256; id += 1) table.set(labelColor(id), id * 3);
  if (!instances) for (const { id, color } of classes) table.set(color, id * 3);
  const rgb = new Uint8Array(width * height * 3);
  for (let i = 0; i < ids.length; i += 1) {
    const id = ids[i];
    // Instances beyond 255 reuse the colours 1..255: only 0 is "none".
    const entry = (id < 256 ? id : 1 + ((id - 1) % 255)) * 3;
    rgb[i * 3] = table[entry]!;
    rgb[i * 3 + 1] = table[entry + 1]!;
    rgb[i * 3 + 2] = table[entry + 2]!;
  }
  return { width, height, rgb };
}
