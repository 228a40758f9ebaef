import type { ParameterStore } from '../parameters/store.js';

/** A parameter as Foxglove sees it; `type` tells a whole-numbered double from an integer. */
export interface FoxgloveParameter {
  readonly name: string;
  readonly value: unknown;
  readonly type?: 'float64';
}

/** foxglove_bridge's names: the node, a dot, the parameter. */
const PREFIX = '/sextant.';

/** The store's name of a parameter, with or without the node's. */
export function storeName(name: string): string {
  return name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
}

/** Values by Foxglove's names; all for an empty list, unknown names left out (as foxglove_bridge does). */
export function parameterValues(store: ParameterStore, asked: readonly string[]): FoxgloveParameter[] {
  const wanted = asked.length === 0 ? store.specs.map(({ name }) => name) : asked.map(storeName).filter((name) => store.has(name));
  return wanted.map((name) => ({ name: PREFIX + name, value: store.get(name), ...(store.spec(name).type === 'double' && { type: 'float64' as const }) }));
}
