import type { Rng } from '../../math/rng.js';
import type { Geometry, Material, Texture, Vec3 } from '../../render/types.js';
import type { Activity, PersonActor } from '../../scene/library.js';
import { BodyActor } from '../body/actor.js';
import type { SkinnedSurface } from '../body/skinning.js';
import { colorWord } from '../color-words.js';
import { strideSpeed } from '../motion/speed.js';
import { drawMotion } from './activity.js';
import type { PeopleAssets, Wearable } from './load.js';
import type { Piece } from './piece.js';
import { dress } from './piece.js';
import { meanPoint } from './rig.js';
import { drawShape } from './shape.js';
import type { BodyShape } from './shape.js';
import { hueOf, meanColor, turned } from './tint.js';

const HAIR_COLORS: readonly Vec3[] = [
  [0.1, 0.09, 0.09], [0.2, 0.15, 0.12], [0.36, 0.25, 0.17], [0.5, 0.36, 0.24], [0.85, 0.68, 0.42], [0.6, 0.3, 0.16],
];
const GREY_HAIR: readonly Vec3[] = [[0.75, 0.74, 0.72], [0.95, 0.95, 0.93], [0.5, 0.48, 0.46]];
const LONG_HAIR = ['bob02', 'braid01', 'long01', 'ponytail01', 'short03'];
const SHORT_HAIR = ['short01', 'short02', 'short04', 'short03'];

/**
 * A person of the MakeHuman assets with random body, clothes and motion.
 *
 * @param instanceId 1..65535, unique in the world.
 * @param activity `any` draws one.
 */
export function createMakeHumanPerson(assets: PeopleAssets, rng: Rng, instanceId: number, activity: Activity): PersonActor {
  const shape = drawShape(rng.fork('shape'));
  const outfit = drawOutfit(assets, rng.fork('outfit'), shape);
  const base = assets.morpher.morph(shape.targets);
  const skeleton = assets.rig.joints(base);
  const { surface, geometry } = assemble(outfit, base);
  const drawn = drawMotion(assets.clips, rng.fork('motion'), activity);
  const motion = drawn.source(skeleton);
  const who = `${noun(shape)} ${outfit.words}`;
  return new BodyActor({
    instanceId, skeleton, surface, geometry, motion, seated: drawn.seated, ...(drawn.grip ? { grip: drawn.grip } : {}),
    keypoints: assets.keypoints.map(({ vertices, bone }) => ({ bone, rest: meanPoint(base, vertices) })),
    phase: drawn.phase * motion.period,
    speed: drawn.travels ? strideSpeed(motion, skeleton) : 0,
    words: `${who} ${drawn.words}`, ...(drawn.emptyHanded !== undefined && { emptyHanded: `${who} ${drawn.emptyHanded}` }),
  });
}

function noun({ sex, age }: BodyShape): string {
  if (age === 'child') return sex === 'female' ? 'a girl' : 'a boy';
  return `${age === 'old' ? 'an old ' : 'a '}${sex === 'female' ? 'woman' : 'man'}`;
}

interface Outfit {
  /** In material order; `slot` tells the material of a triangle. */
  readonly pieces: readonly { readonly piece: Piece; readonly slot: (triangle: number) => number; readonly hidden?: Uint8Array }[];
  readonly materials: readonly Material[];
  readonly words: string;
}

const SKIN = 0, UPPER = 1, LOWER = 2, SHOES = 3, HAIR = 4, EYES = 5, BROWS = 6;

function drawOutfit(assets: PeopleAssets, rng: Rng, shape: BodyShape): Outfit {
  const fits = ({ piece }: Wearable): boolean => piece.name.startsWith(`${shape.sex}_`) || piece.name.includes('worksuit')
    || (shape.sex === 'female' && piece.name.startsWith('male_casual'));
  // Suits of the own sex twice as often.
  const suits = assets.suits.filter(fits);
  const own = suits.filter(({ piece }) => piece.name.startsWith(`${shape.sex}_`));
  const suit = rng.pick(rng.chance(0.6) && own.length > 0 ? own : suits);
  const shoes = rng.pick(assets.shoes);
  const hairNames = shape.sex === 'female' ? (rng.chance(0.85) ? LONG_HAIR : SHORT_HAIR) : rng.chance(0.93) ? SHORT_HAIR : LONG_HAIR;
  const bald = shape.sex === 'male' && shape.age !== 'child' && rng.chance(0.1);
  const hair = bald ? undefined : rng.pick(assets.hair.filter(({ piece }) => hairNames.includes(piece.name)));
  const brows = rng.pick(assets.brows);
  const grey = shape.age === 'old' ? 0.8 : shape.age === 'middleage' ? 0.25 : 0.02;
  const hairColor = rng.pick(rng.chance(grey) ? GREY_HAIR : shape.tone === 'dark' ? HAIR_COLORS.slice(0, 2) : HAIR_COLORS);

  const skinAge = shape.age === 'child' ? 'young' : shape.age;
  const skins = [...assets.skins.entries()].filter(([name]) => name.split(/[_.]/).includes(shape.sex));
  const match = skins.filter(([name]) => name.startsWith(skinAge) && (name.includes('dark') === (shape.tone === 'dark')));
  const [, skin] = rng.pick(match.length > 0 ? match : skins);

  const upperHue = hueOf(rng.unit(), rng.range(0.5, 1.3), rng.range(0.6, 1.35));
  const same = rng.chance(0.35);
  const lowerHue = same ? upperHue : hueOf(rng.unit(), rng.range(0.3, 1.1), rng.range(0.45, 1.25));
  const wash = (): Vec3 => [rng.range(0.85, 1), rng.range(0.85, 1), rng.range(0.85, 1)];
  const plain = (texture: Texture, color: Vec3 = [1, 1, 1]): Material => ({ color, texture });
  const complexion = rng.range(0.82, 1.05);
  const materials: Material[] = [
    { ...plain(skin, [Math.min(1, complexion), Math.min(1, complexion * rng.range(0.95, 1)), Math.min(1, complexion * rng.range(0.92, 1))]), roughness: 0.7 },
    { ...plain(suit.texture, wash()), hue: upperHue }, { ...plain(suit.texture, wash()), hue: lowerHue },
    { ...plain(shoes.texture, wash()), roughness: 0.6 },
    { ...plain((hair ?? assets.hair[0]).texture, hairColor), alphaTest: 110, roughness: 0.6 },
    { ...plain(rng.pick(assets.eyeColors)), roughness: 0.3 },
    { ...plain(brows.texture, hairColor), alphaTest: 110 },
  ];
  const hidden = suit.piece.binding.hidden.map((flag, i) => flag | shoes.piece.binding.hidden[i]);
  const word = colorWord(turned(shirtColor(suit), upperHue));
  return {
    pieces: [
      { piece: assets.bodies[shape.sex], slot: () => SKIN, hidden },
      { piece: suit.piece, slot: (t) => (suit.piece.onLegs[t] ? LOWER : UPPER) },
      { piece: shoes.piece, slot: () => SHOES },
      ...(hair ? [{ piece: hair.piece, slot: (): number => HAIR }] : []),
      { piece: assets.eyes, slot: () => EYES },
      { piece: brows.piece, slot: () => BROWS },
    ],
    materials,
    words: suit.piece.name.includes('elegant') ? `in a ${word} suit` : `in ${word}`,
  };
}

