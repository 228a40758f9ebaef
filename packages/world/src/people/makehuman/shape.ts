import type { Rng } from '../../math/rng.js';
import type { NpyArray } from './npz.js';

export type Sex = 'female' | 'male';

/** Who somebody is, as far as the body shows it. */
export interface BodyShape {
  readonly sex: Sex;
  /** Years, roughly. */
  readonly age: 'child' | 'young' | 'middleage' | 'old';
  readonly tone: 'dark' | 'light';
  /** Target name -> weight. */
  readonly targets: ReadonlyMap<string, number>;
}

/** The base mesh and its shape targets. */
export class Morpher {
  private readonly index: ReadonlyMap<string, number>;

  constructor(private readonly base: Float32Array, names: NpyArray, private readonly deltas: Int16Array) {
    this.index = new Map(names.text.map((name, i) => [name, i]));
  }

  /** Base vertices moved by the weighted targets (base units). Fresh. */
  morph(targets: ReadonlyMap<string, number>): Float32Array {
    const out = Float32Array.from(this.base);
    const n = out.length;
    for (const [name, weight] of targets) {
      const i = this.index.get(name);
      if (i === undefined) throw new RangeError(`no shape target called ${name}`);
      const factor = weight / 1000;
      const o = i * n;
      for (let k = 0; k < n; k++) out[k] += factor * this.deltas[o + k];
    }
    return out;
  }
}

/** Weights of the three steps of a scale for a position -1..1. */
const steps = (low: string, high: string, at: number): [string, number][] =>
  [[at < 0 ? low : high, Math.abs(at)], ['average', 1 - Math.abs(at)]];

/** Draws a person: sex, age, origin, weight, muscle and height, spread as in a crowd. */
export function drawShape(rng: Rng): BodyShape {
  const sex: Sex = rng.chance(0.5) ? 'female' : 'male';
  const child = rng.chance(0.1);
  const years = rng.unit();
  const ages: [string, number][] = child
    ? [['child', rng.range(0.45, 1)]]
    : [['old', years * years]];
  ages.push(['young', 1 - ages[0][1]]);
  const origin = rng.pick(['african', 'asian', 'caucasian', 'caucasian']);
  const second = rng.chance(0.25) ? rng.pick(['african', 'asian', 'caucasian']) : origin;
  const share = rng.range(0.5, 1);
  const weight = Math.max(-1, Math.min(1, rng.normal() * 0.45 + 0.05));
  const muscle = Math.max(-1, Math.min(1, rng.normal() * 0.4));
  const tall = rng.normal() * 0.13;
  const targets = new Map<string, number>();
  const add = (name: string, value: number): void => {
    if (value > 0.003) targets.set(name, (targets.get(name) ?? 0) + value);
  };
  for (const [age, a] of ages) {
    add(`${origin}-${sex}-${age}`, a * share);
    add(`${second}-${sex}-${age}`, a * (1 - share));
    for (const [m, mw] of steps('min', 'max', muscle)) {
      for (const [w, ww] of steps('min', 'max', weight)) add(`universal-${sex}-${age}-${m}muscle-${w}weight`, a * mw * ww);
    }
    add(`height/${sex}-${age}-averagemuscle-averageweight-${tall < 0 ? 'min' : 'max'}height`, a * Math.min(Math.abs(tall), 0.35));
  }
  const age = child ? 'child' : years > 0.8 ? 'old' : years > 0.55 ? 'middleage' : 'young';
  const african = (origin === 'african' ? share : 0) + (second === 'african' ? 1 - share : 0);
  return { sex, age, tone: african > 0.45 ? 'dark' : 'light', targets };
}
