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
  /** Pixels in `Scene.ids`; 0 for a person who has none there: only the skeleton is known, or another thing has them all. */
  area: number;
  /** x, y, score of 17 joints, where there is a skeleton. */
  joints?: Float32Array;
  /** How surely a person is seen from the front, where the model says it. */
  front?: number;
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
  const draft = { width, height, ids, observations };
  const persons = bodies ? addBodies(bodies, draft) : new Map<number, number>();
  return { ...draft, instances, bodies: persons, people: skeleton ? addPeople(skeleton, draft, [instances, persons]) : [] };
}

type Draft = Pick<Scene, 'width' | 'height' | 'ids'> & { readonly observations: Observation[] };

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
    regions.add(k, i, true);
  }
  regions.write(observations);
  return index;
}

/** DensePose's people: whoever the segmentation has most of where they are, else a person of their own, with the pixels that nobody has. */
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
    const front = map.fronts?.get(id);
    if (front !== undefined) observations[index.get(id) ?? own.get(id)!].front = front;
  }
  const regions = new Regions(width);
  for (let y = 0, i = 0; own.size > 0 && y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      const k = own.get(at(x, y));
      if (k === undefined) continue;
      const free = ids[i] === 0;
      if (free) ids[i] = k + 1;
      regions.add(k, i, free);
    }
  }
  regions.write(observations);
  for (const [id, k] of own) index.set(id, k);
  return index;
}

/** Skeletons: the person with their id in one of `maps` whose box fits, then whoever is left and fits best; else a person without pixels. */
function addPeople({ people, width: w, height: h }: Skeletons, { width, height, observations }: Draft, maps: readonly ReadonlyMap<number, number>[]): number[] {
  const [sx, sy] = [width / w, height / h];
  const free = new Set(observations.flatMap(({ label }, k) => (label === PERSON ? [k] : [])));
  const boxes = people.map(({ box: [x, y, bw, bh] }): Box => [x * sx, y * sy, bw * sx, bh * sy]);
  const fit = (p: number, k: number): number => sharedPart(boxes[p], observations[k].box);
  // All ids first, so that nobody takes by place whom another one's id names.
  const linked = people.map(({ id }, p) => {
    const same = maps.map((map) => map.get(id)).find((k) => k !== undefined && free.has(k) && fit(p, k) >= SAME_PERSON);
    if (same !== undefined) free.delete(same);
    return same;
  });
  return people.map(({ keypoints, front }: Person, p) => {
    let k = linked[p] ?? -1;
    if (k < 0) for (const other of free) if (fit(p, other) >= SAME_PERSON && (k < 0 || fit(p, other) > fit(p, k))) k = other;
    if (k < 0) k = observations.push({ label: PERSON, box: boxes[p], area: 0 }) - 1;
    free.delete(k);
    observations[k].joints = Float32Array.from(keypoints.flatMap((j) => [(j.x + 0.5) * sx - 0.5, (j.y + 0.5) * sy - 0.5, j.score]));
    if (front !== undefined) observations[k].front = front;
    return k;
  });
}

/** Collects boxes of all pixels and areas of the observations' `own`, pixel by pixel. */
class Regions {
  readonly #found = new Map<number, [number, number, number, number, number]>();

  constructor(private readonly width: number) {}

  add(k: number, i: number, own: boolean): void {
    const [x, y] = [i % this.width, Math.floor(i / this.width)];
    const r = this.#found.get(k);
    if (!r) {
      this.#found.set(k, [x, y, x, y, own ? 1 : 0]);
      return;
    }
    if (x < r[0]) r[0] = x;
    if (x > r[2]) r[2] = x;
    r[3] = y; // pixels come row by row
    if (own) r[4]++;
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
