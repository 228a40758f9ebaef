import type { Rng } from '../../math/rng.js';
import type { Material, Texture, Vec3 } from '../../render/types.js';
import { colorWord } from '../color-words.js';
import type { Build } from './build.js';

/** Material slots of a procedural person. */
export const SKIN = 0, UPPER = 1, LOWER = 2, SHOES = 3, FACE = 4;
export const MATERIALS = 5;

/** What is worn. Heights are fractions of the body's height. */
export interface Garments {
  /** Trousers reach up to here. */
  readonly belt: number;
  /** Trousers reach down to here (0 to the ankle). */
  readonly legs: number;
  /** Hem of a skirt; 0 without one. */
  readonly skirt: number;
  /** Sleeves reach this far from the shoulder. */
  readonly sleeve: number;
  /** How much wider than the limb, a fraction. */
  readonly loose: number;
  readonly barefoot: boolean;
  /** Thickness of the hair, in head heights. */
  readonly hair: number;
  readonly materials: readonly Material[];
  /** "in a red shirt". */
  readonly words: string;
}

const SKINS: readonly Vec3[] = [
  [0.94, 0.78, 0.68], [0.9, 0.71, 0.58], [0.83, 0.63, 0.48], [0.7, 0.5, 0.36], [0.54, 0.37, 0.26], [0.38, 0.26, 0.19],
];
const HAIRS: readonly Vec3[] = [[0.09, 0.08, 0.08], [0.2, 0.13, 0.08], [0.36, 0.23, 0.12], [0.72, 0.55, 0.3], [0.5, 0.2, 0.08], [0.66, 0.65, 0.63]];

export function drawGarments(rng: Rng, { sex, child }: Build): Garments {
  const skin = rng.pick(SKINS).map((v) => v * rng.range(0.93, 1.04)) as unknown as Vec3;
  const hairColor = rng.pick(HAIRS);
  const bald = sex === 'male' && !child && rng.chance(0.12);
  const long = sex === 'female' ? rng.chance(0.75) : rng.chance(0.06);
  const upper = drawCloth(rng.fork('upper'));
  const lower = drawCloth(rng.fork('lower'));
  const wearsSkirt = sex === 'female' && rng.chance(0.3);
  const shorts = rng.chance(child ? 0.4 : 0.15);
  const shoe: Vec3 = rng.chance(0.5) ? [0.1, 0.09, 0.08] : [rng.range(0.1, 0.9), rng.range(0.1, 0.9), rng.range(0.1, 0.9)];
  const shortSleeves = rng.chance(0.5);
  return {
    belt: rng.range(0.5, 0.6),
    legs: wearsSkirt ? 0.52 : shorts ? rng.range(0.3, 0.36) : 0,
    skirt: wearsSkirt ? rng.range(0.26, 0.4) : 0,
    sleeve: shortSleeves ? rng.range(0.08, 0.16) : 0.33,
    loose: rng.range(0.02, 0.22),
    barefoot: rng.chance(0.04),
    hair: bald ? 0 : long ? 0.06 : rng.range(0.02, 0.05),
    materials: [
      { color: skin, roughness: 0.7 },
      { color: [1, 1, 1], texture: upper.texture }, { color: [1, 1, 1], texture: lower.texture },
      { color: shoe, roughness: 0.5 },
      { color: [1, 1, 1], texture: faceTexture(rng.fork('face'), skin, bald ? undefined : hairColor, long), roughness: 0.7 },
    ],
    words: `in ${/^[aeiou]/.test(colorWord(upper.color)) ? 'an' : 'a'} ${colorWord(upper.color)} ${shortSleeves ? 'shirt' : 'top'}`,
  };
}

/** A 32 x 32 cloth: plain, striped or checked, with a little weave noise. */
function drawCloth(rng: Rng): { texture: Texture; color: Vec3 } {
  const size = 32;
  const saturated = (): Vec3 => {
    const v = rng.range(0.12, 0.95), s = rng.range(0, 0.85);
    const channels: [number, number, number] = [v, v * (1 - s), v * (1 - s * rng.unit())];
    const turn = rng.int(0, 2);
    return rng.chance(0.5) ? [channels[turn], channels[(turn + 1) % 3], channels[(turn + 2) % 3]]
      : [channels[turn], channels[(turn + 2) % 3], channels[(turn + 1) % 3]];
  };
  const main = saturated();
  const other = saturated();
  const pattern = rng.pick(['plain', 'plain', 'plain', 'rows', 'columns', 'checks'] as const);
  const pitch = rng.pick([4, 8, 16]);
  const on = (at: number): boolean => at % pitch < pitch / 2;
  const rgba = new Uint8Array(4 * size * size);
  for (let y = 0, o = 0; y < size; y++) {
    for (let x = 0; x < size; x++, o += 4) {
      const second = pattern === 'rows' ? on(y) : pattern === 'columns' ? on(x) : pattern === 'checks' ? on(x) !== on(y) : false;
      const color = second ? other : main;
      const weave = rng.range(0.9, 1.06);
      for (let k = 0; k < 3; k++) rgba[o + k] = Math.min(255, Math.round(255 * color[k] * weave));
      rgba[o + 3] = 255;
    }
  }
  return { texture: { width: size, height: size, rgba }, color: main };
}

/** Head once round (column 0 and last at the back, front in the middle), crown in row 0, neck in the last. 64 x 64. */
function faceTexture(rng: Rng, skin: Vec3, hair: Vec3 | undefined, long: boolean): Texture {
  const size = 64;
  const rgba = new Uint8Array(4 * size * size);
  const put = (x: number, y: number, color: Vec3, shade: number): void => {
    const o = 4 * (y * size + x);
    for (let k = 0; k < 3; k++) rgba[o + k] = Math.min(255, Math.round(255 * color[k] * shade));
    rgba[o + 3] = 255;
  };
  const hairline = rng.range(0.2, 0.27);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const side = Math.abs((x + 0.5) / size - 0.5) * 2; // 0 front .. 1 back
      const down = (y + 0.5) / size;
      const nape = side < 0.32 ? hairline : side < 0.42 ? (long ? 0.97 : 0.55) : long ? 0.97 : 0.8;
      const isHair = hair !== undefined && down < nape;
      put(x, y, isHair ? hair : skin, isHair ? rng.range(0.8, 1.2) : rng.range(0.97, 1.03));
    }
  }
  const dark: Vec3 = [0.13, 0.1, 0.09];
  const brow = hair ?? skin.map((v) => v * 0.6) as unknown as Vec3;
  const lips: Vec3 = [Math.min(1, skin[0] * 0.86), skin[1] * 0.6, skin[2] * 0.6];
  for (const sign of [-1, 1]) {
    const eye = 32 + sign * 5 - (sign < 0 ? 1 : 0);
    for (let dx = -2; dx <= 2; dx++) put(eye + dx, 32, brow, 1);
    for (let dx = -2; dx <= 2; dx++) put(eye + dx, 35, Math.abs(dx) === 2 ? [0.9, 0.9, 0.88] : dark, 1);
    put(eye - 1, 36, [0.9, 0.9, 0.88], 1);
    put(eye + 1, 36, [0.9, 0.9, 0.88], 1);
    put(eye, 36, dark, 1);
  }
  for (let dx = -4; dx <= 3; dx++) put(32 + dx, 49, lips, 0.9);
  for (let dx = -3; dx <= 2; dx++) put(32 + dx, 50, lips, 1);
  return { width: size, height: size, rgba };
}
