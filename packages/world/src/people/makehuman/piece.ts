import { BONE_COUNT } from '../body/bones.js';
import type { Binding } from './mhclo.js';
import { fit } from './mhclo.js';
import type { ObjMesh } from './obj.js';
import { UNIT } from './rig.js';
import type { Rig } from './rig.js';
import type { SurfaceMap } from './surface-map.js';

/** Something a person is made of or wears (body, suit, shoes, hair, eyes, brows), with all that no body shape changes. */
export interface Piece {
  readonly name: string;
  readonly binding: Binding;
  /** Bound vertex of each render vertex (split at texture seams). */
  readonly source: Uint32Array;
  /** Texture coordinates per render vertex, v = 0 at the top. */
  readonly uvs: Float32Array;
  readonly indices: Uint32Array;
  /** Four bones and weights per render vertex, largest first, sum 1. */
  readonly bones: Uint8Array;
  readonly weights: Float32Array;
  /** DensePose part per triangle and chart coordinates per corner, of the nearest body surface. */
  readonly parts: Uint8Array;
  readonly partUvs: Float32Array;
  /** 1 for triangles of trousers and skirts: connected parts of the mesh that mostly lie on the legs. */
  readonly onLegs: Uint8Array;
}

/** `allowed[part]` = 1 for parts its triangles may take. */
export function createPiece(name: string, mesh: ObjMesh, binding: Binding, rig: Rig, map: SurfaceMap, base: Float32Array, allowed: Uint8Array): Piece {
  const seen = new Map<number, number>();
  const source: number[] = [];
  const uvs: number[] = [];
  const indices: number[] = [];
  const uvCount = mesh.uvs.length / 2 + 1;
  const corner = (i: number): number => {
    const v = mesh.faces[i], t = mesh.faceUvs[i];
    const key = v * uvCount + t;
    let index = seen.get(key);
    if (index === undefined) {
      index = source.length;
      seen.set(key, index);
      source.push(v);
      uvs.push(mesh.uvs[2 * t] ?? 0, 1 - (mesh.uvs[2 * t + 1] ?? 0));
    }
    return index;
  };
  for (let f = 0; f < mesh.faces.length; f += 4) {
    const [a, b, c, d] = [corner(f), corner(f + 1), corner(f + 2), corner(f + 3)];
    indices.push(a, b, c);
    if (d !== c) indices.push(a, c, d);
  }
  const positions = fit(binding, base);
  const { parts, partUvs } = chart(indices, source, positions, map, allowed);
  return {
    name, binding, source: Uint32Array.from(source), uvs: Float32Array.from(uvs), indices: Uint32Array.from(indices),
    ...bindBones(source, binding, rig), parts, partUvs, onLegs: garmentsOnLegs(indices, source, parts, binding.count),
  };
}

/** Groups triangles that share vertices and marks the groups with more leg triangles (parts 7..14) than others. */
function garmentsOnLegs(indices: readonly number[], source: readonly number[], parts: Uint8Array, vertexCount: number): Uint8Array {
  const leader = Uint32Array.from({ length: vertexCount }, (_, i) => i);
  const find = (v: number): number => {
    while (leader[v] !== v) v = leader[v] = leader[leader[v]]!;
    return v;
  };
  for (let i = 0; i < indices.length; i += 3) {
    const first = find(source[indices[i]]);
    for (const k of [1, 2]) leader[find(source[indices[i + k]])] = first;
  }
  const balance = new Int32Array(vertexCount);
  parts.forEach((part, t) => {
    balance[find(source[indices[3 * t]])] += part >= 7 && part <= 14 ? 1 : -1;
  });
  return Uint8Array.from(parts, (_, t) => (balance[find(source[indices[3 * t]])] > 0 ? 1 : 0));
}

