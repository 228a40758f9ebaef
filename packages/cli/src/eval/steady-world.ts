import type { Frame, Modality } from '@sextant/core';
import { createWorld, loadAssets } from '@sextant/world';
import type { WorldFrame } from '@sextant/world';
import { fromWorld } from './class-maps.js';
import type { Report } from './report.js';
import type { Exam, WorldSettings } from './settings.js';
import { SteadinessTally, sampleOf } from './steadiness-tally.js';
import type { SteadyFrame } from './steadiness-tally.js';
import { toFrame } from './world.js';

/** Rendering is most of the cost: every fifth world, and so many instants of it. */
const EVERY = 5;
const [FIRST, COUNT] = [10, 8];

/** The modalities whose steadiness is measured. */
export const STEADY: readonly Modality[] = ['depth', 'segmentation'];

/** Measures how steady a model is on sequences of simulated worlds, along the true motion. */
export async function evaluateWorldSteadiness({ examinee, modalities, progress }: Exam, { seeds, firstSeed, size, assets }: WorldSettings): Promise<Report | undefined> {
  const asked = examinee.able(STEADY).filter((modality) => modalities.includes(modality));
  if (asked.length === 0) return undefined;
  const library = assets === undefined ? undefined : await loadAssets(assets);
  const toModel = fromWorld(examinee.model.classes);
  const tally = new SteadinessTally();
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += EVERY) {
    progress('steadiness', seed - firstSeed, seeds);
    const world = createWorld({ seed, ...size, ...(library ? { assets: library } : {}) });
    const truths: WorldFrame[] = [];
    function* frames(): Generator<Frame> {
      for (let index = FIRST; index < FIRST + COUNT; index += 1) {
        const truth = world.render(index);
        truths.push(truth);
        yield toFrame(truth);
      }
    }
    let before: SteadyFrame | undefined;
    for await (const { streaming, steady, perFrame } of examinee.watch(frames(), asked)) {
      const { depth, flow, occlusion, labels, width, height } = truths[truths.length - 1];
      const now: SteadyFrame = {
        streaming: sampleOf(streaming), perFrame: sampleOf(perFrame), ...(steady ? { steady: sampleOf(steady) } : {}),
        truth: { depth, labels: labels.map((id) => toModel[id]) },
      };
      if (before) tally.add(`seed${seed}`, now, before, { width, height, flow, occlusion });
      before = now;
      await new Promise(setImmediate); // let signals through: rendering is synchronous
    }
  }
  return tally.report('world');
}
