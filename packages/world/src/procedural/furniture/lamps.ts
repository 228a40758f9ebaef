import type { Rng } from '../../math/rng.js';
import type { Material } from '../../render/types.js';
import { ceramic, colored, steel, wood } from '../finishes.js';
import type { Generator } from '../generator.js';
import { ModelBuilder } from '../model-builder.js';
import { cylinder, ellipsoid, lathe, rod } from '../primitives.js';

/** A lit or unlit lamp shade. */
function shadeCloth(rng: Rng): Material {
  const warm = rng.range(0.7, 0.9);
  return { color: [0.97, 0.94 - 0.05 * rng.unit(), warm], roughness: 1, emissive: rng.chance(0.6) ? rng.range(0.5, 1.2) : 0 };
}

export const floorLamp: Generator = (rng) => {
  const m = new ModelBuilder();
  const metal = m.slot(rng.chance(0.7) ? steel(rng) : wood(rng));
  const cloth = m.slot(shadeCloth(rng));
  const h = rng.range(1.35, 1.75), r = rng.range(0.16, 0.24), tall = rng.range(0.22, 0.34);
  if (rng.chance(0.6)) {
    cylinder(m, metal, [0, 0, 0], 0.14, 0.025, { top: 0.13, segments: 16 });
    cylinder(m, metal, [0, 0, 0.02], 0.013, h - tall * 0.5, { segments: 8 });
  } else for (let i = 0; i < 3; i++) m.at({ yaw: (2 * Math.PI * i) / 3 }, () => rod(m, metal, [0.24, 0, 0], [0.01, 0, h - tall], 0.014));
  lathe(m, cloth, [[r, h - tall], [r * rng.range(0.55, 0.95), h]], 18);
  return m.finish('lamp');
};

export const tableLamp: Generator = (rng) => {
  const m = new ModelBuilder();
  const foot = m.slot(rng.pick([steel, ceramic, wood])(rng));
  const cloth = m.slot(shadeCloth(rng));
  const h = rng.range(0.32, 0.55), r = rng.range(0.1, 0.17), tall = h * rng.range(0.35, 0.5);
  const belly = rng.range(0.03, 0.08);
  lathe(m, foot, [[0, 0], [0.07, 0], [0.065, 0.02], [belly * 0.5, 0.04], [belly, (h - tall) * 0.45], [0.012, h - tall], [0.012, h - tall * 0.4]], 12);
  lathe(m, cloth, [[r, h - tall], [r * rng.range(0.5, 0.95), h]], 16);
  return m.finish('lamp');
};

/** Jointed desk lamp with a conical head. */
export const deskLamp: Generator = (rng) => {
  const m = new ModelBuilder();
  const metal = m.slot(rng.chance(0.5) ? steel(rng) : colored(rng, 0.3));
  const bulb = m.slot({ color: [1, 0.95, 0.8], emissive: rng.chance(0.6) ? 1 : 0 });
  cylinder(m, metal, [0, 0, 0], 0.085, 0.02, { segments: 16 });
  const elbow = rng.range(0.2, 0.28);
  rod(m, metal, [0, 0, 0.02], [-0.09, 0, elbow], 0.008);
  rod(m, metal, [-0.09, 0, elbow], [0.12, 0, elbow + 0.16], 0.008);
  m.at({ x: 0.12, z: elbow + 0.17, pitch: -0.5 }, () => {
    lathe(m, metal, [[0.075, -0.1], [0.03, -0.01], [0.02, 0.02], [0, 0.02]], 14);
    ellipsoid(m, bulb, [0, 0, -0.07], [0.03, 0.03, 0.035], { segments: 8, rings: 4 });
  });
  return m.finish('lamp');
};

/** Hangs from a ceiling: its rose is the top of the model. */
export const pendantLamp: Generator = (rng) => {
  const m = new ModelBuilder();
  const metal = m.slot(steel(rng));
  const shade = m.slot(rng.chance(0.5) ? shadeCloth(rng) : colored(rng));
  const bulb = m.slot({ color: [1, 0.95, 0.82], emissive: 1 });
  const r = rng.range(0.14, 0.24), tall = rng.range(0.12, 0.24), h = rng.range(0.4, 0.48);
  if (rng.chance(0.35)) ellipsoid(m, bulb, [0, 0, r * 0.8], [r * 0.8, r * 0.8, r * 0.8], { segments: 16, rings: 10 });
  else {
    lathe(m, shade, [[r, 0], [r * 0.75, tall * 0.6], [r * 0.25, tall], [0, tall]], 18);
    ellipsoid(m, bulb, [0, 0, tall * 0.35], [0.04, 0.04, 0.05], { segments: 8, rings: 6 });
  }
  cylinder(m, metal, [0, 0, tall * 0.9], 0.006, h - tall * 0.9, { segments: 6 });
  cylinder(m, metal, [0, 0, h - 0.03], 0.05, 0.03, { segments: 10 });
  return m.finish('lamp');
};
