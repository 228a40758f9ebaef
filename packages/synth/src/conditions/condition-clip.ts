import { createHash } from 'node:crypto';
import { readCameraInfo } from '@sextant/camera';
import { GUESSED_FOCAL, MODALITIES, SextantError, pinholeCamera, type CameraModel, type DepthProvenance, type Modality, type SegmentationClass } from '@sextant/core';
import type { Condition } from '@sextant/model';
import { openPalette, type PaletteSource } from '../palette/open-palette.js';
import { clipFiles } from './clip-file.js';
import { fromClipStart } from './clip-start.js';
import { openDensepose } from './densepose.js';
import { openDepth } from './depth.js';
import { fit, place, type Fit, type Size } from './fit.js';
import { openFlow } from './flow.js';
import { openSegmentation } from './segmentation.js';
import { openSkeleton } from './skeleton.js';
import type { ConditionReader } from './source.js';

/** Aspects that differ by more than this part are of different pictures. */
const SAME_ASPECT = 0.02;

/** What is to be read: a folder for each modality (as `estimate` and `world` write them; one may serve for several). */
export interface ConditionClipOptions {
  readonly folders: Readonly<Partial<Record<Modality, string>>>;
  readonly palette?: PaletteSource;
  /** The model's classes. */
  readonly classes: readonly SegmentationClass[];
  /** People of a frame that are drawn; that of more the largest are is among the notes. @default all */
  readonly mostPeople?: number;
}

/** Conditions of a clip, read from folders frame by frame and laid on the grid of what is made. */
export class ConditionClip {
  private constructor(
    private readonly readers: readonly ConditionReader[],
    readonly modalities: readonly Modality[],
    /** Size of the largest maps. */
    readonly size: Size,
    /** Frames that every modality has. */
    readonly frames: number,
    private readonly first: number,
    private readonly info: CameraModel | undefined,
    /** What was noticed, for people. */
    readonly notes: readonly string[],
  ) {}

  /**
   * Opens the folders.
   * @throws SextantError `source-missing`, `source-corrupt`, `bad-argument` (another modality, aspects or lengths that do not agree).
   */
  static async open({ folders, palette, classes, mostPeople }: ConditionClipOptions): Promise<ConditionClip> {
    const modalities = MODALITIES.filter((m) => folders[m] !== undefined);
    if (modalities.length === 0) throw new SextantError('bad-argument', 'there is no condition', { hint: `Give a folder for at least one of ${MODALITIES.join(', ')}.` });
    const opened: ConditionReader[] = [];
    for (const modality of modalities) opened.push(await openReader(modality, folders[modality]!, classes, mostPeople));
    if (palette) opened.push(await openPalette(palette, opened.find((r) => r.modality === 'segmentation'), classes));
    const readers = folders.flow === undefined ? opened : await fromClipStart(opened, folders.flow);
    const size = readers.map((r) => r.size).reduce((a, b) => (b.width > a.width ? b : a));
    for (const reader of readers) {
      const aspect = reader.size.width / reader.size.height / (size.width / size.height);
      if (Math.abs(Math.log(aspect)) > SAME_ASPECT) {
        throw new SextantError('bad-argument', `${reader.modality} is ${reader.size.width}x${reader.size.height}, other conditions are ${size.width}x${size.height}: not the same view`, { hint: 'Sizes may differ, the aspect may not. Give maps of one clip.', details: { modality: reader.modality, ...reader.size } });
      }
    }
    const first = readers[0].first;
    for (const reader of readers) {
      const there = (r: ConditionReader): string => `${r.modality} has frames ${r.first} to ${r.last}`;
      if (reader.first !== first || reader.last !== readers[0].last) {
        throw new SextantError('bad-argument', `conditions are not of one length: ${there(readers[0])}, ${there(reader)}`, { hint: 'Give conditions of the same clip.', details: { modality: reader.modality, first: reader.first, last: reader.last } });
      }
    }
    const info = clipFiles(folders, 'camera_info.yaml').at(0);
    const camera = info === undefined ? undefined : await readCameraInfo(info);
    const notes = readers.flatMap((r) => r.notes);
    // Only depth means another thing with another focal length.
    if (!camera && folders.depth !== undefined) notes.push(`there is no camera_info.yaml in or beside ${folders.depth}: the focal length is guessed, ${GUESSED_FOCAL} of the width`);
    return new ConditionClip(readers, modalities, size, readers[0].last - first + 1, first, camera, [...new Set(notes)]);
  }

  /** What the condition's depth means; absent without depth. */
  get depthProvenance(): DepthProvenance | undefined {
    return this.readers.find(({ modality }) => modality === 'depth')?.provenance;
  }

  /** Whether the focal length is known (from camera_info.yaml) or guessed. */
  get focalKnown(): boolean {
    return this.info !== undefined;
  }

  /** fx in pixels of the grid. */
  focal(grid: Size): number {
    const { scale } = fit(this.size, grid);
    return this.info ? (this.info.k[0] * this.size.width * scale) / this.info.width : GUESSED_FOCAL * this.size.width * scale;
  }

  /** The camera that sees the grid, from camera_info.yaml, with its lens: cutting and scaling leave the coefficients as they are; `undefined` where there is none. */
  camera(grid: Size): CameraModel | undefined {
    if (!this.info) return undefined;
    const { k, provenance, width, distortionModel, d } = this.info;
    const laid = fit(this.size, grid);
    const picture = this.size.width / width;
    const [cx, cy] = place((k[2] + 0.5) * picture - 0.5, (k[5] + 0.5) * picture - 0.5, laid);
    const [fx, fy] = [k[0] * picture * laid.scale, k[4] * picture * laid.scale];
    return { ...pinholeCamera(grid, { fx, fy, cx, cy, provenance }), distortionModel, d };
  }

  /** What part of the picture is used, where the grid has another aspect: the middle. */
  fitTo(grid: Size): Fit {
    return fit(this.size, grid);
  }

  /**
   * The condition of one frame on the grid, and a hash of the files it was read from.
   * @throws SextantError `bad-argument` beyond the end, `source-corrupt`.
   */
  async at(index: number, grid: Size): Promise<{ condition: Condition; sha256: string }> {
    if (index >= this.frames) throw new SextantError('bad-argument', `the condition has ${this.frames} frames, frame ${index} is wanted`, { hint: `Ask for at most ${this.frames} frames.`, details: { frames: this.frames, index } });
    const hash = createHash('sha256');
    let condition: Condition = { focal: this.focal(grid) };
    for (const reader of this.readers) {
      const { part, sha256 } = await reader.read(this.first + index, fit(reader.size, grid));
      condition = { ...condition, ...part };
      hash.update(`${reader.modality} ${sha256}\n`);
    }
    return { condition, sha256: hash.digest('hex') };
  }
}

function openReader(modality: Modality, path: string, classes: readonly SegmentationClass[], mostPeople?: number): Promise<ConditionReader> {
  switch (modality) {
    case 'depth':
      return openDepth(path);
    case 'flow':
      return openFlow(path);
    case 'segmentation':
      return openSegmentation(path, classes);
    case 'skeleton':
      return openSkeleton(path, mostPeople);
    case 'densepose':
      return openDensepose(path);
  }
}
