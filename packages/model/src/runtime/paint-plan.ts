import type { Manifest } from '../manifest/schema.js';
import { parseSource, type Source } from '../manifest/sources.js';
import { planGraphs } from './plan.js';

/** One graph of a plan, what it reads, and the outputs that somebody reads. */
export interface PaintStep {
  readonly graph: string;
  readonly inputs: readonly (readonly [string, Source])[];
  readonly outputs: readonly string[];
}

/** The graphs of a generating task, in order. */
export interface PaintPlan {
  /** Run once a frame: they look at nothing that changes while noise is taken away (a clean stream never looks at noise). */
  readonly steady: readonly PaintStep[];
  /** Run at every look. */
  readonly look: readonly PaintStep[];
  /** Run once on the small picture and streams: they make the streams large. Empty unless streams were made, and made small. */
  readonly sharpen: readonly PaintStep[];
  /** Run once on the small picture and large streams: they paint the frame. Empty where what is sampled is the frame itself. */
  readonly finish: readonly PaintStep[];
  /** Run on the finished frame: they give the next one its states. */
  readonly after: readonly PaintStep[];
  /** `<graph>.<output>` of every state that is kept. */
  readonly states: ReadonlySet<string>;
}

/** Plans a generating task: which graphs predict what is made, and which remember it. */
export function planPainting(manifest: Manifest, task: 'generate' | 'joint'): PaintPlan {
  const { made, painted } = manifest.tasks?.[task] ?? {};
  const keysOf = (outputs: typeof made): string[] => Object.values(outputs ?? {}).filter((key) => key !== undefined);
  const graphOf = (key: string): string => key.slice(0, key.indexOf('.'));
  const [predicted, finished] = [keysOf(made), keysOf(painted)];
  const roots = predicted.map(graphOf);
  const planned = planGraphs(manifest, [...roots, ...finished.map(graphOf)]);
  const order = 'order' in planned ? planned.order : [];
  const inputs = new Map(order.map((graph) => [graph, Object.entries(manifest.graphs[graph].inputs).map(([name, text]) => [name, parseSource(text) as Source] as const)]));
  const sources = (graph: string): Source[] => (inputs.get(graph) ?? []).map(([, source]) => source);

  const needed = (graphs: readonly string[]): Set<string> => {
    const found = new Set(graphs);
    for (const graph of found) for (const source of sources(graph)) if (source.from === 'graph') found.add(source.graph); // grows while it is walked
    return found;
  };
  const looked = needed(roots);
  const finishing = (key: string | undefined): PaintStep[] => {
    const graphs = needed(key === undefined ? [] : [graphOf(key)]);
    return order.filter((graph) => graphs.has(graph) && !looked.has(graph)).map(step);
  };
  const changing = new Set<string>();
  const changes = (source: Source): boolean =>
    (source.from === 'task' && ['z', 'z_streams', 'time'].includes(source.name)) || (source.from === 'graph' && changing.has(source.graph));
  for (const graph of order) if (sources(graph).some(changes)) changing.add(graph);

  const states = new Set<string>();
  const read = new Set([...predicted, ...finished]);
  for (const source of order.flatMap(sources)) {
    if (!('graph' in source)) continue;
    if (source.from === 'state') states.add(`${source.graph}.${source.output}`);
    else read.add(`${source.graph}.${source.output}`);
  }
  const remembered = needed([...states].map(graphOf));

  const step = (graph: string): PaintStep => ({
    graph,
    inputs: inputs.get(graph) ?? [],
    outputs: manifest.graphs[graph].outputs.filter((output) => read.has(`${graph}.${output}`) || states.has(`${graph}.${output}`)),
  });
  return {
    steady: order.filter((graph) => looked.has(graph) && !changing.has(graph)).map(step),
    look: order.filter((graph) => looked.has(graph) && changing.has(graph)).map(step),
    sharpen: finishing(painted?.streams),
    finish: finishing(painted?.rgb),
    after: order.filter((graph) => remembered.has(graph)).map(step),
    states,
  };
}
