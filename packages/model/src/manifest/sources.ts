/** Where the value of one ONNX input comes from; the textual form is described in docs/manifest.md. */
export type Source =
  | { readonly from: 'frame'; readonly name: FrameSource }
  | { readonly from: 'task'; readonly name: TaskSource }
  | { readonly from: 'graph' | 'previous' | 'state'; readonly graph: string; readonly output: string };

export const FRAME_SOURCES = ['rgb', 'focal', 'image'] as const;
export type FrameSource = (typeof FRAME_SOURCES)[number];
export const TASK_SOURCES = ['select', 'prompt', 'time', 'noise', 'z', 'z_streams', 'small', 'small_streams', 'beside', 'streams', 'caption'] as const;
export type TaskSource = (typeof TASK_SOURCES)[number];
/** What there is while estimating; the others are of pictures that are made. */
export const ESTIMATE_SOURCES: readonly TaskSource[] = ['select', 'prompt', 'time', 'noise'];

/** Reads a source, `undefined` where it has no known form. Whether the graph and output exist is checked elsewhere. */
export function parseSource(text: string): Source | undefined {
  const parts = text.split('.');
  const [first, second, third] = parts;
  if (first === 'previous' || first === 'state') {
    return parts.length === 3 && second && third ? { from: first, graph: second, output: third } : undefined;
  }
  if (parts.length !== 2 || !first || !second) return undefined;
  if (first === 'frame') return isOneOf(FRAME_SOURCES, second) ? { from: 'frame', name: second } : undefined;
  if (first === 'task') return isOneOf(TASK_SOURCES, second) ? { from: 'task', name: second } : undefined;
  return { from: 'graph', graph: first, output: second };
}

function isOneOf<T extends string>(words: readonly T[], word: string): word is T {
  return (words as readonly string[]).includes(word);
}
