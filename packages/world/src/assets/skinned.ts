import type { Document, Node, Skin } from '@gltf-transform/core';
import type { Geometry } from '../render/types.js';
import type { PlacedPrimitive } from './glb.js';
import { numbers } from './glb.js';

/** A deformed copy of a geometry's vertices, same axes and units as the geometry. */
export interface Deformed {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
}

interface Track {
  readonly node: Node;
  readonly path: string;
  readonly times: ArrayLike<number>;
  readonly values: ArrayLike<number>;
  readonly step: boolean;
}

/** Names of walking cycles, best first; matched at the end of "Armature|Walk" style names. */
const WALKS = [/walk/i, /gallop/i, /idle/i];

/**
 * Plays the walk of a skinned GLB (linear blend skinning, glTF 2.0 section 3.7.3). Returned arrays are fresh; the
 * geometry must be the merge of `list` in the same order.
 */
export class SkinPlayer {
  /** Seconds of one cycle; 0 if the file has no animation. */
  readonly duration: number;
  private readonly tracks: readonly Track[];
  private readonly joints: readonly Node[];
  private readonly inverseBind: ArrayLike<number>;
  private readonly jointIndices: Uint16Array;
  private readonly weights: Float32Array;

  constructor(document: Document, skin: Skin, list: readonly PlacedPrimitive[], private readonly geometry: Geometry) {
    this.joints = skin.listJoints();
    this.inverseBind = numbers(skin.getInverseBindMatrices())!;
    const animations = document.getRoot().listAnimations();
    const animation = WALKS.map((name) => animations.find((a) => name.test(a.getName()))).find((a) => a) ?? animations[0];
    this.tracks = (animation?.listChannels() ?? []).flatMap((channel) => {
      const node = channel.getTargetNode();
      const sampler = channel.getSampler();
      const times = numbers(sampler?.getInput() ?? null);
      const values = numbers(sampler?.getOutput() ?? null);
      if (!node || !sampler || !times || !values || sampler.getInterpolation() === 'CUBICSPLINE') return [];
      return [{ node, path: channel.getTargetPath() ?? '', times, values, step: sampler.getInterpolation() === 'STEP' }];
    });
    this.duration = Math.max(0, ...this.tracks.map((track) => track.times[track.times.length - 1]));
    const vertices = geometry.positions.length / 3;
    this.jointIndices = new Uint16Array(vertices * 4);
    this.weights = new Float32Array(vertices * 4);
    let at = 0;
    for (const { primitive } of list) {
      const joints = primitive.getAttribute('JOINTS_0');
      const weights = primitive.getAttribute('WEIGHTS_0');
      const count = primitive.getAttribute('POSITION')!.getCount();
      const element: number[] = [];
      for (let v = 0; v < count && joints && weights; v++) {
        this.jointIndices.set(joints.getElement(v, element).slice(0, 4), (at + v) * 4);
        const w = weights.getElement(v, element).slice(0, 4);
        const sum = w[0] + w[1] + w[2] + w[3] || 1;
        for (let k = 0; k < 4; k++) this.weights[(at + v) * 4 + k] = w[k] / sum;
      }
      at += count;
    }
  }

  /** Vertices at `time` seconds into the (repeating) cycle, in the geometry's axes before any normalisation. */
  at(time: number): Deformed {
    const t = this.duration > 0 ? ((time % this.duration) + this.duration) % this.duration : 0;
    for (const track of this.tracks) applyTrack(track, t);
    const matrices = this.joints.map((joint, j) => multiply(joint.getWorldMatrix(), this.inverseBind, j * 16));
    const source = this.geometry;
    const positions = new Float32Array(source.positions.length);
    const normals = new Float32Array(source.normals.length);
    for (let v = 0; v < positions.length / 3; v++) {
      const i = v * 3;
      // The geometry stores (z, x, y); the bones work in glTF's (x, y, z).
      const x = source.positions[i + 1], y = source.positions[i + 2], z = source.positions[i];
      const a = source.normals[i + 1], b = source.normals[i + 2], c = source.normals[i];
      let px = 0, py = 0, pz = 0, nx = 0, ny = 0, nz = 0;
      for (let k = 0; k < 4; k++) {
        const w = this.weights[v * 4 + k];
        if (w === 0) continue;
        const m = matrices[this.jointIndices[v * 4 + k]];
        px += w * (m[0] * x + m[4] * y + m[8] * z + m[12]);
        py += w * (m[1] * x + m[5] * y + m[9] * z + m[13]);
        pz += w * (m[2] * x + m[6] * y + m[10] * z + m[14]);
        nx += w * (m[0] * a + m[4] * b + m[8] * c);
        ny += w * (m[1] * a + m[5] * b + m[9] * c);
        nz += w * (m[2] * a + m[6] * b + m[10] * c);
      }
      const length = Math.hypot(nx, ny, nz) || 1;
      positions[i + 1] = px; positions[i + 2] = py; positions[i] = pz;
      normals[i + 1] = nx / length; normals[i + 2] = ny / length; normals[i] = nz / length;
    }
    return { positions, normals };
  }
}

function applyTrack({ node, path, times, values, step }: Track, t: number): void {
  let k = 0;
  while (k < times.length - 2 && times[k + 1] <= t) k++;
  const next = Math.min(k + 1, times.length - 1);
  const span = times[next] - times[k];
  const f = step || span <= 0 ? 0 : Math.min(1, Math.max(0, (t - times[k]) / span));
  const width = path === 'rotation' ? 4 : 3;
  const value: number[] = [];
  // Shortest way round for quaternions.
  let sign = 1;
  if (path === 'rotation') {
    let dot = 0;
    for (let i = 0; i < 4; i++) dot += values[k * 4 + i] * values[next * 4 + i];
    sign = dot < 0 ? -1 : 1;
  }
  for (let i = 0; i < width; i++) value.push(values[k * width + i] * (1 - f) + sign * values[next * width + i] * f);
  if (path === 'rotation') {
    const length = Math.hypot(...value) || 1;
    node.setRotation(value.map((q) => q / length) as [number, number, number, number]);
  } else if (path === 'translation') node.setTranslation(value as [number, number, number]);
  else if (path === 'scale') node.setScale(value as [number, number, number]);
}

/** a * b[offset..], column-major 4x4. */
function multiply(a: ArrayLike<number>, b: ArrayLike<number>, offset: number): Float64Array {
  const out = new Float64Array(16);
  for (let c = 0; c < 4; c++) {
    for (let r = 0; r < 4; r++) {
      let sum = 0;
      for (let k = 0; k < 4; k++) sum += a[k * 4 + r] * b[offset + c * 4 + k];
      out[c * 4 + r] = sum;
    }
  }
  return out;
}
