import type { DensePoseMap } from '../types/perception.js';
import type { ByteCursor } from './byte-cursor.js';
import type { ByteSink } from './byte-sink.js';
import { appendIds, readIds16, readIds8 } from './id-codes.js';

/** The neighbour whose u and v predict those of pixel i: above if of the same part, else left if so, else none. */
function neighbour(part: Uint8Array, i: number, x: number, width: number): number {
  if (i >= width && part[i - width] === part[i]) return i - width;
  return x > 0 && part[i - 1] === part[i] ? i - 1 : -1;
}

/** Appends: parts, persons if asked for and there, then u and v of the pixels that have a part, as differences from a neighbour of the part. */
export function appendDensePose(map: DensePoseMap, persons: boolean, reference: DensePoseMap | undefined, out: ByteSink): void {
  const { part, u, v, person, width, height } = map;
  appendIds(part, width, height, reference?.part, out);
  if (persons && person !== undefined) appendIds(person, width, height, reference?.person, out);
  for (const chart of [u, v]) {
    for (let i = 0, x = 0; i < part.length; i += 1, x = x + 1 === width ? 0 : x + 1) {
      if (part[i] === 0) continue;
      const from = neighbour(part, i, x, width);
      const difference = ((chart[i] - (from < 0 ? 0 : chart[from])) << 24) >> 24;
      out.u8(((difference << 1) ^ (difference >> 31)) & 0xff);
    }
  }
}

/** Reads what `appendDensePose` wrote. @throws SextantError `protocol`. */
export function readDensePose(cursor: ByteCursor, width: number, height: number, persons: boolean, reference?: DensePoseMap): DensePoseMap {
  const part = readIds8(cursor, width, height, 'parts', reference?.part);
  const person = persons ? readIds16(cursor, width, height, 'persons', reference?.person) : undefined;
  let bodies = 0;
  for (const id of part) if (id !== 0) bodies += 1;
  const chart = (what: string): Uint8Array => {
    const folded = cursor.slice(bodies, what);
    const values = new Uint8Array(part.length);
    for (let i = 0, x = 0, at = 0; i < part.length; i += 1, x = x + 1 === width ? 0 : x + 1) {
      if (part[i] === 0) continue;
      const from = neighbour(part, i, x, width);
      values[i] = (from < 0 ? 0 : values[from]) + ((folded[at] >>> 1) ^ -(folded[at] & 1));
      at += 1;
    }
    return values;
  };
  const u = chart('u');
  const v = chart('v');
  return { width, height, part, u, v, ...(person !== undefined && { person }) };
}
