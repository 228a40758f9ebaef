import { MODALITIES } from '@sextant/core';
import { DEVICES, MOST_CLOSE_UPS, MOST_STEPS } from '@sextant/model';
import { Command, Option } from 'commander';
import { RESOLUTIONS } from '../cli/choices.js';
import { modalities } from '../cli/parse-model.js';
import { whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';
import type { EvalFlags } from '../eval/run-eval.js';
import { sizeOption } from '../eval/size.js';

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
    .action(async (folder: string | undefined, { json = false, ...flags }: EvalFlags) => {
      const { runEval } = await import('../eval/run-eval.js');
      await runSession(json, ({ output, signal }) => runEval(folder, flags, output, signal));
    });
}
