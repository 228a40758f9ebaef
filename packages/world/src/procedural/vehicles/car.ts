import type { Vec3 } from '../../render/types.js';
import { colored, glass, grey, plain } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder, type Slot } from '../model-builder.js';
import { box, lathe, loft, quad } from '../primitives.js';
import { wheel, wheelSlots } from './wheel.js';

/** Side view of a body: stations of the lower body, and the foot and roof of the cabin, as shares of the length from nose (0) to tail (1). */
interface Shape {
  readonly length: readonly [number, number];
  readonly width: readonly [number, number];
  readonly height: readonly [number, number];
  /** Height of bonnet and of tail as shares of the belt line's. */
  readonly bonnet: number;
  readonly tail: number;
  /** Foot of wind screen, front of roof, rear of roof, foot of rear window. */
  readonly cabin: readonly [number, number, number, number];
}

const SHAPES: Readonly<Record<string, Shape>> = {
  sedan: { length: [4.4, 4.9], width: [1.76, 1.88], height: [1.42, 1.48], bonnet: 0.9, tail: 0.97, cabin: [0.29, 0.42, 0.68, 0.84] },
  hatchback: { length: [3.7, 4.3], width: [1.68, 1.8], height: [1.45, 1.53], bonnet: 0.9, tail: 1, cabin: [0.25, 0.39, 0.86, 0.975] },
  wagon: { length: [4.5, 4.9], width: [1.76, 1.86], height: [1.46, 1.54], bonnet: 0.9, tail: 1, cabin: [0.28, 0.4, 0.9, 0.985] },
  suv: { length: [4.3, 4.9], width: [1.82, 1.98], height: [1.62, 1.8], bonnet: 0.98, tail: 1, cabin: [0.27, 0.37, 0.9, 0.975] },
  minivan: { length: [4.5, 5], width: [1.84, 1.98], height: [1.7, 1.9], bonnet: 0.93, tail: 1, cabin: [0.16, 0.33, 0.93, 0.985] },
  pickup: { length: [5, 5.4], width: [1.86, 2], height: [1.72, 1.85], bonnet: 1, tail: 1, cabin: [0.28, 0.38, 0.56, 0.6] },
};

/** Cross-section of a body at x: a rectangle with bevelled edges, pulled in towards the top. */
function section(x: number, half: number, z0: number, z1: number): Vec3[] {
  const mid = z0 + (z1 - z0) * 0.55, t = half * 0.94;
  const right: readonly (readonly [number, number])[] = [[half * 0.9, z0], [half * 0.985, z0 + 0.08], [half, mid], [t, z1 - 0.06], [t - 0.1, z1]];
  return [...right.map(([y, z]): Vec3 => [x, -y, z]), ...[...right].reverse().map(([y, z]): Vec3 => [x, y, z])];
}

