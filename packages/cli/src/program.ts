import { Command } from 'commander';
import { version } from './version.js';

/** Every command by its name, loaded when it is asked for: all together take half of a short command's time. One line registers one. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  run: async () => (await import('./commands/run.js')).runCommand(),
  estimate: async () => (await import('./commands/estimate.js')).estimateCommand(),
  generate: async () => (await import('./commands/generate.js')).generateCommand(),
  joint: async () => (await import('./commands/generate.js')).jointCommand(),
  world: async () => (await import('./commands/world.js')).worldCommand(),
  dataset: async () => (await import('./commands/dataset.js')).datasetCommand(),
  calibrate: async () => (await import('./commands/calibrate.js')).calibrateCommand(),
  eval: async () => (await import('./commands/eval.js')).evalCommand(),
  bench: async () => (await import('./commands/bench.js')).benchCommand(),
  model: async () => (await import('./commands/model.js')).modelCommand(),
  doctor: async () => (await import('./commands/doctor.js')).doctorCommand(),
};

/** The `sextant` program with the command that `args` begin with; with all commands where they begin with none of them, as for `--help`. */
export async function createProgram(args: readonly string[]): Promise<Command> {
  const program = new Command('sextant')
    .description('Robotics perception: one video model from camera frames to depth, flow, segmentation, skeleton and DensePose, as ROS topics.')
    .version(version());
  const names = Object.keys(COMMANDS);
  const asked = args[0] === '--version' || args[0] === '-V' ? [] : names.includes(args[0]) ? [args[0]] : names;
  for (const name of asked) program.addCommand(await COMMANDS[name]());
  return program;
}
