import { readFile } from 'node:fs/promises';
import { SextantError } from '@sextant/core';
import { closest, distance } from 'fastest-levenshtein';
import { LineCounter, isMap, isNode, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { z } from 'zod';

/** A key may be this far from a known one to be told as what was meant. */
const NEAR = 3;

/** What a YAML file is read by. */
export interface YamlForm<T> {
  readonly schema: z.ZodType<T>;
  /** What the file is called: "the configuration". */
  readonly name: string;
  /** Where its keys are described. */
  readonly hint: string;
  /** The keys that an object at `path` may have, for a better word about a wrong one. */
  readonly keysAt?: (path: readonly PropertyKey[]) => readonly string[];
}

/** A validated file, with a way to blame a key of it for what only later turns out to be wrong. */
export interface YamlFile<T> {
  readonly value: T;
  /** An error at the line of `key` (`a.b.0`). */
  readonly blame: (key: string, problem: string, hint?: string) => SextantError;
}

/** The text of a file. @throws SextantError `source-missing`. */
export async function readText(path: string, { name, hint }: Pick<YamlForm<unknown>, 'name' | 'hint'>): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new SextantError('source-missing', `${name} ${path} cannot be read: ${(cause as Error).message}`, { hint: `Give the path of a YAML file; ${hint}`, details: { path }, cause });
  }
}

/** Validates the text of a YAML file; `file` is what errors call it. @throws SextantError `bad-config` with a line for each mistake. */
export function parseYaml<T>(text: string, file: string, { schema, hint, keysAt }: YamlForm<T>): YamlFile<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const fail = (line: number, key: string, problem: string, advice = hint): SextantError =>
    new SextantError('bad-config', `${file}:${line}: ${key === '' ? '' : `${key}: `}${problem}`, { hint: advice, details: { file, line, key } });
  const blame: YamlFile<T>['blame'] = (key, problem, advice) => fail(lineOf(document, lines, key.split('.').map((word) => (/^\d+$/.test(word) ? Number(word) : word))), key, problem, advice);
  const [syntax] = document.errors;
  if (syntax !== undefined) throw fail(syntax.linePos?.[0].line ?? 1, '', syntax.message.split('\n')[0].replace(/ at line \d+, column \d+:?$/, ''));
  const checked = schema.safeParse(document.toJS() ?? {});
  if (checked.success) return { value: checked.data, blame };
  const problems = checked.error.issues
    .flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys.map((key) => ({ path: [...issue.path, key], problem: unknownKey(key, keysAt?.(issue.path) ?? []) })) : [{ path: issue.path, problem: issue.message }]))
    .map(({ path, problem }) => ({ line: lineOf(document, lines, path), key: path.map(String).join('.'), problem }))
    .sort((a, b) => a.line - b.line);
  const [{ line, key, problem }, ...more] = problems;
  throw fail(line, key, [problem, ...more.map((other) => `${file}:${other.line}: ${other.key}: ${other.problem}`)].join('\n'));
}

function unknownKey(key: string, known: readonly string[]): string {
  if (known.length === 0) return 'no such key';
  const near = closest(key, known);
  return distance(key.toLowerCase(), near.toLowerCase()) <= NEAR ? `no such key; is ${near} meant?` : `no such key; there are ${known.join(', ')}`;
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
