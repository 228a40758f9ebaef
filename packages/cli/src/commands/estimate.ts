import type { DeviceChoice, Size } from '@sextant/model';
import { DEVICES, MOST_CLOSE_UPS, MOST_STEPS } from '@sextant/model';
import type { Modality } from '@sextant/core';
import { Command, Option } from 'commander';
import { RESOLUTIONS } from '../cli/choices.js';
import type { Resolution } from '../cli/choices.js';
import { modalities } from '../cli/parse-model.js';
import { whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';
import { size } from '../eval/size.js';

interface Flags {
  readonly out: string;
  readonly modalities?: readonly Modality[];
  readonly model: string;
  readonly device: DeviceChoice;
  readonly size?: Size;
  readonly steps: number;
  readonly closeUps: number;
  readonly memory: boolean;
  readonly steady?: boolean;
  readonly resolution: Resolution;
  readonly prompt?: string;
  readonly calibration?: string;
  readonly frames?: number;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** `sextant estimate`: every frame of a recording into typed files. */
export function estimateCommand(): Command {
  return new Command('estimate')
    .description('Estimate every frame of a video or a folder of pictures; write typed files and a preview. Called again, it goes on where it stopped.')
    .argument('<video|folder>', 'a video, a folder of PNG or JPEG files, or sim:<seed> with --frames')
    .requiredOption('--out <dir>', 'folder to write to')
    .option('--modalities <list>', 'comma-separated: depth,flow,segmentation,skeleton,densepose (default: all of the model)', modalities)
    .option('--model <name|folder>', 'model', 'nano')
    .addOption(new Option('--device <device>', 'where the model runs').choices(['auto', ...DEVICES]).default('auto'))
    .option('--size <WxH>', 'size of the model\'s grid: smaller is faster, larger sees more (default: the model\'s)', size)
    .option('--steps <n>', `views of each frame that are averaged, 1 to ${MOST_STEPS}: better, and 2 or 3.7 times as slow (docs/refinement.md)`, whole(1, MOST_STEPS), 1)
    .option('--close-ups <n>', `people of each frame who are looked at again from nearby, at most ${MOST_CLOSE_UPS}: better joints and outlines, each at the cost of a part of a frame (docs/refinement.md)`, whole(0, MOST_CLOSE_UPS), 0)
    .option('--no-memory', 'estimate each frame for itself, without what the network kept of earlier ones')
    .option('--steady', 'average depth over time along the flow; needs depth and flow')
    .addOption(new Option('--resolution <which>', 'how maps come to the picture\'s size; model: resampled plainly; camera: enlarged along its edges').choices(RESOLUTIONS).default('model'))
    .option('--prompt <phrase>', 'find by name, beside the modalities: "the two dogs", "segmentation of the red car", "furniture"; writes referred/. Or a modality in words: "depth map"')
    .option('--calibration <file.yaml>', 'intrinsics (ROS camera_calibration format): depth in metres, lens taken out')
    .option('--frames <n>', 'only the first n frames', whole(1, 1e9))
    .option('--overwrite', 'delete what another call left in the folder')
    .option('--json', 'one JSON object per line on stdout')
    .action(async (source: string, { json = false, ...flags }: Flags) => {
      const { estimateClip } = await import('../estimate/estimate.js');
      await runSession(json, (work) => estimateClip({ source, ...flags }, work));
    });
}
