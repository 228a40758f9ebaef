import { DEVICES, MOST_CLOSE_UPS } from '@sextant/model';
import { Command, Option } from 'commander';
import { RECORD_COMPRESSIONS, RESOLUTIONS, ROS_CHOICES } from '../cli/choices.js';
import { modalities, scale } from '../cli/parse-model.js';
import { list, nonNegative, port, positive, whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';
import { size } from '../eval/size.js';
import type { RunFlags } from '../run/settings.js';

/** `sextant run`: a camera through the model to ROS topics and the page. */
export function runCommand(): Command {
  return new Command('run')
    .description('Play a source through the model; serve the page, rosbridge and metrics on one port.')
    .option('--source <spec>', 'sim:, sim:<seed>, clip.mp4, dir:<folder>, bag.mcap#/topic, v4l2:/dev/video0, rtsp://..., ros:/topic, rosbridge:/topic (default: sim:)')
    .option('--model <name|folder>', 'model (default: nano)')
    .option('--modalities <list>', 'the most that is computed, comma-separated: depth,flow,segmentation,skeleton,densepose (default: all); of these, what somebody listens to', modalities)
    .addOption(new Option('--device <device>', 'where the model runs (default: auto)').choices(['auto', ...DEVICES]))
    .option('--size <WxH>', 'size of the model\'s grid: smaller is faster, larger sees more (default: the model\'s)', size)
    .option('--no-memory', 'estimate each frame for itself, without what the network kept of earlier ones')
    .option('--close-ups <n>', `people of each frame who are looked at again from nearby, at most ${MOST_CLOSE_UPS}: better joints and outlines, each at the cost of a part of a frame (default: 0)`, whole(0, MOST_CLOSE_UPS))
    .option('--steady', 'average depth over time along the flow; needs depth and flow, and computes flow wherever somebody listens to depth')
    .option('--prompt <phrase>', 'find by name, beside the modalities: "the two dogs", "segmentation of the person"; published under referred/, changed by the parameter prompt or on the page')
    .option('--scale <how>', 'where the metres of depth come from, other than the model: 1.25, camera-height:<m>, object:<class>:<m tall>, range:<topic>, scan:<topic>', scale)
    .option('--port <n>', 'port of page, rosbridge, health and metrics; 0 takes a free one (default: 8420)', port)
    .option('--host <address>', 'address to listen on; beyond this machine it needs --token (default: 127.0.0.1)')
    .option('--token <token>', 'asked of every client')
    .option('--allow-host <names>', 'more host names, comma-separated: of sites whose pages may connect, and under which this machine may be reached', list)
    .option('--insecure', 'listen beyond this machine without a token')
    .addOption(new Option('--ros <transport>', 'auto: native ROS 2 where it is sourced, rosbridge and Foxglove always; native: insists and says what is missing; off: never tries (default: auto)').choices(ROS_CHOICES))
    .option('--record <file.mcap|folder>', 'record all topics; a folder is a rosbag2 with its metadata.yaml; a recording that fails is reported and the run goes on')
    .addOption(new Option('--record-compression <how>', 'zstd, on a thread of its own, or none (default: zstd)').choices(RECORD_COMPRESSIONS))
    .addOption(new Option('--resolution <which>', 'model: maps as the model gives them; camera: enlarged to the picture along its edges, by this process (default: model)').choices(RESOLUTIONS))
    .option('--loop', 'start a recording again at its end')
    .option('--start <s>', 'leave out the first so many seconds of a recording', nonNegative)
    .option('--speed <factor>', 'play a recording faster (2) or slower (0.5) than it was captured', positive)
    .option('--rate <hz>', 'at most so many frames per second; the pace of a folder and of sim:', positive)
    .option('--duration <s>', 'end so many seconds after the first frame', positive)
    .option('--calibration <file.yaml>', 'intrinsics of the source (ROS camera_calibration format)')
    .option('--frame-id <name>', 'TF frame of everything published')
    .option('--width <px>', 'picture width asked of sim: and v4l2: (of v4l2: with --height)', whole(1, 16_384))
    .option('--height <px>', 'picture height asked of sim: and v4l2:', whole(1, 16_384))
    .option('--config <file.yaml>', 'pipeline file; flags override it (see launch/)')
    .option('--json', 'one JSON object per line on stdout')
    .addHelpText('after', '\nArguments from --ros-args on (up to --) are ROS 2\'s, for the native node: --ros-args --params-file qos.yaml')
    .action(async ({ json = false, config, memory, ...flags }: RunFlags & { readonly json?: boolean; readonly config?: string }) => {
      const [{ readPipeline }, { settleRun }, { run }] = await Promise.all([import('../config/read-pipeline.js'), import('../run/settings.js'), import('../run/run.js')]);
      await runSession(json, async (work) => run(settleRun({ ...flags, ...(memory === false && { memory }) }, config === undefined ? {} : await readPipeline(config)), work));
    });
}