function chart(indices: readonly number[], source: readonly number[], positions: Float32Array, map: SurfaceMap, allowed: Uint8Array): Pick<Piece, 'parts' | 'partUvs'> {
  const count = indices.length / 3;
  const parts = new Uint8Array(count);
  const partUvs = new Float32Array(6 * count);
  const nowhere = [0, 0, 0];
  const known = new Map<number, readonly [number, number]>();
  for (let t = 0; t < count; t++) {
    const [a, b, c] = [0, 1, 2].map((k) => {
      const o = 3 * source[indices[3 * t + k]];
      return [positions[o], positions[o + 1], positions[o + 2]];
    }) as [number[], number[], number[]];
    const e = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
    const g = [c[0] - a[0], c[1] - a[1], c[2] - a[2]];
    const normal = [e[1] * g[2] - e[2] * g[1], e[2] * g[0] - e[0] * g[2], e[0] * g[1] - e[1] * g[0]];
    const centre = [0, 1, 2].map((k) => (a[k] + b[k] + c[k]) / 3);
    let face = map.nearest(centre, normal, allowed);
    if (face < 0) face = map.nearest(centre, nowhere, allowed);
    if (face < 0) continue;
    parts[t] = map.part(face);
    const only = new Uint8Array(25);
    only[parts[t]] = 1;
    [a, b, c].forEach((point, k) => {
      const key = 25 * source[indices[3 * t + k]] + parts[t];
      let uv = known.get(key);
      if (!uv) {
        uv = map.uvAt(map.nearest(point, nowhere, only), point);
        known.set(key, uv);
      }
      partUvs.set(uv, 6 * t + 2 * k);
    });
  }
  return { parts, partUvs };
}

/** Mixes the base's weights as the positions are mixed; keeps the four largest and normalises. */
function bindBones(source: readonly number[], binding: Binding, rig: Rig): Pick<Piece, 'bones' | 'weights'> {
  const bones = new Uint8Array(4 * source.length);
  const weights = new Float32Array(4 * source.length);
  const mixed = new Float64Array(BONE_COUNT);
  source.forEach((v, i) => {
    mixed.fill(0);
    for (let k = 0; k < 3; k++) {
      const share = Math.max(binding.weights[3 * v + k], 0);
      const o = BONE_COUNT * binding.vertices[3 * v + k];
      for (let b = 0; b < BONE_COUNT; b++) mixed[b] += share * rig.weights[o + b];
    }
    const order = Array.from(mixed.keys()).sort((p, q) => mixed[q] - mixed[p] || p - q).slice(0, 4);
    const sum = order.reduce((total, b) => total + mixed[b], 0);
    order.forEach((b, k) => {
      bones[4 * i + k] = b;
      weights[4 * i + k] = sum > 0 ? mixed[b] / sum : k === 0 ? 1 : 0;
    });
  });
  return { bones, weights };
}

/** Rest positions and smooth normals of a piece's render vertices on a morphed base mesh, in the body's frame and metres. */
export function dress(piece: Piece, base: Float32Array): { positions: Float32Array; normals: Float32Array } {
  const fitted = fit(piece.binding, base);
  for (let i = 0; i < fitted.length; i += 3) {
    const x = fitted[i], y = fitted[i + 1], z = fitted[i + 2];
    fitted[i] = z * UNIT;
    fitted[i + 1] = x * UNIT;
    fitted[i + 2] = y * UNIT;
  }
  const sums = new Float32Array(fitted.length);
  const { indices, source } = piece;
  for (let t = 0; t < indices.length; t += 3) {
    const a = 3 * source[indices[t]], b = 3 * source[indices[t + 1]], c = 3 * source[indices[t + 2]];
    const ex = fitted[b] - fitted[a], ey = fitted[b + 1] - fitted[a + 1], ez = fitted[b + 2] - fitted[a + 2];
    const gx = fitted[c] - fitted[a], gy = fitted[c + 1] - fitted[a + 1], gz = fitted[c + 2] - fitted[a + 2];
    const nx = ey * gz - ez * gy, ny = ez * gx - ex * gz, nz = ex * gy - ey * gx;
    for (const o of [a, b, c]) {
      sums[o] += nx;
      sums[o + 1] += ny;
      sums[o + 2] += nz;
    }
  }
  const positions = new Float32Array(3 * source.length);
  const normals = new Float32Array(3 * source.length);
  for (let i = 0; i < source.length; i++) {
    const o = 3 * source[i];
    const length = Math.sqrt(sums[o] ** 2 + sums[o + 1] ** 2 + sums[o + 2] ** 2) || 1;
    for (let k = 0; k < 3; k++) {
      positions[3 * i + k] = fitted[o + k]!;
      normals[3 * i + k] = sums[o + k] / length;
    }
  }
  return { positions, normals };
}
