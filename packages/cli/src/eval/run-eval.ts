import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import type { Modality } from '@sextant/core';
import type { DeviceChoice, Size } from '@sextant/model';
import type { Resolution } from '../cli/choices.js';
import type { Output } from '../cli/output.js';
import { checkWritable, writeJson } from '../files/write-whole.js';
import { evaluate } from './evaluate.js';
import { Gallery } from './gallery.js';
import { nothingMeasured } from './nothing-measured.js';
import { table, withBaseline } from './report.js';
import type { Report } from './report.js';
import { readFlows, readReports } from './saved-figures.js';

/** The flags of `sextant eval`. */
export interface EvalFlags {
  readonly source?: 'world';
  readonly seeds: number;
  readonly firstSeed: number;
  readonly assets?: string;
  readonly tracks?: number;
  readonly size: Size;
  readonly model: string;
  readonly device: DeviceChoice;
  readonly steps: number;
  readonly closeUps: number;
  readonly resolution: Resolution;
  readonly modalities: readonly Modality[];
  readonly limit: number;
  readonly out?: string;
  readonly dis?: string;
  readonly clips?: string;
  readonly clipFlow?: string;
  readonly previous?: string;
  readonly json?: boolean;
}

/** Measures what the flags ask for, prints the figures and writes what `--out` asks for. */
export async function runEval(folder: string | undefined, flags: EvalFlags, output: Output, signal: AbortSignal): Promise<undefined> {
  if (folder === undefined && flags.source === undefined && flags.clips === undefined) {
    throw new SextantError('bad-argument', 'nothing to measure on', { hint: 'Give a folder of items, --source world or --clips.' });
  }
  if (flags.tracks !== undefined && flags.source !== 'world') {
    throw new SextantError('bad-argument', `--tracks ${flags.tracks} has no truth to follow`, { hint: 'Only simulated worlds say who is who from frame to frame: give --source world too.' });
  }
  if (flags.out !== undefined) await checkWritable(flags.out);
  const flows = flags.dis === undefined ? [] : await readFlows(flags.dis);
  const { seeds, firstSeed, assets, tracks, size: area, modalities: asked, limit, device, steps, closeUps, resolution } = flags;
  const world = flags.source === 'world' ? { world: { seeds, firstSeed, size: area, ...(assets === undefined ? {} : { assets }), ...(tracks === undefined ? {} : { tracks }) } } : {};
  const clips = flags.clips === undefined ? {} : { clips: { folder: flags.clips, limit: flags.limit, ...(flags.clipFlow === undefined ? {} : { flow: flags.clipFlow }) } };
  const settings = { ...clips, modalities: asked, limit, ...(folder === undefined ? {} : { folder }), ...world };
  const gallery = flags.out === undefined ? undefined : new Gallery(flags.out);
  const measure = (model: string, pictures?: Gallery): Promise<readonly Report[]> => evaluate(settings, { model, device, size: area, steps, closeUps, resolution }, signal, progress(output, model), pictures);

  let reports = await measure(flags.model, gallery);
  if (reports.length === 0) {
    await gallery?.close(); // pictures of clips need no figures
    throw await nothingMeasured(settings);
  }
  const { previous } = flags;
  if (previous !== undefined) reports = withBaseline(reports, 'previousVersion', /\.(jsonl?|ndjson)$/.test(previous) ? await readReports(previous) : await measure(previous));
  for (const { name, reports: figures } of flows) reports = withBaseline(reports, name, figures);
  // Before any file: figures that took hours are not lost to a full disk.
  for (const report of reports) {
    output.event('metrics', { ...report });
    output.print(`${table(report, flags.model).join('\n')}\n`);
  }
  if (flags.out !== undefined) await writeJson(join(flags.out, 'report.json'), reports);
  await gallery?.close();
  return undefined;
}

/** Progress on stderr, at most one line in two seconds. */
function progress(output: Output, model: string): (what: string, done: number, all: number) => void {
  let [last, known] = [0, ''];
  return (what, done, all) => {
    if (what === known && Date.now() - last < 2000) return;
    [last, known] = [Date.now(), what];
    output.note(`${model}: ${what} ${done}/${all}`);
  };
}
