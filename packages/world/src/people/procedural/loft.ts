import type { Vec3 } from '../../render/types.js';
import { PI, cos, sin } from '../../math/deterministic.js';

/** A DensePose chart on a loft: the angles from `from` over `span` (radians; 0 is the ring's front). */
export interface Chart {
  readonly part: number;
  readonly from: number;
  readonly span: number;
}

/** Bones and weights (sum 1, at most four) at an angle of a ring. */
export type RingWeights = (angle: number) => readonly (readonly [bone: number, weight: number])[];

/** One cross-section: an ellipse around `at`, across the loft's axis. */
export interface Ring {
  readonly at: Vec3;
  /** Half extent towards the front and to the side, metres. */
  readonly front: number;
  readonly side: number;
  readonly weights: RingWeights;
  /** Of the strip from this ring to the next. */
  readonly charts: readonly Chart[];
  readonly material: number;
  /** Texture row of this ring; by default the length along the loft over 0.3 m. */
  readonly row?: number;
  /** Moves single points: metres outwards at an angle. */
  readonly bulge?: (angle: number) => number;
}

/** A tube of elliptic rings along `axis`; its first and last ring should be nearly points. */
export interface Loft {
  readonly axis: Vec3;
  /** Unit vector across the axis at angle 0; angles grow towards axis x front. */
  readonly front: Vec3;
  /** Points per ring, a multiple of 4, so that no strip straddles two charts. */
  readonly segments: number;
  readonly rings: readonly Ring[];
}

/** Triangles of a body under construction. */
export class LoftMesh {
  readonly positions: number[] = [];
  readonly normals: number[] = [];
  readonly uvs: number[] = [];
  readonly bones: number[] = [];
  readonly weights: number[] = [];
  /** Per material: indices, parts and chart coordinates of its triangles. */
  readonly triangles: { readonly indices: number[]; readonly parts: number[]; readonly partUvs: number[] }[];

  constructor(materials: number) {
    this.triangles = Array.from({ length: materials }, () => ({ indices: [], parts: [], partUvs: [] }));
  }

  /** Adds a loft's surface with smooth normals. */
  add(loft: Loft): void {
    const { axis: a, front: p, segments: n, rings } = loft;
    const e: Vec3 = [a[1] * p[2] - a[2] * p[1], a[2] * p[0] - a[0] * p[2], a[0] * p[1] - a[1] * p[0]];
    const first = this.positions.length / 3;
    const angle = (i: number): number => -PI + (2 * PI * i) / n;
    const along = lengths(rings);
    rings.forEach((ring, r) => {
      for (let i = 0; i <= n; i++) {
        // The last point lies exactly on the first: only its texture column differs.
        const t = angle(i % n);
        const c = cos(t), s = sin(t);
        const grow = ring.bulge?.(t) ?? 0;
        for (let k = 0; k < 3; k++) this.positions.push(ring.at[k] + (ring.front + grow) * c * p[k] + (ring.side + grow) * s * e[k]);
        this.uvs.push(i / n, ring.row ?? along[r] / 0.3);
        this.bind(ring.weights(t));
      }
    });
    const spans = chartSpans(rings, along);
    const indexAt = (r: number, i: number): number => first + r * (n + 1) + i;
    for (let r = 0; r + 1 < rings.length; r++) {
      const ring = rings[r];
      const [low, high] = spans[r];
      const v0 = (along[r] - low) / (high - low), v1 = (along[r + 1] - low) / (high - low);
      const out = this.triangles[ring.material];
      for (let i = 0; i < n; i++) {
        const t0 = angle(i), t1 = angle(i + 1);
        const chart = chartAt(ring.charts, (t0 + t1) / 2);
        const u0 = chartU(chart, t0, (t0 + t1) / 2), u1 = chartU(chart, t1, (t0 + t1) / 2);
        const [A, B, C, D] = [indexAt(r, i), indexAt(r, i + 1), indexAt(r + 1, i + 1), indexAt(r + 1, i)];
        out.indices.push(A, B, C, A, C, D);
        out.parts.push(chart.part, chart.part);
        out.partUvs.push(u0, v0, u1, v0, u1, v1, u0, v0, u1, v1, u0, v1);
      }
    }
    this.smooth(first, rings.length, n);
  }

  private bind(list: readonly (readonly [number, number])[]): void {
    const sorted = [...list].sort((x, y) => y[1] - x[1]);
    for (let k = 0; k < 4; k++) {
      this.bones.push(sorted[k]?.[0] ?? 0);
      this.weights.push(sorted[k]?.[1] ?? 0);
    }
  }

  /** Normals from central differences round and along the loft. */
  private smooth(first: number, rings: number, n: number): void {
    const point = (r: number, i: number): number[] => {
      const o = 3 * (first + r * (n + 1) + ((i + n) % n));
      return [this.positions[o], this.positions[o + 1], this.positions[o + 2]];
    };
    for (let r = 0; r < rings; r++) {
      for (let i = 0; i <= n; i++) {
        // At a closing point of a loft the neighbour ring tells the direction round.
        const round = r === 0 ? 1 : r === rings - 1 ? rings - 2 : r;
        const u0 = point(round, i - 1), u1 = point(round, i + 1);
        const v0 = point(Math.max(r - 1, 0), i), v1 = point(Math.min(r + 1, rings - 1), i);
        const u = [u1[0] - u0[0], u1[1] - u0[1], u1[2] - u0[2]];
        const v = [v1[0] - v0[0], v1[1] - v0[1], v1[2] - v0[2]];
        const x = u[1] * v[2] - u[2] * v[1], y = u[2] * v[0] - u[0] * v[2], z = u[0] * v[1] - u[1] * v[0];
        const length = Math.sqrt(x * x + y * y + z * z) || 1;
        this.normals.push(x / length, y / length, z / length);
      }
    }
  }
}

/** Distance along the ring centres up to each ring. */
function lengths(rings: readonly Ring[]): number[] {
  let sum = 0;
  return rings.map(({ at }, r) => {
    const before = rings[r - 1]?.at ?? at;
    sum += Math.sqrt((at[0] - before[0]) ** 2 + (at[1] - before[1]) ** 2 + (at[2] - before[2]) ** 2);
    return sum;
  });
}

/** For each strip the range of lengths over which its charts run (neighbouring strips with the same charts). */
function chartSpans(rings: readonly Ring[], along: readonly number[]): [number, number][] {
  return rings.map((ring, r) => {
    let low = r, high = r + 1;
    while (low > 0 && rings[low - 1].charts === ring.charts) low--;
    while (high < rings.length - 1 && rings[high].charts === ring.charts) high++;
    return [along[low], along[Math.min(high, rings.length - 1)]];
  });
}

/** Angle as the chart counts it: within its span for the strip around `middle`. */
const unwrapped = (chart: Chart, middle: number): number => (middle < chart.from ? 2 * PI : 0);

function chartAt(charts: readonly Chart[], middle: number): Chart {
  const found = charts.find((chart) => {
    const t = middle + unwrapped(chart, middle);
    return t >= chart.from && t < chart.from + chart.span;
  });
  if (!found) throw new RangeError(`no chart covers the angle ${middle}`);
  return found;
}

const chartU = (chart: Chart, t: number, middle: number): number =>
  Math.min(1, Math.max(0, (t + unwrapped(chart, middle) - chart.from) / chart.span));
