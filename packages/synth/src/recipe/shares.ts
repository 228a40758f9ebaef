import { Rng } from '@sextant/world';

/**
 * Shares out by weight, one at a time: who is behind its share comes, by chance where several are, so that of every first n each has its
 * share to within about one, and two things that are shared out side by side do not go in step. The same calls, the same draws.
 */
export class Shares {
  readonly #streams = new Map<string, { drawn: number; readonly counts: Map<string, number> }>();

  /**
   * @param stream what is shared out; draws of one stream know nothing of another's
   * @param weights by key, at least one above 0
   * @param among the keys that may come this time, all with weights above 0
   */
  draw(stream: string, weights: Readonly<Partial<Record<string, number>>>, among: readonly string[]): string {
    let state = this.#streams.get(stream);
    if (!state) this.#streams.set(stream, (state = { drawn: 0, counts: new Map() }));
    state.drawn += 1;
    const total = Object.values(weights).reduce<number>((sum, weight = 0) => sum + weight, 0);
    const behind = among.map((key) => (weights[key]! / total) * state.drawn - (state.counts.get(key) ?? 0));
    const chosen = among[draw(behind, new Rng(0).fork(`${stream}/${state.drawn}`).unit())];
    state.counts.set(chosen, (state.counts.get(chosen) ?? 0) + 1);
    return chosen;
  }
}

/** An index, drawn in proportion to what is above 0; the largest where nothing is. */
function draw(values: readonly number[], u: number): number {
  // What rounding leaves of a share is no share.
  const positive = values.map((value) => (value > 1e-9 ? value : 0));
  let left = u * positive.reduce((sum, value) => sum + value, 0);
  if (left === 0) return values.indexOf(Math.max(...values));
  for (const [i, value] of positive.entries()) {
    left -= value;
    if (left < 0) return i;
  }
  return positive.findLastIndex((value) => value > 0);
}
