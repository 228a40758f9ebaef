import { malformed } from './byte-cursor.js';

/** Checks a JSON value and returns it with its type; `path` names it in the error. */
export type Check<T> = (value: unknown, path: string) => T;
type Fields = Readonly<Record<string, Check<unknown>>>;
type Shape<F extends Fields> = { readonly [K in keyof F as undefined extends ReturnType<F[K]> ? never : K]: ReturnType<F[K]> } & {
  readonly [K in keyof F as undefined extends ReturnType<F[K]> ? K : never]?: Exclude<ReturnType<F[K]>, undefined>;
};

function refuse(path: string, expected: string, value: unknown): never {
  const seen = typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : Array.isArray(value) ? `a list of ${value.length}` : typeof value === 'object' && value !== null ? 'an object' : String(value);
  throw malformed(`${path} is ${seen}, expected ${expected}`, { path, seen, expected });
}

export const flag: Check<boolean> = (value, path) => (typeof value === 'boolean' ? value : refuse(path, 'true or false', value));

export const text = (max: number): Check<string> => (value, path) => (typeof value === 'string' && value.length <= max ? value : refuse(path, `text of at most ${max} characters`, value));

export const number = (min: number, max: number): Check<number> => (value, path) =>
  typeof value === 'number' && value >= min && value <= max ? value : refuse(path, `a number from ${min} to ${max}`, value);

export const integer = (min: number, max: number): Check<number> => (value, path) =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max ? value : refuse(path, `a whole number from ${min} to ${max}`, value);

export const oneOf = <const T extends string>(...words: readonly T[]): Check<T> => (value, path) =>
  typeof value === 'string' && (words as readonly string[]).includes(value) ? (value as T) : refuse(path, `one of ${words.join(', ')}`, value);

export const list = <T>(item: Check<T>, max: number): Check<readonly T[]> => (value, path) =>
  Array.isArray(value) && value.length <= max ? value.map((entry, index) => item(entry, `${path}[${index}]`)) : refuse(path, `a list of at most ${max}`, value);

export const optional = <T>(check: Check<T>): Check<T | undefined> => (value, path) => (value === undefined || value === null ? undefined : check(value, path));

/** An object with these fields; others are left out, so that a later version may add some. */
export const shape = <const F extends Fields>(fields: F): Check<Shape<F>> => (value, path) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return refuse(path, 'an object', value);
  const out: Record<string, unknown> = {};
  for (const [name, check] of Object.entries(fields)) {
    const checked = check((value as Record<string, unknown>)[name], `${path}.${name}`);
    if (checked !== undefined) out[name] = checked;
  }
  return out as Shape<F>;
};
