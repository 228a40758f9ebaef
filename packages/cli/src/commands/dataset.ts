import { availableParallelism } from 'node:os';
import { DEVICES, type DeviceChoice } from '@sextant/model';
import { Command, Option } from 'commander';
import { whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';

/** A clip that is being painted is let finish its frame after a signal. */
const GRACE_MS = 30_000;

interface Flags {
  readonly out: string;
  readonly workers: number;
  readonly device: DeviceChoice;
  readonly resume?: boolean;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `sextant dataset`: many labelled clips by a recipe. */
export function datasetCommand(): Command {
  return new Command('dataset')
    .description('Make a data set by a recipe: many clips, rendered or painted by the model, with labels, splits, COCO annotations, a manifest and hashes. docs/datasets.md')
    .argument('<recipe.yaml>', 'what is wanted; examples/simulation/dataset.yaml is one')
    .requiredOption('--out <dir>', 'folder to write to: new, empty, or begun by the same recipe')
    .option('--resume', 'go on with what a stopped or killed call has begun; whole clips are kept')
    .option('--workers <n>', `processes that make clips (this machine has ${availableParallelism()} cores)`, whole(1, 256), 1)
    .addOption(new Option('--device <device>', 'where models run, for painting and checking').choices(['auto', ...DEVICES]).default('auto'))
    .option('--overwrite', 'delete the data set that is in the folder')
    .option('--json', 'one JSON object per line on stdout')
    .action(async (recipe: string, { json = false, ...flags }: Flags) => {
      const { makeDataset } = await import('../dataset/dataset.js');
      await runSession(json, (work) => makeDataset({ recipe, ...flags }, work), { graceMs: GRACE_MS });
    });
}
