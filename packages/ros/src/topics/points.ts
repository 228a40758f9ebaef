import { scaleCamera } from '@sextant/core';
import type { Perception } from '@sextant/core';
import type { PointCloud2, PointField } from '../messages/types.js';
import { knownCamera } from './camera-info.js';
import { isMetric } from './depth.js';
import { headerOf } from './header.js';
import { rayTable } from './rays.js';

const FLOAT32 = 7;
/** As depth_image_proc writes them: rgb is 0x00RRGGBB in the bits of a float. */
const FIELDS: readonly PointField[] = [
  { name: 'x', offset: 0, datatype: FLOAT32, count: 1 },
  { name: 'y', offset: 4, datatype: FLOAT32, count: 1 },
  { name: 'z', offset: 8, datatype: FLOAT32, count: 1 },
  { name: 'rgb', offset: 12, datatype: FLOAT32, count: 1 },
];
const POINT_STEP = 16;

/**
 * `depth/points`: a cloud in the optical frame, metres, coloured from the picture. Needs intrinsics and a known scale.
 * @param decimation takes every n-th pixel of the depth map in both directions, >= 1.
 * @param organised rows and columns of the picture, NaN where there is no depth or, beyond the lens's reach, no ray; else one row of the valid points (`is_dense`).
 */
export function pointCloud({ frame, depth }: Perception, decimation: number, organised = true): PointCloud2 | undefined {
  const camera = knownCamera(frame);
  if (depth === undefined || camera === undefined || !isMetric(depth)) return undefined;
  const rays = rayTable(scaleCamera(camera, depth.width, depth.height), decimation, camera);
  const width = Math.ceil(depth.width / decimation);
  const height = Math.ceil(depth.height / decimation);
  const buffer = new ArrayBuffer(width * height * POINT_STEP);
  const floats = new Float32Array(buffer);
  const words = new Uint32Array(buffer);
  const scaleX = frame.width / depth.width;
  const scaleY = frame.height / depth.height;
  let at = 0;
  for (let r = 0, i = 0; r < height; r++) {
    const v = r * decimation;
    const pictureRow = Math.min(frame.height - 1, Math.floor((v + 0.5) * scaleY)) * frame.width;
    for (let c = 0; c < width; c++, i++) {
      const u = c * decimation;
      const z = depth.metres[v * depth.width + u];
      const valid = z > 0 && z < Infinity && Number.isFinite(rays[2 * i] + rays[2 * i + 1]);
      if (!valid && !organised) continue;
      floats[at] = valid ? z * (rays[2 * i]) : NaN;
      floats[at + 1] = valid ? z * (rays[2 * i + 1]) : NaN;
      floats[at + 2] = valid ? z : NaN;
      const pixel = 3 * (pictureRow + Math.min(frame.width - 1, Math.floor((u + 0.5) * scaleX)));
      words[at + 3] = ((frame.rgb[pixel]) << 16) | ((frame.rgb[pixel + 1]) << 8) | (frame.rgb[pixel + 2]);
      at += 4;
    }
  }
  return {
    header: headerOf(frame),
    height: organised ? height : 1,
    width: organised ? width : at / 4,
    fields: [...FIELDS],
    is_bigendian: false,
    point_step: POINT_STEP,
    row_step: POINT_STEP * (organised ? width : at / 4),
    data: new Uint8Array(buffer, 0, at * 4),
    is_dense: !organised,
  };
}
