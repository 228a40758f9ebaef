import type { Rng } from '../../math/rng.js';
import { cos, sin } from '../../math/deterministic.js';
import type { Vec3 } from '../../render/types.js';
import type { ObjectModel } from '../../scene/library.js';
import { grey, plain } from '../finishes.js';
import { ModelBuilder, type Slot } from '../model-builder.js';
import { ellipsoid, loft, rod } from '../primitives.js';
import { sharedTexture } from '../textures/pool.js';
import { fur } from '../textures/sheet.js';
import type { Rgb } from '../textures/raster.js';
import { rig, type Bone } from './rig.js';

/** Proportions of a species; lengths are shares of the height at the withers unless in metres. */
export interface Species {
  readonly className: string;
  /** Height at the withers, metres. */
  readonly height: readonly [number, number];
  /** Trunk from chest to rump. */
  readonly trunk: number;
  /** Half depth of chest and of belly, half width. */
  readonly chest: number;
  readonly belly: number;
  readonly width: number;
  /** Neck: length, and elevation of its direction (radians above the horizon). */
  readonly neck: number;
  readonly rise: number;
  readonly neckRadius: number;
  /** Skull radius, muzzle length and radius. */
  readonly skull: number;
  readonly muzzle: number;
  readonly muzzleRadius: number;
  readonly ears: 'up' | 'hanging' | 'side';
  readonly earLength: number;
  readonly tail: { readonly length: number; readonly radius: number; readonly droop: number };
  readonly legRadius: number;
  readonly hoof: boolean;
  readonly coats: readonly (readonly [coat: Rgb, second: Rgb, patches: number])[];
  readonly extras: 'none' | 'mane' | 'horns' | 'wool';
  /** Steps per second of one leg, and swing in radians. */
  readonly cadence: number;
  readonly swing: number;
}

function ellipseRing(x: number, z: number, ry: number, rz: number, n = 10): Vec3[] {
  return Array.from({ length: n }, (_, i): Vec3 => {
    const a = (2 * Math.PI * i) / n;
    return [x, ry * cos(a), z + rz * sin(a)];
  });
}

/** Bones: 0 trunk, 1 neck and head, 2 tail, then upper and lower of the legs front left, front right, hind left, hind right. */
const HEAD = 1, TAIL = 2, LEGS = 3;

/** A four-legged animal at rest, facing +x, with its walk as animation. */
export function quadruped(rng: Rng, s: Species): ObjectModel {
  const m = new ModelBuilder();
  const h = rng.range(...s.height);
  const build = rng.range(0.92, 1.08);
  const coatIndex = rng.int(0, s.coats.length - 1);
  const [coat, second, patches] = s.coats[coatIndex];
  const hair = sharedTexture(`fur/${s.className}/${s.height[0]}/${coatIndex}/${rng.int(0, 2)}`, (own) => fur(own, coat, second, patches));
  const hide = m.slot({ color: [1, 1, 1], texture: hair, roughness: 1 }, h * 1.1);
  const pale = m.slot(plain([second[0] / 255, second[1] / 255, second[2] / 255], 1));
  const dark = m.slot(grey(0.06, 0.4));
  const wool = s.extras === 'wool';
  const limb = wool ? pale : hide;
  const half = (s.trunk * h) / 2, back = h, chest = s.chest * h * build, belly = s.belly * h * build, w = s.width * h * build;
  const axis = (share: number, r: number): number => back - r - (share < 0 ? 0.02 * h : 0);
  loft(m, hide, ([[-1, 0.25], [-0.93, 0.7], [-0.7, 1], [-0.3, 0.97], [0.2, 1], [0.6, 1], [0.88, 0.75], [1, 0.3]] as const).map(([share, size]) => {
    const r = (share > 0 ? belly + (chest - belly) * share : belly) * 1;
    const bump = wool ? 1.06 : 1;
    return ellipseRing(share * half, axis(share, r), w * size * bump, r * size * bump);
  }), { caps: true, smooth: true });
  const bones: Bone[] = [{ parent: 0, x: 0, z: back - chest, angle: () => 0 }];
  head(m, s, h, half, chest, { hide: wool ? pale : hide, neck: hide, pale, dark }, rng);
  bones.push({ parent: 0, x: half * 0.8, z: back - chest, angle: (p) => 0.05 * sin(4 * Math.PI * p) });
  m.bone = TAIL;
  const t = s.tail, root: Vec3 = [-half * 0.96, 0, back - belly * 0.55];
  const tip: Vec3 = [root[0] - t.length * h * cos(t.droop), 0, root[2] - t.length * h * sin(t.droop)];
  rod(m, hide, root, tip, t.radius * h, { end: t.radius * h * 0.55, segments: 7 });
  if (t.droop > 1) ellipsoid(m, s.extras === 'horns' ? pale : dark, tip, [t.radius * h, t.radius * h, t.radius * h * 2.2], { segments: 6, rings: 4 });
  bones.push({ parent: 0, x: root[0], z: root[2], angle: (p) => 0.12 * sin(2 * Math.PI * p) });
  for (const [leg, [front, side]] of ([[1, 1], [1, -1], [-1, 1], [-1, -1]] as const).entries()) legs(m, s, h, half, w, leg, front, side, bones, { limb, dark });
  const length = h * 0.6;
  return m.finish(s.className, rig(bones, s.cadence, 4 * length * sin(s.swing) * s.cadence, (p) => 0.008 * h * sin(4 * Math.PI * p) + 0.004 * h));
}

