import { join } from 'node:path';
import { MODALITIES, SextantError } from '@sextant/core';
import type { Modality } from '@sextant/core';
import { DEVICES, MOST_CLOSE_UPS, MOST_STEPS } from '@sextant/model';
import type { DeviceChoice, Size } from '@sextant/model';
import { Command, Option } from 'commander';
import { modalities, whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';
import type { Output } from '../cli/output.js';
import { checkWritable, writeJson } from '../files/write-whole.js';
import { RESOLUTIONS } from '../config/schema.js';
import type { Resolution } from '../config/schema.js';
import { evaluate } from '../eval/evaluate.js';
import { Gallery } from '../eval/gallery.js';
import { nothingMeasured } from '../eval/nothing-measured.js';
import { readFlows, readReports } from '../eval/saved-figures.js';
import { sizeOption } from '../eval/size.js';
import { table, withBaseline } from '../eval/report.js';
import type { Report } from '../eval/report.js';

interface EvalFlags {
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

/** `sextant eval`: accuracy against ground truth, beside that of programs that hardly look. */
export function evalCommand(): Command {
  return new Command('eval')
    .description('Measure the model against ground truth: on a folder of real items, or on simulated worlds with --source world.')
    .argument('[folder]', 'evaluation items (layout: docs/evaluation.md)')
    .addOption(new Option('--source <kind>', 'world: simulated scenes, whose truth is exact').choices(['world']))
    .option('--seeds <n>', 'how many worlds', whole(1, 100_000), 200)
    .option('--first-seed <n>', 'the first world; training uses 1000000 and above', whole(0, 0xffff_ffff), 0)
    .option('--assets <folder>', 'open assets to build the worlds from (default: procedural ones)')
    .option('--tracks <frames>', 'with --source world: how well the ids of people and things last over so many frames of each world, and nothing else', whole(2, 10_000))
    .addOption(sizeOption('size', 'size of the worlds\' pictures; area of the model\'s grid', { width: 256, height: 192 }))
    .option('--model <name|folder>', 'model', 'nano')
    .addOption(new Option('--device <device>', 'where the model runs').choices(['auto', ...DEVICES]).default('auto'))
    .option('--steps <n>', `views of each frame that are averaged, 1 to ${MOST_STEPS} (docs/refinement.md)`, whole(1, MOST_STEPS), 1)
    .option('--close-ups <n>', `people of each frame who are looked at again from nearby, at most ${MOST_CLOSE_UPS} (docs/refinement.md)`, whole(0, MOST_CLOSE_UPS), 0)
    .addOption(new Option('--resolution <which>', 'how maps come to the picture\'s size; model: by nearest sample; camera: enlarged along its edges').choices(RESOLUTIONS).default('model'))
    .addOption(new Option('--modalities <list>', 'what is measured, comma-separated').argParser(modalities).default(MODALITIES, 'all'))
    .addOption(new Option('--limit <n>', 'at most so many items of each task, and clips').argParser(whole(1, 1_000_000)).default(1_000_000, 'all'))
    .option('--out <folder>', 'write pictures (input, truth, prediction), sheets of the worst and best, flow pairs and report.json')
    .option('--clips <folder>', 'steadiness on real clips (../shared/data/clips)')
    .option('--clip-flow <folder>', 'motion of the clips by OpenCV, from training/baselines/dis_flow.py --clips (default: the model\'s own)')
    .option('--dis <file.json>', 'figures of OpenCV\'s DIS and Farneback flow, from training/baselines/dis_flow.py on the pairs of --out')
    .option('--previous <model|file>', 'another model, measured the same way, or its saved lines of --json, as a baseline')
    .option('--json', 'one JSON object per line on stdout')
    .action((folder: string | undefined, { json = false, ...flags }: EvalFlags) => runSession(json, ({ output, signal }) => run(folder, flags, output, signal)));
}

async function run(folder: string | undefined, flags: EvalFlags, output: Output, signal: AbortSignal): Promise<undefined> {
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
