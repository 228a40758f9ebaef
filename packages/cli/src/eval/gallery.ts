import { join } from 'node:path';
import sharp from 'sharp';
import { colorizeDensepose, colorizeDepth, colorizeFlow, colorizeSegmentation, drawSkeleton, resampleRgb } from '@sextant/core';
import type { DepthMap, FlowField, Modality, Perception, RgbImage } from '@sextant/core';
import { png16, png8 } from '../files/png.js';
import { encodeFlow } from '../files/flow.js';
import { writeWhole } from '../files/write-whole.js';
import { contactSheet } from './contact-sheet.js';
import type { SheetRow } from './contact-sheet.js';
import { isRedistributable } from './licence.js';

/** Height of a picture in the gallery, pixels. */
const HEIGHT = 192;
/** Rows of a contact sheet. */
const ROWS = 8;
/** Modalities whose score is an error: less is better. */
const ERRORS: readonly Modality[] = ['depth', 'flow'];

/** What `score` is, in captions. */
const FIGURES: Readonly<Record<Modality, string>> = {
  depth: 'AbsRel after scale', flow: 'EPE', segmentation: 'person IoU (no people: right pixels)', skeleton: 'PCK@0.1', densepose: 'part accuracy',
};
/** Rows of a sheet of the model card: chosen by name, and the worst. */
const [CARD_FIXED, CARD_WORST] = [3, 3];

interface Entry {
  readonly item: string;
  readonly strip: RgbImage;
  readonly score: number;
  readonly licence: string | undefined;
}

/**
 * Pictures to look at, for the model card: input, truth and prediction side by side, `<folder>/<modality>/<set>/<item>.png`,
 * and a sheet of the worst and the best of each set. The pairs for flow baselines are beside them (see `addPair`). `card/` has
 * the small sheets that may be published: pictures whose licence allows it, some chosen by their names alone and the worst.
 */
export class Gallery {
  readonly #entries = new Map<string, { readonly modality: Modality; readonly entries: Entry[] }>();

  readonly #clips: SheetRow[] = [];
  #clipColumns = '';
  /** Why a picture could not be written: no more are tried, and `close` throws it. What is measured does not depend on pictures. */
  #failed: { readonly error: unknown } | undefined;

  constructor(private readonly folder: string) {}

  /** Adds the pictures of one frame; without a score it is not on a sheet, without an open licence not on the card. */
  async add(modality: Modality, set: string, item: string, score: number | undefined, pictures: readonly RgbImage[], licence?: string): Promise<void> {
    const strip = sideBySide(pictures);
    await this.#write(join(modality, set, `${item}.png`), await png8(strip.rgb, strip.width, strip.height, 3));
    if (score === undefined || Number.isNaN(score)) return;
    const key = `${modality}/${set}`;
    const known = this.#entries.get(key) ?? { modality, entries: [] };
    this.#entries.set(key, known);
    known.entries.push({ item, strip, score, licence });
  }

  /**
   * Writes one pair for `training/baselines/dis_flow.py`: `flow-pairs/<set>/<item>/previous.png`, `current.png` and `flow.png`
   * (KITTI 16-bit, on the current picture's grid).
   */
  async addPair(set: string, item: string, previous: RgbImage, current: RgbImage, truth: FlowField): Promise<void> {
    const folder = join('flow-pairs', set, item);
    await this.#write(join(folder, 'previous.png'), await png8(previous.rgb, previous.width, previous.height, 3));
    await this.#write(join(folder, 'current.png'), await png8(current.rgb, current.width, current.height, 3));
    await this.#write(join(folder, 'flow.png'), png16(encodeFlow(truth.pixels), truth.width, truth.height, 3));
  }

  /** Writes one frame of a clip for `training/baselines/dis_flow.py --clips`: `clips/<clip>/frame007.png`. */
  async addClipFrame(clip: string, index: number, { rgb, width, height }: RgbImage): Promise<void> {
    await this.#write(join('clips', clip, `frame${String(index).padStart(3, '0')}.png`), await png8(rgb, width, height, 3));
  }

  /** Adds one frame of a clip with all that the model says of it, for the card; one without an open licence is left out. */
  addClip(name: string, licence: string, columns: readonly string[], pictures: readonly RgbImage[]): void {
    this.#clipColumns = columns.join(', ');
    if (isRedistributable(licence)) this.#clips.push({ caption: `${name} (${licence})`, picture: sideBySide(pictures) });
  }

