import type { Geometry, Material } from '../render/types.js';

/** How a primitive looks. */
export interface SurfaceOptions {
  /** Default: a matte light grey. */
  readonly material?: Material;
  /**
   * Metres that one repetition of the texture covers (the u, v of a vertex are metres / tile); 0 shows the texture once
   * over the whole surface. Default 1.
   */
  readonly tile?: number;
}

export const PLAIN: Material = { color: [0.8, 0.8, 0.8] };

/** Collects vertices and triangles of one material. Triangles are counter-clockwise seen from outside. */
export class MeshBuilder {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly uvs: number[] = [];
  private readonly indices: number[] = [];

  /** Adds a vertex; its index. */
  vertex(x: number, y: number, z: number, nx: number, ny: number, nz: number, u: number, v: number): number {
    this.positions.push(x, y, z);
    this.normals.push(nx, ny, nz);
    this.uvs.push(u, v);
    return this.positions.length / 3 - 1;
  }

  /** Adds a triangle unless two of its corners coincide. */
  triangle(a: number, b: number, c: number): void {
    if (this.same(a, b) || this.same(b, c) || this.same(c, a)) return;
    this.indices.push(a, b, c);
  }

  /** Two triangles a b c and a c d. */
  quad(a: number, b: number, c: number, d: number): void {
    this.triangle(a, b, c);
    this.triangle(a, c, d);
  }

  build(material: Material = PLAIN): Geometry {
    return {
      positions: Float32Array.from(this.positions),
      normals: Float32Array.from(this.normals),
      uvs: Float32Array.from(this.uvs),
      indices: Uint32Array.from(this.indices),
      groups: [{ start: 0, count: this.indices.length, material: 0 }],
      materials: [material],
    };
  }

  private same(a: number, b: number): boolean {
    const p = this.positions;
    return p[a * 3] === p[b * 3] && p[a * 3 + 1] === p[b * 3 + 1] && p[a * 3 + 2] === p[b * 3 + 2];
  }
}
