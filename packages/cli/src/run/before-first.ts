import { concatMap, from, map, of } from 'rxjs';
import type { MonoTypeOperatorFunction } from 'rxjs';

/** Lets the first value through when `begin` is done, and those that come meanwhile after it; without a value nothing is begun. What `begin` throws is the stream's error. */
export function beforeFirst<T>(begin: () => Promise<unknown>): MonoTypeOperatorFunction<T> {
  return concatMap((value, index) => (index === 0 ? from(begin()).pipe(map(() => value)) : of(value)));
}
