import convert from 'color-convert';

/** sRGB of the eleven basic colours (Berlin and Kay 1969), as captions name them in training (training/sextant_nano/paint_data.py). */
const BASIC = {
  black: [20, 20, 20], white: [235, 235, 235], grey: [128, 128, 128], red: [190, 40, 40], green: [60, 130, 60], blue: [50, 80, 170],
  yellow: [215, 190, 60], orange: [220, 120, 40], brown: [110, 75, 45], pink: [220, 150, 165], purple: [120, 60, 140],
} as const;

/** A basic colour. */
export type Colour = keyof typeof BASIC;

const OTHER_WORDS: Readonly<Record<string, Colour>> = { gray: 'grey', violet: 'purple' };

const IN_LAB = (Object.keys(BASIC) as Colour[]).map((colour) => ({ colour, lab: convert.rgb.lab.raw([...BASIC[colour]]) }));

/** The basic colour that a word means, in lower case; undefined for other words. */
export function colourOf(word: string): Colour | undefined {
  if (Object.hasOwn(BASIC, word)) return word as Colour;
  return Object.hasOwn(OTHER_WORDS, word) ? OTHER_WORDS[word] : undefined;
}

/**
 * The basic colour nearest to sRGB (0..255 each) by the distance in CIELAB (CIE 1976). A second-nearest that is nearly as near does not count: with it more pixels of
 * other colours are found (pooled IoU of "the red car" on worlds 50000 to 50015 .47, with those up to 1.3 times as far .40).
 */
export function nearestColour(rgb: readonly [number, number, number]): Colour {
  const [l, a, b] = convert.rgb.lab.raw([...rgb]);
  const far = IN_LAB.map(({ colour, lab }) => ({ colour, distance: Math.hypot(l - lab[0], a - lab[1], b - lab[2]) }));
  return far.reduce((best, other) => (other.distance < best.distance ? other : best)).colour;
}
