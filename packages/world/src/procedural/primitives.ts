import type { Vec3 } from '../render/types.js';
import type { ModelBuilder, Slot } from './model-builder.js';
import { cos, sin } from '../math/deterministic.js';

/*
 * Solids drawn into a ModelBuilder. uv runs in metres / span of the slot, except where a picture is shown once (0..1).
 */

const TAU = 6.283185307179586;

/** A flat quad a, b, c, d (counter-clockwise from its front); `picture`: the texture once, a at its lower left; else metres. */
export function quad(m: ModelBuilder, slot: Slot, a: Vec3, b: Vec3, c: Vec3, d: Vec3, picture = false): void {
  const ux = b[0] - a[0], uy = b[1] - a[1], uz = b[2] - a[2];
  const vx = d[0] - a[0], vy = d[1] - a[1], vz = d[2] - a[2];
  const wx = c[0] - a[0], wy = c[1] - a[1], wz = c[2] - a[2];
  // From the diagonals, so that a quad with one edge of no length has a normal too.
  const ex = d[0] - b[0], ey = d[1] - b[1], ez = d[2] - b[2];
  const nx = wy * ez - wz * ey, ny = wz * ex - wx * ez, nz = wx * ey - wy * ex;
  const w = picture ? 1 : Math.sqrt(ux * ux + uy * uy + uz * uz) / slot.span;
  const h = picture ? 1 : Math.sqrt(vx * vx + vy * vy + vz * vz) / slot.span;
  const i = m.vertex(a[0], a[1], a[2], nx, ny, nz, 0, h);
  m.vertex(b[0], b[1], b[2], nx, ny, nz, w, h);
  m.vertex(c[0], c[1], c[2], nx, ny, nz, w, 0);
  m.vertex(d[0], d[1], d[2], nx, ny, nz, 0, 0);
  m.triangle(slot, i, i + 1, i + 2);
  m.triangle(slot, i, i + 2, i + 3);
}

/** A box with its base centred at `base`; `size` along x, y, z. `taper` scales the top face in x and y. */
export function box(m: ModelBuilder, slot: Slot, base: Vec3, size: Vec3, taper: number | readonly [number, number] = 1): void {
  const [tx, ty] = typeof taper === 'number' ? [taper, taper] : taper;
  const [x, y, z] = base;
  const hx = size[0] / 2, hy = size[1] / 2, top = z + size[2];
  const corner = (sx: number, sy: number, up: boolean): Vec3 => [x + sx * hx * (up ? tx : 1), y + sy * hy * (up ? ty : 1), up ? top : z];
  const face = (s: readonly (readonly [number, number])[]): void => {
    quad(m, slot, corner(s[0][0], s[0][1], false), corner(s[1][0], s[1][1], false), corner(s[1][0], s[1][1], true), corner(s[0][0], s[0][1], true));
  };
  face([[1, -1], [1, 1]]);
  face([[1, 1], [-1, 1]]);
  face([[-1, 1], [-1, -1]]);
  face([[-1, -1], [1, -1]]);
  quad(m, slot, corner(-1, -1, true), corner(1, -1, true), corner(1, 1, true), corner(-1, 1, true));
  quad(m, slot, corner(-1, 1, false), corner(1, 1, false), corner(1, -1, false), corner(-1, -1, false));
}

/** A box with rounded vertical outline and a bulging top, as a cushion; base centred at `base`. */
export function cushion(m: ModelBuilder, slot: Slot, base: Vec3, size: Vec3): void {
  const r = Math.min(size[0], size[1], size[2]) * 0.3;
  const ring = (inset: number, z: number): Vec3[] => {
    const hx = size[0] / 2 - inset, hy = size[1] / 2 - inset, k = Math.min(r, hx, hy);
    return [[hx - k, hy], [hx, hy - k], [hx, k - hy], [hx - k, -hy], [k - hx, -hy], [-hx, k - hy], [-hx, hy - k], [k - hx, hy]]
      .map(([x, y]): Vec3 => [base[0] + x, base[1] + y, base[2] + z]).reverse();
  };
  const h = size[2];
  loft(m, slot, [ring(r * 0.5, 0), ring(0, h * 0.25), ring(0, h * 0.75), ring(r * 0.6, h)], { caps: true, smooth: true });
}

