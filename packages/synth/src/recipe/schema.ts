import { MODALITIES } from '@sextant/core';
import { SAMPLERS } from '@sextant/model';
import { PLACES, RIGS } from '@sextant/world';
import { z } from 'zod';

/** Seeds are 32 bits. */
const MOST_SEED = 0xffff_ffff;

const word = z.string().min(1);
const whole = (least: number, most: number) => z.number().int().min(least).max(most);
const seed = whole(0, MOST_SEED);
const share = z.number().min(0);
const size = z.string().regex(/^\d{1,4}x\d{1,4}$/, 'must be WxH in pixels, for example 320x240').transform((text) => {
  const [width, height] = text.split('x').map(Number);
  return { width, height };
});

/** A list of some words. */
const list = <const W extends readonly [string, string, ...string[]]>(words: W) =>
  z.array(z.enum(words, `must be one of ${words.join(', ')}`), `must be a list of ${words.join(', ')}, for example [${words[0]}, ${words[1]}]`);

/** What is named twice counts once, as on the command line. */
const once = <T>(words: readonly T[]): T[] => [...new Set(words)];

/** A first seed, a first and a last one, or a list. */
const seeds = z.union([
  seed.transform((first) => ({ first, last: undefined, list: undefined })),
  z.strictObject({ first: seed, last: seed.optional() }).transform(({ first, last }) => ({ first, last, list: undefined })),
  z.array(seed).min(1).transform((list) => ({ first: list[0], last: undefined, list })),
], 'must be a first seed (2000000), {first, last}, or a list of seeds');

/** How often each of some values is wanted, by weight. */
const shares = <K extends readonly [string, ...string[]]>(names: K) => z.partialRecord(z.enum(names), share);

/** What is between the world and the pictures; times in milliseconds, as data sheets give them. */
const sensor = z.strictObject({
  lens: z.union([z.literal('random'), z.array(z.number()).length(5)], 'must be random, or the five coefficients k1, k2, p1, p2, k3 of plumb_bob').optional(),
  readoutMs: z.number().min(0).max(1000).optional(),
  exposureMs: z.number().min(0).max(1000).optional(),
  vignetting: z.number().min(0).max(1).optional(),
  exposureStops: z.number().min(-8).max(8).optional(),
  whiteBalance: z.tuple([z.number().positive(), z.number().positive(), z.number().positive()]).optional(),
  defocus: z.number().min(0).max(20).optional(),
  shotNoise: z.number().min(0).max(1).optional(),
  readNoise: z.number().min(0).max(1).optional(),
  bayer: z.boolean().optional(),
  bits: whole(4, 16).optional(),
  /** Stops and linear gain per frame; both come back (world's `wander`), and even what turns latest, after two frames, leaves every channel some gain. */
  drift: z.strictObject({ stops: z.number().min(-2).max(2).default(0), warmth: z.number().min(-0.25).max(0.25).default(0) }).optional(),
});

/** `--reject` as a mapping: `{depth: 0.2, depth.delta1Scale: 0.8}`. */
const reject = z.record(word, z.number().min(0));

/** A part of a data set: a share of the clips, or clips and seeds of its own. */
const split = z.union([share, z.strictObject({ clips: whole(1, 1_000_000), seeds })], 'must be a share, or {clips, seeds}');

