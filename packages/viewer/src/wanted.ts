import type { FrameOptions, MaskKind, StreamOptions } from '@sextant/client';
import { wordsOf } from './panel/layers.js';
import { LAYERS } from './settings.js';
import type { LayerId, Settings } from './settings.js';

/** The streams that the page shows now: those switched on, or what the point cloud is made of. */
export function shownLayers({ view, on, cloudColor }: Settings): LayerId[] {
  if (view === 'cloud') return LAYERS.filter((id) => id === 'depth' || id === 'picture' || (id === 'masks' && cloudColor === 'masks'));
  return LAYERS.filter((id) => on[id]);
}

/**
 * What is to be asked of a server that offers `kinds`; nothing where nothing is shown.
 * @param lookedFor whether something is looked for by name: frames that wait for it would never come
 */
export function wanted(settings: Settings, kinds: readonly MaskKind[], lookedFor = false): FrameOptions | undefined {
  const size: StreamOptions = settings.size === 0 ? {} : { maxWidth: settings.size, maxHeight: settings.size };
  const layers = shownLayers(settings).filter((id) => kinds.includes(wordsOf(id).kind) && (id !== 'referred' || lookedFor));
  if (layers.length === 0) return undefined;
  // A skeleton alone in its panel stands before the darkened picture.
  if (settings.view === 'grid' && layers.includes('skeletons') && !layers.includes('picture') && kinds.includes('rgb')) layers.push('picture');
  return { ...Object.fromEntries(layers.map((id) => [id, size])), ...(settings.rate === 0 ? {} : { rate: settings.rate }) };
}
