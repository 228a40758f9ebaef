/**
 * A value as rosbridge JSON: `uint8[]` as base64, other numeric arrays as arrays, NaN and infinities as null
 * (rosbridge protocol 2.1, section 3.1; JSON has no NaN).
 */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value, replace);
}

function replace(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.length).toString('base64');
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as Float64Array);
  return value;
}

/**
 * What JSON.parse gives, also of the numbers that are no JSON and that Python's json writes and reads all the same, roslibpy with it: NaN
 * becomes null, as `encodeJson` writes it, and infinities (a scan's "nothing there") are infinite.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!NO_JSON.test(text)) throw error;
    return JSON.parse(replaceNumbers(text));
  }
}

const NO_JSON = /NaN|Infinity/;

/** Outside of strings; a quote after a single backslash ends none. */
function replaceNumbers(text: string): string {
  let inString = false;
  const parts = text.split('"').map((part) => {
    if (inString) {
      inString = backslashesAtEnd(part) % 2 === 1;
      return part;
    }
    inString = true;
    return part.replaceAll('NaN', 'null').replaceAll('Infinity', '1e999');
  });
  return parts.join('"');
}

function backslashesAtEnd(text: string): number {
  let count = 0;
  while (text[text.length - 1 - count] === '\\') count++;
  return count;
}
