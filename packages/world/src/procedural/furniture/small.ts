import type { Vec3 } from '../../render/types.js';
import { cloth, colored, grey, plain, steel, wood } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { box, cushion, cylinder, ellipsoid, lathe, quad, rod, torus } from '../primitives.js';
import { anyTexture } from '../textures/pool.js';
import { cos, sin } from '../../math/deterministic.js';

/** Closed book lying flat; spine at -y. */
export const book: Generator = (rng) => {
  const m = new ModelBuilder();
  const cover = m.slot(colored(rng));
  const picture = m.slot({ color: [1, 1, 1], texture: anyTexture(rng, rng.chance(0.5) ? 'label' : 'poster') });
  const pages = m.slot(plain([0.93, 0.9, 0.82], 1));
  const h = rng.range(0.18, 0.3), w = h * rng.range(0.64, 0.8), t = rng.range(0.012, 0.05);
  box(m, cover, [0, 0, 0], [h, w, 0.003]);
  box(m, cover, [0, 0, t - 0.003], [h, w, 0.003]);
  box(m, cover, [0, -w / 2 + 0.002, 0], [h, 0.004, t]);
  box(m, pages, [0, 0, 0.003], [h - 0.008, w - 0.01, t - 0.006]);
  const z = t + 0.0004;
  quad(m, picture, [h / 2, -w / 2, z], [h / 2, w / 2, z], [-h / 2, w / 2, z], [-h / 2, -w / 2, z], true);
  return m.finish('book');
};

/** Card board box, closed or with open flaps, or a printed package. */
export const cardBox: Generator = (rng) => {
  const m = new ModelBuilder();
  const printed = rng.chance(0.3);
  const scale = printed ? rng.range(0.4, 0.8) : rng.range(0.6, 1.3);
  const d = rng.range(0.2, 0.45) * scale, w = rng.range(0.25, 0.55) * scale, h = rng.range(0.15, 0.45) * scale;
  const side = m.slot(printed ? { color: [1, 1, 1], texture: anyTexture(rng, 'label') } : plain([rng.range(0.66, 0.78), rng.range(0.52, 0.6), rng.range(0.36, 0.44)], 1), printed ? Math.max(d, w) : 0.5);
  box(m, side, [0, 0, 0], [d, w, h]);
  if (!printed) {
    const tape = m.slot(plain([0.78, 0.68, 0.5], 0.3));
    if (rng.chance(0.6)) box(m, tape, [0, 0, 0.001], [0.05 * scale, w + 0.001, h]);
    else for (const s of [-1, 1]) m.at({ x: (s * d) / 2, z: h, pitch: s * rng.range(0.6, 1.4) }, () => box(m, side, [0, 0, 0], [0.004, w, d * 0.48]));
  } else m.surface(h, d / 2 - 0.02, w / 2 - 0.02);
  return m.finish('box');
};

/** Football, basketball, tennis or toy ball. */
export const ball: Generator = (rng) => {
  const m = new ModelBuilder();
  const r = rng.pick([0.11, 0.12, 0.033, 0.08, 0.1]);
  const one = m.slot(colored(rng)), two = m.slot(rng.chance(0.5) ? grey(0.93) : colored(rng));
  const wedges = rng.pick([1, 3, 4]);
  const rings = 10;
  const segments = 20;
  ellipsoid(m, one, [0, 0, r], [r, r, r], { segments, rings });
  if (wedges > 1) for (let i = 0; i < wedges; i++) m.at({ z: r, yaw: (Math.PI * i) / wedges, roll: Math.PI / 2 }, () => torus(m, two, r * 0.985, r * 0.03, { segments: 20, around: 4 }));
  return m.finish('ball');
};

