import { SextantError } from '@sextant/core';

/** How the scale of depth is known from outside. */
export type ScaleSpec =
  /** Depth is multiplied by this. */
  | { readonly kind: 'factor'; readonly factor: number }
  /** The camera is so many metres above the floor it sees. */
  | { readonly kind: 'camera-height'; readonly metres: number }
  /** Things of this class are so many metres tall. */
  | { readonly kind: 'object'; readonly name: string; readonly metres: number }
  /** A few true distances per frame come from elsewhere (sonar, lidar): scale and shift are fitted to them. */
  | { readonly kind: 'ranges'; readonly topic: string; readonly message: 'Range' | 'LaserScan' };

const FORMS = 'a factor (1.25), camera-height:<metres>, object:<class>:<metres tall>, range:<topic of sensor_msgs/Range>, scan:<topic of sensor_msgs/LaserScan>';

/**
 * Reads a scale as people write it; undefined for an empty text, `none` and `model`, which leave depth as the model gives it.
 * @throws SextantError `bad-argument`.
 */
export function parseScale(text: string): ScaleSpec | undefined {
  const bad = (what: string): SextantError => new SextantError('bad-argument', `the scale '${text}' ${what}`, { hint: `A scale is ${FORMS}, or none.`, details: { scale: text } });
  const word = text.trim();
  if (word === '' || word === 'none' || word === 'model') return undefined;
  const metres = (value: string, most: number): number => {
    const number = Number(value);
    if (value.trim() === '' || !(number > 0) || number > most) throw bad(`needs a number of metres from 0 to ${most}, not '${value}'`);
    return number;
  };
  const [kind, ...rest] = word.split(':');
  if (kind === 'camera-height') return { kind, metres: metres(rest.join(':'), 1000) };
  if (kind === 'object') {
    if (rest.length !== 2 || rest[0] === '') throw bad('names no class and height');
    return { kind, name: rest[0], metres: metres(rest[1], 1000) };
  }
  if (kind === 'range' || kind === 'scan') {
    if (!/^\/?[A-Za-z~][\w~]*(\/[A-Za-z~][\w~]*)*$/.test(rest.join(':'))) throw bad('names no topic');
    return { kind: 'ranges', topic: rest[0].startsWith('/') ? rest[0] : `/${rest[0]}`, message: kind === 'range' ? 'Range' : 'LaserScan' };
  }
  const factor = Number(word);
  if (!(factor > 0) || factor > 1e6) throw bad('is none of them');
  return { kind: 'factor', factor };
}

/**
 * Refuses a scale by things that no model of these classes finds.
 * @throws SextantError `bad-argument`.
 */
export function checkScale(spec: ScaleSpec | undefined, classes: readonly { readonly name: string }[]): void {
  if (spec?.kind !== 'object' || classes.some(({ name }) => name === spec.name)) return;
  const hint = classes.length === 0 ? 'It has no classes: give another scale.' : `Classes: ${classes.map(({ name }) => name).join(', ')}.`;
  throw new SextantError('bad-argument', `the model knows no class '${spec.name}' to take the scale from`, { hint, details: { class: spec.name } });
}
