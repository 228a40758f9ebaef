import type { Modality, Perception, SegmentationClass } from '@sextant/core';
import { classId } from '@sextant/world';
import type { WorldFrame } from '@sextant/world';
import { fromWorld } from './class-maps.js';
import type { Report } from './report.js';
import type { Exam, WorldSettings } from './settings.js';
import { LEAST_PIXELS, TrackingTally } from './tracking-tally.js';
import type { FollowedPerson, MaskFrame } from './tracking-tally.js';
import { isJointSeen, trueOf } from './world.js';
import { Instants, worldsOf } from './worlds.js';

/** Frames a second, about what the model gives on two cores: at 30 too little happens in a few frames to confuse anybody. */
const RATE = 10;
/** The first instant: by then what moves is moving. */
const FIRST = 4;

/** What ids are given to, and the flow that `track()` follows. */
const FOLLOWED: readonly Modality[] = ['segmentation', 'skeleton', 'densepose', 'flow'];

/** Measures on the first `frames` frames of simulated worlds how well the ids of people and things last. */
export async function evaluateWorldTracking({ examinee, modalities, progress }: Exam, settings: WorldSettings, frames: number): Promise<readonly Report[]> {
  const asked = examinee.able(FOLLOWED).filter((modality) => modalities.includes(modality));
  if (!asked.includes('segmentation') && !asked.includes('skeleton')) return [];
  const { classes } = examinee.model;
  const toModel = fromWorld(classes);
  const tally = new TrackingTally();
  for await (const { world } of worldsOf(settings, (done, all) => progress('tracking', done, all), { fps: RATE })) {
    const instants = new Instants(world, FIRST, frames);
    for await (const { plain, tracked } of examinee.follow(instants.frames(), asked)) {
      const { truth } = instants;
      if (plain.segmentation) tally.addMasks(peopleMasks(truth, plain, tracked, classes), thingMasks(truth, plain, tracked, classes, toModel));
      if (plain.skeleton) tally.addSkeletons(plain.skeleton.people, tracked.skeleton!.people.map(({ id }) => id), followedPeople(truth));
      await new Promise(setImmediate); // let signals through: rendering is synchronous
    }
    tally.endSequence();
  }
  return tally.reports();
}

/** Instances of people, true and predicted. */
function peopleMasks({ labels, instances }: WorldFrame, { segmentation: plain }: Perception, { segmentation: tracked }: Perception, classes: readonly SegmentationClass[]): MaskFrame {
  const [here, there] = [classId('person'), classes.find(({ name }) => name === 'person')?.id];
  const people = (ids: Uint16Array): Uint16Array => ids.map((id, i) => (plain!.labels[i] === there ? id : 0));
  return { truth: instances.map((id, i) => (labels[i] === here ? id : 0)), predicted: people(plain!.instances), tracked: people(tracked!.instances) };
}

/**
 * All instances, whatever their class: whether that is right has figures of its own. True ones count where their class is a thing for
 * the model; where the world numbers what is none for it, or not what is one (a lamp post that is part of the place), nobody knows.
 */
function thingMasks({ labels, instances }: WorldFrame, { segmentation: plain }: Perception, { segmentation: tracked }: Perception, classes: readonly SegmentationClass[], toModel: Uint8Array): MaskFrame {
  const things = new Set(classes.filter(({ thing }) => thing).map(({ id }) => id));
  const isThing = Uint8Array.from(toModel, (id) => (things.has(id) ? 1 : 0));
  return {
    truth: instances.map((id, i) => (isThing[labels[i]] === 1 ? id : 0)),
    unknown: labels.map((label, i) => ((isThing[label] === 1) === (instances[i] > 0) ? 0 : 1)),
    predicted: plain!.instances, tracked: tracked!.instances,
  };
}

/** People in view; those whose skeleton is exact count, where they show enough and a joint of theirs can be seen. */
function followedPeople({ people, instances }: WorldFrame): readonly FollowedPerson[] {
  return people.filter(({ box }) => box[2] > 0).map((person) => {
    const truth = trueOf(person, instances);
    return { id: person.instanceId, truth, counts: truth.area >= LEAST_PIXELS && isJointSeen(truth) };
  });
}
