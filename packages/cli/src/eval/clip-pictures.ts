import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSource } from '@sextant/camera';
import { MODALITIES } from '@sextant/core';
import { lastValueFrom, take, toArray } from 'rxjs';
import { drawPerception } from './gallery.js';
import type { ClipSettings, Exam } from './settings.js';

/**
 * Clips for the model card: of open licences (`isRedistributable`), none used for training (training/real_clips.py lists those that
 * are), whose footage too, not only the repository, is free to show (training/real-pictures.md), and by what they show rather than
 * by how well it goes.
 */
export const SHOWN: readonly string[] = ['seq_apcbin'];
/** More of them whose pictures the training saw (never with depth, flow or classes that anybody had labelled), which their captions say. */
export const SHOWN_TRAINED: readonly string[] = ['sam2_bedroom', 'gopro_max', 'udacity_vehicle', 'cv_moonwalk', 'intel_bottle'];
/** Frames that are watched; the last one is shown. */
const FRAMES = 12;

/** Puts one frame of some clips, and all that the model says of it as a stream, on the card. There is no truth beside it. */
export async function showClips({ examinee, gallery, progress }: Exam, { folder, limit }: ClipSettings): Promise<void> {
  if (!gallery) return;
  const licences = await readLicences(join(folder, 'index.csv'));
  const modalities = examinee.able(MODALITIES);
  const clips = [...SHOWN, ...SHOWN_TRAINED].slice(0, limit);
  for (const [done, name] of clips.entries()) {
    progress('pictures of clips', done, clips.length);
    const path = join(folder, `${name}.mp4`);
    if (!existsSync(path)) continue;
    const frames = await lastValueFrom(openSource(path, { realtime: false }).pipe(take(FRAMES), toArray()));
    const said = await examinee.look(frames, modalities);
    const drawn = modalities.flatMap((modality) => drawPerception(modality, said.frame, {}, said).slice(1));
    const licence = licences.get(name) ?? '';
    gallery.addClip(SHOWN_TRAINED.includes(name) ? `${name}, seen in training` : name, licence, ['picture', ...modalities], [said.frame, ...drawn]);
  }
}

/** The licence of each clip, by the columns `name` and `licence` of the index; empty where there is no index. */
export async function readLicences(path: string): Promise<ReadonlyMap<string, string>> {
  const text = await readFile(path, 'utf8').catch(() => '');
  const [header, ...rows] = text.split(/\r?\n/).filter((line) => line !== '').map(cells);
  const [name, licence] = [header?.indexOf('name') ?? -1, header?.indexOf('licence') ?? -1];
  return new Map(name < 0 || licence < 0 ? [] : rows.map((row) => [row[name], row[licence]]));
}

/** Cells of a line of CSV, quotes taken off. */
function cells(line: string): readonly string[] {
  return Array.from(line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
}