function head(m: ModelBuilder, s: Species, h: number, half: number, chest: number, slots: { hide: Slot; neck: Slot; pale: Slot; dark: Slot }, rng: Rng): void {
  m.bone = HEAD;
  const start: Vec3 = [half * 0.8, 0, h - chest * 0.85];
  const reach = s.neck * h + half * 0.2;
  const top: Vec3 = [start[0] + reach * cos(s.rise), 0, start[2] + reach * sin(s.rise)];
  const r = s.neckRadius * h;
  rod(m, slots.neck, start, top, r * 1.35, { end: r * 0.85, segments: 9 });
  const k = s.skull * h, mz = s.muzzle * h, mr = s.muzzleRadius * h;
  const down = 0.32;
  const tip: Vec3 = [top[0] + (k * 0.5 + mz) * cos(down), 0, top[2] - (k * 0.5 + mz) * sin(down)];
  ellipsoid(m, slots.hide, [top[0] + k * 0.1, 0, top[2]], [k * 1.1, k * 0.85, k], { segments: 10, rings: 7 });
  rod(m, slots.hide, [top[0] + k * 0.3, 0, top[2] - k * 0.1], tip, k * 0.68, { end: mr, segments: 9 });
  ellipsoid(m, slots.hide, tip, [mr * 0.9, mr * 1.02, mr], { segments: 8, rings: 5 });
  ellipsoid(m, slots.dark, [tip[0] + mr * 0.7, 0, tip[2] + mr * 0.3], [mr * 0.4, mr * 0.5, mr * 0.35], { segments: 6, rings: 4 });
  for (const side of [-1, 1]) {
    ellipsoid(m, slots.dark, [top[0] + k * 0.72, side * k * 0.6, top[2] + k * 0.28], [k * 0.13, k * 0.12, k * 0.15], { segments: 6, rings: 4 });
    const e = s.earLength * h, root: Vec3 = [top[0] - k * 0.1, side * k * 0.55, top[2] + k * 0.72];
    const end: Vec3 = s.ears === 'up' ? [root[0] + e * 0.1, side * k * 0.8, root[2] + e] : s.ears === 'side' ? [root[0] - e * 0.2, root[1] + side * e, root[2] - e * 0.15] : [root[0] + e * 0.15, side * k * 1.12, root[2] - e];
    rod(m, slots.hide, root, end, e * 0.32, { end: s.ears === 'hanging' ? e * 0.28 : e * 0.05, segments: 5 });
    if (s.extras === 'horns' && rng.chance(0.9)) {
      const base: Vec3 = [top[0] + k * 0.05, side * k * 0.4, top[2] + k * 0.85];
      rod(m, slots.pale, base, [base[0] + k * 0.2, base[1] + side * k * 0.7, base[2] + k * 0.5], k * 0.15, { end: k * 0.04, segments: 6 });
    }
  }
  if (s.extras === 'mane') {
    for (let i = 0; i <= 5; i++) {
      const f = i / 5;
      ellipsoid(m, slots.dark, [start[0] + (top[0] - start[0]) * f - r * (1.1 - 0.4 * f), 0, start[2] + (top[2] - start[2]) * f + r * 0.75], [r * 0.5, r * 0.3, r * 0.8], { segments: 6, rings: 4 });
    }
  }
  m.bone = 0;
}

function legs(m: ModelBuilder, s: Species, h: number, half: number, w: number, leg: number, front: number, side: number, bones: Bone[], slots: { limb: Slot; dark: Slot }): void {
  const r = s.legRadius * h;
  const x = front > 0 ? half * 0.7 : -half * 0.72, y = side * (w * 0.95 - r);
  const hip = h * 0.62, knee = h * 0.32, foot = s.hoof ? 0.055 * h : 0.05 * h;
  // Hind legs break backwards at the hock.
  const kx = x + (front > 0 ? 0.015 * h : -0.07 * h);
  const phase = [0.25, 0.75, 0, 0.5][leg];
  m.bone = LEGS + leg * 2;
  rod(m, slots.limb, [x, y, hip], [kx, y, knee], r * (front > 0 ? 1.7 : 2.1), { end: r * 1.05, segments: 8 });
  m.bone = LEGS + leg * 2 + 1;
  rod(m, slots.limb, [kx, y, knee + r * 0.4], [x, y, foot * 0.8], r * 1.02, { end: r * 0.8, segments: 8 });
  if (s.hoof) rod(m, slots.dark, [x, y, foot], [x + r * 0.25, y, 0], r * 0.95, { end: r * 1.25, segments: 8 });
  else ellipsoid(m, slots.limb, [x + r * 0.5, y, foot * 0.5], [r * 1.6, r * 1.1, foot * 0.5], { segments: 8, rings: 4 });
  m.bone = 0;
  bones.push({ parent: 0, x, z: hip, angle: (p) => s.swing * sin(2 * Math.PI * (p + phase)) });
  // The lower leg folds back while the leg swings forward.
  bones.push({
    parent: LEGS + leg * 2, x: kx, z: knee,
    angle: (p) => {
      const forward = -cos(2 * Math.PI * (p + phase));
      return forward > 0 ? forward * s.swing * 1.5 : 0;
    },
  });
}
