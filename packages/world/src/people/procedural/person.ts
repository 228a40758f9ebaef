import type { Rng } from '../../math/rng.js';
import type { Geometry } from '../../render/types.js';
import type { Activity, PersonActor } from '../../scene/library.js';
import { BodyActor } from '../body/actor.js';
import type { Keypoint } from '../body/actor.js';
import { BONE } from '../body/bones.js';
import type { BoneName, RestSkeleton } from '../body/bones.js';
import type { SkinnedSurface } from '../body/skinning.js';
import { strideSpeed } from '../motion/speed.js';
import { composeMotion } from './activity.js';
import { buildSkeleton, drawBuild, jointAt } from './build.js';
import type { Build } from './build.js';
import { buildFigure } from './figure.js';
import type { LoftMesh } from './loft.js';
import { drawGarments } from './wardrobe.js';

/**
 * A person made of nothing but numbers: random build, clothes and motion.
 *
 * @param instanceId 1..65535, unique in the world.
 * @param activity `any` draws one.
 */
export function createProceduralPerson(rng: Rng, instanceId: number, activity: Activity): PersonActor {
  const build = drawBuild(rng.fork('build'));
  const garments = drawGarments(rng.fork('garments'), build);
  const skeleton = buildSkeleton(build);
  const { surface, geometry } = finish(buildFigure(build, skeleton, garments), garments.materials);
  const drawn = composeMotion(rng.fork('motion'), activity);
  const motion = drawn.source(skeleton);
  const noun = build.child ? (build.sex === 'female' ? 'a girl' : 'a boy') : build.sex === 'female' ? 'a woman' : 'a man';
  const who = `${noun} ${garments.words}`;
  return new BodyActor({
    instanceId, skeleton, surface, geometry, motion, seated: drawn.seated, ...(drawn.grip ? { grip: drawn.grip } : {}), keypoints: keypoints(build, skeleton),
    phase: drawn.phase * motion.period,
    speed: drawn.travels ? strideSpeed(motion, skeleton) : 0,
    words: `${who} ${drawn.words}`, ...(drawn.emptyHanded !== undefined && { emptyHanded: `${who} ${drawn.emptyHanded}` }),
  });
}

/** COCO's 17 points: on the face by the head's size, elsewhere the joints. */
function keypoints({ height, head }: Build, skeleton: RestSkeleton): Keypoint[] {
  const [x] = jointAt(skeleton, 'head');
  const chin = height - head;
  const face = (forward: number, left: number, up: number): Keypoint => ({
    bone: BONE.head, rest: [x + forward * head, left * head, chin + up * head],
  });
  const joint = (bone: BoneName): Keypoint => ({ bone: BONE[bone], rest: jointAt(skeleton, bone) });
  return [
    face(0.62, 0, 0.36), face(0.48, 0.145, 0.45), face(0.48, -0.145, 0.45), face(0.03, 0.4, 0.42), face(0.03, -0.4, 0.42),
    ...(['upperArm', 'foreArm', 'hand', 'thigh', 'shin', 'foot'] as const).flatMap((bone) => [joint(`${bone}L`), joint(`${bone}R`)]),
  ];
}

function finish(mesh: LoftMesh, materials: Geometry['materials']): { surface: SkinnedSurface; geometry: Geometry } {
  const groups: { start: number; count: number; material: number }[] = [];
  let start = 0;
  mesh.triangles.forEach(({ indices }, material) => {
    if (indices.length > 0) groups.push({ start, count: indices.length, material });
    start += indices.length;
  });
  const surface = {
    positions: Float32Array.from(mesh.positions), normals: Float32Array.from(mesh.normals),
    bones: Uint8Array.from(mesh.bones), weights: Float32Array.from(mesh.weights),
  };
  return {
    surface,
    geometry: {
      positions: surface.positions, normals: surface.normals, uvs: Float32Array.from(mesh.uvs), groups, materials,
      indices: Uint32Array.from(mesh.triangles.flatMap(({ indices }) => indices)),
      parts: Uint8Array.from(mesh.triangles.flatMap(({ parts }) => parts)),
      partUvs: Float32Array.from(mesh.triangles.flatMap(({ partUvs }) => partUvs)),
    },
  };
}
