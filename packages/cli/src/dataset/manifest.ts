import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CLASSES, SUPERSETS, SUPERSET_OF } from '@sextant/world';
import { writeJson, writeWhole } from '../files/write-whole.js';
import { version } from '../version.js';
import type { AssetLicences } from './assets.js';
import type { ClipRecord, ClipResult } from './clip-record.js';
import type { RecipeFile } from './recipe-file.js';
import { hashFiles } from './hash-files.js';
import { cocoFile, sumsFile } from './work-files.js';
import { writeCoco } from './write-coco.js';

/** What the files of a clip mean; docs/datasets.md has the same in more words. */
const CONVENTIONS = {
  pixels: 'centre of the top-left pixel at 0, 0',
  exactness: 'labels are exact at pixel centres; with a lens depth and flow are interpolated within a surface and the rest is of a sample up to half a pixel away, with a rolling shutter all of it',
  rgb: '8-bit sRGB',
  depth: '16-bit PNG, millimetres along the optical axis (z, not ray length); 0: none (sky) or beyond 65.535 m',
  flow: '16-bit PNG as KITTI: (u, v) * 64 + 32768, third channel 1 where known; on the grid of its own frame: position now minus position in the frame before; none for frame 0',
  segmentation: '8-bit PNG, class ids of classes; 0 background',
  instances: '16-bit PNG, 0 none; one id means one thing for as long as its clip lasts, people included; visible pixels only',
  skeleton: 'COCO keypoints; v 0: outside the picture or behind the camera, 1 hidden, 2 visible',
  densepose: '8-bit PNG: part 0 (none) to 24, u, v of 0 to 255; our own charts, not those of SMPL',
  poses: '4x4 rows, metres, from the optical frame (x right, y down, z forward; REP-103) to the world (z up)',
  stamps: 'nanoseconds, index / fps',
} as const;

/** What a data set is made of when its manifest is written. */
export interface Finished {
  readonly file: RecipeFile;
  readonly identity: unknown;
  readonly results: readonly ClipResult[];
  /** Nothing is left to be made. */
  readonly complete: boolean;
  readonly assets?: AssetLicences | undefined;
  /** Models that took part. */
  readonly models: readonly unknown[];
}

/** How much there is of a data set. */
export interface DatasetCounts {
  readonly planned: number;
  readonly clips: number;
  readonly frames: number;
  /** Clips of which no seed would do. */
  readonly missing: number;
  readonly rejected: { readonly wishes: number; readonly empty: number; readonly check: number };
  readonly bySplit: Readonly<Record<string, number>>;
}

/** Counts results. */
export function countClips({ plan }: RecipeFile, results: readonly ClipResult[]): DatasetCounts {
  const records = results.flatMap(({ record }) => (record ? [record] : []));
  const rejected = { wishes: 0, empty: 0, check: 0 };
  for (const { why } of results.flatMap((result) => result.rejected)) rejected[why] += 1;
  const bySplit = Object.fromEntries([...new Set(plan.map(({ split }) => split))].map((split) => [split, records.filter((record) => record.split === split).length]));
  return { planned: plan.length, clips: records.length, frames: records.reduce((sum, { frames }) => sum + frames, 0), missing: results.length - records.length, rejected, bySplit };
}

/**
 * Writes manifest.json, and when nothing is left to be made before it the annotations, ATTRIBUTION.txt and SHA256SUMS: a manifest that says
 * complete is the last file.
 * @throws SextantError `io`.
 */
export async function writeManifest(out: string, { file, identity, results, complete, assets, models }: Finished): Promise<DatasetCounts> {
  const { recipe, name, sha256, plan, text } = file;
  const counts = countClips(file, results);
  const sorted = [...results].sort((a, b) => a.index - b.index);
  const records = sorted.flatMap(({ record }) => (record ? [record] : []));
  if (complete) {
    if (recipe.exports.includes('coco')) {
      for (const split of Object.keys(counts.bySplit)) await writeCoco(join(out, 'annotations'), { split, clips: records.filter((record) => record.split === split), classes: CLASSES, description: `${name}, ${split}; sextant ${version()} dataset`, framesOf: (clip: ClipRecord) => cocoFile(out, clip.index) });
    }
    if (assets) await writeWhole(join(out, 'ATTRIBUTION.txt'), `Pictures of this data set may show these assets:\n\n${assets.text ?? `${assets.attributions.join('\n')}\n`}`);
    await writeSums(out, records);
  }
  await writeWhole(join(out, 'recipe.yaml'), text);
  const { assets: _folder, ...said } = recipe;
  const { text: _text, ...licences } = assets ?? {};
  await writeJson(join(out, 'manifest.json'), {
    format: 1, kind: 'dataset', complete, createdBy: `sextant ${version()} dataset`, versions: { sextant: version(), node: process.versions.node },
    identity, recipe: { file: name, sha256, ...said }, models, counts,
    assets: assets === undefined ? { note: 'procedural worlds: no third-party assets' } : { ...licences, note: 'licences of all files that clips may draw from; ATTRIBUTION.txt goes with every copy' },
    conventions: CONVENTIONS, classes: CLASSES.map((c) => ({ ...c, supercategory: SUPERSETS[SUPERSET_OF[c.id]] })),
    clips: records, rejected: sorted.flatMap(({ index, rejected }) => rejected.map((rejection) => ({ clip: index, ...rejection }))),
    missing: sorted.filter(({ record }) => !record).map(({ index }) => ({ clip: index, seeds: plan[index].seeds })),
  });
  return counts;
}

/** `SHA256SUMS` of all files, as `sha256sum -c` reads it. */
async function writeSums(out: string, records: readonly ClipRecord[]): Promise<void> {
  const clips: string[] = [];
  for (const { index } of records) clips.push(await readFile(sumsFile(out, index), 'utf8')); // one at a time: a process may open some thousand files
  const annotations = (await hashFiles(join(out, 'annotations')).catch(() => [])).map(({ sha256, path }) => `${sha256}  annotations/${path}\n`);
  await writeWhole(join(out, 'SHA256SUMS'), [...clips, ...annotations].join(''));
}
