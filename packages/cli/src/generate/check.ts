import { join } from 'node:path';
import type { Modality } from '@sextant/core';
import type { Condition, Settled, Size, WorkerModel } from '@sextant/model';
import { Agreement, ConditionClip, type AgreementScores } from '@sextant/synth';
import type { Work } from '../cli/session.js';
import { writeJson } from '../files/write-whole.js';
import { readFrame } from './recent.js';

/** What the check needs of a plan. */
export interface CheckPlan {
  readonly clip: ConditionClip | undefined;
  readonly modalities: readonly Modality[];
  readonly size: Size;
  readonly settled: Settled;
}

/**
 * `--check`: estimates every picture of a finished clip anew, compares with what it was made from (or, for joint, with what was made beside it), writes
 * `agreement.json` and says it. The estimator is the model itself: its own faults are in the figures.
 */
export async function checkAgreement(folder: string, model: WorkerModel, { clip, modalities, size, settled }: CheckPlan, { output, signal }: Work): Promise<AgreementScores | undefined> {
  const agreement = new Agreement(model, modalities);
  const camera = clip?.camera(size);
  // What joint generation made is written in the same files as conditions are.
  const wanted = clip ?? (await ConditionClip.open({ folders: Object.fromEntries(modalities.map((m) => [m, folder])), classes: model.classes }));
  for (let index = 0; index < settled.frames && !signal.aborted; index++) {
    const condition: Condition = (await wanted.at(index, size)).condition;
    const stamp = (BigInt(index) * 1_000_000_000n) / BigInt(settled.fps);
    const rgb = await readFrame(folder, index);
    await agreement.add({ stamp, frameId: 'camera_optical_frame', sequence: index, ...size, rgb, ...(camera && { camera }) }, condition);
  }
  if (signal.aborted) return undefined;
  const scores = agreement.result();
  await writeJson(join(folder, 'agreement.json'), scores);
  output.event('agreement', { ...scores });
  const words = Object.entries(scores).flatMap(([modality, figures]) => (typeof figures === 'object' ? [`${modality} ${Object.entries(figures as Record<string, number>).map(([k, v]) => `${k} ${v.toFixed(3)}`).join(' ')}`] : []));
  output.print(`agreement over ${scores.frames} frames: ${words.join('; ') || 'nothing to compare'}`);
  return scores;
}
