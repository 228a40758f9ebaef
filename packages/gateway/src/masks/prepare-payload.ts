import { intrinsicsOf, resampleNearest } from '@sextant/core';
import type { DataPayload, MapSize, Perception, SegmentationClass, SegmentationMap, Skeletons, StreamRequest } from '@sextant/core';

/** The size that fits the request: smaller or as it is, never larger, shape kept. */
export function fitSize({ width, height }: MapSize, { maxWidth = Infinity, maxHeight = Infinity }: StreamRequest): MapSize {
  const scale = Math.min(1, maxWidth / width, maxHeight / height);
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * What a request gets of a perception: resampled, only the classes asked for. Arrays are the perception's own where nothing changes.
 * The kind must be there; `rgb` is not for this function.
 */
export function preparePayload(perception: Perception, want: StreamRequest, table: number): DataPayload {
  switch (want.kind) {
    case 'segmentation': {
      const map = perception.segmentation!;
      const to = fitSize(map, want);
      const pick = picker(map, to);
      const { labels, instances } = filterClasses(pick(map.labels), pick(map.instances), want.classes, map.classes);
      return { kind: 'segmentation', ...to, labels, instances, table, ...(map.confidence && { confidence: pick(map.confidence) }) };
    }
    case 'depth': {
      const map = perception.depth!;
      const to = fitSize(map, want);
      const pick = picker(map, to);
      return { kind: 'depth', ...to, metres: pick(map.metres), provenance: map.provenance, ...(map.confidence && { confidence: pick(map.confidence) }), ...(want.intrinsics === true && { intrinsics: intrinsicsOf(perception.frame, to) }) };
    }
    case 'flow': {
      const map = perception.flow!;
      const to = fitSize(map, want);
      return { kind: 'flow', ...to, pixels: smallerFlow(map.pixels, map, to), ...(map.confidence && { confidence: picker(map, to)(map.confidence) }) };
    }
    case 'skeleton':
      return { kind: 'skeleton', ...scalePeople(perception.skeleton!, fitSize(perception.skeleton!, want)) };
    case 'densepose': {
      const map = perception.densepose!;
      const to = fitSize(map, want);
      const pick = picker(map, to);
      return { kind: 'densepose', ...to, part: pick(map.part), u: pick(map.u), v: pick(map.v), ...(map.person && { person: pick(map.person) }) };
    }
    case 'rgb':
      throw new RangeError('pictures are encoded elsewhere');
  }
}

function picker(from: MapSize, to: MapSize): <A extends Uint8Array | Uint16Array | Float32Array>(samples: A) => A {
  const same = from.width === to.width && from.height === to.height;
  return (samples) => (same ? samples : resampleNearest(samples, from.width, from.height, to.width, to.height));
}

function filterClasses(labels: Uint8Array, instances: Uint16Array, wanted: StreamRequest['classes'], classes: readonly SegmentationClass[]): Pick<SegmentationMap, 'labels' | 'instances'> {
  if (wanted === undefined) return { labels, instances };
  const kept = new Uint8Array(256);
  for (const word of wanted) {
    const id = typeof word === 'number' ? word : classes.find(({ name }) => name === word)?.id;
    if (id !== undefined) kept[id] = 1;
  }
  const some = new Uint8Array(labels.length);
  const things = new Uint16Array(labels.length);
  for (let i = 0; i < labels.length; i += 1) {
    if (kept[labels[i]] === 0) continue;
    some[i] = labels[i];
    things[i] = instances[i];
  }
  return { labels: some, instances: things };
}

/** Flow is in pixels of its own map: a smaller map has smaller motions. */
function smallerFlow(pixels: Float32Array, from: MapSize, to: MapSize): Float32Array {
  if (from.width === to.width && from.height === to.height) return pixels;
  const small = resampleNearest(pixels, from.width, from.height, to.width, to.height, 2);
  const [sx, sy] = [to.width / from.width, to.height / from.height];
  for (let i = 0; i < small.length; i += 2) {
    small[i] *= sx;
    small[i + 1] *= sy;
  }
  return small;
}

function scalePeople({ people, width, height }: Skeletons, to: MapSize): Skeletons {
  if (width === to.width && height === to.height) return { people, width, height };
  const [sx, sy] = [to.width / width, to.height / height];
  return {
    ...to,
    people: people.map((person) => ({
      ...person,
      box: [person.box[0] * sx, person.box[1] * sy, person.box[2] * sx, person.box[3] * sy] as const,
      keypoints: person.keypoints.map((k) => ({ ...k, x: (k.x + 0.5) * sx - 0.5, y: (k.y + 0.5) * sy - 0.5 })),
    })),
  };
}
