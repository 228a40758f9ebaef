import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SextantError, type Keypoint, type Person } from '@sextant/core';
import { place, type Fit, type Size } from './fit.js';
import { sha256 } from './hash.js';
import type { ConditionReader } from './source.js';

const JOINTS = 17;

/** A joint with COCO's visibility in the picture: 0 not labelled or outside, 1 hidden, 2 visible. */
interface LabelledKeypoint extends Keypoint {
  readonly visibility: 0 | 1 | 2;
}

interface Coco {
  readonly images: readonly { readonly id: number; readonly width: number; readonly height: number }[];
  readonly annotations: readonly { readonly image_id: number; readonly keypoints: readonly number[]; readonly bbox?: Person['box']; readonly instance_id?: number }[];
}

/** Skeletons as COCO's keypoints.json, as `estimate` and `world` write it: image ids are the frames' numbers; people's boxes are those of the file, as far as they lie on the grid. A note says where there are more than `mostPeople`. @throws SextantError `source-missing`, `source-corrupt`. */
export async function openSkeleton(path: string, mostPeople = Infinity): Promise<ConditionReader> {
  const file = [join(path, 'skeleton', 'keypoints.json'), join(path, 'keypoints.json'), path].find((name) => existsSync(name) && name.endsWith('.json'));
  if (file === undefined) {
    throw new SextantError('source-missing', `${path} holds no skeleton: there is no keypoints.json`, { hint: 'Give the folder that estimate or world wrote (it holds skeleton/keypoints.json).', details: { path } });
  }
  const { images, annotations } = await readCoco(file);
  const ids = images.map(({ id }) => id).sort((a, b) => a - b);
  const first = ids[0];
  const last = ids[ids.length - 1];
  const gap = ids.findIndex((id, i) => id !== first + i);
  if (gap >= 0) throw new SextantError('source-corrupt', `skeleton of frame ${first + gap} is missing in ${file}`, { hint: 'Make the file again, or number the images without a gap.', details: { path: file, frame: first + gap } });
  const people = grouped(annotations);
  const { width, height } = images[0];
  const other = images.find((image) => image.width !== width || image.height !== height);
  if (other) {
    throw new SextantError('source-corrupt', `skeleton of frame ${other.id} is of a picture of ${other.width}x${other.height}, image ${images[0].id} of ${file} is ${width}x${height}`, { hint: 'Give skeletons of one clip, all of one size.', details: { path: file, frame: other.id } });
  }
  return {
    modality: 'skeleton', first, last, size: { width, height }, notes: crowdNotes(ids.map((id) => ({ id, count: people.get(id)?.length ?? 0 })), mostPeople),
    read: (number, fit) => {
      const here = people.get(number) ?? [];
      return Promise.resolve({ part: { skeleton: { ...fit.to, people: here.map((a) => person(a, fit)) } }, sha256: sha256(JSON.stringify(here)) });
    },
  };
}

/** That the smallest are left out, and of which frame the most. */
function crowdNotes(frames: readonly { readonly id: number; readonly count: number }[], most: number): readonly string[] {
  const crowded = frames.filter(({ count }) => count > most);
  if (crowded.length === 0) return [];
  const { id, count } = crowded.reduce((fullest, frame) => (frame.count > fullest.count ? frame : fullest));
  const who = crowded.length === 1 ? `skeleton of frame ${id} has ${count} people` : `skeletons of ${crowded.length} frames have more than ${most} people, at most ${count} (frame ${id})`;
  return [`${who}: the ${most} largest are drawn`];
}

function grouped(annotations: Coco['annotations']): Map<number, Coco['annotations'][number][]> {
  const groups = new Map<number, Coco['annotations'][number][]>();
  for (const annotation of annotations) groups.set(annotation.image_id, [...(groups.get(annotation.image_id) ?? []), annotation]);
  return groups;
}

