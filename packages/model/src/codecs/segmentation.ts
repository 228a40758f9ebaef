import { SextantError, type SegmentationClass, type SegmentationMap } from '@sextant/core';
import { readOutput, type NamedTensor } from '../runtime/tensor.js';
import { components, touching } from './components.js';
import type { Owners } from './skeleton.js';

/** A segmentation on its way out of the worker, without the class table (the model's owner has it already). */
export type LabelMap = Omit<SegmentationMap, 'classes'>;

/** Class ids are bytes. */
const MOST_CLASSES = 256;

/** Decodes `labels`: uint8 [1,h,w] class ids and float32 [1,h,w] probabilities. Copies; instances are not found yet. */
export function decodeLabels([labels, confidence]: readonly NamedTensor[], classes: readonly SegmentationClass[]): LabelMap {
  const { data, h, w } = readOutput(labels, 'uint8', [1, 'h', 'w']);
  const probability = readOutput(confidence, 'float32', [1, h, w]);
  const ids = new Uint8Array(data);
  checkIds(ids, classes, (labels).name);
  return { width: w, height: h, labels: ids, instances: new Uint16Array(h * w), confidence: probability.data.slice() };
}

/** Decodes `label-logits`, float32 [1,C,h,w]: the class is the channel of the largest logit, its confidence the softmax. */
export function decodeLabelLogits([output]: readonly NamedTensor[], classes: readonly SegmentationClass[]): LabelMap {
  const { data, c, h, w } = readOutput(output, 'float32', [1, 'c', 'h', 'w']);
  if (c > MOST_CLASSES) {
    throw new SextantError('inference-failed', `output ${output.name} has ${c} channels, there are at most ${MOST_CLASSES} classes`, { hint: 'A channel is a class id, and those are bytes: merge classes in the graph.', details: { output: output.name, channels: c } });
  }
  const n = h * w;
  const labels = new Uint8Array(n);
  const confidence = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let best = 0;
    for (let k = 1; k < c; k++) if ((data[k * n + i]) > (data[best * n + i])) best = k;
    let sum = 0;
    for (let k = 0; k < c; k++) sum += Math.exp((data[k * n + i]) - (data[best * n + i]));
    labels[i] = best;
    confidence[i] = 1 / sum;
  }
  checkIds(labels, classes, (output).name);
  return { width: w, height: h, labels, instances: new Uint16Array(n), confidence };
}

function checkIds(labels: Uint8Array, classes: readonly SegmentationClass[], output: string): void {
  const known = new Uint8Array(256);
  for (const { id } of classes) known[id] = 1;
  const bad = labels.find((id) => !known[id]);
  if (bad === undefined) return;
  throw new SextantError('inference-failed', `output ${output} holds class id ${bad}, which is not in the manifest's classes`, {
    hint: `Known ids: ${classes.map((c) => c.id).join(', ')}.`,
    details: { output, id: bad },
  });
}

/**
 * Numbers the things of a map in place: every connected region of a thing class of at least `minArea` pixels is one
 * instance. With `owners` (from the skeleton of the same frame) people are told apart even where they touch: a person
 * pixel belongs to the person whose centre it points to and takes that person's id; pixels that point nowhere follow
 * the majority of their region, and islands below `minArea` within somebody else's pixels go to whom they touch most. Other instances are numbered after the people.
 */
export function findInstances(map: LabelMap, classes: readonly SegmentationClass[], minArea: number, owners?: Owners): void {
  const { labels, instances, width, height } = map;
  const things: boolean[] = [];
  for (const c of classes) things[c.id] = c.thing;
  const person = classes.find((c) => c.name === 'person')?.id;
  let next = owners?.count ?? 0;
  let shared = false;
  for (const { label, pixels } of components(labels, width, height, things)) {
    if (pixels.length < minArea) continue;
    if (label === person && owners && assignPeople(map, pixels, owners)) {
      shared = true;
      continue;
    }
    next = Math.min(next + 1, 0xffff);
    for (const i of pixels) instances[i] = next;
  }
  if (shared && owners) mergeIslands(map, owners.count, minArea);
}

/** Gives the pixels of one region of person to their owners; false where nobody owns any of them. */
function assignPeople({ instances, width, height }: LabelMap, pixels: Int32Array, owners: Owners): boolean {
  const votes = new Uint32Array(owners.count + 1);
  for (const i of pixels) {
    const owner = owners.at(i % width, Math.floor(i / width), width, height);
    instances[i] = owner;
    votes[owner] = (votes[owner]) + 1;
  }
  let major = 0;
  for (let id = 1; id < votes.length; id++) if (major === 0 || (votes[id]) > (votes[major])) major = id;
  if (major === 0 || votes[major] === 0) return false;
  for (const i of pixels) if (instances[i] === 0) instances[i] = major;
  return true;
}

/** Gives islands below `minArea` pixels of the people 1..`count` to the person they touch most. */
function mergeIslands({ instances, width, height }: LabelMap, count: number, minArea: number): void {
  const people = new Uint8Array(instances.length);
  for (let i = 0; i < people.length; i++) people[i] = instances[i] <= count ? instances[i] : 0;
  const wanted = Array.from({ length: count + 1 }, (_, id) => id > 0);
  for (const region of components(people, width, height, wanted)) {
    if (region.pixels.length >= minArea) continue;
    const counts = touching(people, width, height, region);
    let [major, most] = [0, 0];
    for (let id = 1; id <= count; id++) if ((counts.get(id) ?? 0) > most) [major, most] = [id, counts.get(id)!];
    if (major > 0) for (const i of region.pixels) instances[i] = major;
  }
}
