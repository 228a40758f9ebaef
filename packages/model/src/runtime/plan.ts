import type { Manifest } from '../manifest/schema.js';
import { parseSource, type Source } from '../manifest/sources.js';

/**
 * The graphs that `wanted` graphs need in one frame, themselves included, each after those it reads from. A graph read
 * by `previous.*` counts as read: on a first frame the current output stands in, and the next frame wants it kept. One read
 * by `state.*` is run too, for the next frame, but nobody waits for it.
 * Returns the circle instead where there is one.
 */
export function planGraphs(manifest: Pick<Manifest, 'graphs'>, wanted: Iterable<string>): { order: string[] } | { cycle: string[] } {
  const order: string[] = [];
  const roots = [...wanted];
  const visit = (name: string, path: readonly string[]): string[] | undefined => {
    if (order.includes(name)) return undefined;
    if (path.includes(name)) return [...path.slice(path.indexOf(name)), name];
    for (const source of sourcesOf(manifest, name)) {
      if (!('graph' in source)) continue;
      const cycle = source.from === 'state' ? void roots.push(source.graph) : visit(source.graph, [...path, name]);
      if (cycle) return cycle;
    }
    order.push(name);
    return undefined;
  };
  for (const name of roots) { // grows while it is walked
    const cycle = visit(name, []);
    if (cycle) return { cycle };
  }
  return { order };
}

/** Graphs whose outputs depend on which modalities are asked for: those that read `task.*`, themselves or through others. */
export function taskGraphs(manifest: Manifest): ReadonlySet<string> {
  const names = Object.keys(manifest.graphs);
  const found = new Set<string>();
  for (let before = -1; before !== found.size;) {
    before = found.size;
    for (const name of names) {
      if (sourcesOf(manifest, name).some((source) => source.from === 'task' || ('graph' in source && found.has(source.graph)))) found.add(name);
    }
  }
  return found;
}

function sourcesOf(manifest: Pick<Manifest, 'graphs'>, graph: string): Source[] {
  return Object.values(manifest.graphs[graph]?.inputs ?? {}).flatMap((text) => parseSource(text) ?? []);
}
