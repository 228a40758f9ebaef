import { join } from 'node:path';
import type { Modality } from '@sextant/core';
import type { Condition, Settled, Size, WorkerModel } from '@sextant/model';
import { Agreement, ConditionClip, inWords, judge, type AgreementScores, type Threshold, type Verdict } from '@sextant/synth';
import type { Work } from '../cli/session.js';
import { writeJson } from '../files/write-whole.js';
import { readFrame } from './recent.js';

/** What the check needs of a plan. */
export interface CheckPlan {
  readonly clip: ConditionClip | undefined;
  readonly modalities: readonly Modality[];
  readonly size: Size;
  readonly settled: Pick<Settled, 'frames' | 'fps'>;
}

/** What a check found: the scores, and where there are thresholds, what they say. */
export type Checked = AgreementScores & Partial<Verdict> & { readonly thresholds?: readonly Threshold[] };

/**
 * `--check` and `--reject`: estimates every picture of a finished clip anew, compares with what it was made from (or, for joint, with what was made beside it), writes
 * `agreement.json` and says it. The estimator is the model itself: its own faults are in the figures.
 */
export async function checkAgreement(folder: string, model: WorkerModel, { clip, modalities, size, settled }: CheckPlan, thresholds: readonly Threshold[], { output, signal }: Work): Promise<Checked | undefined> {
  const agreement = new Agreement(model, modalities);
  const camera = clip?.camera(size);
  const wanted = clip ?? (await openMade(folder, model, modalities, settled.frames));
  for (let index = 0; index < settled.frames && !signal.aborted; index++) {
    const condition: Condition = (await wanted?.at(index, size))?.condition ?? {};
    const stamp = BigInt(Math.round((index * 1e9) / settled.fps));
    const rgb = await readFrame(folder, index);
    await agreement.add({ stamp, frameId: 'camera_optical_frame', sequence: index, ...size, rgb, ...(camera && { camera }) }, condition);
  }
  if (signal.aborted) return undefined;
  const scores = agreement.result();
  const verdict = thresholds.length > 0 ? judge(scores, thresholds) : undefined;
  const checked: Checked = { ...scores, ...(verdict && { ...verdict, thresholds }) };
  await writeJson(join(folder, 'agreement.json'), checked);
  output.event('agreement', { ...checked });
  const words = Object.entries(scores).flatMap(([modality, figures]) => (typeof figures === 'object' ? [`${modality} ${Object.entries(figures as Record<string, number>).map(([k, v]) => `${k} ${v.toFixed(3)}`).join(' ')}`] : []));
  output.print(`agreement over ${scores.frames} frames: ${words.join('; ') || 'nothing to compare'}`);
  if (verdict) output.print(verdict.accepted ? 'accepted' : `rejected: ${verdict.failed.map(inWords).join('; ')}`);
  if (verdict && verdict.unjudged.length > 0) output.warn(`not judged, since there was nothing to compare: ${verdict.unjudged.join(', ')}`, { unjudged: verdict.unjudged });
  return checked;
}

/** What joint generation made: it is written in the same files as conditions are. `undefined` where there is no file: flow of a single frame, in which nothing has moved yet. */
async function openMade(folder: string, { classes }: WorkerModel, modalities: readonly Modality[], frames: number): Promise<ConditionClip | undefined> {
  const there = modalities.filter((m) => m !== 'flow' || frames > 1);
  return there.length === 0 ? undefined : ConditionClip.open({ folders: Object.fromEntries(there.map((m) => [m, folder])), classes });
}