/** Turns a profile of (radius, height) pairs, from the bottom up, about the z axis of the current frame. */
export function lathe(m: ModelBuilder, slot: Slot, profile: readonly (readonly [number, number])[], segments = 12, pictureAround = false): void {
  let length = 0;
  let before: number | undefined;
  let r0 = 0;
  for (let p = 0; p < profile.length; p++) {
    const [r, z] = profile[p];
    const [pr, pz] = profile[Math.max(0, p - 1)];
    const [qr, qz] = profile[Math.min(profile.length - 1, p + 1)];
    const step = Math.sqrt((r - pr) * (r - pr) + (z - pz) * (z - pz));
    length += step;
    // A corner (sharper than 45 degrees) is split, so that rims and bases stay crisp.
    const ax = r - pr, az = z - pz, bx = qr - r, bz = qz - z;
    const dot = ax * bx + az * bz;
    const corner = p > 0 && p < profile.length - 1 && dot < 0.7 * Math.sqrt((ax * ax + az * az) * (bx * bx + bz * bz));
    const rings: readonly (readonly [number, number])[] = corner ? [[az, -ax], [bz, -bx]] : [[qz - pz, pr - qr]];
    for (const [n, [nr, nz]] of rings.entries()) {
      let first = -1;
      for (let s = 0; s <= segments; s++) {
        const a = (TAU * (s % segments)) / segments;
        const c = cos(a), t = sin(a);
        const u = pictureAround ? (2 * s) / segments : (s * Math.max(1, Math.round((TAU * Math.max(r0, r)) / slot.span))) / segments;
        const v = pictureAround ? 1 - p / (profile.length - 1) : -length / slot.span;
        const i = m.vertex(r * c, r * t, z, nr * c, nr * t, nz, u, v);
        if (s === 0) first = i;
      }
      if (before !== undefined && n === 0 && step > 0) {
        for (let s = 0; s < segments; s++) {
          const a = before + s, b = first + s;
          if (pr > 0) m.triangle(slot, a, a + 1, b + (r > 0 ? 1 : 0));
          if (r > 0 && pr > 0) m.triangle(slot, a, b + 1, b);
          else if (r > 0) m.triangle(slot, a, b + 1, b);
        }
      }
      before = first;
    }
    r0 = r;
  }
}

/** An upright cylinder or cone frustum with caps: base centre, radii below and above, height. */
export function cylinder(m: ModelBuilder, slot: Slot, base: Vec3, bottom: number, height: number, { top = bottom, segments = 10 }: { top?: number; segments?: number } = {}): void {
  m.at({ x: base[0], y: base[1], z: base[2] }, () => lathe(m, slot, [[0, 0], [bottom, 0], [top, height], [0, height]], segments));
}

/** A round rod between two points, tapering from `radius` to `end`. */
export function rod(m: ModelBuilder, slot: Slot, from: Vec3, to: Vec3, radius: number, { end = radius, segments = 6, caps = true }: { end?: number; segments?: number; caps?: boolean } = {}): void {
  const dx = to[0] - from[0], dy = to[1] - from[1], dz = to[2] - from[2];
  const length = Math.sqrt(dx * dx + dy * dy + dz * dz);
  if (length === 0) return;
  const d: Vec3 = [dx / length, dy / length, dz / length];
  // Any direction across the rod, then the second one across both.
  const seed: Vec3 = Math.abs(d[2]) < 0.9 ? [0, 0, 1] : [1, 0, 0];
  let e: Vec3 = [seed[1] * d[2] - seed[2] * d[1], seed[2] * d[0] - seed[0] * d[2], seed[0] * d[1] - seed[1] * d[0]];
  const n = Math.sqrt(e[0] * e[0] + e[1] * e[1] + e[2] * e[2]);
  e = [e[0] / n, e[1] / n, e[2] / n];
  const f: Vec3 = [d[1] * e[2] - d[2] * e[1], d[2] * e[0] - d[0] * e[2], d[0] * e[1] - d[1] * e[0]];
  const ring = (center: Vec3, r: number): Vec3[] => Array.from({ length: segments }, (_, s): Vec3 => {
    const c = r * cos((TAU * s) / segments), t = r * sin((TAU * s) / segments);
    return [center[0] + e[0] * c + f[0] * t, center[1] + e[1] * c + f[1] * t, center[2] + e[2] * c + f[2] * t];
  });
  loft(m, slot, [ring(from, radius), ring(to, end)], { caps, smooth: true });
}

