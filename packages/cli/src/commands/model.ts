import { Command } from 'commander';
import { runSession } from '../cli/session.js';
import { describe, listAll, verify } from '../model/models.js';

interface Flags {
  readonly json?: boolean;
}

/** `sextant model list|info|verify`. */
export function modelCommand(): Command {
  const json = ['--json', 'one JSON object per line on stdout'] as const;
  return new Command('model')
    .description('Models: what there is, what they say of themselves, whether their files are whole.')
    .addCommand(
      new Command('list')
        .description('list the models that can be loaded by name')
        .option(...json)
        .action((flags: Flags) => runSession(flags.json ?? false, listAll)),
    )
    .addCommand(
      new Command('info')
        .description('what a model is, estimates and is made of')
        .argument('<name|folder>')
        .option(...json)
        .action((name: string, flags: Flags) => runSession(flags.json ?? false, (work) => describe(name, work))),
    )
    .addCommand(
      new Command('verify')
        .description('check size and SHA-256 of every file')
        .argument('[name|folder]', 'default: all models')
        .option(...json)
        .action((name: string | undefined, flags: Flags) => runSession(flags.json ?? false, (work) => verify(name, work))),
    );
}
