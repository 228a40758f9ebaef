import type { DensePoseMap, Perception, Person, SegmentationMap, Skeletons } from '@sextant/core';

/** Label of people, whichever map shows them. */
const PERSON = -1;
/** A skeleton belongs to a mask when their boxes share at least this part of the smaller one. */
const SAME_PERSON = 0.3;

/** x, y, width, height in pixels of the scene. */
export type Box = readonly [number, number, number, number];

/** One thing or person of one frame, in pixels of the scene. */
export interface Observation {
  /** Class id; -1 for people. */
  readonly label: number;
  box: Box;
  /** Pixels in `Scene.ids`; 0 for a person of whom only the skeleton is known. */
  area: number;
  /** x, y, score of 17 joints, where there is a skeleton. */
  joints?: Float32Array;
}

/** What can be tracked in one frame, on one grid: the segmentation's, else DensePose's, else the skeleton's. */
export interface Scene {
  readonly width: number;
  readonly height: number;
  /** Index + 1 of the observation at each pixel, 0 none. */
  readonly ids: Uint16Array;
  readonly observations: readonly Observation[];
  /** Observation of each instance id of the segmentation, each person id of DensePose, each entry of the skeletons' list. */
  readonly instances: ReadonlyMap<number, number>;
  readonly bodies: ReadonlyMap<number, number>;
  readonly people: readonly number[];
}

/**
 * Gathers the things and people of a perception; a person in several maps is one observation. Maps of one model say by
 * their ids who is who; where the ids do not fit the geometry (maps of two models), the geometry decides. Undefined
 * where there is no map with instances.
 */
export function observe({ segmentation, densepose, skeleton }: Perception): Scene | undefined {
  const bodies = densepose?.person ? densepose : undefined;
  const grid = segmentation ?? bodies ?? skeleton;
  if (!grid) return undefined;
  const { width, height } = grid;
  const ids = new Uint16Array(width * height);
  const observations: Observation[] = [];
  const instances = segmentation ? addInstances(segmentation, ids, observations) : new Map<number, number>();
  const scene = { width, height, ids, observations, instances };
  return {
    ...scene,
    bodies: bodies ? addBodies(bodies, scene) : new Map<number, number>(),
    people: skeleton ? addPeople(skeleton, scene) : [],
  };
}

type Draft = Pick<Scene, 'width' | 'height' | 'ids' | 'instances'> & { readonly observations: Observation[] };

function addInstances({ instances, labels, width, classes }: SegmentationMap, ids: Uint16Array, observations: Observation[]): Map<number, number> {
  const index = new Map<number, number>();
  const person = classes.find((c) => c.name === 'person')?.id;
  const regions = new Regions(width);
  for (let i = 0; i < instances.length; i++) {
    const id = instances[i];
    if (id === 0) continue;
    let k = index.get(id);
    // Instances are of one class: any pixel's label is the instance's.
    if (k === undefined) index.set(id, (k = observations.push({ label: labels[i] === person ? PERSON : labels[i], box: [0, 0, 0, 0], area: 0 }) - 1));
    ids[i] = k + 1;
    regions.add(k, i);
  }
  regions.write(observations);
  return index;
}

/** DensePose's people: whoever the segmentation has most of where they are, else a person of their own. */
function addBodies(map: DensePoseMap, { width, height, ids, observations }: Draft): Map<number, number> {
  const votes = new Map<number, Map<number, number>>();
  const at = (x: number, y: number): number =>
    map.person![Math.floor(((y + 0.5) * map.height) / height) * map.width + Math.floor(((x + 0.5) * map.width) / width)];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const id = at(x, y);
      if (id === 0) continue;
      let counts = votes.get(id);
      if (!counts) votes.set(id, (counts = new Map<number, number>()));
      counts.set(ids[i], (counts.get(ids[i]) ?? 0) + 1);
    }
  }
  const index = new Map<number, number>();
  const own = new Map<number, number>();
  for (const [id, counts] of votes) {
    const known = [...counts].filter(([k]) => k > 0 && observations[k - 1].label === PERSON).sort((a, b) => b[1] - a[1]).at(0);
    if (known && 2 * known[1] >= [...counts.values()].reduce((a, b) => a + b)) index.set(id, known[0] - 1);
    else own.set(id, observations.push({ label: PERSON, box: [0, 0, 0, 0], area: 0 }) - 1);
  }
  const regions = new Regions(width);
  for (let y = 0, i = 0; own.size > 0 && y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const k = own.get(at(x, y));
      if (k === undefined || ids[i] !== 0) continue;
      ids[i] = k + 1;
      regions.add(k, i);
    }
  }
  regions.write(observations);
  for (const [id, k] of own) index.set(id, k);
  return index;
}

/** Skeletons: the mask with their id, or the person's mask whose box fits best; else a person without pixels. */
function addPeople({ people, width: w, height: h }: Skeletons, { width, height, observations, instances }: Draft): number[] {
  const [sx, sy] = [width / w, height / h];
  const free = new Set(observations.flatMap(({ label }, k) => (label === PERSON ? [k] : [])));
  return people.map(({ id, box: [x, y, bw, bh], keypoints }: Person) => {
    const box: Box = [x * sx, y * sy, bw * sx, bh * sy];
    const fit = (k: number): number => sharedPart(box, observations[k].box);
    const same = instances.get(id);
    let k = same !== undefined && free.has(same) && fit(same) >= SAME_PERSON ? same : -1;
    if (k < 0) for (const other of free) if (fit(other) >= SAME_PERSON && (k < 0 || fit(other) > fit(k))) k = other;
    if (k < 0) k = observations.push({ label: PERSON, box, area: 0 }) - 1;
    free.delete(k);
    observations[k].joints = Float32Array.from(keypoints.flatMap((j) => [(j.x + 0.5) * sx - 0.5, (j.y + 0.5) * sy - 0.5, j.score]));
    return k;
  });
}

/** Collects boxes and areas pixel by pixel. */
class Regions {
  readonly #found = new Map<number, [number, number, number, number, number]>();

  constructor(private readonly width: number) {}

  add(k: number, i: number): void {
    const [x, y] = [i % this.width, Math.floor(i / this.width)];
    const r = this.#found.get(k);
    if (!r) {
      this.#found.set(k, [x, y, x, y, 1]);
      return;
    }
    if (x < r[0]) r[0] = x;
    if (x > r[2]) r[2] = x;
    r[3] = y; // pixels come row by row
    r[4]++;
  }

  write(observations: Observation[]): void {
    for (const [k, [left, top, right, bottom, area]] of this.#found) {
      observations[k].box = [left, top, right + 1 - left, bottom + 1 - top];
      observations[k].area = area;
    }
  }
}

function overlap(a: Box, b: Box): number {
  const w = Math.min(a[0] + a[2], b[0] + b[2]) - Math.max(a[0], b[0]);
  const h = Math.min(a[1] + a[3], b[1] + b[3]) - Math.max(a[1], b[1]);
  return w > 0 && h > 0 ? w * h : 0;
}

/** Intersection over the smaller box. */
function sharedPart(a: Box, b: Box): number {
  return overlap(a, b) / Math.max(1e-6, Math.min(a[2] * a[3], b[2] * b[3]));
}
