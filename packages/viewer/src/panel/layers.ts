import type { ClientStats, MaskKind } from '@sextant/client';
import type { LayerId } from '../settings.js';

/** What the page says about a stream. */
export interface LayerWords {
  readonly title: string;
  /** Its kind in the protocol, and as the client's statistics call it. */
  readonly kind: MaskKind;
  readonly stats: ClientStats['streams'][number]['kind'];
}

const WORDS: Readonly<Record<LayerId, LayerWords>> = {
  picture: { title: 'Camera', kind: 'rgb', stats: 'picture' },
  depth: { title: 'Depth', kind: 'depth', stats: 'depth' },
  flow: { title: 'Optical flow', kind: 'flow', stats: 'flow' },
  masks: { title: 'Segmentation', kind: 'segmentation', stats: 'masks' },
  referred: { title: 'Find by name', kind: 'segmentation', stats: 'referred' },
  densePose: { title: 'DensePose', kind: 'densepose', stats: 'densePose' },
  skeletons: { title: 'Skeletons', kind: 'skeleton', stats: 'skeletons' },
};

/** Words of a layer. */
export function wordsOf(id: LayerId): LayerWords {
  return WORDS[id];
}

/** Its title. */
export function titleOf(id: LayerId): string {
  return WORDS[id].title;
}