/** Passenger car of one of six shapes, nose to +x. */
export const car: Generator = (rng) => {
  const m = new ModelBuilder();
  const shape = SHAPES[rng.pick(Object.keys(SHAPES))];
  const length = rng.range(...shape.length), half = rng.range(...shape.width) / 2, height = rng.range(...shape.height);
  const paint = m.slot(rng.chance(0.5) ? grey(rng.pick([0.28, 0.5, 0.7, 0.92]), 0.2) : colored(rng, 0.2));
  const pane = m.slot(glass);
  const dark = m.slot(grey(0.07));
  const wheels = wheelSlots(m);
  const belt = height * 0.62, floor = 0.2, radius = Math.min(0.37, height * 0.22);
  const at = (share: number): number => length * (0.5 - share);
  const bonnet = belt * shape.bonnet, tail = belt * shape.tail;
  const [screen, roofFront, roofRear, rear] = shape.cabin;
  loft(m, paint, [
    section(at(0), half * 0.8, floor + 0.14, bonnet * 0.72), section(at(0.02), half * 0.9, floor + 0.06, bonnet * 0.86), section(at(0.1), half * 0.98, floor, bonnet * 0.96),
    section(at(screen), half, floor, belt), section(at(Math.min(0.95, rear)), half, floor, belt), section(at(0.96), half * 0.97, floor + 0.04, tail * 0.985), section(at(1), half * 0.88, floor + 0.16, tail * 0.9),
  ], { caps: true });
  // Cabin: glass all round under a painted roof, with pillars on the edges.
  const foot = half * 0.9, top = half * 0.74;
  const low = belt - 0.03, high = height - 0.05;
  const pillar = 0.055;
  const corner = (share: number, side: number, z: number, w: number): Vec3 => [at(share), side * w, z];
  const wind: Vec3[] = [corner(screen, -1, low, foot), corner(screen, 1, low, foot), corner(roofFront, 1, high, top), corner(roofFront, -1, high, top)];
  const back: Vec3[] = [corner(rear, 1, low, foot), corner(rear, -1, low, foot), corner(roofRear, -1, high, top), corner(roofRear, 1, high, top)];
  quad(m, pane, wind[0], wind[1], wind[2], wind[3]);
  quad(m, pane, back[0], back[1], back[2], back[3]);
  for (const s of [-1, 1]) {
    const a = corner(screen, s, low, foot), b = corner(rear, s, low, foot), c = corner(roofRear, s, high, top), d = corner(roofFront, s, high, top);
    if (s > 0) quad(m, pane, a, b, c, d);
    else quad(m, pane, b, a, d, c);
    const strip = (p: Vec3, q: Vec3): void => loft(m, paint, [p, q].map((v): Vec3[] => [[v[0] - pillar, v[1], v[2]], [v[0], v[1] + s * 0.014, v[2]], [v[0] + pillar, v[1], v[2]], [v[0], v[1] - s * 0.03, v[2]]]), { caps: false });
    strip(a, d);
    strip(b, c);
    const middle = shape === SHAPES.pickup ? [] : [(screen + rear) / 2 + 0.02];
    for (const share of middle) strip(corner(share, s, low, foot), corner(share, s, high, top));
    // Door gaps and handle.
    for (const share of [...middle, screen + 0.01]) box(m, dark, [at(share), s * half * 0.985, floor + 0.12], [0.012, 0.04, belt - floor - 0.25]);
    box(m, dark, [at((screen + rear) / 2 - 0.01), s * half * 0.985, belt - 0.14], [0.16, 0.045, 0.025]);
    box(m, paint, [at(screen + 0.05), s * (half + 0.07), belt - 0.02], [0.1, 0.16, 0.11]);
  }
  const roof = (w: number, z: number, inset: number): Vec3[] => [[at(roofFront) - inset, -w, z], [at(roofFront) - inset, w, z], [at(roofRear) + inset, w, z], [at(roofRear) + inset, -w, z]];
  loft(m, paint, [roof(top + 0.01, high - 0.01, -0.03), roof(top * 0.92, height, 0.08)], { caps: true });
  if (shape === SHAPES.pickup) box(m, dark, [at(0.8), 0, belt - 0.01], [length * 0.3, half * 1.7, 0.015]);
  fittings(m, dark, length, half, floor, bonnet, tail);
  for (const [share, side] of [[0.19, -1], [0.19, 1], [0.8, -1], [0.8, 1]] as const) {
    const x = at(share), y = side * half;
    m.at({ x, y: y + side * 0.003, z: radius + 0.015, roll: side > 0 ? -Math.PI / 2 : Math.PI / 2 }, () => lathe(m, dark, [[radius * 1.17, -0.03], [radius * 1.17, 0], [0, 0]], 16));
    wheel(m, wheels, x, y - side * 0.07, radius, 0.2);
  }
  return m.finish('car');
};

/** Lights, grille, bumpers and plates of both ends. */
function fittings(m: ModelBuilder, dark: Slot, length: number, half: number, floor: number, bonnet: number, tail: number): void {
  const lamp = m.slot({ color: [0.95, 0.95, 0.9], roughness: 0.1, emissive: 0.3 });
  const red = m.slot(plain([0.7, 0.05, 0.06], 0.2));
  const plate = m.slot(grey(0.9));
  for (const s of [-1, 1]) {
    box(m, lamp, [length / 2 - 0.06, s * half * 0.66, bonnet * 0.68], [0.16, half * 0.36, 0.12]);
    box(m, red, [-length / 2 + 0.05, s * half * 0.7, tail * 0.7], [0.14, half * 0.3, 0.15]);
  }
  box(m, dark, [length / 2 - 0.02, 0, floor + 0.2], [0.06, half * 0.9, bonnet * 0.24]);
  box(m, dark, [-length / 2 + 0.02, 0, floor + 0.14], [0.06, half * 1.5, 0.14]);
  box(m, plate, [length / 2 + 0.012, 0, floor + 0.22], [0.015, 0.5, 0.11]);
  box(m, plate, [-length / 2 - 0.012, 0, tail * 0.62], [0.015, 0.5, 0.11]);
}
