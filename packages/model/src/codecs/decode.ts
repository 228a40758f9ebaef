import type { DensePoseMap, DepthMap, FlowField, Modality, Skeletons } from '@sextant/core';
import type { Manifest } from '../manifest/schema.js';
import type { NamedTensor } from '../runtime/tensor.js';
import { findBodies } from './bodies.js';
import { decodeDensePose, decodeFront } from './densepose.js';
import { decodeDepth, isDepthCodec, type DepthContext } from './depth.js';
import { decodeFlow } from './flow.js';
import { decodeLabelLogits, decodeLabels, findInstances, type LabelMap } from './segmentation.js';
import { decodeSkeleton, type People } from './skeleton.js';
import { absorbSpecks } from './specks.js';
import { frontsAfter, turnParts } from './turned.js';

/** Everything decoded from one frame; the class table is added by whoever knows it. */
export interface DecodedMaps {
  depth?: DepthMap;
  flow?: FlowField;
  segmentation?: LabelMap;
  skeleton?: Skeletons;
  densepose?: DensePoseMap;
}

/** What decoding needs beside the outputs. */
export interface DecodeContext extends DepthContext {
  readonly grid: { readonly width: number; readonly height: number };
  /** Whether flow was computed against an earlier frame; without one there is no flow. */
  readonly hasPrevious: boolean;
}

/** People who are known already, and what is known better of them than the outputs say. */
export interface Nearer {
  readonly people: People;
  /** Corrects labels and their confidence in place, before instances are found. */
  readonly labels?: (map: LabelMap) => void;
  /** Corrects body parts in place. */
  readonly parts?: (map: DensePoseMap) => void;
}

/** The people of a frame, if the outputs of skeletons are there. */
export function decodePeople({ modalities }: Manifest, outputs: ReadonlyMap<Modality, readonly NamedTensor[]>, grid: DecodeContext['grid']): People | undefined {
  const pose = modalities.skeleton?.codec;
  const joints = outputs.get('skeleton');
  return joints && pose?.type === 'centre-offset-pose' ? decodeSkeleton(pose, joints, grid) : undefined;
}

/** Decodes the outputs of the modalities asked for; people carry the same id in every map. Returns fresh arrays. */
export function decode(manifest: Manifest, outputs: ReadonlyMap<Modality, readonly NamedTensor[]>, context: DecodeContext, nearer?: Nearer): DecodedMaps {
  const maps: DecodedMaps = {};
  const { modalities, classes } = manifest;

  const people = nearer?.people ?? decodePeople(manifest, outputs, context.grid);
  if (people) maps.skeleton = people.skeletons;

  const depth = outputs.get('depth');
  const depthCodec = modalities.depth?.codec;
  if (depth && depthCodec && isDepthCodec(depthCodec)) maps.depth = decodeDepth(depthCodec, depth, context);

  const flow = outputs.get('flow');
  if (flow && context.hasPrevious) maps.flow = decodeFlow(flow, context.grid);

  const segmentation = outputs.get('segmentation');
  const labels = modalities.segmentation?.codec;
  if (segmentation && (labels?.type === 'labels' || labels?.type === 'label-logits')) {
    maps.segmentation = (labels.type === 'labels' ? decodeLabels : decodeLabelLogits)(segmentation, classes);
    nearer?.labels?.(maps.segmentation);
    absorbSpecks(maps.segmentation);
    findInstances(maps.segmentation, classes, labels.minArea, people?.owners);
  }

  const body = outputs.get('densepose');
  if (body) {
    const map = decodeDensePose(body);
    const known = { owners: people?.owners, segmentation: maps.segmentation, classes };
    const bodies = findBodies(map, known);
    const seen = new Map(people?.skeletons.people.flatMap(({ id, front }) => (front === undefined ? [] : [[id, front] as const])));
    let turned: Map<number, number> | undefined;
    const [front, codec] = [decodeFront(body), modalities.densepose?.codec];
    if (front && codec?.type === 'part-uv') turned = turnParts(map, bodies, front, codec.frontThreshold, seen);
    nearer?.parts?.(map);
    // With other parts there may be other bodies, numbered otherwise.
    const person = nearer?.parts ? findBodies(map, known) : bodies;
    maps.densepose = { ...map, person, ...(turned && { fronts: frontsAfter(turned, bodies, person, seen) }) };
  }
  return maps;
}
