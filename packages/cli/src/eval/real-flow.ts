import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError } from '@sextant/core';
import type { FlowField } from '@sextant/core';
import { FlowTally, withMotion } from './flow-tally.js';
import { drawPerception } from './gallery.js';
import type { Item } from './items.js';
import { readNpz } from './npz.js';
import { readPicture, toFrame } from './pictures.js';
import type { Report } from './report.js';
import type { Exam } from './settings.js';

/** `flow.npz`: motion from frame1 to frame2 on frame1's grid, NaN where `valid` says so. */
async function readTruth(item: Item): Promise<FlowField> {
  const path = join(item.folder, 'flow.npz');
  const arrays = readNpz(await readFile(path));
  const [flow, valid] = [arrays.get('flow'), arrays.get('valid')];
  if (flow?.shape.length !== 3 || flow.shape[2] !== 2 || (valid && valid.data.length * 2 !== flow.data.length)) {
    throw new SextantError('source-corrupt', `${path} holds ${[...arrays].map(([name, { shape }]) => `${name} (${shape.join(', ')})`).join(', ')}`, { hint: 'Write flow (H, W, 2) and valid (H, W).' });
  }
  const [height, width] = flow.shape;
  return { width, height, pixels: Float32Array.from(flow.data, (value, i) => (valid?.data[i >> 1] === 0 ? Number.NaN : value)) };
}

/**
 * Measures flow on pairs with the motion from the first to the second picture on the first one's grid. The model's motion is
 * on the newest picture's grid, from the one before: so the pair is shown in reverse order and the motion negated.
 */
export async function evaluateFlow({ examinee, gallery, progress }: Exam, items: readonly Item[]): Promise<readonly Report[]> {
  const tallies = { real: new FlowTally(), synthetic: new FlowTally() };
  for (const [done, item] of items.entries()) {
    progress('flow', done, items.length);
    const truth = await readTruth(item);
    const [first, second] = [await readPicture(join(item.folder, 'frame1.png')), await readPicture(join(item.folder, 'frame2.png'))];
    const said = withMotion(await examinee.look([toFrame(second, 0), toFrame(first, 1)], ['flow']), ['flow']);
    const forward = said.flow!.pixels.map((value) => -value);
    const scores = tallies[item.set].add(item.name, forward, truth.pixels, truth.width, truth.height);
    if (gallery && scores) {
      const drawn = drawPerception('flow', first, { flow: truth }, { flow: { ...truth, pixels: forward } });
      await gallery.add('flow', item.set, item.name, scores.epe, drawn, item.licence);
      await gallery.addPair(item.set, item.name, second, first, { ...truth, pixels: truth.pixels.map((value) => -value) });
    }
  }
  return [tallies.real.report('real'), tallies.synthetic.report('synthetic')].filter((report) => report !== undefined);
}
