import { Command, Option } from 'commander';
import { positive, whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';
import { renderWorld } from '../world/world.js';
import type { WorldSettings } from '../world/world.js';

/** `sextant world`: a scene with all its ground truth. */
export function worldCommand(): Command {
  return new Command('world')
    .description('Render a procedural scene with exact depth, flow, classes, instances, keypoints, DensePose and poses; write typed files. Called again, it goes on where it stopped.')
    .argument('<seed>', 'which scene, 0 to 4294967295', whole(0, 0xffff_ffff))
    .requiredOption('--frames <n>', 'frames to render', whole(1, 1e9))
    .requiredOption('--out <dir>', 'folder to write to')
    .option('--width <px>', 'picture width', whole(8, 8192), 320)
    .option('--height <px>', 'picture height', whole(8, 8192), 240)
    .option('--fps <hz>', 'frames per second of world time', positive, 30)
    .addOption(new Option('--scene <kind>', 'kind of scene (default: the seed chooses)').choices(['indoor', 'outdoor']))
    .option('--assets <dir>', 'folder of open assets to build from (default: procedural)')
    .option('--overwrite', 'delete what another call left in the folder')
    .option('--json', 'one JSON object per line on stdout')
    .action((seed: number, { json = false, ...flags }: Omit<WorldSettings, 'seed'> & { readonly json?: boolean }) =>
      runSession(json, (work) => renderWorld({ seed, ...flags }, work)),
    );
}
