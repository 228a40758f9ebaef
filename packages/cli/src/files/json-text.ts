/** Characters that are gathered before they are given. */
const PIECE = 1 << 20;

/**
 * A value as indented JSON with an end of line, in pieces: what `JSON.stringify` with an indent of 1 says, but lists that are the value or its
 * fields are told element by element, since a clip's may be longer than a string can be (2^29 - 24 characters in V8). bigint becomes a number.
 */
export function* jsonText(value: unknown): Generator<string> {
  let gathered = '';
  for (const part of parts(value)) {
    gathered += part;
    if (gathered.length < PIECE) continue;
    yield gathered;
    gathered = '';
  }
  yield `${gathered}\n`;
}

function* parts(value: unknown): Generator<string> {
  if (Array.isArray(value)) yield* listed(value, '');
  else if (isPlain(value)) yield* fields(value);
  else yield text(value, '');
}

function* fields(value: object): Generator<string> {
  let before = '{\n';
  for (const [key, field] of Object.entries(value) as [string, unknown][]) {
    if (field === undefined) continue;
    yield `${before} ${JSON.stringify(key)}: `;
    if (Array.isArray(field)) yield* listed(field, ' ');
    else yield text(field, ' ');
    before = ',\n';
  }
  yield before === '{\n' ? '{}' : '\n}';
}

function* listed(list: readonly unknown[], indent: string): Generator<string> {
  yield '[';
  for (const [i, element] of list.entries()) yield `${i === 0 ? '' : ','}\n${indent} ${text(element, `${indent} `)}`;
  yield list.length === 0 ? ']' : `\n${indent}]`;
}

/** JSON of what is no long list, all but its first line behind `indent`. */
function text(value: unknown, indent: string): string {
  const json = (JSON.stringify(value, (_key, v: unknown) => (typeof v === 'bigint' ? Number(v) : v), 1) as string | undefined) ?? 'null';
  return json.replaceAll('\n', `\n${indent}`);
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