  /**
   * Writes the sheets, `<folder>/<modality>/<set>-worst.png` and `-best.png`, and `<folder>/card/*.jpg`.
   * @throws SextantError `io` for the first picture, also of those added before, that could not be written.
   */
  async close(): Promise<void> {
    for (const [key, { modality, entries }] of this.#entries) {
      const sign = ERRORS.includes(modality) ? 1 : -1;
      const sorted = [...entries].sort((a, b) => sign * (b.score - a.score));
      await this.#sheet(`${key}-worst.png`, sorted.slice(0, ROWS));
      await this.#sheet(`${key}-best.png`, sorted.slice(-ROWS).reverse());
      await this.#card(key.replace('/', '-'), modality, sorted);
    }
    if (this.#clips.length > 0) await this.#write(join('card', 'clips.jpg'), await contactSheet(this.#clipColumns, this.#clips));
    if (this.#failed) throw this.#failed.error;
  }

  /** Writes a file of the folder, unless an earlier one could not be written. */
  async #write(path: string, data: Uint8Array): Promise<void> {
    if (this.#failed) return;
    await writeWhole(join(this.folder, path), data).catch((error: unknown) => {
      this.#failed = { error };
    });
  }

  /** `worstFirst`: one row per item, of several frames of it the worst. */
  async #card(name: string, modality: Modality, worstFirst: readonly Entry[]): Promise<void> {
    const itemOf = ({ item }: Entry): string => item.replace(/-\d\d$/, '');
    const open = worstFirst.filter(({ licence }) => isRedistributable(licence)).filter((entry, i, all) => all.findIndex((other) => itemOf(other) === itemOf(entry)) === i);
    const worst = open.slice(0, CARD_WORST);
    const rest = open.slice(CARD_WORST).sort((a, b) => (a.item < b.item ? -1 : 1));
    const count = Math.min(CARD_FIXED, rest.length);
    const fixed = Array.from({ length: count }, (_, i) => rest[Math.floor(((i + 0.5) * rest.length) / count)]);
    const row = (word: string) => ({ item, strip, score, licence }: Entry): SheetRow => ({ caption: `${word}${item}: ${FIGURES[modality]} ${score.toFixed(3)} (${licence})`, picture: strip });
    const rows = [...fixed.map(row('')), ...worst.map(row('worst: '))];
    if (rows.length > 0) await this.#write(join('card', `${name}.jpg`), await contactSheet(`${modality}: picture, truth, prediction`, rows));
  }

  async #sheet(name: string, entries: readonly Entry[]): Promise<void> {
    const width = Math.max(...entries.map(({ strip }) => strip.width));
    const rows = entries.map(({ strip }, row) => ({
      input: Buffer.from(strip.rgb.buffer, strip.rgb.byteOffset, strip.rgb.length), raw: { width: strip.width, height: strip.height, channels: 3 as const }, left: 0, top: row * HEIGHT,
    }));
    const sheet = sharp({ create: { width, height: entries.length * HEIGHT, channels: 3, background: { r: 0, g: 0, b: 0 } } }).composite(rows);
    await this.#write(name, await sheet.png().toBuffer());
  }
}

/** Pictures in one row, each `HEIGHT` high. */
function sideBySide(pictures: readonly RgbImage[]): RgbImage {
  const scaled = pictures.map((picture) => resampleRgb(picture, Math.max(1, Math.round((picture.width * HEIGHT) / picture.height)), HEIGHT));
  const width = scaled.reduce((sum, picture) => sum + picture.width, 0);
  const rgb = new Uint8Array(width * HEIGHT * 3);
  let left = 0;
  for (const picture of scaled) {
    for (let y = 0; y < HEIGHT; y += 1) rgb.set(picture.rgb.subarray(y * picture.width * 3, (y + 1) * picture.width * 3), (y * width + left) * 3);
    left += picture.width;
  }
  return { width, height: HEIGHT, rgb };
}

/** The input, and one modality of truth and prediction in the same colours, as far as both have it. */
export function drawPerception(modality: Modality, input: RgbImage, truth: Partial<Perception>, said: Partial<Perception>): readonly RgbImage[] {
  const draw = (perception: Partial<Perception>): RgbImage | undefined => {
    const { depth, flow, segmentation, skeleton, densepose } = perception;
    switch (modality) {
      case 'depth': return depth && colorizeDepth(truth.depth ? scaledTo(depth, truth.depth) : depth, truth.depth && depthRange(truth.depth.metres));
      case 'flow': return flow && colorizeFlow(flow, { maxPixels: truth.flow ? largest(truth.flow.pixels) : 8 });
      case 'segmentation': return segmentation && colorizeSegmentation(segmentation);
      case 'skeleton': return skeleton && drawSkeleton(skeleton, { background: input });
      case 'densepose': return densepose && colorizeDensepose(densepose);
    }
  };
  return [input, draw(truth), draw(said)].filter((picture) => picture !== undefined);
}

/** Depth times the ratio of the medians: the figure beside it is after scale too. Truth itself stays as it is. */
function scaledTo(depth: DepthMap, truth: DepthMap): DepthMap {
  const median = (metres: Float32Array): number => {
    const known = metres.filter((z) => z > 0).sort();
    return known[known.length >> 1] ?? 1;
  };
  const scale = median(truth.metres) / median(depth.metres);
  return depth === truth ? depth : { ...depth, metres: depth.metres.map((z) => z * scale) };
}

/** The depths between which nearly all of a truth lies. */
function depthRange(metres: Float32Array): { readonly near: number; readonly far: number } {
  const known = metres.filter((z) => z > 0).sort();
  return { near: known[Math.floor(known.length * 0.02)] ?? 1, far: known[Math.floor(known.length * 0.98)] ?? 10 };
}

/** The length that all but a hundredth of the motions stay below, at least 1 pixel. */
function largest(pixels: Float32Array): number {
  const lengths = Float32Array.from({ length: pixels.length / 2 }, (_, i) => Math.hypot(pixels[2 * i], pixels[2 * i + 1])).filter((l) => l >= 0).sort();
  return Math.max(1, lengths[Math.floor(lengths.length * 0.99)] ?? 1);
}
