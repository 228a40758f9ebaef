import type { Intrinsics } from '../camera/intrinsics.js';
import type { ByteCursor } from './byte-cursor.js';
import { malformed } from './byte-cursor.js';
import type { ByteSink } from './byte-sink.js';

/** Code on the wire is the index. */
const PROVENANCES = ['simulated', 'calibrated', 'guessed'] as const satisfies readonly Intrinsics['provenance'][];

/** What `appendIntrinsics` writes. */
export const INTRINSICS_BYTES = 20;

/** Appends: f32 fx, fy, cx, cy, u8 provenance, 3 bytes 0. */
export function appendIntrinsics({ fx, fy, cx, cy, provenance }: Intrinsics, out: ByteSink): void {
  for (const value of [fx, fy, cx, cy]) out.f32(value);
  out.u8(PROVENANCES.indexOf(provenance));
  out.u8(0);
  out.u16(0);
}

/** Reads what `appendIntrinsics` wrote. @throws SextantError `protocol`. */
export function readIntrinsics(cursor: ByteCursor): Intrinsics {
  const [fx, fy, cx, cy] = [cursor.f32('fx'), cursor.f32('fy'), cursor.f32('cx'), cursor.f32('cy')];
  const provenance = PROVENANCES[cursor.u8('provenance of the intrinsics')];
  cursor.u8('padding');
  cursor.u16('padding');
  if (provenance === undefined || !(fx > 0 && fx < Infinity && fy > 0 && fy < Infinity) || !Number.isFinite(cx) || !Number.isFinite(cy)) {
    throw malformed(`intrinsics ${[fx, fy, cx, cy].join(', ')} cannot be`, { fx, fy, cx, cy });
  }
  return { fx, fy, cx, cy, provenance };
}
