import type { DepthProvenance } from '@sextant/core';
import type { Condition } from '@sextant/model';
import type { Fit, Size } from './fit.js';

/** What one modality says of a frame, and the hash of the files it was read from. */
export interface Read {
  readonly part: Omit<Condition, 'focal'>;
  readonly sha256: string;
}

/** One modality of a clip in a folder. */
export interface ConditionReader {
  readonly modality: string;
  /** Numbers of the frames that are there. */
  readonly first: number;
  readonly last: number;
  /** Size of the maps in the folder. */
  readonly size: Size;
  /** depth: what its values mean. */
  readonly provenance?: DepthProvenance;
  /** What was noticed when it was opened, for people. */
  readonly notes: readonly string[];
  /** Reads frame `number` and lays it on the grid. Its arrays are fresh. */
  read(number: number, fit: Fit): Promise<Read>;
}