/** Round wall or alarm clock, its dial to +x. */
export const clock: Generator = (rng) => {
  const m = new ModelBuilder();
  const rim = m.slot(rng.chance(0.5) ? steel(rng) : rng.chance(0.5) ? wood(rng) : colored(rng));
  const dial = m.slot({ color: [1, 1, 1], texture: anyTexture(rng, 'dial') });
  const alarm = rng.chance(0.5);
  const r = alarm ? rng.range(0.05, 0.08) : rng.range(0.11, 0.18), z = alarm ? r * 1.25 : r, thick = alarm ? 0.045 : 0.035;
  m.at({ z, pitch: Math.PI / 2 }, () => lathe(m, rim, [[0, -thick], [r, -thick], [r, 0.006], [r * 0.92, 0.006], [r * 0.9, 0]], 24));
  const n = 24;
  const first = Array.from({ length: n }, (_, i) => {
    const c = cos((2 * Math.PI * i) / n), s = sin((2 * Math.PI * i) / n);
    return m.vertex(0.001, r * 0.91 * c, z + r * 0.91 * s, 1, 0, 0, 0.5 + 0.5 * c, 0.5 - 0.5 * s);
  });
  for (let i = 1; i + 1 < n; i++) m.triangle(dial, first[0], first[i], first[i + 1]);
  if (alarm) for (const s of [-1, 1]) {
    rod(m, rim, [-0.02, s * r * 0.45, r * 0.5], [-0.02, s * r * 0.7, 0], 0.006);
    ellipsoid(m, rim, [-0.02, s * r * 0.5, z + r * 0.95], [r * 0.3, r * 0.35, r * 0.25], { segments: 8, rings: 4 });
  }
  return m.finish('clock');
};

/** Hand bag, ruck sack or shopping bag. */
export const bag: Generator = (rng) => {
  const m = new ModelBuilder();
  const kind = rng.pick(['hand', 'ruck', 'shopping'] as const);
  const body = m.slot(rng.chance(0.6) ? cloth(rng) : colored(rng), 0.4);
  const trim = m.slot(grey(rng.range(0.06, 0.3)));
  const strap = (x: number, z: number, r: number, tube: number): void => m.at({ x, z, yaw: Math.PI / 2, roll: Math.PI / 2 }, () => m.at({ scale: [1, 1.2, 1] }, () => torus(m, trim, r, tube, { segments: 12, around: 5, share: 0.5 })));
  if (kind === 'ruck') {
    const h = rng.range(0.4, 0.5), w = rng.range(0.28, 0.34);
    cushion(m, body, [0, 0, 0], [0.17, w, h]);
    cushion(m, body, [0.11, 0, 0.03], [0.09, w * 0.75, h * 0.45]);
    ellipsoid(m, body, [0.01, 0, h - 0.04], [0.09, w * 0.48, 0.08], { segments: 12, rings: 6 });
    strap(0, h + 0.02, 0.035, 0.009);
    for (const s of [-1, 1]) rod(m, trim, [-0.1, s * w * 0.28, h * 0.85], [-0.1, s * w * 0.32, h * 0.15], 0.018);
  } else if (kind === 'hand') {
    const h = rng.range(0.2, 0.28), w = rng.range(0.28, 0.38);
    m.at({ scale: [1, 1, 1] }, () => box(m, body, [0, 0, 0], [0.14, w, h], [0.35, 0.82]));
    for (const x of [-0.02, 0.02]) strap(x, h - 0.01, w * 0.22, 0.008);
    box(m, trim, [0, 0, h - 0.01], [0.06, w * 0.82, 0.015]);
  } else {
    const h = rng.range(0.32, 0.42), w = rng.range(0.26, 0.34);
    box(m, body, [0, 0, 0], [0.12, w, h], [1.05, 1.03]);
    for (const x of [-0.05, 0.05]) strap(x, h - 0.01, w * 0.2, 0.005);
  }
  return m.finish('bag');
};

