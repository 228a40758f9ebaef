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
    const command = commandOf(program, args);
    // --json belongs to the commands within this one: so far it was called without one of them.
    const lacking = error.code === 'commander.help' || (command.commands.length > 0 && error.message.includes("'--json'"));
    if (lacking && !json) {
      process.stderr.write(command.helpInformation());
    } else {
      const message = lacking ? `${fullName(command)} needs a command` : error.message.replace(/^error: /, '').replaceAll('\n', ' ');
      new Output(json).error(new SextantError('bad-argument', message, { hint: usageHint(command, error) }));
    }
    process.exitCode = USAGE;
  }
}

/** The command that `args` begin with, or the one within it; the program where they begin with none. */
function commandOf(program: Command, args: readonly string[]): Command {
  const command = program.commands.find((c) => c.name() === args[0]);
  return command?.commands.find((c) => c.name() === args[1]) ?? command ?? program;
}

/** As it is called: `sextant model info`. */
function fullName(command: Command): string {
  return command.parent === null ? command.name() : `${fullName(command.parent)} ${command.name()}`;
}

function usageHint(command: Command, error: CommanderError): string {
  const see = `See: ${fullName(command)} --help`;
  if (command.commands.length > 0) return `Commands${command.parent === null ? '' : ` of ${command.name()}`}: ${command.commands.map((c) => c.name()).join(', ')}. ${see}`;
  if (error.code === 'commander.unknownOption') return `Options of ${command.name()}: ${command.options.map((o) => o.long ?? o.flags).join(', ')}, --help.`;
  return see;
}
