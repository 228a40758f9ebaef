import { classId } from '../classes.js';
import { cos, sin } from '../math/deterministic.js';
import { identity } from '../math/mat4.js';
import { encodeRecord } from '../record.js';
import { renderScene } from '../render/renderer.js';
import type { RenderScene, Vec3 } from '../render/types.js';
import { opticalPose } from '../scene/pose.js';
import { bounds } from './glb.js';
import { readScan } from './scans.js';

const SIZE = { width: 448, height: 576 };
const FOCAL = 600; // pixels
/** Of the camera over the person's, so that who spreads the arms is in the picture as well. */
const DISTANCE = 1.75;
/** Radians by which the camera looks down. */
const TILTS = [0.05, 0.35];
const GREY: Vec3 = [0.5, 0.5, 0.5];

/**
 * Pictures of a scan from all around, as records (record.ts), each with its camera: `fx`, `fy`, `cx`, `cy` in pixels and `camToWorld`, row-major 4x4 from the
 * optical frame to the scan's own. What a teacher sees in them is where things are on the scan (training/scan_joints.py).
 * @param glb the file
 * @param around pictures of each of two rings, from half height and from above
 */
export async function* turntable(glb: Uint8Array, around = 20): AsyncGenerator<Uint8Array> {
  const geometry = await readScan(glb);
  const { low, high } = bounds(geometry.positions);
  const middle = low.map((value, i) => (value + high[i]) / 2);
  const distance = DISTANCE * Math.max(1.3, ...low.map((value, i) => high[i] - value));
  const drawables = [{ geometry, transform: identity(), previousTransform: identity(), classId: classId('person'), instanceId: 1 }];
  const lens = { ...SIZE, fx: FOCAL, fy: FOCAL, cx: (SIZE.width - 1) / 2, cy: (SIZE.height - 1) / 2 };
  for (const tilt of TILTS) {
    for (let i = 0; i < around; i++) {
      const yaw = (i / around) * 2 * Math.PI;
      const eye: Vec3 = [middle[0] - distance * cos(yaw) * cos(tilt), middle[1] - distance * sin(yaw) * cos(tilt), middle[2] + distance * sin(tilt)];
      const camToWorld = opticalPose(eye, yaw, -tilt, 0);
      yield encodeRecord({ ...lens, frames: 1, camToWorld: Array.from(camToWorld) }, [renderScene(studio(drawables, { ...lens, camToWorld }, yaw), { supersampling: 2 })]);
    }
  }
}

/** Even light that comes from where the camera is. */
function studio(drawables: RenderScene['drawables'], camera: RenderScene['camera'], yaw: number): RenderScene {
  return {
    drawables, camera, lights: [], ambientUp: [1, 1, 1], ambientDown: [0.6, 0.6, 0.6],
    sun: { towards: [-0.6 * cos(yaw + 0.5), -0.6 * sin(yaw + 0.5), 0.53], radiance: [1.2, 1.2, 1.2] },
    sky: { kind: 'gradient', zenith: GREY, horizon: GREY, ground: GREY },
  };
}
