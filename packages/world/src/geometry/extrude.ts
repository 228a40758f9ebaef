import type { Geometry } from '../render/types.js';
import { SextantError } from '@sextant/core';
import { MeshBuilder, type SurfaceOptions } from './builder.js';

type Point = readonly [x: number, y: number];

/** A simple polygon (either direction, not self-crossing) in x, y pulled up from z = 0 to `height`; closed, with sharp edges. */
export function extrude(polygon: readonly Point[], height: number, options: SurfaceOptions = {}): Geometry {
  const tile = options.tile ?? 1;
  const outline = signedArea(polygon) > 0 ? polygon : [...polygon].reverse();
  const mesh = new MeshBuilder();
  const xs = outline.map((p) => p[0]), ys = outline.map((p) => p[1]);
  const lowX = Math.min(...xs), lowY = Math.min(...ys), spanX = Math.max(...xs) - lowX, spanY = Math.max(...ys) - lowY;
  const triangles = triangulate(outline);
  for (const top of [false, true]) {
    const first = outline.map(([x, y]) => mesh.vertex(
      x, y, top ? height : 0, 0, 0, top ? 1 : -1,
      tile > 0 ? (x - lowX) / tile : (x - lowX) / spanX, tile > 0 ? -(y - lowY) / tile : 1 - (y - lowY) / spanY,
    ))[0];
    for (const [a, b, c] of triangles) {
      if (top) mesh.triangle(first + a, first + b, first + c);
      else mesh.triangle(first + a, first + c, first + b);
    }
  }
  let along = 0;
  const length = (i: number): number => {
    const [ax, ay] = outline[i], [bx, by] = outline[(i + 1) % outline.length];
    return Math.sqrt((bx - ax) * (bx - ax) + (by - ay) * (by - ay));
  };
  const total = outline.reduce((sum, _, i) => sum + length(i), 0);
  outline.forEach(([ax, ay], i) => {
    const [bx, by] = outline[(i + 1) % outline.length];
    const l = length(i);
    if (l === 0) return;
    const nx = (by - ay) / l, ny = -(bx - ax) / l;
    const u0 = tile > 0 ? along / tile : along / total, u1 = tile > 0 ? (along + l) / tile : (along + l) / total;
    const v = tile > 0 ? height / tile : 1;
    along += l;
    mesh.quad(
      mesh.vertex(ax, ay, 0, nx, ny, 0, u0, v), mesh.vertex(bx, by, 0, nx, ny, 0, u1, v),
      mesh.vertex(bx, by, height, nx, ny, 0, u1, 0), mesh.vertex(ax, ay, height, nx, ny, 0, u0, 0),
    );
  });
  return mesh.build(options.material);
}

function signedArea(polygon: readonly Point[]): number {
  let sum = 0;
  polygon.forEach(([ax, ay], i) => {
    const [bx, by] = polygon[(i + 1) % polygon.length];
    sum += ax * by - bx * ay;
  });
  return sum / 2;
}

/** Ear clipping of a counter-clockwise polygon: index triples. */
export function triangulate(polygon: readonly Point[]): [number, number, number][] {
  const turn = (a: Point, b: Point, c: Point): number => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
  const left = polygon.map((_, i) => i);
  const result: [number, number, number][] = [];
  while (left.length > 3) {
    const ear = left.findIndex((_, k) => {
      const [i, j, l] = [left[(k + left.length - 1) % left.length], left[k], left[(k + 1) % left.length]];
      const [a, b, c] = [polygon[i], polygon[j], polygon[l]];
      if (turn(a, b, c) <= 0) return false;
      return left.every((m) => m === i || m === j || m === l
        || turn(a, b, polygon[m]) < 0 || turn(b, c, polygon[m]) < 0 || turn(c, a, polygon[m]) < 0);
    });
    if (ear < 0) {
      const flat = left.findIndex((_, k) => turn(polygon[left[(k + left.length - 1) % left.length]], polygon[left[k]], polygon[left[(k + 1) % left.length]]) === 0);
      if (flat < 0) throw new SextantError('bad-argument', `polygon of ${polygon.length} corners crosses itself`, { hint: 'Give the corners of a simple polygon in order.' });
      left.splice(flat, 1);
      continue;
    }
    result.push([left[(ear + left.length - 1) % left.length], left[ear], left[(ear + 1) % left.length]]);
    left.splice(ear, 1);
  }
  if (left.length === 3) result.push([left[0], left[1], left[2]]);
  return result;
}
