import { classId } from '../classes.js';
import type { Geometry, Material, Vec3 } from '../render/types.js';
import type { ObjectModel } from '../scene/library.js';
import { cos, sin } from '../math/deterministic.js';

/** A material of the model being built; `span` is how many metres one repetition of its texture covers. */
export interface Slot {
  readonly index: number;
  readonly span: number;
}

/** Where a part stands in the frame around it: scaled, turned about x (roll), y (pitch), z (yaw), then moved. */
export interface Placement {
  readonly x?: number;
  readonly y?: number;
  readonly z?: number;
  readonly roll?: number;
  readonly pitch?: number;
  readonly yaw?: number;
  readonly scale?: Vec3;
}

/** Column-vector 3x4 matrix, row-major. */
type Affine = readonly [number, number, number, number, number, number, number, number, number, number, number, number];

const IDENTITY: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

function affine({ x = 0, y = 0, z = 0, roll = 0, pitch = 0, yaw = 0, scale = [1, 1, 1] }: Placement): Affine {
  const cr = cos(roll), sr = sin(roll), cp = cos(pitch), sp = sin(pitch), cy = cos(yaw), sy = sin(yaw);
  return [
    cy * cp * scale[0], (cy * sp * sr - sy * cr) * scale[1], (cy * sp * cr + sy * sr) * scale[2], x,
    sy * cp * scale[0], (sy * sp * sr + cy * cr) * scale[1], (sy * sp * cr - cy * sr) * scale[2], y,
    -sp * scale[0], cp * sr * scale[1], cp * cr * scale[2], z,
  ];
}

function compose(a: Affine, b: Affine): Affine {
  const out: number[] = [];
  for (let r = 0; r < 3; r++) {
    for (let c = 0; c < 4; c++) {
      out.push(a[r * 4] * b[c] + a[r * 4 + 1] * b[4 + c] + a[r * 4 + 2] * b[8 + c] + (c === 3 ? a[r * 4 + 3] : 0));
    }
  }
  return out as unknown as Affine;
}

/**
 * Collects the vertices of one model part by part. Primitives (primitives.ts) write into it in the current frame; `finish`
 * moves the whole so that the origin is the middle of the base, and groups triangles by material.
 */
export class ModelBuilder {
  /** Bone that new vertices follow (animated models only). */
  bone = 0;
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly uvs: number[] = [];
  private readonly bones: number[] = [];
  private readonly materials: Material[] = [];
  private readonly triangles: number[][] = [];
  private readonly surfaces: { z: number; halfX: number; halfY: number }[] = [];
  private frame: Affine = IDENTITY;

  /** Adds a material; one repetition of its texture covers `span` metres. */
  slot(material: Material, span = 1): Slot {
    this.materials.push(material);
    this.triangles.push([]);
    return { index: this.materials.length - 1, span };
  }

  /** Runs `draw` in a frame placed in the current one. */
  at(place: Placement, draw: () => void): void {
    const outer = this.frame;
    this.frame = compose(outer, affine(place));
    draw();
    this.frame = outer;
  }

  /** Adds a vertex (position, normal of any length, uv) and returns its index. */
  vertex(x: number, y: number, z: number, nx: number, ny: number, nz: number, u: number, v: number): number {
    const m = this.frame;
    this.positions.push(
      m[0] * x + m[1] * y + m[2] * z + m[3], m[4] * x + m[5] * y + m[6] * z + m[7], m[8] * x + m[9] * y + m[10] * z + m[11],
    );
    // Normals go by the cofactor matrix, which is right under uneven scale and mirroring too.
    const a = (m[5] * m[10] - m[6] * m[9]) * nx + (m[6] * m[8] - m[4] * m[10]) * ny + (m[4] * m[9] - m[5] * m[8]) * nz;
    const b = (m[2] * m[9] - m[1] * m[10]) * nx + (m[0] * m[10] - m[2] * m[8]) * ny + (m[1] * m[8] - m[0] * m[9]) * nz;
    const c = (m[1] * m[6] - m[2] * m[5]) * nx + (m[2] * m[4] - m[0] * m[6]) * ny + (m[0] * m[5] - m[1] * m[4]) * nz;
    const length = Math.sqrt(a * a + b * b + c * c);
    const inverse = length > 0 ? 1 / length : 0;
    this.normals.push(a * inverse, b * inverse, length > 0 ? c * inverse : 1);
    this.uvs.push(u, v);
    this.bones.push(this.bone);
    return this.bones.length - 1;
  }

  triangle(slot: Slot, a: number, b: number, c: number): void {
    this.triangles[slot.index].push(a, b, c);
  }

  /** A level rectangle centred on the model's axis on which things can stand; list from the top down. */
  surface(z: number, halfX: number, halfY: number): void {
    this.surfaces.push({ z, halfX, halfY });
  }

  /** The model, standing on z = 0 with the middle of its base at the origin. `rig` gives it motion (see rig.ts). */
  finish(className: string, rig?: (rest: RestPose) => ObjectModel['animation']): ObjectModel {
    const positions = Float32Array.from(this.positions);
    const low = [Infinity, Infinity, Infinity], high = [-Infinity, -Infinity, -Infinity];
    for (let i = 0; i < positions.length; i++) {
      const axis = i % 3;
      const value = positions[i];
      if (value < low[axis]) low[axis] = value;
      if (value > high[axis]) high[axis] = value;
    }
    const shift: Vec3 = [-(low[0] + high[0]) / 2, -(low[1] + high[1]) / 2, -low[2]];
    for (let i = 0; i < positions.length; i++) positions[i] += shift[i % 3];
    const used = this.triangles.map((list, material) => ({ list, material })).filter(({ list }) => list.length > 0);
    const indices = new Uint32Array(used.reduce((sum, { list }) => sum + list.length, 0));
    const groups: { start: number; count: number; material: number }[] = [];
    let start = 0;
    for (const { list, material } of used) {
      indices.set(list, start);
      groups.push({ start, count: list.length, material });
      start += list.length;
    }
    const geometry: Geometry = {
      positions, normals: Float32Array.from(this.normals), uvs: Float32Array.from(this.uvs), indices, groups, materials: this.materials,
    };
    const animation = rig?.({ positions, normals: geometry.normals, bones: Uint8Array.from(this.bones), shift });
    const surfaces = this.surfaces.map(({ z, halfX, halfY }) => ({ z: z + shift[2], halfX: halfX - Math.abs(shift[0]), halfY: halfY - Math.abs(shift[1]) }));
    return {
      geometry, classId: classId(className), size: [high[0] - low[0], high[1] - low[1], high[2] - low[2]],
      ...(surfaces.length > 0 ? { surfaces } : {}), ...(animation ? { animation } : {}),
    };
  }
}

/** What a rig starts from: vertices at rest, the bone of each, and how far `finish` moved the model as it was drawn. */
export interface RestPose {
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  readonly bones: Uint8Array;
  readonly shift: Vec3;
}
