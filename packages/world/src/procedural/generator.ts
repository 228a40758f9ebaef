import type { Rng } from '../math/rng.js';
import type { ObjectModel } from '../scene/library.js';

/** Makes one model; everything about it comes from `rng`. */
export type Generator = (rng: Rng) => ObjectModel;
