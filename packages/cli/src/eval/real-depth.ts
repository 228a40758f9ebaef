import { SextantError } from '@sextant/core';
import type { Frame } from '@sextant/core';
import { DepthTally, scorable } from './depth-tally.js';
import type { DepthTruth } from './depth-tally.js';
import { drawPerception } from './gallery.js';
import { numbered } from './items.js';
import type { Item } from './items.js';
import { pinhole, readGrey, readPicture, toFrame } from './pictures.js';
import type { Report } from './report.js';
import type { Exam } from './settings.js';

/** What a stored value is divided by to be metres. */
function unit({ units, folder }: Item): number {
  const found = /value\s*\/\s*(\d+)/.exec(units)?.[1];
  if (found === undefined) {
    throw new SextantError('source-corrupt', `units of ${folder} are ${JSON.stringify(units)}`, { hint: 'Write "16-bit PNG, value/1000 = metres" in meta.json.' });
  }
  return Number(found);
}

async function readTruth(item: Item, index: number): Promise<DepthTruth> {
  const { width, height, data } = await readGrey(numbered(item, index, 'depth', 'png'));
  const metres = unit(item);
  return { width, height, metres: scorable(Float32Array.from(data, (value) => value / metres)) };
}

/** Measures depth on items with a sensor's depth. Frames are shown one by one: what the sensor saw between them is not known. */
export async function evaluateDepth({ examinee, gallery, progress }: Exam, items: readonly Item[]): Promise<readonly Report[]> {
  const tallies = { real: new DepthTally(), synthetic: new DepthTally() };
  for (const [done, item] of items.entries()) {
    progress('depth', done, items.length);
    for (let index = 0; index < (item.frames ?? 1); index += 1) {
      const truth = await readTruth(item, index);
      const image = await readPicture(numbered(item, index, 'frame', 'jpg'));
      if (image.width !== truth.width || image.height !== truth.height) {
        throw new SextantError('source-corrupt', `${item.folder}: picture ${image.width}x${image.height}, depth ${truth.width}x${truth.height}`, { hint: 'They must have one size.' });
      }
      const k = item.intrinsics_fx_fy_cx_cy;
      const frame: Frame = toFrame(image, index, k ? pinhole(image.width, image.height, k) : undefined);
      const said = await examinee.look([frame], ['depth']);
      const scores = tallies[item.set].add(item.name, said.depth!.metres, truth, () => readTruth(item, index), said.depth!.confidence);
      if (gallery && scores) {
        const shown = { depth: { ...truth, provenance: 'metric' as const } };
        await gallery.add('depth', item.set, `${item.name}-${String(index).padStart(2, '0')}`, scores.absRelScale, drawPerception('depth', frame, shown, said), item.licence);
      }
    }
  }
  const reports = [await tallies.real.report('real'), await tallies.synthetic.report('synthetic')];
  return reports.filter((report) => report !== undefined);
}
