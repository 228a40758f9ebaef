import type { Rng } from '../../math/rng.js';
import type { ObjectModel } from '../../scene/library.js';
import type { Generator } from '../generator.js';
import { quadruped, type Species } from './quadruped.js';

const DOG: Species = {
  className: 'dog', height: [0.34, 0.66], trunk: 1.05, chest: 0.24, belly: 0.18, width: 0.17, neck: 0.28, rise: 0.85, neckRadius: 0.11,
  skull: 0.135, muzzle: 0.18, muzzleRadius: 0.065, ears: 'hanging', earLength: 0.16, tail: { length: 0.42, radius: 0.035, droop: -0.5 }, legRadius: 0.045, hoof: false, extras: 'none',
  coats: [[[150, 104, 60], [236, 226, 208], 0.4], [[40, 36, 34], [168, 120, 74], 0.35], [[226, 214, 190], [190, 150, 100], 0.3], [[232, 230, 226], [60, 50, 46], 0.42], [[98, 66, 44], [98, 66, 44], 0]],
  cadence: 1.6, swing: 0.42,
};
const CAT: Species = {
  ...DOG, className: 'cat', height: [0.24, 0.3], trunk: 1.4, chest: 0.24, belly: 0.22, width: 0.2, neck: 0.16, rise: 0.75, neckRadius: 0.12,
  skull: 0.17, muzzle: 0.06, muzzleRadius: 0.08, ears: 'up', earLength: 0.15, tail: { length: 1, radius: 0.045, droop: -0.75 }, legRadius: 0.055,
  coats: [[[196, 128, 66], [236, 196, 150], 0.45], [[60, 58, 58], [120, 116, 112], 0.4], [[120, 112, 100], [60, 54, 48], 0.45], [[236, 232, 226], [50, 46, 46], 0.4]],
  cadence: 1.9, swing: 0.38,
};
const HORSE: Species = {
  className: 'horse', height: [1.45, 1.7], trunk: 1.05, chest: 0.21, belly: 0.19, width: 0.155, neck: 0.4, rise: 0.85, neckRadius: 0.085,
  skull: 0.085, muzzle: 0.21, muzzleRadius: 0.05, ears: 'up', earLength: 0.085, tail: { length: 0.42, radius: 0.04, droop: 1.3 }, legRadius: 0.032, hoof: true, extras: 'mane',
  coats: [[[112, 66, 40], [70, 44, 30], 0.2], [[60, 44, 38], [40, 30, 28], 0.2], [[190, 186, 180], [150, 146, 142], 0.4], [[150, 96, 54], [236, 228, 214], 0.3]],
  cadence: 0.9, swing: 0.36,
};
const COW: Species = {
  className: 'cow', height: [1.3, 1.5], trunk: 1.3, chest: 0.27, belly: 0.27, width: 0.21, neck: 0.22, rise: 0.3, neckRadius: 0.115,
  skull: 0.11, muzzle: 0.18, muzzleRadius: 0.075, ears: 'side', earLength: 0.13, tail: { length: 0.5, radius: 0.02, droop: 1.4 }, legRadius: 0.04, hoof: true, extras: 'horns',
  coats: [[[236, 232, 224], [36, 34, 34], 0.5], [[232, 226, 214], [140, 72, 40], 0.5], [[150, 92, 56], [220, 200, 176], 0.25], [[190, 160, 120], [214, 196, 170], 0.3]],
  cadence: 0.75, swing: 0.3,
};
const SHEEP: Species = {
  className: 'sheep', height: [0.65, 0.8], trunk: 1.2, chest: 0.28, belly: 0.28, width: 0.25, neck: 0.16, rise: 0.6, neckRadius: 0.14,
  skull: 0.12, muzzle: 0.15, muzzleRadius: 0.065, ears: 'side', earLength: 0.14, tail: { length: 0.16, radius: 0.05, droop: 0.9 }, legRadius: 0.045, hoof: true, extras: 'wool',
  coats: [[[232, 224, 206], [50, 46, 44], 0], [[226, 220, 206], [220, 206, 186], 0], [[96, 82, 70], [48, 42, 38], 0]],
  cadence: 1.1, swing: 0.3,
};
const DEER: Species = {
  ...HORSE, extras: 'none', className: 'animal', height: [0.85, 1.1], trunk: 1.1, neck: 0.42, rise: 1, neckRadius: 0.075, muzzle: 0.16, ears: 'side', earLength: 0.15, tail: { length: 0.12, radius: 0.04, droop: 0.9 }, legRadius: 0.028,
  coats: [[[150, 104, 64], [206, 180, 146], 0.3], [[126, 92, 62], [190, 170, 140], 0.25]],
};
const PIG: Species = {
  ...SHEEP, extras: 'none', className: 'animal', height: [0.6, 0.85], trunk: 1.45, chest: 0.3, belly: 0.32, neck: 0.1, rise: 0.15, neckRadius: 0.2, skull: 0.17, muzzle: 0.16, muzzleRadius: 0.09, ears: 'up', earLength: 0.14,
  tail: { length: 0.16, radius: 0.02, droop: -0.4 }, legRadius: 0.055, coats: [[[226, 170, 156], [214, 150, 138], 0.3], [[222, 176, 160], [60, 50, 48], 0.35]],
};

const of = (species: Species): Generator => (rng: Rng): ObjectModel => {
  if (species !== DOG) return quadruped(rng, species);
  // Breeds differ more than other species do: ears, muzzle, legs.
  return quadruped(rng, { ...species, ears: rng.pick(['hanging', 'up'] as const), muzzle: species.muzzle * rng.range(0.7, 1.15), trunk: species.trunk * rng.range(0.92, 1.2) });
};

export const dog = of(DOG);
export const cat = of(CAT);
export const horse = of(HORSE);
export const cow = of(COW);
export const sheep = of(SHEEP);
export const deer = of(DEER);
export const pig = of(PIG);
