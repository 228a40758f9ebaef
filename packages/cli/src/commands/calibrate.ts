import type { BoardSpec, CharucoSpec } from '@sextant/camera';
import { Command, InvalidArgumentError, Option } from 'commander';
import { DICTIONARIES } from '../calibrate/dictionaries.js';
import { port, positive, whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';

/** Most that solving may take after a signal, milliseconds; a second signal ends it at once. */
const SOLVING_MS = 300_000;

interface Flags {
  readonly board: readonly [number, number];
  readonly square: number;
  readonly charuco?: boolean;
  readonly marker?: number;
  readonly dictionary: CharucoSpec['dictionary'];
  readonly fisheye?: boolean;
  readonly rational?: boolean;
  readonly out: string;
  readonly name: string;
  readonly views: number;
  readonly port: number;
  readonly json?: boolean;
}

function boardSize(text: string): readonly [number, number] {
  const [, columns, rows] = /^(\d{1,2})x(\d{1,2})$/.exec(text) ?? [];
  if (columns === undefined) throw new InvalidArgumentError('Give columns and rows, for example 9x6.');
  return [Number(columns), Number(rows)];
}

/** `sextant calibrate`: a camera from pictures of a board. */
export function calibrateCommand(): Command {
  return new Command('calibrate')
    .description('Find a camera\'s intrinsics and lens from pictures of a chessboard or a ChArUco board; write a ROS camera_info file.')
    .argument('<source...>', 'pictures, a folder, a video, a bag, v4l2:/dev/video0, rtsp://..., ros:/topic or rosbridge:/topic')
    .requiredOption('--board <CxR>', 'inner corners of a chessboard (9x6), or squares of a ChArUco board', boardSize)
    .requiredOption('--square <m>', 'side of a square, metres', positive)
    .option('--charuco', 'the board is a ChArUco board')
    .option('--marker <m>', 'side of a ChArUco marker, metres (default: 0.75 of the square)', positive)
    .addOption(new Option('--dictionary <name>', 'markers of the ChArUco board').choices(DICTIONARIES).default('DICT_5X5_100'))
    .option('--fisheye', 'equidistant lens model (Kannala-Brandt) instead of plumb_bob')
    .option('--rational', 'rational_polynomial lens model, for wide lenses')
    .option('--out <file.yaml>', 'where to write', 'camera.yaml')
    .option('--name <name>', 'camera_name in the file', 'camera')
    .option('--views <n>', 'stop collecting after so many views', whole(3, 1000), 40)
    .option('--port <n>', 'where clients publish a rosbridge: source to; 0 takes a free one', port, 8420)
    .option('--json', 'one JSON object per line on stdout')
    .action(async (sources: string[], { json = false, board: [a, b], square, charuco, marker, dictionary, fisheye, rational, out, name, views, port: at }: Flags) => {
      const { calibrate } = await import('../calibrate/calibrate.js');
      const board: BoardSpec = charuco === true
        ? { kind: 'charuco', squaresX: a, squaresY: b, square, marker: marker ?? 0.75 * square, dictionary }
        : { kind: 'chessboard', columns: a, rows: b, square };
      const model = fisheye === true ? 'equidistant' : rational === true ? 'rational_polynomial' : 'plumb_bob';
      // Ctrl-C ends the collecting; solving for the camera comes after it, and a fisheye of many views takes its time.
      await runSession(json, (work) => calibrate({ sources, board, model, out, name, views, port: at }, work), { graceMs: SOLVING_MS, doneBySignal: true });
    });
}
