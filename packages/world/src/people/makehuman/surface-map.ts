/** The body surface with its DensePose charts, to be asked for the nearest place. Coordinates: base mesh units and axes. */
export interface ChartedQuads {
  readonly positions: Float32Array;
  /** Four vertices per face. */
  readonly quads: Uint16Array;
  /** Part 1..24 per face. */
  readonly parts: Uint8Array;
  /** (u, v) for each of a face's four corners. */
  readonly cornerUvs: Float32Array;
}

/** Finds the nearest body face to a point, through one k-d tree over face centres per part. */
export class SurfaceMap {
  private readonly centres: Float32Array;
  private readonly normals: Float32Array;
  /** Per part its faces in k-d order: the middle of each range splits it, axes cycle. */
  private readonly trees: readonly Uint32Array[];

  constructor(private readonly surface: ChartedQuads) {
    const { positions: p, quads } = surface;
    const count = quads.length / 4;
    this.centres = new Float32Array(3 * count);
    this.normals = new Float32Array(3 * count);
    for (let f = 0; f < count; f++) {
      const [a, b, c, d] = [0, 1, 2, 3].map((k) => 3 * quads[4 * f + k]) as [number, number, number, number];
      const e: number[] = [];
      const g: number[] = [];
      for (let k = 0; k < 3; k++) {
        this.centres[3 * f + k] = (p[a + k] + p[b + k] + p[c + k] + p[d + k]) / 4;
        e.push(p[c + k] - p[a + k]);
        g.push(p[d + k] - p[b + k]);
      }
      this.normals.set([e[1] * g[2] - e[2] * g[1], e[2] * g[0] - e[0] * g[2], e[0] * g[1] - e[1] * g[0]], 3 * f);
    }
    const faces: number[][] = Array.from({ length: 25 }, () => []);
    surface.parts.forEach((part, f) => faces[part].push(f));
    this.trees = faces.map((list) => Uint32Array.from(list));
    for (const tree of this.trees) this.build(tree, 0, tree.length, 0);
  }

  private build(tree: Uint32Array, from: number, to: number, axis: number): void {
    if (to - from < 2) return;
    tree.subarray(from, to).sort((a, b) => this.centres[3 * a + axis] - this.centres[3 * b + axis] || a - b);
    const middle = (from + to) >> 1;
    this.build(tree, from, middle, (axis + 1) % 3);
    this.build(tree, middle + 1, to, (axis + 1) % 3);
  }

  /**
   * The nearest face whose part `allowed` accepts (`allowed[part]` = 1) and that does not face away from `normal`.
   * Returns -1 if there is none.
   */
  nearest(point: ArrayLike<number>, normal: ArrayLike<number>, allowed: Uint8Array): number {
    let best = -1;
    let bestDistance = Infinity;
    let tree = this.trees[0];
    const visit = (from: number, to: number, axis: number): void => {
      if (from >= to) return;
      const middle = (from + to) >> 1;
      const f = tree[middle];
      const dx = point[0] - this.centres[3 * f];
      const dy = point[1] - this.centres[3 * f + 1];
      const dz = point[2] - this.centres[3 * f + 2];
      const distance = dx * dx + dy * dy + dz * dz;
      if (distance < bestDistance) {
        const facing = normal[0] * this.normals[3 * f] + normal[1] * this.normals[3 * f + 1] + normal[2] * this.normals[3 * f + 2];
        if (facing >= 0) {
          best = f;
          bestDistance = distance;
        }
      }
      const off = axis === 0 ? dx : axis === 1 ? dy : dz;
      const next = (axis + 1) % 3;
      if (off < 0) {
        visit(from, middle, next);
        if (off * off < bestDistance) visit(middle + 1, to, next);
      } else {
        visit(middle + 1, to, next);
        if (off * off < bestDistance) visit(from, middle, next);
      }
    };
    for (let part = 1; part < this.trees.length; part++) {
      if (!allowed[part]) continue;
      tree = this.trees[part]!;
      visit(0, tree.length, 0);
    }
    return best;
  }

  part(face: number): number {
    return this.surface.parts[face];
  }

  /** Chart coordinates at the place of a face nearest to a point: its corners weighted by inverse squared distance. */
  uvAt(face: number, point: ArrayLike<number>): [u: number, v: number] {
    const { positions: p, quads, cornerUvs } = this.surface;
    let u = 0, v = 0, sum = 0;
    for (let k = 0; k < 4; k++) {
      const o = 3 * quads[4 * face + k];
      const d = (point[0] - p[o]) ** 2 + (point[1] - p[o + 1]) ** 2 + (point[2] - p[o + 2]) ** 2;
      const w = 1 / (d + 1e-6);
      u += w * cornerUvs[8 * face + 2 * k];
      v += w * cornerUvs[8 * face + 2 * k + 1];
      sum += w;
    }
    return [u / sum, v / sum];
  }
}
