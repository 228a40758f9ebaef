import type { MaskResult } from '@sextant/client';
import { labelColor } from '@sextant/client';
import type { Settings } from '../settings.js';
import type { Raster } from './raster.js';
import { opaque } from './raster.js';

/** One entry of the legend. */
export interface LegendEntry {
  readonly name: string;
  readonly color: readonly [number, number, number];
  /** Share of the picture, 0..1. */
  readonly share: number;
  /** Names of the classes behind it: itself, or those of a superset. */
  readonly classes: readonly string[];
}

/** Smaller than this share of the picture, a class is not listed: single pixels would make the legend flicker. */
const LEAST_SHARE = 0.001;

/** What is in view, largest first: classes, or their supersets. Background (nothing known) is not listed. */
export function legendOf({ labels, classes }: MaskResult, by: Settings['colorBy']): LegendEntry[] {
  const counts = new Uint32Array(256);
  for (let i = 0; i < labels.length; i++) counts[labels[i]]++;
  const entries = new Map<string, { color: LegendEntry['color']; pixels: number; classes: string[] }>();
  for (const { id, name, color, superset } of classes) {
    if (id === 0 || counts[id] === 0) continue;
    const group = by === 'superset' ? superset : undefined;
    const key = group?.name ?? name;
    const entry = entries.get(key) ?? { color: group?.color ?? color, pixels: 0, classes: [] };
    entry.pixels += counts[id];
    entry.classes.push(name);
    entries.set(key, entry);
  }
  return [...entries]
    .map(([name, { color, pixels, classes: members }]) => ({ name, color, share: pixels / labels.length, classes: members }))
    .filter(({ share }) => share >= LEAST_SHARE)
    .sort((a, b) => b.share - a.share);
}

/** Draws classes, supersets or instances, hidden ones and background left out (transparent). */
export function drawClasses(raster: Raster, map: MaskResult, { colorBy, hidden }: Settings): HTMLCanvasElement {
  const { width, height, labels, instances, classes } = map;
  const out = raster.begin(width, height);
  const shown = new Uint8Array(256);
  const colors = new Uint32Array(256);
  for (const { id, name, color, superset } of classes) {
    if (id === 0 || hidden.includes(name)) continue;
    shown[id] = 1;
    colors[id] = opaque(...(colorBy === 'superset' ? superset?.color ?? color : color));
  }
  if (colorBy === 'instance' && instances !== undefined) {
    for (let i = 0; i < out.length; i++) out[i] = instances[i] !== 0 && shown[labels[i]] === 1 ? instanceColor(instances[i]) : 0;
  } else {
    for (let i = 0; i < out.length; i++) out[i] = colors[labels[i]];
  }
  return raster.show();
}

const INSTANCE_COLORS = Uint32Array.from({ length: 256 }, (_, id) => {
  const [r, g, b] = labelColor(id);
  // The palette's dark half would not be seen over a dark picture.
  return opaque(64 + 0.75 * r, 64 + 0.75 * g, 64 + 0.75 * b);
});

/** Ids beyond 255 use the colours 1..255 again. */
function instanceColor(id: number): number {
  return INSTANCE_COLORS[id < 256 ? id : 1 + ((id - 1) % 255)];
}