/** Teddy bear, toy car, building blocks or stacking rings. */
export const toy: Generator = (rng) => {
  const m = new ModelBuilder();
  const kind = rng.pick(['bear', 'car', 'blocks', 'rings'] as const);
  if (kind === 'bear') {
    const fur = m.slot(plain(rng.pick([[0.5, 0.33, 0.2], [0.7, 0.52, 0.34], [0.86, 0.8, 0.7], [0.35, 0.25, 0.2]] as const), 1));
    const pale = m.slot(plain([0.85, 0.75, 0.6], 1)), dark = m.slot(grey(0.05, 0.2));
    m.at({ scale: [1, 1, 1] }, () => {
      const blob = (slot: typeof fur, c: Vec3, r: Vec3): void => ellipsoid(m, slot, c, r, { segments: 10, rings: 6 });
      blob(fur, [0, 0, 0.09], [0.07, 0.08, 0.09]);
      blob(fur, [0.01, 0, 0.22], [0.065, 0.07, 0.065]);
      blob(pale, [0.065, 0, 0.205], [0.03, 0.032, 0.027]);
      blob(pale, [0.045, 0, 0.09], [0.035, 0.055, 0.06]);
      blob(dark, [0.094, 0, 0.212], [0.009, 0.012, 0.008]);
      for (const s of [-1, 1]) {
        blob(fur, [0, s * 0.055, 0.275], [0.018, 0.03, 0.03]);
        blob(dark, [0.068, s * 0.026, 0.238], [0.008, 0.009, 0.009]);
        blob(fur, [0.08, s * 0.06, 0.035], [0.07, 0.035, 0.035]);
        blob(pale, [0.145, s * 0.06, 0.037], [0.012, 0.028, 0.03]);
        blob(fur, [0.03, s * 0.09, 0.12], [0.03, 0.03, 0.065]);
      }
    });
  } else if (kind === 'car') {
    const body = m.slot(colored(rng, 0.3)), wheel = m.slot(grey(0.08)), window = m.slot(plain([0.5, 0.65, 0.75], 0.1));
    const k = rng.range(0.8, 1.5);
    m.at({ scale: [k, k, k] }, () => {
      cushion(m, body, [0, 0, 0.018], [0.2, 0.09, 0.035]);
      box(m, window, [-0.01, 0, 0.053], [0.11, 0.078, 0.028], [0.7, 0.85]);
      box(m, body, [-0.01, 0, 0.081], [0.08, 0.068, 0.006]);
      for (const x of [-0.06, 0.06]) for (const s of [-1, 1]) m.at({ x, y: s * 0.04, z: 0.02, roll: Math.PI / 2 }, () => cylinder(m, wheel, [0, 0, -0.01], 0.02, 0.02, { segments: 12 }));
    });
  } else if (kind === 'blocks') {
    const n = rng.int(2, 5), s = rng.range(0.04, 0.06);
    for (let i = 0; i < n; i++) {
      const slot = m.slot(colored(rng));
      const z = i < 2 ? 0 : (i - 1) * s;
      m.at({ x: rng.range(-0.012, 0.012), y: (i < 2 ? (i - 0.5) * 1.3 * s : 0) + rng.range(-0.008, 0.008), z, yaw: rng.range(-0.3, 0.3) }, () => box(m, slot, [0, 0, 0], [s, s, s]));
    }
  } else {
    const base = m.slot(wood(rng));
    cylinder(m, base, [0, 0, 0], 0.07, 0.015, { segments: 14 });
    cylinder(m, base, [0, 0, 0], 0.012, 0.19, { segments: 8 });
    for (let i = 0; i < 5; i++) {
      const slot = m.slot(colored(rng));
      m.at({ z: 0.033 + i * 0.032 }, () => torus(m, slot, 0.045 - i * 0.006, 0.017, { segments: 14, around: 6 }));
    }
  }
  return m.finish('toy');
};

