import { SextantError } from '@sextant/core';
import { CommanderError, type Command } from 'commander';
import { Output } from './cli/output.js';
import { withoutRosArgs } from './cli/ros-args.js';
import { USAGE } from './cli/session.js';
import { createProgram } from './program.js';

/** Runs the `sextant` command with `given` (without node and script); sets the process's exit code. */
export async function main(given: readonly string[]): Promise<void> {
  const args = withoutRosArgs(given);
  const json = args.includes('--json');
  const program = await createProgram(args);
  // With --json the usage error is a line like every other; commander's own text would only repeat it.
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeErr: () => {} });
    for (const sub of command.commands) sub.exitOverride().configureOutput({ writeErr: () => {} });
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return; // --help, --version
    if (error.code === 'commander.help') {
      process.stderr.write(program.helpInformation());
    } else {
      const message = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
      new Output(json).error(new SextantError('bad-argument', message, { hint: usageHint(program, args, error) }));
    }
    process.exitCode = USAGE;
  }
}

function usageHint(program: Command, args: readonly string[], error: CommanderError): string {
  const command = program.commands.find((c) => c.name() === args[0]);
  if (command === undefined) return `Commands: ${program.commands.map((c) => c.name()).join(', ')}. See: sextant --help`;
  if (error.code === 'commander.unknownOption') return `Options of ${command.name()}: ${command.options.map((o) => o.long ?? o.flags).join(', ')}, --help.`;
  if (command.commands.length > 0) return `Commands of ${command.name()}: ${command.commands.map((c) => c.name()).join(', ')}. See: sextant ${command.name()} --help`;
  return `See: sextant ${command.name()} --help`;
}
