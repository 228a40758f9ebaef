import type { Modality } from '@sextant/core';
import { fromWorld } from './class-maps.js';
import type { Report } from './report.js';
import type { Exam, WorldSettings } from './settings.js';
import { SteadinessTally, sampleOf } from './steadiness-tally.js';
import type { SteadyFrame } from './steadiness-tally.js';
import { Instants, worldsOf } from './worlds.js';

/** Rendering is most of the cost: every fifth world, and so many instants of it. */
const EVERY = 5;
const [FIRST, COUNT] = [10, 8];

/** The modalities whose steadiness is measured. */
export const STEADY: readonly Modality[] = ['depth', 'segmentation'];

/** Measures how steady a model is on sequences of simulated worlds, along the true motion. */
export async function evaluateWorldSteadiness({ examinee, modalities, progress }: Exam, settings: WorldSettings): Promise<Report | undefined> {
  const asked = examinee.able(STEADY).filter((modality) => modalities.includes(modality));
  if (asked.length === 0) return undefined;
  const toModel = fromWorld(examinee.model.classes);
  const tally = new SteadinessTally();
  for await (const { seed, world } of worldsOf(settings, (done, all) => progress('steadiness', done, all), { every: EVERY })) {
    const instants = new Instants(world, FIRST, COUNT);
    let before: SteadyFrame | undefined;
    for await (const { streaming, steady, perFrame } of examinee.watch(instants.frames(), asked)) {
      const { depth, flow, occlusion, labels, width, height } = instants.truth;
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
