import { COCO_LIMBS, LEAST_JOINT_SCORE, intrinsicsOf, pinholeCamera, pixelRays, scaleCamera } from '@sextant/core';
import type { DepthMap, Keypoint, Perception, Person, PixelRays } from '@sextant/core';
import type { ColorRGBA, Marker, MarkerArray, Point, StringMessage } from '../messages/types.js';
import { knownCamera } from './camera-info.js';
import { isMetric } from './depth.js';
import { headerOf } from './header.js';

const LINE_LIST = 5;
const SPHERE_LIST = 7;
const DELETE_ALL = 3;
const LIFETIME = { sec: 0, nanosec: 500_000_000 };

/**
 * `skeleton/markers`: limbs (LINE_LIST) and joints (SPHERE_LIST) of each person in the optical frame. With metric depth and
 * intrinsics each joint is lifted to the depth under it (namespace `skeleton`); otherwise people are drawn on the plane
 * z = 1 (namespace `skeleton_plane`), with a focal length of 0.9 picture widths where the camera is unknown.
 */
export function skeletonMarkers({ frame, skeleton, depth }: Perception): MarkerArray | undefined {
  if (skeleton === undefined) return undefined;
  const header = headerOf(frame);
  const ray = pixelRays(scaleCamera(frame.camera ?? pinholeCamera(frame, intrinsicsOf(frame, frame)), skeleton.width, skeleton.height));
  const metric = depth !== undefined && knownCamera(frame) !== undefined && isMetric(depth) ? depth : undefined;
  const base = {
    header,
    action: 0,
    pose: { position: { x: 0, y: 0, z: 0 }, orientation: { x: 0, y: 0, z: 0, w: 1 } },
    color: { r: 1, g: 1, b: 1, a: 1 },
    lifetime: LIFETIME,
    frame_locked: false,
    colors: [],
  };
  const none = { x: 0, y: 0, z: 0 };
  const markers: Marker[] = [{ ...base, ns: '', id: 0, type: 0, action: DELETE_ALL, scale: none, points: [] }];
  skeleton.people.forEach((person, index) => {
    const points = lift(person, ray, metric, skeleton.width, skeleton.height);
    const namespace = points.metric ? 'skeleton' : 'skeleton_plane';
    const scale = points.metric ? 1 : 0.3;
    const color = personColor(person.id || index + 1);
    const joints = points.joints.filter((p) => p !== undefined);
    const limbs = COCO_LIMBS.flatMap(([a, b]) => {
      const from = points.joints[a];
      const to = points.joints[b];
      return from && to ? [from, to] : [];
    });
    markers.push(
      { ...base, ns: namespace, id: 2 * index, type: LINE_LIST, color, scale: { x: 0.03 * scale, y: 0, z: 0 }, points: limbs },
      { ...base, ns: namespace, id: 2 * index + 1, type: SPHERE_LIST, color, scale: { x: 0.06 * scale, y: 0.06 * scale, z: 0.06 * scale }, points: joints },
    );
  });
  return { markers };
}

/**
 * `skeleton/keypoints`: the people in the picture as JSON text, for clients without a 3-D view:
 * `{stamp, width, height, people: [{id, score, box: [x, y, w, h], keypoints: [[x, y, score] x 17], front?}]}` in pixels of width x height; `front` as
 * `Person.front`, for robots that approach people.
 */
export function skeletonKeypoints({ frame, skeleton }: Perception): StringMessage | undefined {
  if (skeleton === undefined) return undefined;
  const { stamp } = headerOf(frame);
  const people = skeleton.people.map(({ id, score, box, keypoints, front }) => ({
    id,
    score,
    box,
    keypoints: keypoints.map((k) => [k.x, k.y, k.score]),
    front, // left out where the model does not say it
  }));
  return { data: JSON.stringify({ stamp, width: skeleton.width, height: skeleton.height, people }) };
}

interface Lifted {
  readonly metric: boolean;
  readonly joints: readonly (Point | undefined)[];
}

function lift(person: Person, ray: PixelRays, depth: DepthMap | undefined, width: number, height: number): Lifted {
  const visible = person.keypoints.map((k) => (k.score >= LEAST_JOINT_SCORE ? k : undefined));
  const depths = visible.map((k) => k && depth && depthUnder(depth, k, width, height));
  const known = depths.filter((z): z is number => z !== undefined).sort((a, b) => a - b);
  const median = known[known.length >> 1];
  const joints = visible.map((k, i) => {
    if (k === undefined) return undefined;
    const [x, y] = ray(k.x, k.y);
    if (!Number.isFinite(x + y)) return undefined; // beyond the lens's reach
    let z = 1;
    if (median !== undefined) {
      z = depths[i] ?? median;
      // A joint on the silhouette often reads the background: nobody's limb is a metre from the body's middle.
      if (Math.abs(z - median) > 1) z = median;
    }
    return { x: x * z, y: y * z, z };
  });
  return { metric: median !== undefined, joints };
}

function depthUnder(depth: DepthMap, k: Keypoint, width: number, height: number): number | undefined {
  const x = Math.floor(((k.x + 0.5) * depth.width) / width);
  const y = Math.floor(((k.y + 0.5) * depth.height) / height);
  if (x < 0 || y < 0 || x >= depth.width || y >= depth.height) return undefined;
  const z = depth.metres[y * depth.width + x];
  return z > 0 && z < Infinity ? z : undefined;
}

/** Hues a golden angle apart, so that neighbouring ids differ. */
function personColor(id: number): ColorRGBA {
  const hue = (id * 0.618034) % 1;
  const channel = (offset: number): number => Math.min(1, Math.max(0.15, Math.abs(((hue + offset) % 1) * 6 - 3) - 1));
  return { r: channel(0), g: channel(2 / 3), b: channel(1 / 3), a: 1 };
}