const shirtColors = new WeakMap<Wearable, Vec3>();

/** Mean colour of what of a suit is above the legs, before it is recoloured. */
function shirtColor(suit: Wearable): Vec3 {
  let color = shirtColors.get(suit);
  if (!color) {
    const { indices, onLegs, uvs } = suit.piece;
    color = meanColor(suit.texture, uvs, new Set(indices.filter((_, i) => !onLegs[Math.floor(i / 3)])));
    shirtColors.set(suit, color);
  }
  return color;
}

/** No material: hidden by clothes. */
const NONE = 255;

/** Joins the pieces into one geometry, sorted by material, without the skin that clothes hide. */
function assemble(outfit: Outfit, base: Float32Array): { surface: SkinnedSurface; geometry: Geometry } {
  const { pieces, materials } = outfit;
  const count = pieces.reduce((sum, { piece }) => sum + piece.source.length, 0);
  const surface = {
    positions: new Float32Array(3 * count), normals: new Float32Array(3 * count),
    bones: new Uint8Array(4 * count), weights: new Float32Array(4 * count),
  };
  const uvs = new Float32Array(2 * count);
  // Two passes over the triangles, counting and filling, instead of lists of tens of thousands of objects.
  const counts = new Uint32Array(materials.length);
  const slots = pieces.map(({ piece, slot, hidden }) => {
    const gone = hidden && hiddenVertices(piece, hidden);
    const of = new Uint8Array(piece.parts.length);
    for (let t = 0; t < of.length; t++) {
      const covered = gone && gone[piece.indices[3 * t]] && gone[piece.indices[3 * t + 1]] && gone[piece.indices[3 * t + 2]];
      of[t] = covered ? NONE : slot(t);
      if (!covered) counts[of[t]]++;
    }
    return of;
  });
  const groups: { start: number; count: number; material: number }[] = [];
  const next = new Uint32Array(materials.length);
  let total = 0;
  counts.forEach((many, material) => {
    if (many > 0) groups.push({ start: 3 * total, count: 3 * many, material });
    next[material] = total;
    total += many;
  });
  const indices = new Uint32Array(3 * total), parts = new Uint8Array(total), partUvs = new Float32Array(6 * total);
  let offset = 0;
  pieces.forEach(({ piece }, n) => {
    const { positions, normals } = dress(piece, base);
    surface.positions.set(positions, 3 * offset);
    surface.normals.set(normals, 3 * offset);
    surface.bones.set(piece.bones, 4 * offset);
    surface.weights.set(piece.weights, 4 * offset);
    uvs.set(piece.uvs, 2 * offset);
    const of = slots[n];
    for (let t = 0; t < of.length; t++) {
      if (of[t] === NONE) continue;
      const i = next[of[t]]++;
      for (let k = 0; k < 3; k++) indices[3 * i + k] = piece.indices[3 * t + k] + offset;
      parts[i] = piece.parts[t]!;
      for (let k = 0; k < 6; k++) partUvs[6 * i + k] = piece.partUvs[6 * t + k]!;
    }
    offset += piece.source.length;
  });
  return { surface, geometry: { positions: surface.positions, normals: surface.normals, uvs, indices, groups, materials, parts, partUvs } };
}

/** 1 for render vertices all of whose base vertices are hidden. */
function hiddenVertices(piece: Piece, hidden: Uint8Array): Uint8Array {
  const { vertices } = piece.binding;
  return Uint8Array.from(piece.source, (v) => hidden[vertices[3 * v]] & hidden[vertices[3 * v + 1]] & hidden[vertices[3 * v + 2]]);
}
