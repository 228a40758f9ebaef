import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { SextantError } from '@sextant/core';
import { LineCounter, isMap, isNode, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import { pipelineSchema } from './schema.js';
import type { PipelineConfig } from './schema.js';

const HINT = 'launch/README.md describes the keys.';

/**
 * Reads a pipeline file. Relative paths of what it reads (videos, folders, calibration, model folders, assets) are
 * relative to the file, `record` to the working folder; names (`nano`, `sim:7`, `rtsp://...`) stay.
 * @throws SextantError `bad-config` naming file, line and key; `source-missing` where the file cannot be read.
 */
export async function readPipeline(path: string): Promise<PipelineConfig> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new SextantError('source-missing', `the configuration ${path} cannot be read: ${(cause as Error).message}`, {
      hint: 'Give the path of a YAML file; launch/ has examples.',
      details: { path },
      cause,
    });
  }
  return resolvePaths(parsePipeline(text, path), dirname(resolve(path)));
}

/** Validates the text of a pipeline file; `file` is what errors call it. @throws SextantError `bad-config` with a line for each mistake. */
export function parsePipeline(text: string, file: string): PipelineConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [syntax] = document.errors;
  if (syntax !== undefined) throw fail(file, syntax.linePos?.[0].line ?? 1, '', syntax.message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, ''));
  const checked = pipelineSchema.safeParse(document.toJS() ?? {});
  if (checked.success) return checked.data;
  const problems = checked.error.issues
    .flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: [...issue.path, key], problem: 'no such key' })) : [{ path: issue.path, problem: issue.message }]))
    .map(({ path, problem }) => ({ line: lineOf(document, lines, path), key: path.map(String).join('.'), problem }))
    .sort((a, b) => a.line - b.line);
  const [{ line, key, problem }, ...more] = problems;
  throw fail(file, line, key, [problem, ...more.map((other) => `${file}:${other.line}: ${other.key}: ${other.problem}`)].join('\n'));
}

function fail(file: string, line: number, key: string, problem: string): SextantError {
  return new SextantError('bad-config', `${file}:${line}: ${key === '' ? '' : `${key}: `}${problem}`, { hint: HINT, details: { file, line, key } });
}

/** The line of the deepest key on `path` that the document has. */
function lineOf(document: Document.Parsed, lines: LineCounter, path: readonly PropertyKey[]): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const keys = path.slice(0, depth) as (string | number)[];
    const parent = depth === 1 ? document.contents : document.getIn(keys.slice(0, -1), true);
    const pair = isMap(parent) ? parent.items.find((item) => String(item.key) === String(keys.at(-1))) : undefined;
    const node = pair === undefined ? document.getIn(keys, true) : pair.key;
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return 1;
}

function resolvePaths(config: PipelineConfig, folder: string): PipelineConfig {
  const at = (path: string): string => (isAbsolute(path) ? path : resolve(folder, path));
  const { source, calibration, model, camera } = config;
  return {
    ...config,
    ...(source !== undefined && { source: resolveSource(source, at) }),
    ...(calibration !== undefined && { calibration: at(calibration) }),
    ...(model !== undefined && { model: /[/\\]/.test(model) ? at(model) : model }),
    ...(camera?.assets !== undefined && { camera: { ...camera, assets: at(camera.assets) } }),
  };
}

function resolveSource(source: string, at: (path: string) => string): string {
  const [, scheme, rest = ''] = /^([a-z][a-z0-9]+):(.*)$/is.exec(source) ?? [];
  if (scheme === undefined) return source === 'sim' ? source : at(source);
  return scheme.toLowerCase() === 'dir' && rest !== '' ? `dir:${at(rest)}` : source;
}