/** An ellipsoid about `center`; the poles are at +-z. */
export function ellipsoid(m: ModelBuilder, slot: Slot, center: Vec3, radii: Vec3, { segments = 10, rings = 6 }: { segments?: number; rings?: number } = {}): void {
  const profile = Array.from({ length: rings + 1 }, (_, i): readonly [number, number] => {
    const a = (Math.PI * i) / rings;
    return [i === 0 || i === rings ? 0 : sin(a), -cos(a)];
  });
  m.at({ x: center[0], y: center[1], z: center[2], scale: radii }, () => lathe(m, slot, profile, segments));
}

/** A torus about the z axis of the current frame. */
export function torus(m: ModelBuilder, slot: Slot, radius: number, tube: number, { segments = 16, around = 6, share = 1 }: { segments?: number; around?: number; share?: number } = {}): void {
  const rings = Array.from({ length: segments + 1 }, (_, s): Vec3[] => {
    const a = (TAU * share * s) / segments;
    return Array.from({ length: around }, (_, k): Vec3 => {
      const b = (-TAU * k) / around;
      const r = radius + tube * cos(b);
      return [r * cos(a), r * sin(a), tube * sin(b)];
    });
  });
  loft(m, slot, rings, { caps: share < 1, smooth: true });
}

/** Rings of equally many points joined one to the next. `smooth` shares normals along and around; `caps` closes the ends. */
export function loft(m: ModelBuilder, slot: Slot, rings: readonly (readonly Vec3[])[], { caps = true, smooth = false }: { caps?: boolean; smooth?: boolean } = {}): void {
  const n = rings[0].length;
  const middle = rings.map((ring): Vec3 => {
    const c: [number, number, number] = [0, 0, 0];
    for (const p of ring) for (let k = 0; k < 3; k++) c[k] += p[k] / n;
    return c;
  });
  // Whichever way round the rings were given, faces look away from the middle line.
  let outward = 0;
  for (let r = 0; r + 1 < rings.length; r++) {
    for (let k = 0; k < n; k++) {
      const p = rings[r][k], c = middle[r];
      const normal = across(p, rings[r][(k + 1) % n], rings[r + 1][(k + 1) % n], rings[r + 1][k]);
      outward += normal[0] * (p[0] - c[0]) + normal[1] * (p[1] - c[1]) + normal[2] * (p[2] - c[2]);
    }
  }
  const sign = outward < 0 ? -1 : 1;
  if (smooth) loftSmooth(m, slot, rings, sign);
  else {
    for (let r = 0; r + 1 < rings.length; r++) {
      for (let k = 0; k < n; k++) {
        const a = rings[r][k], b = rings[r][(k + 1) % n], c = rings[r + 1][(k + 1) % n], d = rings[r + 1][k];
        if (sign > 0) quad(m, slot, a, b, c, d);
        else quad(m, slot, d, c, b, a);
      }
    }
  }
  if (!caps) return;
  for (const end of [0, rings.length - 1]) {
    const other = middle[end === 0 ? 1 : end - 1], c = middle[end];
    fan(m, slot, rings[end], [c[0] - other[0], c[1] - other[1], c[2] - other[2]]);
  }
}

