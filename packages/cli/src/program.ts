import { Command } from 'commander';
import { estimateCommand } from './commands/estimate.js';
import { runCommand } from './commands/run.js';
import { version } from './version.js';

/** The `sextant` program with all its commands. */
export function createProgram(): Command {
  return new Command('sextant')
    .description('Robotics perception: one video model from camera frames to depth, flow, segmentation, skeleton and DensePose, as ROS topics.')
    .version(version())
    .addCommand(runCommand())
    .addCommand(estimateCommand());
}
