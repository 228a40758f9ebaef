import { Command } from 'commander';
import { benchCommand } from './commands/bench.js';
import { calibrateCommand } from './commands/calibrate.js';
import { datasetCommand } from './commands/dataset.js';
import { doctorCommand } from './commands/doctor.js';
import { estimateCommand } from './commands/estimate.js';
import { evalCommand } from './commands/eval.js';
import { generateCommand, jointCommand } from './commands/generate.js';
import { modelCommand } from './commands/model.js';
import { runCommand } from './commands/run.js';
import { worldCommand } from './commands/world.js';
import { version } from './version.js';

/** The `sextant` program with all its commands; one line registers one. */
export function createProgram(): Command {
  return new Command('sextant')
    .description('Robotics perception: one video model from camera frames to depth, flow, segmentation, skeleton and DensePose, as ROS topics.')
    .version(version())
    .addCommand(runCommand())
    .addCommand(estimateCommand())
    .addCommand(generateCommand())
    .addCommand(jointCommand())
    .addCommand(worldCommand())
    .addCommand(datasetCommand())
    .addCommand(calibrateCommand())
    .addCommand(evalCommand())
    .addCommand(benchCommand())
    .addCommand(modelCommand())
    .addCommand(doctorCommand());
}
