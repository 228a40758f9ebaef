import type { Modality } from '@sextant/core';
import { checkCloseUps, checkSteps, loadModel } from '@sextant/model';
import { showClips } from './clip-pictures.js';
import { Examinee } from './examinee.js';
import type { Gallery } from './gallery.js';
import { readItems } from './items.js';
import { evaluateDepth } from './real-depth.js';
import { evaluateFlow } from './real-flow.js';
import { evaluatePictures } from './real-pictures.js';
import type { Report } from './report.js';
import type { Exam, ModelSettings, Settings, WorldSettings } from './settings.js';
import { evaluateClips } from './steady-clips.js';
import { evaluateWorldSteadiness } from './steady-world.js';
import { evaluateWorldTracking } from './tracking-world.js';
import { evaluateWorld } from './world.js';

/** Measures one model on worlds, real items or clips; `gallery` gets the pictures. Reports come in the order they are ready. */
export async function evaluate(
  settings: Settings, { model: name, device, size, steps = 1, closeUps = 0, resolution = 'model' }: ModelSettings, signal: AbortSignal, progress: Exam['progress'], gallery?: Gallery,
): Promise<readonly Report[]> {
  const items = settings.folder === undefined ? [] : await readItems(settings.folder, settings.limit);
  const model = await loadModel(name, { device, ...(size ? { size } : {}) });
  try {
    const examinee = new Examinee(model, signal, { steps, closeUps }, resolution);
    const modalities = examinee.able(settings.modalities);
    checkSteps(steps, modalities, model.manifest);
    checkCloseUps(closeUps, model.manifest);
    const exam: Exam = { examinee, modalities, progress, ...(gallery ? { gallery } : {}) };
    const of = (task: string, modality: Modality): readonly (typeof items)[number][] => (modalities.includes(modality) ? items.filter((item) => item.task === task) : []);
    if (settings.clips) await showClips(exam, settings.clips);
    return [
      ...(settings.world ? await onWorlds(exam, settings.world) : []),
      ...(settings.clips ? [await evaluateClips(exam, settings.clips)] : []),
      ...(await evaluateDepth(exam, of('depth', 'depth'))),
      ...(await evaluateFlow(exam, of('flow', 'flow'))),
      ...(await evaluatePictures(exam, items)),
    ].filter((report) => report !== undefined);
  } finally {
    await model.close();
  }
}

async function onWorlds(exam: Exam, worlds: WorldSettings): Promise<readonly (Report | undefined)[]> {
  if (worlds.tracks !== undefined) return evaluateWorldTracking(exam, worlds, worlds.tracks);
  return [...(await evaluateWorld(exam, worlds)), await evaluateWorldSteadiness(exam, worlds)];
}
