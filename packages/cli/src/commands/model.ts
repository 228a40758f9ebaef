import { Command } from 'commander';
import { whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';
import { sizeOption } from '../eval/size.js';
import type { FitSettings } from '../model/fit.js';

interface Flags {
  readonly json?: boolean;
}

/** `sextant model list|info|verify|fit`. */
export function modelCommand(): Command {
  const json = ['--json', 'one JSON object per line on stdout'] as const;
  return new Command('model')
    .description('Models: what there is, what they say of themselves, whether their files are whole, how they are fitted.')
    .addCommand(
      new Command('list')
        .description('list the models that can be loaded by name')
        .option(...json)
        .action(async ({ json: lines = false }: Flags) => {
          const { listAll } = await import('../model/models.js');
          await runSession(lines, listAll);
        }),
    )
    .addCommand(
      new Command('info')
        .description('what a model is, estimates and is made of')
        .argument('<name|folder>')
        .option(...json)
        .action(async (name: string, { json: lines = false }: Flags) => {
          const { describe } = await import('../model/models.js');
          await runSession(lines, (work) => describe(name, work));
        }),
    )
    .addCommand(
      new Command('verify')
        .description('check size and SHA-256 of every file')
        .argument('[name|folder]', 'default: all models')
        .option(...json)
        .action(async (name: string | undefined, { json: lines = false }: Flags) => {
          const { verify } = await import('../model/models.js');
          await runSession(lines, (work) => verify(name, work));
        }),
    )
    .addCommand(
      new Command('fit')
        .description('fit the confidence and the sky of a model\'s depth on rendered worlds, and print the values for its manifest')
        .argument('[name|folder]', 'model', 'nano')
        .option('--seeds <n>', 'how many worlds', whole(1, 100_000), 100)
        .option('--first-seed <n>', 'the first world; eval uses 0 to 199, training 1000000 and above', whole(0, 0xffff_ffff), 900_000)
        .option('--assets <folder>', 'open assets to build the worlds from (default: procedural ones)')
        .addOption(sizeOption('size', 'size of the worlds\' pictures; area of the model\'s grid', { width: 256, height: 192 }))
        .option(...json)
        .action(async (model: string, { json: lines = false, ...flags }: Flags & Omit<FitSettings, 'model'>) => {
          const { fitModel } = await import('../model/fit.js');
          await runSession(lines, (work) => fitModel({ model, ...flags }, work));
        }),
    );
}
