import { Command } from 'commander';
import { port } from '../cli/parse.js';
import { runSession } from '../cli/session.js';

interface Flags {
  readonly port: number;
  readonly json?: boolean;
}

/** `sextant doctor`: whether this machine has what Sextant needs. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Check Node, packages, inference devices, models, ffmpeg, cameras, ROS 2 and the port; say what to do.')
    .option('--port <n>', 'port that should be free', port, 8420)
    .option('--json', 'one JSON object per line on stdout')
    .action(async ({ json = false, port: wanted }: Flags) => {
      const { diagnose } = await import('../doctor/doctor.js');
      await runSession(json, (work) => diagnose(wanted, work));
    });
}
