/** What a look is told: the condition and the caption, the condition and the negative prompt, or the negative prompt alone. */
export const VARIANTS = ['full', 'condition', 'nothing'] as const;
export type Variant = (typeof VARIANTS)[number];

/** Weights of classifier-free guidance (Ho and Salimans 2022); 1 is none. */
export interface Guidance {
  /** How much further than without the caption (or than with the negative prompt) to go. */
  readonly text: number;
  /** How much further than without the condition to go. */
  readonly condition: number;
  /** Guided are only looks at noise levels over this (Kynkaanniemi et al. 2024, "Applying Guidance in a Limited Interval"). @default 0 */
  readonly above?: number;
  /**
   * Share of what weights are above 1 that is left for frames after the first, 0..1: they see the frame before, and would be guided over and over, which shifts colours and blurs what
   * things are. @default 1
   */
  readonly later?: number;
  /**
   * Share that is left of what guidance adds along the picture itself, 0..1: it makes dark darker and bright brighter, and people black before white walls (Sadat et al. 2025,
   * "Eliminating Oversaturation and Artifacts of High Guidance Scales in Diffusion Models", eta). @default 1
   */
  readonly parallel?: number;
}

/** Where nothing is said. */
export const UNGUIDED: Required<Guidance> = { text: 1, condition: 1, above: 0, later: 1, parallel: 1 };

/** The guidance of frame `index` of a clip. */
export function guidanceOf(guidance: Guidance, index: number): Guidance {
  const { text, condition, later = 1 } = guidance;
  if (index === 0 || later === 1) return guidance;
  const less = (weight: number): number => (weight > 1 ? 1 + later * (weight - 1) : weight);
  return { ...guidance, text: less(text), condition: less(condition) };
}

/** The looks that a guidance needs where it guides, each a run of the network. */
export function variantsFor({ text, condition }: Guidance): readonly Variant[] {
  if (text === 1 && condition === 1) return ['full'];
  return [...(text === 0 ? [] : (['full'] as const)), 'condition', ...(condition === 1 ? [] : (['nothing'] as const))];
}

/** The looks at noise level `t`, 0..1: at `above` and below a single one, which heeds the caption unless its weight is 0. */
export function variantsAt(guidance: Guidance, t: number): readonly Variant[] {
  if (t > (guidance.above ?? 0)) return variantsFor(guidance);
  return [guidance.text === 0 ? 'condition' : 'full'];
}

/**
 * nothing + condition weight (condition - nothing) + text weight (full - condition): Brooks et al. 2023, "InstructPix2Pix", equation 3; less of what that
 * adds along the look that heeds most (`parallel`). Returns `full` itself where both weights are 1, else a fresh array.
 * @param planes channels of each look, one after the other
 */
export function guide({ text, condition, parallel = 1 }: Guidance, looks: Readonly<Partial<Record<Variant, Float32Array>>>, planes = 1): Float32Array {
  const { full, condition: told, nothing } = looks;
  if (!told) return full as Float32Array;
  const out = new Float32Array(told.length);
  for (let i = 0; i < out.length; i++) {
    const base = nothing ? nothing[i] + condition * (told[i] - nothing[i]) : told[i];
    out[i] = full ? base + text * (full[i] - told[i]) : base;
  }
  if (parallel < 1) for (let k = 0; k < planes; k++) holdContrast(plane(out, k, planes), plane(full ?? told, k, planes), parallel);
  return out;
}

/** Takes from a guided plane what it has more of the look's contrast (its differences from its mean) than the look, but the share `left`. */
function holdContrast(guided: Float32Array, look: Float32Array, left: number): void {
  const mean = look.reduce((sum, value) => sum + value, 0) / look.length;
  let along = 0, contrast = 0;
  for (let i = 0; i < look.length; i++) {
    along += (guided[i] - look[i]) * (look[i] - mean);
    contrast += (look[i] - mean) ** 2;
  }
  const share = contrast > 0 ? ((1 - left) * along) / contrast : 0;
  for (let i = 0; i < look.length; i++) guided[i] -= share * (look[i] - mean);
}

function plane(x: Float32Array, k: number, planes: number): Float32Array {
  const n = x.length / planes;
  return x.subarray(k * n, (k + 1) * n);
}
