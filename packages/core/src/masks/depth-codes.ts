import type { DepthMap, DepthProvenance } from '../types/perception.js';
import type { ByteCursor} from './byte-cursor.js';
import { malformed } from './byte-cursor.js';
import type { ByteSink } from './byte-sink.js';
import type { DepthMapping } from './control-messages.js';
import { appendPlane16, appendProbabilities, readPlane16, readProbabilities } from './planes.js';

/** Code on the wire is the index. */
export const DEPTH_MAPPINGS = ['linear', 'log', 'inverse'] as const satisfies readonly DepthMapping[];
const PROVENANCES = ['metric', 'scaled', 'relative'] as const satisfies readonly DepthProvenance[];

/** Smallest step of `linear`, metres. */
const MILLIMETRE = 0.001;
/** Step of `log`: neighbouring codes differ by 0.2 %, so depth is off by 0.1 % at most. */
const LOG_STEP = 0.002;
/** Codes that `inverse` spreads over the map's disparities. */
const INVERSE_CODES = 4095;
const LARGEST = 0xffff;

/** How code c >= 1 becomes depth: `linear` a + b (c - 1), `log` exp(a + b (c - 1)), `inverse` 1 / (a + b (c - 1)); code 0 is no depth. */
export interface DepthQuantisation {
  readonly mapping: DepthMapping;
  readonly a: number;
  readonly b: number;
}

const valid = (z: number): boolean => z > 0 && z < Infinity;

/** The scale for one map: as fine as the mapping's step, coarser only where the map's range does not fit 65535 codes. */
function quantisation(metres: Float32Array, mapping: DepthMapping): DepthQuantisation {
  let near = Infinity;
  let far = 0;
  for (const z of metres) {
    if (!valid(z)) continue;
    if (z < near) near = z;
    if (z > far) far = z;
  }
  if (far === 0) near = far = 1;
  const made = (a: number, b: number): DepthQuantisation => ({ mapping, a: Math.fround(a), b: Math.fround(b) });
  switch (mapping) {
    case 'linear': {
      let step = MILLIMETRE;
      while (step * LARGEST < far) step *= 2;
      return made(step, step);
    }
    case 'log':
      return made(Math.log(near), Math.max(LOG_STEP, Math.log(far / near) / (LARGEST - 2)));
    case 'inverse':
      return made(1 / far, Math.max(1e-9, (1 / near - 1 / far) / (INVERSE_CODES - 1)));
  }
}

/** Appends: u8 mapping, u8 provenance, u16 zero, f32 a, f32 b, codes (see `appendPlane16`), confidence if there is one. */
export function appendDepth(map: DepthMap, mapping: DepthMapping, confidence: boolean, out: ByteSink): void {
  const { metres, width, height, provenance } = map;
  const { a, b } = quantisation(metres, mapping);
  const codes = new Uint16Array(metres.length);
  for (let i = 0; i < metres.length; i += 1) {
    const z = metres[i];
    if (!valid(z)) continue;
    const value = mapping === 'linear' ? z : mapping === 'log' ? Math.log(z) : 1 / z;
    codes[i] = Math.min(LARGEST, Math.max(1, Math.round((value - a) / b) + 1));
  }
  out.u8(DEPTH_MAPPINGS.indexOf(mapping));
  out.u8(PROVENANCES.indexOf(provenance));
  out.u16(0);
  out.f32(a);
  out.f32(b);
  appendPlane16(codes, width, height, out);
  if (confidence && map.confidence !== undefined) appendProbabilities(map.confidence, width, height, out);
}

/** Reads what `appendDepth` wrote. @throws SextantError `protocol`. */
export function readDepth(cursor: ByteCursor, width: number, height: number, confidence: boolean): DepthMap {
  const mapping = DEPTH_MAPPINGS[cursor.u8('depth mapping')];
  const provenance = PROVENANCES[cursor.u8('provenance')];
  if (mapping === undefined || provenance === undefined) throw malformed('depth has an unknown mapping or provenance');
  cursor.u16('depth padding');
  const [a, b] = [cursor.f32('depth scale'), cursor.f32('depth scale')];
  if (!Number.isFinite(a) || !Number.isFinite(b) || b <= 0) throw malformed(`depth scale ${a}, ${b} cannot be`, { a, b });
  const codes = readPlane16(cursor, width, height, 'depth codes');
  const depthOf = (code: number): number => {
    if (code === 0) return NaN;
    const value = a + b * (code - 1);
    return mapping === 'linear' ? value : mapping === 'log' ? Math.exp(value) : 1 / value;
  };
  const metres = new Float32Array(codes.length);
  let highest = 0;
  for (const code of codes) if (code > highest) highest = code;
  if (highest < codes.length) {
    const table = Float32Array.from({ length: highest + 1 }, (_, code) => depthOf(code));
    for (let i = 0; i < codes.length; i += 1) metres[i] = table[codes[i]];
  } else for (let i = 0; i < codes.length; i += 1) metres[i] = depthOf(codes[i]);
  return { width, height, metres, provenance, ...(confidence && { confidence: readProbabilities(cursor, width, height) }) };
}