/** Normal (not unit) of a quad, from its diagonals. */
function across(a: Vec3, b: Vec3, c: Vec3, d: Vec3): Vec3 {
  const ux = c[0] - a[0], uy = c[1] - a[1], uz = c[2] - a[2], vx = d[0] - b[0], vy = d[1] - b[1], vz = d[2] - b[2];
  return [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
}

function loftSmooth(m: ModelBuilder, slot: Slot, rings: readonly (readonly Vec3[])[], sign: number): void {
  const n = rings[0].length;
  const at = (r: number, k: number): Vec3 => rings[r][((k % n) + n) % n];
  let first = -1;
  let along = 0;
  for (let r = 0; r < rings.length; r++) {
    const before = Math.max(0, r - 1), after = Math.min(rings.length - 1, r + 1);
    if (r > 0) along += distance(at(r - 1, 0), at(r, 0));
    let around = 0;
    for (let k = 0; k <= n; k++) {
      const p = at(r, k), e = at(r, k - 1), f = at(r, k + 1), g = at(before, k), h = at(after, k);
      let ux = f[0] - e[0], uy = f[1] - e[1], uz = f[2] - e[2];
      if (ux * ux + uy * uy + uz * uz < 1e-14) {
        // A ring drawn together to a point takes its neighbour's direction around.
        const q = r === 0 ? 1 : r - 1;
        [ux, uy, uz] = [at(q, k + 1)[0] - at(q, k - 1)[0], at(q, k + 1)[1] - at(q, k - 1)[1], at(q, k + 1)[2] - at(q, k - 1)[2]];
      }
      const vx = h[0] - g[0], vy = h[1] - g[1], vz = h[2] - g[2];
      if (k > 0) around += distance(at(r, k - 1), p);
      const i = m.vertex(p[0], p[1], p[2], sign * (uy * vz - uz * vy), sign * (uz * vx - ux * vz), sign * (ux * vy - uy * vx), around / slot.span, along / slot.span);
      if (first < 0) first = i;
    }
  }
  const stride = n + 1;
  for (let r = 0; r + 1 < rings.length; r++) {
    for (let k = 0; k < n; k++) {
      const a = first + r * stride + k, b = a + 1, c = b + stride, d = a + stride;
      if (sign > 0) {
        m.triangle(slot, a, b, c);
        m.triangle(slot, a, c, d);
      } else {
        m.triangle(slot, a, c, b);
        m.triangle(slot, a, d, c);
      }
    }
  }
}

/** A flat, star-shaped polygon looking along `normal`. */
export function fan(m: ModelBuilder, slot: Slot, ring: readonly Vec3[], normal: Vec3): void {
  const c: [number, number, number] = [0, 0, 0];
  for (const p of ring) for (let k = 0; k < 3; k++) c[k] += p[k] / ring.length;
  const spread = ring.reduce((most, p) => Math.max(most, distance(p, c)), 0);
  if (spread < 1e-7) return;
  const length = Math.sqrt(normal[0] * normal[0] + normal[1] * normal[1] + normal[2] * normal[2]);
  const [nx, ny, nz] = [normal[0] / length, normal[1] / length, normal[2] / length];
  // The two axes the polygon is widest in serve as uv.
  const flat = Math.abs(nz) > 0.7 ? [0, 1] : Math.abs(nx) > 0.7 ? [1, 2] : [0, 2];
  const put = (p: Vec3): number => m.vertex(p[0], p[1], p[2], nx, ny, nz, p[flat[0]] / slot.span, p[flat[1]] / slot.span);
  const first = ring.map(put);
  const turn = across(ring[0], ring[1], ring[2], c);
  const same = turn[0] * nx + turn[1] * ny + turn[2] * nz > 0;
  // A fan from the first point leaves out the middle vertex: the polygons here are convex or nearly so.
  for (let k = 1; k + 1 < first.length; k++) {
    if (same) m.triangle(slot, first[0], first[k], first[k + 1]);
    else m.triangle(slot, first[0], first[k + 1], first[k]);
  }
}

function distance(a: Vec3, b: Vec3): number {
  const x = a[0] - b[0], y = a[1] - b[1], z = a[2] - b[2];
  return Math.sqrt(x * x + y * y + z * z);
}