async function readCoco(file: string): Promise<Coco> {
  const fail = (why: string, cause?: unknown): never => {
    throw new SextantError('source-corrupt', `${file} is no COCO keypoint file: ${why}`, { hint: 'It holds {images: [{id, width, height}], annotations: [{image_id, keypoints: [x, y, v] of 17 joints}]}, ids being the frames\' numbers; NaN is no JSON.', details: { path: file }, ...(cause === undefined ? {} : { cause }) });
  };
  let coco: Partial<Coco>;
  try {
    coco = JSON.parse(await readFile(file, 'utf8')) as Partial<Coco>;
  } catch (cause) {
    return fail((cause as Error).message, cause);
  }
  const { images, annotations } = coco;
  if (!Array.isArray(images) || images.length === 0 || !Array.isArray(annotations)) return fail('it has no images or no annotations');
  const finite = (values: unknown, count: number): boolean => Array.isArray(values) && values.length === count && values.every((v) => Number.isFinite(v));
  const seen = new Set<number>();
  (images as Coco['images']).forEach((image, i) => {
    const { id, width, height } = (image ?? {}) as Partial<Coco['images'][number]>;
    // Larger numbers have no neighbours in JavaScript, and frames are counted.
    if (!Number.isSafeInteger(id) || id! < 0) fail(`the id of image ${i} is ${JSON.stringify(id)}, which is no number of a frame`);
    if (seen.has(id!)) fail(`two of its images have the id ${id}`);
    seen.add(id!);
    if (!isSide(width) || !isSide(height)) fail(`the size of image ${id} is ${JSON.stringify(width)}x${JSON.stringify(height)}`);
  });
  (annotations as Coco['annotations']).forEach((annotation, i) => {
    const { image_id, keypoints, bbox } = (annotation ?? {}) as Partial<Coco['annotations'][number]>;
    if (!finite(keypoints, 3 * JOINTS)) fail(`keypoints of annotation ${i} (image ${image_id}) are not ${3 * JOINTS} finite numbers`);
    if (bbox !== undefined && !finite(bbox, 4)) fail(`bbox of annotation ${i} (image ${image_id}) is not 4 finite numbers`);
  });
  return { images, annotations };
}

/** Width or height of a picture, pixels. */
const isSide = (value: unknown): boolean => Number.isInteger(value) && (value as number) > 0;

/** Joints keep their places where the grid's aspect cut them away, since limbs are drawn towards them; COCO's visibility is 0 there. */
function person({ keypoints, bbox, instance_id }: Coco['annotations'][number], fit: Fit): Person {
  const { width, height } = fit.to;
  const joints = Array.from({ length: JOINTS }, (_, j): LabelledKeypoint => {
    const [x, y] = place(keypoints[3 * j], keypoints[3 * j + 1], fit);
    const v = keypoints[3 * j + 2];
    const inside = x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5;
    return { x, y, score: v > 0 ? 1 : 0, visibility: !inside || v <= 0 ? 0 : v === 1 ? 1 : 2 };
  });
  return { id: instance_id ?? 0, score: 1, box: clipped(bbox ? placed(bbox, fit) : hull(joints), fit.to), keypoints: joints };
}

/** A box of the file on the grid. */
const placed = ([x, y, width, height]: Person['box'], { scale, left, top }: Fit): Person['box'] => [(x - left) * scale, (y - top) * scale, width * scale, height * scale];

/** The box round the known joints, for files without boxes: a person is larger. Joints count from pixel centres, boxes from edges. */
function hull(joints: readonly Keypoint[]): Person['box'] {
  const seen = joints.filter(({ score }) => score > 0);
  if (seen.length === 0) return [0, 0, 0, 0];
  const [xs, ys] = [seen.map(({ x }) => x), seen.map(({ y }) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  return [left + 0.5, top + 0.5, Math.max(...xs) - left, Math.max(...ys) - top];
}

/** What of a box lies on the grid; nothing at 0, 0 where none does. */
function clipped([x, y, w, h]: Person['box'], { width, height }: Size): Person['box'] {
  const [left, top] = [Math.max(0, x), Math.max(0, y)];
  const [across, down] = [Math.min(width, x + w) - left, Math.min(height, y + h) - top];
  return across > 0 && down > 0 ? [left, top, across, down] : [0, 0, 0, 0];
}
