import { FARTHEST, DepthTally, scorable } from './depth-tally.js';
import { FlowTally, withMotion } from './flow-tally.js';
import { SegmentationTally } from './segmentation-tally.js';
import { SkeletonTally } from './skeleton-tally.js';
import type { ScoredPerson } from './skeleton-tally.js';
import { DensePoseTally } from './densepose-tally.js';
import type { DensePoseTruth } from './densepose-tally.js';
import type { Frame, Modality, Perception, SegmentationClass } from '@sextant/core';
import { VOID_PART } from '@sextant/model';
import type { TruePerson } from '@sextant/model';
import { classId } from '@sextant/world';
import type { WorldFrame, WorldPerson } from '@sextant/world';
import { fromWorld } from './class-maps.js';
import { drawPerception } from './gallery.js';
import { OWN } from './licence.js';
import type { Report } from './report.js';
import type { Exam, WorldSettings } from './settings.js';
import { toFrame, worldsOf } from './worlds.js';

const SET = 'world';
/** The instants of a world that are measured: by then what moves is moving. */
const PAIR = [10, 11] as const;
/** People whose box is smaller than this on its longer side, pixels of the rendered picture, are not scored. */
const LEAST_PERSON = 32;

/** Measures a model on simulated worlds of consecutive seeds, where the truth is exact. */
export async function evaluateWorld({ examinee, modalities, gallery, progress }: Exam, settings: WorldSettings): Promise<readonly Report[]> {
  const asked = examinee.able(modalities);
  const toModel = fromWorld(examinee.model.classes);
  const depth = new DepthTally();
  const flow = new FlowTally();
  const segmentation = new SegmentationTally(examinee.model.classes);
  const skeleton = new SkeletonTally();
  const densepose = new DensePoseTally();
  for await (const { seed, world } of worldsOf(settings, (done, all) => progress('world', done, all))) {
    const [before, now] = PAIR.map((index) => world.render(index));
    const frames = [before, now].map(toFrame);
    const said = withMotion(await examinee.look(frames, asked), asked);
    const [item, { width, height }] = [`seed${String(seed).padStart(3, '0')}`, now];
    const scores: Partial<Record<Modality, number>> = {};
    if (said.depth) {
      const truth = { metres: scorable(now.depth), width, height };
      scores.depth = depth.add(item, said.depth.metres, truth, () => Promise.resolve(truth), said.depth.confidence)?.absRelScale;
    }
    if (said.flow) {
      const visible = said.flow.visibility ?? said.flow.confidence;
      scores.flow = flow.add(item, said.flow.pixels, now.flow, width, height, visible && { visible, occlusion: now.occlusion })?.epe;
    }
    if (said.segmentation) scores.segmentation = segmentation.add(item, said.segmentation.labels, segmentationTruth(now, toModel));
    if (said.densepose) scores.densepose = densepose.add(item, said.densepose, denseposeTruth(now));
    if (said.skeleton) {
      const people: ScoredPerson[] = [];
      for (const { truth, scored } of truePeople(now)) people.push({ truth, scored, inBox: scored ? await examinee.lookInto(frames[1], truth.box) : undefined });
      scores.skeleton = skeleton.add(item, said.skeleton.people, people);
    }
    if (gallery) {
      const truth = worldPerception(now, frames[1], toModel, examinee.model.classes);
      if (said.flow) await gallery.addPair(SET, item, frames[0], frames[1], { width, height, pixels: now.flow });
      for (const modality of asked) await gallery.add(modality, SET, item, scores[modality], drawPerception(modality, frames[1], truth, said), OWN);
    }
    await new Promise(setImmediate); // let signals through: rendering is synchronous
  }
  const reports = [await depth.report(SET), flow.report(SET), segmentation.report(SET), skeleton.report(SET), densepose.report(SET)];
  return reports.filter((report) => report !== undefined);
}

function segmentationTruth({ labels, width, height }: WorldFrame, toModel: Uint8Array): { width: number; height: number; labels: Uint8Array; people: Uint8Array } {
  const person = classId('person');
  return { width, height, labels: labels.map((id) => toModel[id]), people: labels.map((id) => (id === person ? 1 : 0)) };
}

/** Parts of labelled people; the bodies of people whose surface nobody knows do not count. */
function denseposeTruth({ part, partU, partV, labels, instances, people }: WorldFrame): DensePoseTruth {
  const person = classId('person');
  const sizes = new Map(people.map(({ instanceId, box }) => [instanceId, Math.max(box[2], box[3])]));
  return { part: part.map((id, i) => (id === 0 && labels[i] === person ? VOID_PART : id)), u: partU, v: partV, size: instances.map((id) => sizes.get(id) ?? 0) };
}

/**
 * The people of a picture. Those whose skeleton is not exact (static scans) have no joints and are not scored, but are there: who finds them
 * has invented nobody.
 */
export function truePeople({ people, instances }: Pick<WorldFrame, 'people' | 'instances'>): { truth: TruePerson; scored: boolean }[] {
  return people.filter(({ box }) => box[2] > 0).map((person) => {
    const truth = trueOf(person, instances);
    return { truth, scored: Math.max(person.box[2], person.box[3]) >= LEAST_PERSON && isJointSeen(truth) };
  });
}

/** The truth of a person; without joints where those are not exact. */
export function trueOf({ box, labelled, keypoints, instanceId }: WorldPerson, instances: WorldFrame['instances']): TruePerson & { readonly area: number } {
  const area = instances.reduce((sum, id) => sum + (id === instanceId ? 1 : 0), 0);
  return { box, area, keypoints: labelled ? keypoints.map(({ x, y, visibility }) => ({ x, y, visible: visibility })) : [] };
}

/** Whether a joint of theirs can be seen. */
export const isJointSeen = ({ keypoints }: TruePerson): boolean => keypoints.some(({ visible }) => visible === 2);

/** The truth as a perception, to be drawn. */
function worldPerception(now: WorldFrame, frame: Frame, toModel: Uint8Array, classes: readonly SegmentationClass[]): Perception {
  const { width, height, depth, flow, labels, instances, part, partU, partV, people } = now;
  return {
    frame, latencyMs: 0,
    depth: { width, height, metres: depth.map((z) => (z < FARTHEST ? z : Number.NaN)), provenance: 'metric' },
    flow: { width, height, pixels: flow },
    segmentation: { width, height, labels: labels.map((id) => toModel[id]), instances, classes },
    densepose: { width, height, part, u: partU, v: partV },
    skeleton: {
      width, height,
      people: people.filter(({ labelled }) => labelled).map(({ instanceId, box, keypoints }) => ({
        id: instanceId, score: 1, box, keypoints: keypoints.map(({ x, y, visibility }) => ({ x, y, score: visibility === 2 ? 1 : 0 })),
      })),
    },
  };
}
