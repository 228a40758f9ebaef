import { COCO_KEYPOINTS, resampleNearest } from '@sextant/core';
import { MIRRORED_JOINTS } from '../codecs/facing.js';
import type { CodecSpec } from '../manifest/schema.js';
import type { Size } from '../runtime/grid.js';
import type { NamedTensor } from '../runtime/tensor.js';
import { MIRRORED_PARTS, mirrorPicture } from './mirror.js';
import { resizePlane } from './resize-plane.js';

/** A view's grid and its focal length in pixels of that grid. */
export interface ViewGrid extends Size {
  readonly focal: number;
}

const JOINTS = COCO_KEYPOINTS.length;

/**
 * A view's outputs as the first view would have said them: the same way round, of its size and in its units. Returns fresh arrays.
 * @param like the first view's own outputs, whose shapes are taken
 */
export function toFirstView(codec: CodecSpec, outputs: readonly NamedTensor[], like: readonly NamedTensor[], mirrored: boolean, from: ViewGrid, to: ViewGrid): NamedTensor[] {
  const [sx, sy] = [to.width / from.width, to.height / from.height];
  // Depth per unit of focal length is what canonical depth holds: with a larger grid the focal length is larger.
  const closer = Math.log(from.focal / to.focal);
  return outputs.map((output, at) => {
    const planes = planesOf(output, like[at], mirrored);
    const sides = (order: readonly number[]): Plane[] => (mirrored ? order.map((c) => planes[c]) : planes);
    switch (codec.type) {
      case 'canonical-depth':
        return join(like[at], [add(planes[0], closer), planes[1], planes[2]]);
      case 'metric-depth':
        return join(like[at], codec.referenceFocal === undefined ? planes : planes.map((plane) => scale(plane, Math.exp(closer))));
      case 'grid-flow':
        return join(like[at], [scale(planes[0], mirrored ? -sx : sx), scale(planes[1], sy), planes[2]]);
      case 'centre-offset-pose':
        if (at > 0) return join(like[at], planes);
        return join(like[at], [...sides([...MIRRORED_JOINTS, JOINTS]).slice(0, JOINTS + 1), scale(planes[JOINTS + 1], mirrored ? -sx : sx), scale(planes[JOINTS + 2], sy)]);
      case 'part-uv':
        // u runs across a part's chart: mirrored, it runs the other way on the part of the other side.
        if (!mirrored || at === 2) return join(like[at], planes);
        return join(like[at], at === 0 ? [planes[0].map((part) => MIRRORED_PARTS[part] ?? part)] : [planes[0].map((u) => 1 - u), planes[1]]);
      default:
        return join(like[at], planes);
    }
  });
}

type Plane = Uint8Array | Float32Array;

/** The channels of [1,h,w] or [1,c,h,w], the right way round and at the size of `like`. */
function planesOf({ data, dims }: NamedTensor, like: NamedTensor, mirrored: boolean): Plane[] {
  const [h, w, toH, toW] = [...dims.slice(-2), ...like.dims.slice(-2)];
  const all = data as unknown as Plane;
  return Array.from({ length: all.length / (h * w) }, (_, c) => {
    const plane = all.subarray(c * h * w, (c + 1) * h * w);
    const turned = mirrored ? mirrorPicture(plane, w, 1) : plane;
    return turned instanceof Float32Array ? resizePlane(turned, w, h, toW, toH) : resampleNearest(turned, w, h, toW, toH);
  });
}

function add(plane: Plane, amount: number): Plane {
  return plane.map((value) => value + amount);
}

function scale(plane: Plane, factor: number): Plane {
  return plane.map((value) => value * factor);
}

function join(like: NamedTensor, planes: readonly Plane[]): NamedTensor {
  const data = new (like.data.constructor as new (length: number) => Plane)(planes.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const plane of planes) {
    data.set(plane, at);
    at += plane.length;
  }
  return { ...like, data };
}