/** Umbrella stand, radio, remote control, pencil pot: things without a class of their own. */
export const thing: Generator = (rng) => {
  const m = new ModelBuilder();
  const kind = rng.pick(['radio', 'pencils', 'candle', 'umbrella', 'speaker'] as const);
  const body = m.slot(rng.chance(0.4) ? wood(rng) : colored(rng), 0.3);
  const dark = m.slot(grey(0.1));
  const metal = m.slot(steel(rng));
  if (kind === 'radio') {
    box(m, body, [0, 0, 0], [0.08, 0.26, 0.16]);
    m.at({ x: 0.04, y: 0.05, z: 0.08, pitch: Math.PI / 2 }, () => cylinder(m, dark, [0, 0, 0], 0.055, 0.006, { segments: 16 }));
    for (const z of [0.05, 0.11]) m.at({ x: 0.04, y: -0.08, z, pitch: Math.PI / 2 }, () => cylinder(m, metal, [0, 0, 0], 0.018, 0.015, { segments: 10 }));
    rod(m, metal, [-0.02, 0.1, 0.16], [-0.02, 0.17, 0.4], 0.003);
  } else if (kind === 'pencils') {
    lathe(m, body, [[0, 0], [0.04, 0], [0.042, 0.1], [0.038, 0.1], [0.036, 0.02]], 12);
    for (let i = 0; i < 5; i++) {
      const pencil = m.slot(colored(rng));
      rod(m, pencil, [rng.range(-0.02, 0.02), rng.range(-0.02, 0.02), 0.01], [rng.range(-0.035, 0.035), rng.range(-0.035, 0.035), rng.range(0.14, 0.19)], 0.004);
    }
  } else if (kind === 'candle') {
    cylinder(m, metal, [0, 0, 0], 0.05, 0.012, { segments: 14 });
    cylinder(m, body, [0, 0, 0.012], 0.03, rng.range(0.06, 0.18), { segments: 12 });
  } else if (kind === 'umbrella') {
    rod(m, metal, [0, 0, 0], [0, 0, 0.8], 0.007);
    lathe(m, body, [[0.008, 0.1], [0.05, 0.5], [0.025, 0.62], [0.008, 0.63]], 8);
    m.at({ x: 0.04, z: 0.8, roll: Math.PI / 2 }, () => torus(m, dark, 0.04, 0.01, { segments: 10, around: 6, share: 0.5 }));
  } else {
    const h = rng.range(0.2, 0.4);
    box(m, body, [0, 0, 0], [h * 0.6, h * 0.58, h]);
    for (const [z, r] of [[0.33, 0.2], [0.72, 0.12]] as const) m.at({ x: h * 0.3, z: z * h, pitch: Math.PI / 2 }, () => lathe(m, dark, [[r * h, 0], [r * h, 0.008], [r * h * 0.8, 0.008], [0, -0.01]], 16));
  }
  return m.finish('object');
};

/** Bucket-, box- or pedal-shaped bin, or an outdoor bin with wheels. */
export const trashCan: Generator = (rng) => {
  const m = new ModelBuilder();
  const body = m.slot(rng.chance(0.4) ? steel(rng) : colored(rng));
  const dark = m.slot(grey(0.08));
  const kind = rng.pick(['basket', 'pedal', 'wheelie'] as const);
  if (kind === 'basket') {
    const h = rng.range(0.27, 0.4), r = h * 0.42;
    lathe(m, body, [[0, 0], [r * 0.75, 0], [r, h], [r * 0.95, h], [r * 0.72, 0.02], [0, 0.02]], 16);
    const waste = m.slot(grey(0.9, 1));
    for (let i = rng.int(0, 4); i > 0; i--) ellipsoid(m, waste, [rng.range(-r, r) * 0.4, rng.range(-r, r) * 0.4, h * rng.range(0.5, 0.8)], [0.045, 0.05, 0.04], { segments: 6, rings: 4 });
  } else if (kind === 'pedal') {
    const h = rng.range(0.4, 0.68), r = rng.range(0.13, 0.17);
    lathe(m, dark, [[0, 0], [r, 0], [r, 0.03]], 16);
    lathe(m, body, [[r, 0.03], [r, h * 0.9]], 16);
    lathe(m, dark, [[r * 1.02, h * 0.9], [r * 1.02, h * 0.93], [r * 0.6, h], [0, h]], 16);
    box(m, dark, [r + 0.02, 0, 0.01], [0.06, 0.06, 0.015]);
  } else {
    const h = rng.range(0.9, 1.08);
    box(m, body, [0, 0, 0.05], [0.46, 0.42, h - 0.13], [1.22, 1.2]);
    box(m, body, [0, 0, h - 0.08], [0.62, 0.54, 0.06], [0.92, 0.94]);
    rod(m, dark, [-0.33, -0.2, h - 0.08], [-0.33, 0.2, h - 0.08], 0.016);
    for (const s of [-1, 1]) m.at({ x: -0.2, y: s * 0.22, z: 0.1, roll: Math.PI / 2 }, () => cylinder(m, dark, [0, 0, -0.02], 0.1, 0.04, { segments: 14 }));
    box(m, body, [0.15, 0, 0], [0.1, 0.34, 0.06]);
  }
  return m.finish('trash can');
};
