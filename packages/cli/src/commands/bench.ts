import type { Size } from '@sextant/model';
import { Command, Option } from 'commander';
import type { Part } from '../bench/parts.js';
import { positive, whole } from '../cli/parse.js';
import { runSession } from '../cli/session.js';
import { sizeOption, sizes } from '../eval/size.js';

interface BenchFlags {
  readonly model: string;
  readonly frames: number;
  readonly size: Size;
  readonly camera: Size;
  readonly sizes?: readonly Size[];
  readonly minutes?: number;
  readonly part?: string;
  readonly json?: boolean;
}

/** `sextant bench`: how fast the pipeline is, beside a bare loop over the same graphs on the same machine. */
export function benchCommand(): Command {
  return new Command('bench')
    .description('Measure throughput, latency and event-loop delay of the pipeline with one client, and its ratio to a bare inference loop.')
    .option('--model <name|folder>', 'model', 'nano')
    .option('--frames <n>', 'frames per measurement', whole(10, 100_000), 200)
    .addOption(sizeOption('size', 'size of the model\'s grid', { width: 256, height: 192 }))
    .addOption(sizeOption('camera', 'size of the camera\'s pictures', { width: 640, height: 480 }))
    .option('--sizes <list>', 'instead: milliseconds per new frame at each of these sizes of the grid, for example 128x96,256x192,512x384', sizes)
    .option('--minutes <m>', 'instead: run for so long and tell whether memory grows', positive)
    .addOption(new Option('--part <json>', 'one process of a bench').hideHelp())
    .option('--json', 'one JSON object per line on stdout')
    .action(async ({ json = false, part, ...flags }: BenchFlags) => {
      const [{ bench }, { runPart }] = await Promise.all([import('../bench/bench.js'), import('../bench/parts.js')]);
      await runSession(json, async ({ output, signal }) => {
        if (part === undefined) await bench(flags, output, signal);
        else await runPart(JSON.parse(part) as Part, signal);
        return undefined;
      });
    });
}