/** The recipe of a data set, as YAML; docs/datasets.md tells what each key means. */
export const recipeSchema = z.strictObject({
  /** Render worlds, or let a model paint pictures for the labels of rendered worlds. */
  source: z.enum(['world', 'generate']).default('world'),
  clips: whole(1, 1_000_000).optional(),
  frames: whole(1, 100_000).default(16),
  size: size.refine(({ width, height }) => width >= 8 && height >= 8 && width <= 8192 && height <= 8192, 'must be from 8 to 8192 pixels a side').prefault('320x240'),
  fps: z.number().positive().max(1000).default(30),
  seeds: seeds.optional(),
  /** Seeds that a clip may use up before it is given up. */
  tries: whole(1, 1000).default(8),
  /** The data set is for evaluation: it may use the seeds that are kept for it. */
  evaluation: z.boolean().default(false),
  /** Folder of open assets; procedural without. */
  assets: word.optional(),
  scene: z.enum(['indoor', 'outdoor']).optional(),
  shares: z.strictObject({
    place: shares(PLACES).optional(),
    rig: shares(RIGS).optional(),
    people: z.record(z.string().regex(/^\d+(-\d+)?$/, 'must be a number of people or a range, for example 1-3'), share).optional(),
    light: shares(['day', 'night']).optional(),
    animals: shares(['some', 'none']).optional(),
  }).default({}),
  /** Degrees across, or the range that they are drawn from. */
  fov: z.union([z.number().min(30).max(120), z.tuple([z.number().min(30).max(120), z.number().min(30).max(120)])], 'must be degrees from 30 to 120, or [least, most]').optional(),
  supersampling: z.union([z.literal(1), z.literal(2)]).default(2),
  sensor: z.union([z.enum(['ideal', 'random']), sensor], { error: (issue) => (typeof issue.input === 'object' ? undefined : 'must be ideal, random, or what is wrong with the camera') }).default('ideal'),
  modalities: list(MODALITIES).min(1).transform(once).prefault([...MODALITIES]),
  splits: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_-]*$/, 'must be a plain word'), split).optional(),
  /** `split`: a folder for each part; `flat`: all in `clips/`. */
  layout: z.enum(['split', 'flat']).default('split'),
  /** A preview video of each clip. */
  preview: z.boolean().default(true),
  exports: list(['coco', 'tum', 'nerfstudio']).transform(once).prefault(['coco']),
  check: z.strictObject({ model: word.default('nano'), reject }).optional(),
  generate: z.strictObject({
    model: word.default('nano'),
    conditions: list(MODALITIES).min(1).transform(once).prefault(['depth', 'segmentation']),
    /** Colours of the regions: those of the rendered world, the classes' display colours, or none. */
    palette: z.enum(['world', 'classes', 'none']).default('world'),
    /** What is to be seen; `{caption}` stands for the clip's caption. */
    prompt: z.string().default('{caption}'),
    negative: z.string().default(''),
    steps: whole(1, 1000).optional(),
    sampler: z.enum(SAMPLERS).optional(),
    shift: z.number().positive().optional(),
    guidance: z.number().min(0).max(20).optional(),
    conditionGuidance: z.number().min(0).max(20).optional(),
  }).optional(),
});

/** A validated recipe with its defaults filled in. */
export type Recipe = z.output<typeof recipeSchema>;
/** Where a recipe's seeds come from. */
export type SeedSource = z.output<typeof seeds>;

/** The recipe's schema as JSON Schema (draft 2020-12), for editors. */
export function recipeJsonSchema(): unknown {
  return { title: 'Recipe of sextant dataset', ...z.toJSONSchema(recipeSchema, { io: 'input', unrepresentable: 'any' }) };
}

/** The keys that a mapping at `path` of a recipe may have; none where they are free. */
export function recipeKeysAt(path: readonly PropertyKey[]): readonly string[] {
  let node: unknown = z.toJSONSchema(recipeSchema, { io: 'input', unrepresentable: 'any' });
  for (const step of path) node = branches(node).map((branch) => (branch.properties ?? {})[String(step)]).find((next) => next !== undefined);
  return branches(node).flatMap(({ properties = {}, propertyNames }) => [...Object.keys(properties), ...(propertyNames?.enum ?? [])]);
}

interface Branch {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly propertyNames?: { readonly enum?: readonly string[] };
  readonly anyOf?: readonly unknown[];
}

/** A JSON Schema and, where it has alternatives, those. */
function branches(node: unknown): Branch[] {
  if (typeof node !== 'object' || node === null) return [];
  return [node, ...((node as Branch).anyOf ?? []).flatMap(branches)];
}
