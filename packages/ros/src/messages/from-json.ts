import { definitionsOf, type Definition, type Field } from './definitions.js';

const RANGES: Readonly<Record<string, readonly [number, number]>> = {
  int8: [-(2 ** 7), 2 ** 7 - 1],
  uint8: [0, 2 ** 8 - 1],
  int16: [-(2 ** 15), 2 ** 15 - 1],
  uint16: [0, 2 ** 16 - 1],
  int32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  uint64: [0, Number.MAX_SAFE_INTEGER],
};

/** Fields that a message may leave out, those of messages inside counted: 16 MiB of `{}` would become gigabytes. */
const MAX_MISSING = 1_000_000;

/** One message that is being read. */
interface Reading {
  readonly types: ReadonlyMap<string, Definition>;
  missing: number;
}

/**
 * Turns a message received as rosbridge JSON into the shape the encoders take, and `decodeCdr` gives: `uint8[]` from base64 to bytes,
 * 64-bit integers as bigint (lists of them as BigInt64Array, BigUint64Array), everything checked against the type. Missing fields, also
 * those of messages inside, have the defaults of their definition or are zero, as with rosbridge_suite.
 * @throws Error naming the field, the expected type and the value seen; for more missing fields than one message may leave out.
 */
export function messageFromJson(type: string, json: unknown): Record<string, unknown> {
  const definitions = definitionsOf(type);
  const [root] = definitions;
  if (root === undefined) throw new Error(`no definition for ${type}`);
  return struct(root, json, 'msg', { types: new Map(definitions.map((d) => [d.name, d])), missing: 0 });
}

function struct(definition: Definition, json: unknown, path: string, reading: Reading): Record<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw mismatch(path, definition.name, json);
  const given = json as Readonly<Record<string, unknown>>;
  const fields = definition.definitions.filter((f) => f.isConstant !== true);
  const names = fields.map(({ name }) => name);
  const unknown = Object.keys(given).find((key) => !names.includes(key));
  if (unknown !== undefined) throw new Error(`${definition.name} has no field ${JSON.stringify(unknown)} (fields: ${names.join(', ')})`);
  return Object.fromEntries(fields.map((field) => {
    const { name } = field;
    const value = Object.hasOwn(given, name) ? given[name] : missing(field, reading);
    return [name, field.isArray === true ? array(field, value, `${path}.${name}`, reading) : single(field, value, `${path}.${name}`, reading)];
  }));
}

/** The JSON that stands for a field nobody gave. */
function missing(field: Field, reading: Reading): unknown {
  if ((reading.missing += 1) > MAX_MISSING) throw new Error(`more than ${MAX_MISSING} fields are missing: send them`);
  if (field.defaultValue !== undefined) return field.defaultValue;
  return field.isArray === true ? Array.from({ length: field.arrayLength ?? 0 }, () => zero(field)) : zero(field);
}

function zero({ type, isComplex }: Field): unknown {
  if (isComplex === true || type === 'time' || type === 'duration') return {};
  return type === 'string' ? '' : type === 'bool' ? false : 0;
}

function array(field: Field, json: unknown, path: string, reading: Reading): unknown {
  if (field.type === 'uint8' && typeof json === 'string') return sized(field, new Uint8Array(Buffer.from(json, 'base64')), path);
  if (!Array.isArray(json)) throw mismatch(path, `${field.type}[]`, json);
  const items = json.map((item, i) => single(field, item, `${path}[${i}]`, reading));
  if (field.type === 'uint8') return sized(field, Uint8Array.from(items as number[]), path);
  if (field.type === 'int64') return sized(field, BigInt64Array.from(items as bigint[]), path);
  if (field.type === 'uint64') return sized(field, BigUint64Array.from(items as bigint[]), path);
  return sized(field, items, path);
}

function sized<T extends { readonly length: number }>(field: Field, items: T, path: string): T {
  if (field.arrayLength !== undefined && items.length !== field.arrayLength)
    throw new Error(`${path} must have ${field.arrayLength} items, got ${items.length}`);
  if (field.arrayUpperBound !== undefined && items.length > field.arrayUpperBound)
    throw new Error(`${path} may have at most ${field.arrayUpperBound} items, got ${items.length}`);
  return items;
}

function single(field: Field, json: unknown, path: string, reading: Reading): unknown {
  if (field.isComplex === true) {
    const nested = reading.types.get(field.type);
    if (nested === undefined) throw new Error(`${path}: type ${field.type} is not known to this build`);
    return struct(nested, json, path, reading);
  }
  switch (field.type) {
    case 'string':
      if (typeof json !== 'string') throw mismatch(path, 'string', json);
      return json;
    case 'bool':
      if (typeof json !== 'boolean') throw mismatch(path, 'bool', json);
      return json;
    case 'time':
    case 'duration':
      return time(field.type, json, path);
    case 'float32':
    case 'float64':
      // JSON has no NaN: rosbridge writes it as null.
      if (json === null) return NaN;
      if (typeof json !== 'number') throw mismatch(path, field.type, json);
      return json;
    default: {
      const value = integer(field.type, json, path);
      return field.type === 'int64' || field.type === 'uint64' ? BigInt(value) : value;
    }
  }
}

function integer(type: string, json: unknown, path: string): number {
  const range = RANGES[type];
  if (range === undefined) throw new Error(`${path}: type ${type} is not supported`);
  if (typeof json !== 'number' || !Number.isInteger(json) || json < range[0] || json > range[1]) throw mismatch(path, type, json);
  return json;
}

/** Takes ROS 2 (`sec`, `nanosec`) and ROS 1 (`secs`, `nsecs`) spellings. */
function time(type: string, json: unknown, path: string): { sec: number; nanosec: number } {
  if (typeof json !== 'object' || json === null) throw mismatch(path, type, json);
  const { sec, nanosec, secs, nsecs } = json as Record<string, unknown>;
  const seconds = sec ?? secs ?? 0;
  const nanos = nanosec ?? nsecs ?? 0;
  return { sec: integer('int32', seconds, `${path}.sec`), nanosec: integer('uint32', nanos, `${path}.nanosec`) };
}

function mismatch(path: string, expected: string, value: unknown): Error {
  const seen = JSON.stringify(value) ?? String(value);
  return new Error(`${path} must be ${expected}, got ${seen.length > 60 ? `${seen.slice(0, 60)}...` : seen}`);
}
