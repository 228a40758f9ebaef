// What is named, and how: words and counts as training/sextant_nano/refer.py has them, so that figures speak of what was trained.
/** How many of a thing are said by which word; four stands for more. */
const NUMBERS = ['one', 'two', 'three', 'several'];
const LEADS = ['segmentation of', 'segmentation mask of', 'mask of', 'segmentation'];
/** Regions of fewer pixels of the map's grid are no thing, and classes of fewer are not in view. */
export const LEAST = 12;
/** The groups that figures are told of, the first the measure of the others. */
export const KINDS = ['trained', 'heldOutNouns', 'heldOutNumbers', 'heldOutPairs'];

const numberOf = (count) => NUMBERS[Math.min(count, 4) - 1];
const plural = (noun) => (noun === 'person' ? 'people' : /(s|sh|ch|x)$/.test(noun) ? `${noun}es` : noun.endsWith('shelf') ? `${noun.slice(0, -5)}shelves` : `${noun}s`);

/** A number of [0, 1) that is always the same for the same integers: which of training's wordings is used. */
export function fixedDraw(...of) {
  let h = 2166136261;
  for (const n of of) {
    h = Math.imul(h ^ n, 16777619);
    h = Math.imul(h ^ (h >>> 15), 2246822507);
    h ^= h >>> 13;
  }
  return (h >>> 0) / 2 ** 32;
}

/**
 * A phrase for `count` of a class. `wording` of [0, 1) draws lead and number as training does: a number in half of the phrases, "the" in a tenth, else none.
 * @param numbered the number is always said: a held-out number or pair that is not said is not asked for
 */
export function phraseFor(name, count, wording, numbered = false) {
  const lead = LEADS[Math.floor(wording * 4)];
  const rest = (wording * 16) % 1;
  const number = numbered || rest >= 0.5 ? numberOf(count) : rest < 0.4 ? '' : 'the';
  return [lead, number, count === 1 ? name : plural(name)].filter((word) => word !== '').join(' ');
}

/** Which group a prompt counts for; `held` is the manifest's `training.heldOut`. */
export function kindOf(name, count, held) {
  if (held.nouns.includes(name)) return 'heldOutNouns';
  const number = numberOf(count);
  if (held.counts.includes(number)) return 'heldOutNumbers';
  return held.pairs.some(([n, noun]) => n === number && noun === name) ? 'heldOutPairs' : 'trained';
}

/** Class id -> number of things (stuff counts as one) of at least LEAST pixels; labels and instances on the map's grid. */
export function thingsInView(labels, instances, classes) {
  const seen = new Map();
  labels.forEach((label, i) => {
    if (!seen.has(label)) seen.set(label, new Map());
    seen.get(label).set(instances[i], (seen.get(label).get(instances[i]) ?? 0) + 1);
  });
  const counts = new Map();
  for (const { id, thing } of classes) {
    const sizes = [...(seen.get(id)?.values() ?? [])];
    if (id === 0 || sizes.reduce((a, b) => a + b, 0) < LEAST) continue;
    counts.set(id, thing ? Math.max(1, sizes.filter((n) => n >= LEAST).length) : 1);
  }
  return counts;
}
