import type { Manifest } from '../manifest/schema.js';
import { parseSource } from '../manifest/sources.js';

/**
 * The graphs that `wanted` graphs need in one frame, themselves included, each after those it reads from. A graph read
 * by `previous.*` counts as read: on a first frame the current output stands in, and the next frame wants it kept.
 * Returns the circle instead where there is one.
 */
export function planGraphs(manifest: Manifest, wanted: Iterable<string>): { order: string[] } | { cycle: string[] } {
  const order: string[] = [];
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (order.includes(name)) return undefined;
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    for (const text of Object.values(manifest.graphs[name]?.inputs ?? {})) {
      const source = parseSource(text);
      const cycle = source && 'graph' in source ? visit(source.graph, [...path, name]) : undefined;
      if (cycle) return cycle;
    }
    order.push(name);
    return undefined;
  };
  for (const name of wanted) {
    const cycle = visit(name, []);
    if (cycle) return { cycle };
  }
  return { order };
}
