import type { ModelLibrary } from '../scene/library.js';

/** Everything loaded from a folder of open assets (layout: its README.md and index.json). */
export interface AssetLibrary extends ModelLibrary {
  readonly folder: string;
}
