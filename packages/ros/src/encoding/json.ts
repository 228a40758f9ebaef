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
