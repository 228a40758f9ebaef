import { cos, sin } from '../../math/deterministic.js';
import type { SceneBuilder } from '../builder.js';
import { standing } from '../pose.js';
import type { Panel } from '../shapes.js';
import { boxPanels, panels } from '../shapes.js';

/** Puts a model of a class by the road as something a camera may look for; false if there was no room. */
export function roadsideThing(b: SceneBuilder, className: string, x: number, y: number, z: number, yaw: number): boolean {
  const model = b.pick(className, { maxLength: 4.5 });
  if (!model || !b.put(model, className, x, y, z, yaw, { gap: 0.08 })) return false;
  lookFor(b, x, y, z, model.size[2], yaw);
  return true;
}

function lookFor(b: SceneBuilder, x: number, y: number, z: number, height: number, yaw: number): void {
  b.focuses.push({ position: [x, y, z + Math.min(height * 0.75, 2.6)], size: Math.min(height, 3), kind: 'roadside', yaw });
}

/** A row of bollards, or one tall bare pole. */
export function posts(b: SceneBuilder, x: number, y: number, z: number, along: number): void {
  const { rng } = b;
  const tall = rng.chance(0.35);
  const count = tall ? 1 : rng.int(2, 6), step = rng.range(1, 1.8);
  const height = tall ? rng.range(2.6, 7) : rng.range(0.7, 1.15), r = tall ? rng.range(0.05, 0.12) : rng.range(0.05, 0.1);
  const grey = rng.range(0.12, 0.7);
  const body = rng.chance(0.6) ? ([grey, grey, grey] as const) : rng.pick([[0.75, 0.65, 0.15], [0.35, 0.26, 0.18], [0.15, 0.3, 0.2], [0.7, 0.15, 0.12]] as const);
  const band = rng.chance(0.4);
  const sides: Panel[] = boxPanels([-r, -r, 0], [r, r, height]);
  if (band) sides.push(...boxPanels([-r * 1.05, -r * 1.05, height * 0.75], [r * 1.05, r * 1.05, height * 0.85], 1));
  const geometry = panels(sides, [{ color: body, roughness: 0.6 }, { color: [0.92, 0.92, 0.9] }], 1);
  for (let i = 0; i < count; i++) {
    const px = x + cos(along) * step * i, py = y + sin(along) * step * i;
    const footprint = { x: px, y: py, yaw: 0, halfX: r, halfY: r, bottom: z, top: z + height };
    if (!b.isFree(footprint)) continue;
    b.taken.push(footprint);
    b.stuff(geometry, 'pole', { transform: standing(px, py, z, along), instance: true });
    if (i === 0) lookFor(b, px, py, z, height, along + Math.PI / 2);
  }
}

/** Wooden or concrete poles along the road with wires between them. */
export function utilityPoles(b: SceneBuilder, y: number, z: number): void {
  const { rng } = b;
  const every = rng.range(18, 32), height = rng.range(6.5, 9), r = rng.range(0.09, 0.15);
  const brown = rng.chance(0.6);
  const body = brown ? ([0.34, 0.26, 0.19] as const) : ([0.55, 0.55, 0.53] as const);
  const sides: Panel[] = [...boxPanels([-r, -r, 0], [r, r, height]), ...boxPanels([-0.06, -0.9, height - 0.7], [0.06, 0.9, height - 0.55], 0, true)];
  const pole = panels(sides, [{ color: body }], 1);
  const wire: Panel[] = [];
  for (const side of [-0.8, 0.8]) for (let k = 0; k < 6; k++) {
    // A sagging wire in six straight pieces.
    const sag = (f: number): number => height - 0.5 - 4 * f * (1 - f) * every * 0.025;
    wire.push({ corner: [(every * k) / 6, side, sag(k / 6)], u: [every / 6, 0, sag((k + 1) / 6) - sag(k / 6)], v: [0, 0, 0.025] });
  }
  const wires = panels(wire, [{ color: [0.06, 0.06, 0.06] }], 1);
  for (let x = -50 + rng.range(0, every); x < 60; x += every) {
    const footprint = { x, y, yaw: 0, halfX: r, halfY: r, bottom: z, top: z + height };
    if (b.isFree(footprint)) {
      b.taken.push(footprint);
      b.stuff(pole, 'pole', { transform: standing(x, y, z, 0), instance: true });
      if (Math.abs(x) < 25) lookFor(b, x, y, z, height, rng.range(-3, 3));
    }
    b.stuff(wires, 'pole', { transform: standing(x, y, z, 0), castsShadow: false });
  }
}

/** Panels of one fence end to end along `along`, `count` of them. */
export function fenceRow(b: SceneBuilder, x: number, y: number, z: number, along: number, count: number): void {
  const model = b.pick('fence', { maxLength: 4, minHeight: 0.5 });
  if (!model) return;
  // A fence's model runs along its local y.
  const long = model.size[1] > model.size[0];
  const step = Math.max(model.size[0], model.size[1]) * 0.985;
  const yaw = long ? along - Math.PI / 2 : along;
  for (let i = 0; i < count && b.affords(model.geometry.indices.length / 3); i++) {
    const px = x + cos(along) * step * (i + 0.5), py = y + sin(along) * step * (i + 0.5);
    if (b.put(model, 'fence', px, py, z, yaw, { gap: -0.05 }) && i === count >> 1) lookFor(b, px, py, z, model.size[2], yaw);
  }
}

/** Cones, a barrier of boards and a sign round a piece of road that is being mended. */
export function roadWorks(b: SceneBuilder, x: number, y: number, z: number): void {
  const { rng } = b;
  const cone = b.pick('cone');
  const halfX = rng.range(1, 3), halfY = rng.range(0.6, 1.4);
  if (cone) {
    const count = rng.int(4, 9);
    for (let i = 0; i < count; i++) {
      const f = (2 * Math.PI * i) / count;
      const px = x + halfX * cos(f) + rng.range(-0.1, 0.1), py = y + halfY * sin(f) + rng.range(-0.1, 0.1);
      if (b.put(cone, 'cone', px, py, z, rng.range(-3, 3), { gap: 0.02 }) && i % 3 === 0) lookFor(b, px, py, z, cone.size[2], rng.range(-3, 3));
    }
  }
  const wide = rng.range(1.2, 2), stripe = 0.25;
  const board: Panel[] = [];
  for (const side of [-1, 1]) board.push(...boxPanels([-0.25, side * wide * 0.45 - 0.03, 0], [0.25, side * wide * 0.45 + 0.03, 0.05], 0, true), ...boxPanels([-0.03, side * wide * 0.45 - 0.03, 0], [0.03, side * wide * 0.45 + 0.03, 1], 0, true));
  for (let a = -wide / 2, k = 0; a < wide / 2; a += stripe, k++) board.push(...boxPanels([-0.02, a, 0.75], [0.02, Math.min(wide / 2, a + stripe), 1], k % 2 ? 1 : 2, true));
  const yaw = rng.pick([0, Math.PI]);
  const px = x + cos(yaw) * (halfX + 0.8);
  const footprint = { x: px, y, yaw, halfX: 0.25, halfY: wide / 2, bottom: z, top: z + 1 };
  if (!b.isFree(footprint)) return;
  b.taken.push(footprint);
  b.stuff(panels(board, [{ color: [0.3, 0.3, 0.3] }, { color: [0.85, 0.12, 0.1] }, { color: [0.95, 0.95, 0.93] }], 1), 'fence', { transform: standing(px, y, z, yaw), instance: true });
  lookFor(b, px, y, z, 1, yaw);
}
